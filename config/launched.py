"""Footing opened out of another record (EHR launch): the way there and back, and who is open.

Stands above the doors, as `fhir` reads what the workspace shows. What goes back: `sent_back`.
"""

from collections.abc import Collection
from dataclasses import dataclass
from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts.doors import DoorRequest, posted, text_in
from accounts.limits import limited
from accounts.models import Clinic, ConnectedRecord
from accounts.permissions import Permission
from accounts.smart import launching
from accounts.smart.launching import LONGEST_TOKEN, Visit
from accounts.smart.record_client import LaunchError
from config import sent_back
from fhir import opened
from patients import incoming
from patients.actions import patients as actions
from patients.actions import record_links
from patients.incoming import Row
from patients.models import Patient, PatientQuerySet, RecordLink
from workspace.access import audit_list, posted_object, typed_search, workspace_view
from workspace.errors import into_form, into_messages
from workspace.forms.patient import PatientForm

MOST_FOUND = 10
_OVER = "This is over. Open Footing out of the record again."


@workspace_view(Permission.TREAT)
@limited("record_launch")
def launch(request: DoorRequest) -> HttpResponse:
    """A record has opened Footing: on to its own login, which knows who is open there."""
    try:
        record = launching.record_of(request.user, text_in(request.GET, "iss", 500))
        token = text_in(request.GET, "launch", LONGEST_TOKEN)
        address = launching.begin(record, request.user, token)
    except LaunchError as error:
        return _refused(request, error)
    # A page, as a redirect behind a login form is held against where our forms may lead.
    return render(request, "workspace/record_go_on.html", {"record": record, "address": address})


@workspace_view(Permission.TREAT)
def back(request: DoorRequest, record_id: UUID) -> HttpResponse:
    """From its login, with a code for one patient."""
    connected = ConnectedRecord.objects.active().filter(clinic=request.user.clinic)
    record = get_object_or_404(connected, pk=record_id)
    assert request.user.clinic is not None
    try:
        come = launching.come_back(record, request.user, request.GET.dict())
        seen = opened.seen(record, come, request.user.clinic)
    except LaunchError as error:
        return _refused(request, error)
    launching.keep(request.user, come.with_seen(seen))
    link = _link(record, come)
    if link is not None and _is_seen(request, link.patient_id):
        record_links.opened(link=link, told=opened.told(seen), by=request.user)
    return redirect("record_visit", come.key)


def _refused(
    request: DoorRequest, error: LaunchError, status: int = HTTPStatus.BAD_REQUEST
) -> HttpResponse:
    return render(request, "workspace/record_refused.html", {"words": str(error)}, status=status)


def _link(record: ConnectedRecord, visit: Visit) -> RecordLink | None:
    links = RecordLink.objects.active().select_related("patient__clinic")
    found: RecordLink | None = links.filter(record=record, their_id=visit.patient).first()
    return found


def _is_seen(request: DoorRequest, patient_id: UUID) -> bool:
    return Patient.objects.visible_to(request.user).filter(pk=patient_id).exists()


@workspace_view(Permission.TREAT)
def visit(request: DoorRequest, visit_id: UUID) -> HttpResponse:
    """The patient who is open there: whose record here it is, and what can go back."""
    if "leave" in request.POST:
        launching.leave(request.user, visit_id)
        return redirect("workspace:caseload")
    found = launching.visit_of(request.user, visit_id)
    if found is None:
        return _refused(request, LaunchError(_OVER), HTTPStatus.NOT_FOUND)
    visit, record = found
    link = _link(record, visit)
    if link is None:
        return _Unknown(request, record, visit).answer()
    if not _is_seen(request, link.patient_id):
        audit_list(request, [link.patient])
        now = link.patient.care_team.filter(ended_at=None).select_related("therapist")
        team = [str(one.therapist) for one in now]
        context = {"record": record, "visit": visit, "known": link.patient, "team": team}
        return render(request, "workspace/record_not_yours.html", context)
    return sent_back.page(request, record, visit, link)


@dataclass
class _Unknown:
    """Somebody whom no record here stands for yet: one who is like them, or a new one."""

    request: DoorRequest
    record: ConnectedRecord
    visit: Visit

    def answer(self) -> HttpResponse:
        row = opened.row_of(self.visit.seen, self._clinic)
        search = typed_search(self.request)
        same, alike = self._alike(row)
        found = list(self._visible().named(search)[:MOST_FOUND]) if search else []
        offered = list(dict.fromkeys([*([same] if same else []), *alike, *found]))
        seen = {one.pk for one in self._visible().filter(pk__in=[one.pk for one in offered])}
        if "link" in self.request.POST and (answer := self._linked()) is not None:
            return answer
        form = self._form(row)
        if form.is_valid() and (answer := self._added(form)) is not None:
            return answer
        # Who has a number is told to those who treat them alone: numbers can be guessed.
        audit_list(self.request, (one for one in offered if one.pk in seen or one in alike))
        context = {
            "record": self.record,
            "visit": self.visit,
            "said": row.said,
            "offered": offered,
            "hidden": {same.pk} - seen - {one.pk for one in alike} if same else set(),
            "seen": seen,
            "search": search,
            "form": form,
        }
        return render(self.request, "workspace/record_unknown.html", context)

    @property
    def _clinic(self) -> Clinic:
        assert self.request.user.clinic is not None
        return self.request.user.clinic

    def _visible(self) -> PatientQuerySet:
        return Patient.objects.visible_to(self.request.user).select_related("clinic")

    def _alike(self, row: Row) -> tuple[Patient | None, Collection[Patient]]:
        """Who has their number, and who may be them."""
        [person] = incoming.look([row], self.request.user)
        return person.same, person.alike

    def _form(self, row: Row) -> PatientForm:
        is_typed = "link" not in self.request.POST
        begun = {"language": self._clinic.language} | row.said
        return PatientForm(posted(self.request) if is_typed else None, initial=begun)

    def _linked(self) -> HttpResponse | None:
        patient = posted_object(self.request, "link", self._visible())
        try:
            self._link_to(patient)
        except ValidationError as error:
            into_messages(self.request, error)
            return None
        messages.success(self.request, f"{patient} is linked to {self.record}.")
        return redirect("record_visit", self.visit.key)

    def _added(self, form: PatientForm) -> HttpResponse | None:
        try:
            with transaction.atomic():
                is_other = bool(self.request.POST.get("is_other"))
                by = self.request.user
                patient = actions.add(by=by, is_other=is_other, **form.cleaned_data)
                self._link_to(patient)
        except actions.SamePersonError as error:
            form.ask_if_same(error)
        except ValidationError as error:
            into_form(form, error)
        else:
            messages.success(self.request, f"{patient} is added. Next: open an episode.")
            return redirect("workspace:episode", patient.pk)
        return None

    def _link_to(self, patient: Patient) -> None:
        record_links.link(
            patient=patient,
            record=self.record,
            their_id=self.visit.patient,
            told=opened.told(self.visit.seen),
            by=self.request.user,
        )
