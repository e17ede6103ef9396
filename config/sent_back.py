"""What goes back to the record out of which Footing was opened: letters, and the plan."""

import datetime as dt
from collections.abc import Callable, Mapping
from functools import partial
from itertools import takewhile
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from accounts import limits
from accounts.doors import DoorRequest, key_in
from accounts.models import ConnectedRecord
from accounts.smart import record_client
from accounts.smart.launching import Visit
from accounts.smart.record_client import LaunchError
from fhir import giving_back, opened
from fhir.elements import Resource
from fhir.giving_back import Home, digest
from patients.actions import patients as actions
from patients.actions import record_links
from patients.models import Patient, RecordLink, SentKind, SentToRecord
from programs.handout import letter as paper
from programs.models import ClinicalNote, Letter
from programs.models.note import Recipient
from workspace.access import audit_if_shown, posted_object
from workspace.errors import into_messages

TO_CLINICIANS = [one for one in Recipient if one.is_clinician]


class PlanRow(NamedTuple):
    """A version of the plan, as it is and as it is there. `is_old`: there, but not as it is now."""

    key: UUID
    plan: Resource
    sent: SentToRecord | None
    is_old: bool
    can_go: bool

    @property
    def words(self) -> str:
        return giving_back.WORDS[self.plan["status"]]


class _Sending:
    """One patient of ours, open in their other record."""

    def __init__(
        self, request: DoorRequest, record: ConnectedRecord, visit: Visit, link: RecordLink
    ) -> None:
        self.request, self.record, self.visit, self.link = request, record, visit, link
        self.patient: Patient = link.patient
        self.home = Home(record.address, visit.patient)
        self.now: UUID | None = None  # what is just being sent

    def sent(self) -> dict[UUID, SentToRecord]:
        """By what it is of; also by a link that ended, or while the record was connected before."""
        rows = SentToRecord.objects.filter(
            link__record__address=self.record.address, link__their_id=self.visit.patient
        )
        found = rows.filter(patient=self.patient).select_related("sent_by").order_by("sent_at")
        return {one.subject: one for one in found}

    def letters(self) -> QuerySet[Letter]:
        """Those to clinicians; what is written to a patient is theirs. The newest first."""
        newer = ClinicalNote.objects.filter(replaces=OuterRef("note"))
        found = Letter.objects.filter(patient=self.patient, to__in=TO_CLINICIANS)
        rows = found.select_related("note", "made_by", "clinic").annotate(is_of_old=Exists(newer))
        return rows.order_by("-made_at")

    def plans(self, sent: Mapping[UUID, SentToRecord]) -> list[PlanRow]:
        """In force or to come, and those that are there; the newest first."""
        made = giving_back.plans(self.patient, self.home)
        rows = [
            self._row(key, plan, sent.get(key))
            for key, plan in made.items()
            if key in sent or plan["status"] not in giving_back.OVER
        ]
        return rows[::-1]

    def _row(self, key: UUID, plan: Resource, sent: SentToRecord | None) -> PlanRow:
        """It can go where it is new there, or otherwise than it was when it went there."""
        if sent is None:
            return PlanRow(key, plan, None, False, self.visit.may("c", "CarePlan"))
        is_old = sent.digest != digest(plan)
        can_go = bool(sent.their_id) and is_old and self.visit.may("u", "CarePlan")
        return PlanRow(key, plan, sent, is_old, can_go)

    def send_letter(self) -> str:
        """Words of what was done. Raises LaunchError, ValidationError and Http404."""
        letter = posted_object(self.request, "letter", self.letters())
        link = record_links.held(self.link)
        if letter.pk in self.sent():
            return f"{self.record} has it already."
        if not self.visit.may("c", "DocumentReference"):
            raise LaunchError(f"{self.record} does not allow Footing to do this.")
        resource = giving_back.letter(
            letter, paper.pdf(letter), self.home, encounter=self.visit.encounter
        )
        self.now = letter.pk
        stored = record_client.store(self.record, self.visit.token, resource)
        self._keep(link, SentKind.LETTER, letter.pk, resource, stored.their_id)
        return f"{self.record} has the letter."

    def send_plan(self) -> str:
        """The version that was chosen, after those before it that stand there otherwise than they
        are now: of one patient two are never in force there. Raises as `send_letter`.
        """
        key = key_in(self.request.POST, "plan")
        link = record_links.held(self.link)
        rows = {one.key: one for one in reversed(self.plans(self.sent()))}
        if key is None or key not in rows:
            raise Http404
        if not rows[key].can_go:
            return f"There is nothing new to send to {self.record}."
        earlier = list(takewhile(lambda one: one.key != key, rows.values()))
        if any(one.is_old and not one.can_go for one in earlier):
            raise LaunchError(
                f"{self.record} shows a version before this one as it was, and Footing may not "
                "change it there. Correct it there first."
            )
        before = ""
        for row in [*earlier, rows[key]]:
            if row.is_old or row.key == key:  # what nobody chose or sent stays here
                self._store_plan(link, row, before)
            before = row.sent.their_id if row.sent else before
        return f"{self.record} has the plan as it is now."

    def _store_plan(self, link: RecordLink, row: PlanRow, before: str) -> None:
        """`before`: the id there of the version that it replaces."""
        self.now = row.key
        resource = row.plan
        if before:
            resource = resource | {"replaces": [{"reference": f"CarePlan/{before}"}]}
        their_id = row.sent.their_id if row.sent is not None else ""
        stored = record_client.store(self.record, self.visit.token, resource, their_id=their_id)
        keep = partial(self._keep, link, SentKind.PLAN, row.key, row.plan, stored.their_id)
        keep(is_new=not stored.was_there)
        if stored.was_there and stored.their_id and self.visit.may("u", "CarePlan"):
            # Its answer had got lost, and what is there is how it was then.
            record_client.store(self.record, self.visit.token, resource, their_id=stored.their_id)
            keep(is_new=True)

    def _keep(
        self,
        link: RecordLink,
        kind: SentKind,
        key: UUID,
        resource: Resource,
        their_id: str,
        *,
        is_new: bool = True,
    ) -> None:
        record_links.sent(
            link=link,
            kind=kind,
            subject=key,
            their_id=their_id,
            status=resource["status"],
            digest=digest(resource) if is_new else "",
            by=self.request.user,
        )


