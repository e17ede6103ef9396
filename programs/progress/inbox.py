"""All that waits for a therapist, in one list, the most urgent first."""

import datetime as dt
import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils import timezone

from accounts.compiled import compiled
from accounts.models import Clinic, User
from accounts.permissions import Role
from patients.models import CareTeamMember, Cover, Invitation, Message, Patient, ProposedFinding
from programs.models import Alert, Plan, PlanPhase, Question
from programs.models.alert import Severity, Stage
from programs.progress import scheduled
from programs.progress.readers import Reader, reader_of, seen_by

ENDS_SOON = dt.timedelta(days=14)
# An answer is owed within two days: what the portal tells patients ("can wait a day or two").
ANSWER_IN = dt.timedelta(days=2)
# After so long without being accepted somebody asks whether the mail arrived.
INVITED_FOR = dt.timedelta(days=3)


class Kind(StrEnum):
    """What waits. The value is how the page says it."""

    ALERT = "Alert"
    MESSAGE = "To be answered"
    QUESTION = "Question"
    FINDING = "Proposed finding"
    DRAFT = "Draft begun"
    INVITATION = "Invitation not accepted"
    ENDING = "Plan ends"
    MEASURE = "Measure due"


# The smallest comes first.
Urgency = tuple[bool, int, dt.datetime]


def urgency(severity: Severity | None, due: dt.datetime | None, since: dt.datetime) -> Urgency:
    """The late first, then the worst, then what is due first: of the inbox, and of the list of
    patients.
    """
    is_late = due is not None and due < timezone.now()
    worst = severity.rank if severity is not None else len(Severity)
    return (not is_late, worst, due or since)


@dataclass(frozen=True)
class Item:
    """One thing of a patient, who is given by key: of thousands of things a page shows a hundred.
    `key` names what the page opens: the alert, question, proposal or plan; for the others the
    patient is enough. `due` is None where nothing is late by itself.
    """

    kind: Kind
    patient_id: UUID
    why: str
    since: dt.datetime
    key: UUID
    due: dt.datetime | None = None
    owner: User | None = None
    severity: Severity | None = None
    stage: Stage | None = None

    @property
    def is_by_day(self) -> bool:
        """Whether it began and is due on a day, not at an hour."""
        return self.kind in {Kind.MEASURE, Kind.ENDING}

    @property
    def is_late(self) -> bool:
        return self.due is not None and self.due < timezone.now()

    @property
    def rank(self) -> "Urgency":
        return urgency(self.severity, self.due, self.since)


@dataclass(frozen=True)
class Inbox:
    """`absent`: patient and owner, where the owner is away or no longer treats them."""

    items: list[Item]
    absent: frozenset[tuple[UUID, int]] = frozenset()

    @property
    def late(self) -> int:
        return sum(item.is_late for item in self.items)

    def of(self, owner: User) -> "Inbox":
        """Without what a colleague has taken on who is there to do it."""
        return Inbox([one for one in self.items if self._is_for(one, owner)])

    def _is_for(self, item: Item, owner: User) -> bool:
        if item.owner is None or item.owner == owner:
            return True
        return (item.patient_id, item.owner.pk) in self.absent


def load(user: User, kinds: Collection[Kind] = frozenset(Kind)) -> Inbox:
    """Of the patients whom `user` treats; a query for each kind, whatever the number."""
    if user.clinic is None:
        return Inbox([])
    reader, clinic = reader_of(user), user.clinic
    items = [item for kind in Kind if kind in kinds for item in _OF_KIND[kind](reader, clinic)]
    return Inbox(sorted(items, key=lambda item: item.rank), _absent(items, user))


def with_patients(items: Sequence[Item], clinic: Clinic) -> list[tuple[Item, Patient]]:
    """Those of one page; without those of a patient who was erased meanwhile."""
    known = Patient.objects.in_bulk({item.patient_id for item in items})
    for patient in known.values():
        patient.clinic = clinic
    return [(item, known[item.patient_id]) for item in items if item.patient_id in known]


def _absent(items: list[Item], user: User) -> frozenset[tuple[UUID, int]]:
    """What a colleague has whom nobody would find there is anybody's to do."""
    owned = {(one.patient_id, one.owner.pk) for one in items if one.owner and one.owner != user}
    if not owned or user.clinic is None:
        return frozenset()
    here = CareTeamMember.objects.filter(
        patient__in={patient for patient, _ in owned}, ended_at=None, therapist__is_active=True
    )
    away = Cover.objects.on(user.clinic.today()).filter(therapist=OuterRef("therapist"))
    there = set(here.filter(~Exists(away)).values_list("patient_id", "therapist_id"))
    return frozenset(owned - there)


def _alerts(reader: Reader, clinic: Clinic) -> Iterable[Item]:
    for alert in _waiting(*reader, timezone.now()):
        yield Item(
            Kind.ALERT,
            alert.patient_id,
            alert.message,
            alert.raised_at,
            alert.pk,
            due=alert.due_at,
            owner=alert.owner,
            severity=Severity(alert.severity),
            stage=alert.stage,
        )


@compiled
def _waiting(
    reader: int | None, role: Role, clinic: UUID | None, now: dt.datetime
) -> QuerySet[Alert]:
    alerts = Alert.objects.filter(patient__in=seen_by(reader, role, clinic))
    waiting: QuerySet[Alert] = alerts.waiting(now).select_related("owner")
    return waiting


