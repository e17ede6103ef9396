"""The workspace's gate, and the one way its views get a patient."""

from collections.abc import Callable, Iterable
from functools import wraps
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import DataError
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404

from accounts import audit, limits
from accounts.compiled import compiled
from accounts.doors import DoorRequest, View, gated, text_in, whole_number
from accounts.models import User
from accounts.permissions import Permission, Role
from patients.models import Patient, with_unread

if TYPE_CHECKING:
    from patients.models.message import PatientWithUnread


def posted_object(request: DoorRequest, name: str, among: QuerySet[Any], by: str = "pk") -> Any:
    """The row that a button of ours named; 404 for one that is malformed, gone, or not to see."""
    try:
        return get_object_or_404(among, **{by: request.POST.get(name, "")})
    except (ValidationError, DataError) as error:  # such as a NUL byte
        raise Http404 from error


def count_in(data: QueryDict, name: str, below: int = 2**31) -> int:
    """A whole number that a page of ours sent; 404 for anything else."""
    number = whole_number(data.get(name, ""))
    if number is None or number >= below:
        raise Http404
    return number


def workspace_view(*needed: Permission, is_kept: bool = False) -> Callable[[View], View]:
    """A view of the workspace that needs no patient, or finds its own."""
    return gated(Permission.ENTER_WORKSPACE, *needed, is_kept=is_kept)


def typed_search(request: DoorRequest) -> str:
    """What was typed into the search field, without what no database can look for."""
    return text_in(request.GET, "q", 100)


def audit_if_shown(request: DoorRequest, patient: Patient, response: HttpResponse) -> None:
    """A page about the patient was shown, whatever was asked for it: on record."""
    shown = {HTTPStatus.OK, HTTPStatus.TOO_MANY_REQUESTS}  # the latter: the page with its form
    if response.status_code in shown and not isinstance(response, limits.Refusal):
        page = request.resolver_match.url_name if request.resolver_match else ""
        audit.record(action=audit.Action.PATIENT_READ, patient=patient, by=request.user, page=page)


def audit_list(request: DoorRequest, patients: Iterable[Patient]) -> None:
    """A page that names these patients is shown: on record, as one event."""
    named = sorted({patient.pk for patient in patients})
    if named:
        page = request.resolver_match.url_name if request.resolver_match else ""
        audit.record(action=audit.Action.PATIENTS_LISTED, by=request.user, named=named, page=page)


def where_monitored(view: View) -> View:
    """404 for everybody of a clinic that keeps no worksheets of monitoring. Stands above the gate.

    The walk over all addresses reads `needs_monitoring`.
    """

    @wraps(view)
    def asked(request: DoorRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        clinic = request.user.clinic if request.user.is_authenticated else None
        if request.user.is_authenticated and not (clinic and clinic.monitoring):
            raise Http404
        return view(request, *args, **kwargs)

    asked.needs_monitoring = True  # type: ignore[attr-defined]
    return asked


def patient_of(user: User, patient_id: UUID) -> "PatientWithUnread":
    """Raises Http404 for one whom `user` may not see."""
    # Whoever does not treat sees all of the clinic and no message: nothing depends on who they are.
    reader = user.pk if user.may(Permission.TREAT) else None
    found = _patient(patient_id, reader, user.clinic_id, Role(user.role))
    patient = next(iter(found), None)
    if patient is None:
        raise Http404("Nobody whom you treat.")
    return patient


@compiled
def _patient(
    patient: UUID, reader: int | None, clinic: UUID | None, role: Role
) -> "QuerySet[PatientWithUnread]":
    user = User(pk=reader, clinic_id=clinic, role=role)
    visible = Patient.objects.visible_to(user).select_related("clinic").filter(pk=patient)
    return with_unread(visible, user)


def patient_view(*needed: Permission) -> Callable[[View], View]:
    """A view of one patient's page: gets the patient, or 404; each reading is audited."""

    def decorate(view: View) -> View:
        @workspace_view(*needed)
        @wraps(view)
        def found(
            request: DoorRequest, patient_id: UUID, *args: Any, **kwargs: Any
        ) -> HttpResponse:
            patient = patient_of(request.user, patient_id)
            response = view(request, patient, *args, **kwargs)
            audit_if_shown(request, patient, response)
            return response

        return found

    return decorate