def page(
    request: DoorRequest, record: ConnectedRecord, visit: Visit, link: RecordLink
) -> HttpResponse:
    """A patient of ours, with what can go to their other record."""
    sending = _Sending(request, record, visit, link)
    for name, send in (("letter", sending.send_letter), ("plan", sending.send_plan)):
        if name in request.POST:
            return limits.refusal(request, "record_sent") or _sent(sending, name, send)
    if "unlink" in request.POST:
        record_links.unlink(link=link, by=request.user)
        words = f"{link.patient} and the one in {record} are two people again."
        messages.success(request, words)
        return redirect("record_visit", visit.key)
    clinic = request.user.clinic
    assert clinic is not None
    said, sent = opened.row_of(visit.seen, clinic).said, sending.sent()
    context = {
        "record": record,
        "visit": visit,
        "patient": sending.patient,
        "said": said,
        "differing": _differing(sending.patient, said),
        "letters": [(one, sent.get(one.pk)) for one in sending.letters()],
        "plans": sending.plans(sent),
        "may_send_letters": visit.may("c", "DocumentReference"),
    }
    response = render(request, "workspace/record_visit.html", context)
    audit_if_shown(request, sending.patient, response)
    return response


def _sent(sending: _Sending, kind: str, send: Callable[[], str]) -> HttpResponse:
    request, link = sending.request, sending.link
    try:
        messages.success(request, send())
    except LaunchError as error:
        messages.error(request, str(error))
        if error.may_have_arrived:
            record_links.not_answered(link=link, by=request.user, kind=kind, subject=sending.now)
    except ValidationError as error:
        into_messages(request, error)
    return redirect("record_visit", sending.visit.key)


def _differing(patient: Patient, said: dict[str, Any]) -> list[tuple[str, str, str]]:
    """What the record says otherwise than we do, of what both say: name, ours, theirs."""
    return [
        (words, _plain(name, getattr(patient, name)), _plain(name, said[name]))
        for name, words in actions.DETAILS.items()
        if said.get(name) and getattr(patient, name) and getattr(patient, name) != said[name]
    ]


def _plain(name: str, value: Any) -> str:
    """A date by its day, a choice by its word."""
    if isinstance(value, dt.date):
        return f"{value:%-d %b %Y}"
    field: Any = Patient._meta.get_field(name)
    return str(dict(field.flatchoices).get(value, value))
