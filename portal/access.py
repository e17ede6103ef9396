"""The portal's gate: a view gets its own patient and nobody else's."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any, Protocol, cast

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render

from accounts import audit
from accounts.compiled import compiled
from accounts.doors import DoorRequest, View, gated
from accounts.middleware import CARED_FOR
from accounts.models import User
from accounts.permissions import Permission, Role
from patients.actions.consents import version_now, with_consent
from patients.models import Caregiver, Patient, Share, with_unread
from programs.library.reader import as_read_by

PortalView = Callable[..., HttpResponse]


class PortalRequest(DoorRequest):
    """A request behind the portal's gate.

    `caregiver` is who helps the patient, when it is not the patient who asks. `owner` names who
    answers for whom: what waits on a device under another name is not sent.
    """

    caregiver: Caregiver | None
    owner: str


class SharedView(Protocol):
    """A view with what a caregiver needs for it, None where nobody else has it; `plain` is the view
    without its gate, for who has come in by another.
    """

    share: Share | None
    plain: PortalView

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse: ...


def portal_view(view: PortalView) -> View:
    """Calls the view with the logged-in patient, in their language. Nobody who helps has it."""
    return _behind_gate(view, None)


def shared_view(share: Share) -> Callable[[PortalView], View]:
    """A view that a caregiver has, too, where the patient shares it."""

    def decorate(view: PortalView) -> View:
        return _behind_gate(view, share)

    return decorate


def _behind_gate(view: PortalView, share: Share | None) -> View:
    @gated(Permission.ENTER_PORTAL)
    @wraps(view)
    def found(request: PortalRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        request.caregiver, request.owner = None, str(request.user.uuid)
        if request.user.is_caregiver:
            request.caregiver = caregiver = _caregiver(request)
            if caregiver is None:
                return render(request, "portal/nobody_to_help.html", status=HTTPStatus.NOT_FOUND)
            if share is None or not caregiver.may(share):
                raise Http404
            visible = Patient.objects.visible_to(request.user).filter(pk=caregiver.patient_id)
            request.owner = f"{request.user.uuid}.{caregiver.patient_id}"
            seen = with_unread(visible, request.user)
            patient = get_object_or_404(with_consent(seen, request.user, version_now()))
        else:
            patient = _themselves(request.user)
        # The login's clinic is the patient's: taken from there, it costs no query.
        if request.user.clinic is not None:
            patient.clinic = request.user.clinic
        keep_wishes(request, patient)
        with as_read_by(patient):
            response = view(request, patient, *args, **kwargs)
        if request.caregiver is not None:
            _on_record(request, patient, response)
        return response

    shared = cast(SharedView, found)
    shared.share, shared.plain = share, view
    return shared


def _themselves(user: User) -> Patient:
    """Raises Http404 for a patient's login without a patient."""
    for patient in _of_login(user.pk, version_now()):
        return patient
    raise Http404


@compiled
def _of_login(key: int, version: str) -> QuerySet[Patient]:
    """The patient whose login it is, with what the page's frame says of them."""
    user = User(pk=key, role=Role.PATIENT)
    return with_consent(with_unread(Patient.objects.visible_to(user), user), user, version)


def _caregiver(request: DoorRequest) -> Caregiver | None:
    """The patient whom the session is about; without a choice the one they have helped longest."""
    mine = Caregiver.objects.active().filter(user=request.user)
    if chosen := request.session.get(CARED_FOR):
        mine = mine.filter(patient_id=chosen)
    found: Caregiver | None = mine.order_by("accepted_at").first()
    return found


def _on_record(request: DoorRequest, patient: Patient, response: HttpResponse) -> None:
    """What a caregiver opened is a look at the record, which the patient sees. What only a script
    asks, such as who is logged in, is none.
    """
    if response.status_code == HTTPStatus.OK and not isinstance(response, JsonResponse):
        page = request.resolver_match.url_name if request.resolver_match else ""
        audit.record(action=audit.Action.PATIENT_READ, patient=patient, by=request.user, page=page)


def is_answer_of_another(request: PortalRequest) -> bool:
    """On a shared device: what waited there was answered by, or for, somebody else."""
    return request.POST.get("owner", request.owner) != request.owner


def keep_wishes(request: HttpRequest, patient: Patient) -> None:
    """Language and text size, for the account's pages, which know no patient."""
    wishes = {"language": patient.language, "text_size": patient.text_size}
    if any(request.session.get(name) != wish for name, wish in wishes.items()):
        request.session.update(wishes)