def _messages(reader: Reader, clinic: Clinic) -> Iterable[Item]:
    for message in _to_be_answered(*reader):
        yield Item(
            Kind.MESSAGE,
            message.patient_id,
            message.text or "A picture",
            message.written_at,
            message.patient_id,
            due=message.written_at + ANSWER_IN,
        )


@compiled
def _to_be_answered(reader: int | None, role: Role, clinic: UUID | None) -> QuerySet[Message]:
    written = Message.objects.filter(patient__in=seen_by(reader, role, clinic))
    waiting: QuerySet[Message] = written.to_be_answered()
    return waiting


def _questions(reader: Reader, clinic: Clinic) -> Iterable[Item]:
    for question in _open_questions(*reader):
        yield Item(
            Kind.QUESTION,
            question.patient_id,
            f"About {question.about}",
            question.asked_at,
            question.pk,
            due=question.asked_at + ANSWER_IN,
        )


@compiled
def _open_questions(reader: int | None, role: Role, clinic: UUID | None) -> QuerySet[Question]:
    asked = Question.objects.filter(patient__in=seen_by(reader, role, clinic))
    found: QuerySet[Question] = asked.open()
    return found


def _findings(reader: Reader, clinic: Clinic) -> Iterable[Item]:
    for proposal in _proposed(*reader):
        words, since = str(proposal), proposal.proposed_at
        yield Item(Kind.FINDING, proposal.patient_id, words, since, proposal.pk)


@compiled
def _proposed(reader: int | None, role: Role, clinic: UUID | None) -> QuerySet[ProposedFinding]:
    seen = seen_by(reader, role, clinic)
    return ProposedFinding.objects.filter(patient__in=seen, decided_at=None)


def _drafts(reader: Reader, clinic: Clinic) -> Iterable[Item]:
    for plan in _begun(*reader):
        since, by = plan.created_at, plan.created_by
        yield Item(Kind.DRAFT, plan.patient_id, plan.title, since, plan.pk, owner=by)


@compiled
def _begun(reader: int | None, role: Role, clinic: UUID | None) -> QuerySet[Plan]:
    plans = Plan.objects.filter(patient__in=seen_by(reader, role, clinic))
    drafts: QuerySet[Plan] = plans.drafts().select_related("created_by")
    return drafts


def _invitations(reader: Reader, clinic: Clinic) -> Iterable[Item]:
    for one in _unanswered(*reader, timezone.now() - INVITED_FOR):
        words = "The link still works" if one.is_usable else "The link has ended: invite again"
        yield Item(Kind.INVITATION, one.patient_id, words, one.created_at, one.patient_id)


@compiled
def _unanswered(
    reader: int | None, role: Role, clinic: UUID | None, before: dt.datetime
) -> QuerySet[Invitation]:
    return Invitation.objects.filter(
        patient__in=seen_by(reader, role, clinic).filter(user=None),
        accepted_at=None,
        withdrawn_at=None,
        created_at__lt=before,
    )


def _endings(reader: Reader, clinic: Clinic) -> Iterable[Item]:
    """From two weeks before a plan's last day on."""
    soon = clinic.today() + ENDS_SOON
    for patient, title, begins, weeks in _in_force(*reader, timezone.now()):
        ends = ends_on(begins, weeks or "")
        if ends is not None and ends <= soon:
            yield _ending(patient, title, ends, clinic)


@compiled
def _in_force(
    reader: int | None, role: Role, clinic: UUID | None, now: dt.datetime
) -> QuerySet[Plan, Any]:
    last = PlanPhase.objects.filter(plan=OuterRef("pk")).order_by("-number")
    plans = Plan.objects.as_of(now).filter(patient__in=seen_by(reader, role, clinic))
    weeks = Subquery(last.values("weeks_text")[:1])
    found: QuerySet[Plan, Any] = plans.values_list("patient_id", "title", "starts_on", weeks)
    return found


def _ending(patient: UUID, title: str, ends: dt.date, clinic: Clinic) -> Item:
    """Late when its last day is over."""
    words = f"{title}, {'ended' if ends < clinic.today() else 'ends'} {ends:%-d %b %Y}"
    since = dt.datetime.combine(ends - ENDS_SOON, dt.time.min, clinic.zone)
    due = dt.datetime.combine(ends + dt.timedelta(1), dt.time.min, clinic.zone)
    return Item(Kind.ENDING, patient, words, since, patient, due=due)


def _measures(reader: Reader, clinic: Clinic) -> Iterable[Item]:
    """One line a patient: what is due again is taken at one visit. None is late by itself."""
    for patient, lines in scheduled.of_patients(reader, clinic):
        since = dt.datetime.combine(lines[0].since, dt.time.min, clinic.zone)
        words = ", ".join(line.title for line in lines)
        yield Item(Kind.MEASURE, patient, words, since, patient)


_OF_KIND: dict[Kind, Callable[[Reader, Clinic], Iterable[Item]]] = {
    Kind.ALERT: _alerts,
    Kind.MESSAGE: _messages,
    Kind.QUESTION: _questions,
    Kind.FINDING: _findings,
    Kind.DRAFT: _drafts,
    Kind.INVITATION: _invitations,
    Kind.ENDING: _endings,
    Kind.MEASURE: _measures,
}


def ends_on(starts_on: dt.date, weeks_text: str) -> dt.date | None:
    """The last day of a plan whose last phase is of these weeks, such as 'weeks 5–8'."""
    numbers = re.findall(r"\d+", weeks_text)
    return starts_on + dt.timedelta(weeks=int(numbers[-1]), days=-1) if numbers else None
