"""All that happened to one patient, newest first: one list, a query for each kind."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db.models import Q

from patients.models import Episode, Message, Patient, ProposedFinding, RedFlagScreen
from programs.course import response
from programs.models import (
    Alert,
    AlertStep,
    CheckIn,
    ClinicalNote,
    Letter,
    Pause,
    PhaseStart,
    Plan,
    Question,
    Restriction,
    Session,
    SignReport,
)
from programs.models.alert_step import StepKind
from programs.models.measure import Versions
from programs.models.plan import PlanStatus
from programs.progress import answered

A_PAGE = 50


class Kind(StrEnum):
    """The filters. The value stands in addresses."""

    SESSION = "session"
    MEASURE = "measure"
    ALERT = "alert"
    MESSAGE = "message"
    PLAN = "plan"
    FINDING = "finding"
    NOTE = "note"

    @property
    def words(self) -> str:
        return _WORDS[self]


_WORDS = {
    Kind.SESSION: "Sessions",
    Kind.MEASURE: "Check-ins and measures",
    Kind.ALERT: "Alerts and signs",
    Kind.MESSAGE: "Messages and questions",
    Kind.PLAN: "Plan and phases",
    Kind.FINDING: "Findings and episodes",
    Kind.NOTE: "Notes and letters",
}


@dataclass(frozen=True)
class Entry:
    """One thing. `state` is a color of an answer or an alert's severity, `key` names the row that
    its page opens, where there is one; `is_letter` says that it is a letter's.
    """

    kind: Kind
    at: dt.datetime
    title: str
    words: str = ""
    state: str = ""
    by: str = ""
    key: UUID | None = None
    is_letter: bool = False


@dataclass(frozen=True)
class Page:
    """`before` is the moment with which the next page begins, None on the last one."""

    entries: list[Entry]
    before: dt.datetime | None


def page(patient: Patient, kinds: Sequence[Kind], *, before: dt.datetime | None = None) -> Page:
    """The newest of these kinds, or those older than `before`."""
    found: list[Entry] = []
    for kind in kinds:
        for read in _READERS[kind]:
            found += read(patient, before)
    found.sort(key=lambda entry: entry.at, reverse=True)
    if len(found) <= A_PAGE:
        return Page(found, None)
    last = found[A_PAGE - 1].at
    # What happened in one moment is not parted by the page.
    return Page([entry for entry in found if entry.at >= last], last)


def _newest(rows: Any, field: str, before: dt.datetime | None) -> Any:
    """Enough for a page."""
    if before is not None:
        rows = rows.filter(**{f"{field}__lt": before})
    return rows.order_by(f"-{field}")[: A_PAGE + 1]


def _sessions(patient: Patient, before: dt.datetime | None) -> Iterable[Entry]:
    rows = Session.objects.current().filter(patient=patient).select_related("plan__episode")
    for one in _newest(rows, "done_at", before):
        feeling = one.plan.episode.sensation
        yield Entry(
            Kind.SESSION,
            one.done_at,
            "Session" + (", stopped" if one.stopped else ""),
            "; ".join([*response.reasons(one, feeling=feeling), *([one.note] if one.note else [])]),
            state=response.color(one, feeling=feeling),
        )


def _check_ins(patient: Patient, before: dt.datetime | None) -> Iterable[Entry]:
    rows = CheckIn.objects.current().filter(patient=patient).select_related("form", "taken_by")
    newest = list(_newest(rows, "answered_at", before))
    known = answered.versions_of(newest)
    for one, scores in answered.scored(newest, known):
        words = [*answered.in_words(scores, known), *([one.note] if one.note else [])]
        yield Entry(
            Kind.MEASURE,
            one.answered_at,
            one.form.title if one.form else _measured(one, known),
            "; ".join(words),
            by=str(one.taken_by or ""),
        )


def _measured(check_in: CheckIn, known: Versions) -> str:
    """What a therapist took, by name."""
    titles = (known[one].title for one in check_in.versions.items())
    return ", ".join(titles) or "Nothing was measured: put right"


def _raised(patient: Patient, before: dt.datetime | None) -> Iterable[Entry]:
    rows = Alert.objects.filter(patient=patient)
    for one in _newest(rows, "raised_at", before):
        yield Entry(
            Kind.ALERT,
            one.raised_at,
            f"Alert: {one.message}",
            one.stage.label.lower(),
            state=one.severity,
            key=one.pk,
        )


def _closed(patient: Patient, before: dt.datetime | None) -> Iterable[Entry]:
    rows = Alert.objects.filter(patient=patient, acknowledged_at__isnull=False)
    for one in _newest(rows.select_related("acknowledged_by"), "acknowledged_at", before):
        yield Entry(
            Kind.ALERT,
            one.acknowledged_at,
            f"Closed: {one.message}",
            f"“{one.response}”",
            by=str(one.acknowledged_by),
            key=one.pk,
        )


# The first look says nothing of what was done, and closing has its own entry.
_WORK = [kind for kind in StepKind if kind not in (StepKind.SEEN, StepKind.CLOSED)]


def _worked_on(patient: Patient, before: dt.datetime | None) -> Iterable[Entry]:
    rows = AlertStep.objects.filter(patient=patient, kind__in=_WORK)
    for one in _newest(rows.select_related("alert", "by", "to"), "at", before):
        yield Entry(
            Kind.ALERT,
            one.at,
            f"{_step_words(one, patient)}: {one.alert.message}",
            f"“{one.words}”" if one.words else "",
            by=str(one.by or ""),
            key=one.alert_id,
        )


def _step_words(step: AlertStep, patient: Patient) -> str:
    match step.kind:
        case StepKind.TAKEN:
            return "Taken on"
        case StepKind.HANDED:
            return f"Handed over to {step.to}"
        case StepKind.SNOOZED:
            assert step.until is not None
            return f"Put off until {step.until.astimezone(patient.clinic.zone):%-d %b %Y, %H:%M}"
        case StepKind.ESCALATED:
            return f"Its time had passed, to {step.to}"
    return "Noted"


def _signs(patient: Patient, before: dt.datetime | None) -> Iterable[Entry]:
    for one in _newest(SignReport.objects.filter(patient=patient), "told_at", before):
        words = ", ".join(one.words) + (f". {one.note}" if one.note else "")
        yield Entry(Kind.ALERT, one.told_at, "Said that something is wrong", words)


def _messages(patient: Patient, before: dt.datetime | None) -> Iterable[Entry]:
    rows = Message.objects.filter(patient=patient).select_related("author")
    for one in _newest(rows, "written_at", before):
        who = "From the patient" if one.from_patient else "To the patient"
        yield Entry(Kind.MESSAGE, one.written_at, who, one.text or "A picture", by=str(one.author))


def _questions(patient: Patient, before: dt.datetime | None) -> Iterable[Entry]:
    for one in _newest(Question.objects.filter(patient=patient), "asked_at", before):
        title = f"Question about {one.about}"
        yield Entry(Kind.MESSAGE, one.asked_at, title, one.text)


def _answers(patient: Patient, before: dt.datetime | None) -> Iterable[Entry]:
    rows = Question.objects.filter(patient=patient).answered().select_related("answered_by")
    for one in _newest(rows, "answered_at", before):
        title = f"Answer about {one.about}"
        by = str(one.answered_by)
        yield Entry(Kind.MESSAGE, one.answered_at, title, one.answer, by=by)


def _versions(patient: Patient, before: dt.datetime | None) -> Iterable[Entry]:
    rows = Plan.objects.frozen().filter(patient=patient).select_related("activated_by")
    for one in _newest(rows, "activated_at", before):
        yield Entry(
            Kind.PLAN, one.activated_at, f"{one}: active", one.change_reason,
            by=str(one.activated_by), key=one.pk,
        )  # fmt: skip


def _plans_ended(patient: Patient, before: dt.datetime | None) -> Iterable[Entry]:
    """Not replaced by a version: over, with what became of it."""
    rows = Plan.objects.filter(patient=patient, status=PlanStatus.ENDED)
    for one in _newest(rows.select_related("closed_by").defer("summary"), "closed_at", before):
        outcome = f": {one.get_outcome_display().lower()}" if one.outcome else ""
        yield Entry(
            Kind.PLAN, one.closed_at, f"{one}: ended{outcome}", by=str(one.closed_by), key=one.pk
        )


def _phases(patient: Patient, before: dt.datetime | None) -> Iterable[Entry]:
    rows = PhaseStart.objects.filter(patient=patient).select_related("phase", "by")
    for one in _newest(rows, "at", before):
        title = f"{one.get_move_display()}: phase {one.phase}"
        yield Entry(Kind.PLAN, one.at, title, one.reason, by=str(one.by))


def _pauses(patient: Patient, before: dt.datetime | None) -> Iterable[Entry]:
    rows = Pause.objects.filter(patient=patient).select_related("made_by")
    for one in _newest(rows, "made_at", before):
        until = f"{one.last:%-d %b %Y}" if one.last else "open"
        yield Entry(
            Kind.PLAN,
            one.made_at,
            f"Paused: {one.get_why_display().lower()}",
            f"{one.first:%-d %b %Y} to {until}" + (f". {one.note}" if one.note else ""),
            by=str(one.made_by),
        )


def _restrictions(patient: Patient, before: dt.datetime | None) -> Iterable[Entry]:
    rows = Restriction.objects.filter(patient=patient).select_related("made_by", "alert")
    for one in _newest(rows, "made_at", before):
        why = one.alert.message if one.alert else one.why
        until = f", until {one.until:%-d %b %Y}" if one.until else ""
        yield Entry(
            Kind.PLAN,
            one.made_at,
            f"Left out: {one.get_kind_display()}{until}",
            why,
            by=str(one.made_by or ""),
        )


def _lifted(patient: Patient, before: dt.datetime | None) -> Iterable[Entry]:
    rows = Restriction.objects.filter(patient=patient, lifted_at__isnull=False)
    for one in _newest(rows.select_related("lifted_by"), "lifted_at", before):
        title = f"Allowed again: {one.get_kind_display()}"
        yield Entry(Kind.PLAN, one.lifted_at, title, one.lifted_words, by=str(one.lifted_by or ""))


def _screens(patient: Patient, before: dt.datetime | None) -> Iterable[Entry]:
    rows = RedFlagScreen.objects.filter(patient=patient).select_related("screened_by")
    for one in _newest(rows, "screened_at", before):
        found = ", ".join(flag.label for flag in one.flags)
        yield Entry(
            Kind.FINDING,
            one.screened_at,
            "Red-flag questions",
            (f"Present: {found}" if found else "None present")
            + (". The others not answered one by one: said to be asked" if one.summed_up else ""),
            state="red" if one.is_open else "",
            by=str(one.screened_by),
        )


def _cleared(patient: Patient, before: dt.datetime | None) -> Iterable[Entry]:
    rows = RedFlagScreen.objects.filter(patient=patient, cleared_at__isnull=False)
    for one in _newest(rows.select_related("cleared_by"), "cleared_at", before):
        yield Entry(
            Kind.FINDING,
            one.cleared_at,
            "Red flags cleared",
            f"“{one.clearance_note}”",
            by=str(one.cleared_by),
        )


def _proposals(patient: Patient, before: dt.datetime | None) -> Iterable[Entry]:
    rows = ProposedFinding.objects.filter(patient=patient).select_related("decided_by")
    for one in _newest(rows, "proposed_at", before):
        decided = {None: "not decided yet", True: "confirmed", False: "refused"}[one.accepted]
        yield Entry(
            Kind.FINDING,
            one.proposed_at,
            f"Proposed: {one}",
            f"{one.why}; {decided}",
            by=str(one.decided_by or ""),
        )


def _episodes(patient: Patient, before: dt.datetime | None) -> Iterable[Entry]:
    rows = Episode.objects.filter(patient=patient).select_related("opened_by")
    for one in _newest(rows, "opened_at", before):
        yield Entry(Kind.FINDING, one.opened_at, "Episode opened", str(one), by=str(one.opened_by))


def _ended(patient: Patient, before: dt.datetime | None) -> Iterable[Entry]:
    rows = Episode.objects.filter(~Q(closed_at=None), patient=patient).select_related("closed_by")
    for one in _newest(rows, "closed_at", before):
        title = f"Episode closed: {one.get_outcome_display().lower()}"
        yield Entry(Kind.FINDING, one.closed_at, title, str(one), by=str(one.closed_by))


def _notes(patient: Patient, before: dt.datetime | None) -> Iterable[Entry]:
    rows = ClinicalNote.objects.filter(patient=patient).select_related("written_by")
    for one in _newest(rows.defer("text", "facts"), "written_at", before):
        title = f"{one.get_kind_display()}, version {one.version}"
        yield Entry(Kind.NOTE, one.written_at, title, by=str(one.written_by), key=one.pk)


def _letters(patient: Patient, before: dt.datetime | None) -> Iterable[Entry]:
    rows = Letter.objects.filter(patient=patient).select_related("made_by")
    for one in _newest(rows.defer("text", "warning", "advice", "head"), "made_at", before):
        yield Entry(
            Kind.NOTE,
            one.made_at,
            f"Letter to {one.name}",
            one.subject,
            by=str(one.made_by),
            key=one.pk,
            is_letter=True,
        )


_READERS: dict[Kind, tuple[Callable[[Patient, dt.datetime | None], Iterable[Entry]], ...]] = {
    Kind.SESSION: (_sessions,),
    Kind.MEASURE: (_check_ins,),
    Kind.ALERT: (_raised, _worked_on, _closed, _signs),
    Kind.MESSAGE: (_messages, _questions, _answers),
    Kind.PLAN: (_versions, _plans_ended, _phases, _pauses, _restrictions, _lifted),
    Kind.FINDING: (_episodes, _ended, _screens, _cleared, _proposals),
    Kind.NOTE: (_notes, _letters),
}
