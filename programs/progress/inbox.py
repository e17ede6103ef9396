"""All that waits for a therapist, in one list, the most urgent first."""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils import timezone

from accounts.models import Clinic, User
from patients.models import CareTeamMember, Cover, Invitation, Message, Patient, ProposedFinding
from programs.models import Alert, Plan, PlanPhase, Question
from programs.models.alert import Severity, Stage
from programs.progress import scheduled

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
    """One thing. `key` names what the page opens: the alert, question, proposal or plan; for the
    others the patient is enough. `due` is None where nothing is late by itself.
    """

    kind: Kind
    patient: Patient
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
        return (item.patient.pk, item.owner.pk) in self.absent


def load(user: User) -> Inbox:
    """Of the patients whom `user` treats; a query for each kind, whatever the number."""
    if user.clinic is None:
        return Inbox([])
    seen = Patient.objects.visible_to(user)
    items = [
        *_alerts(seen),
        *_messages(seen),
        *_questions(seen),
        *_findings(seen),
        *_drafts(seen),
        *_invitations(seen),
        *_endings(seen, user.clinic),
        *_measures(seen, user.clinic),
    ]
    for item in items:
        item.patient.clinic = user.clinic
    return Inbox(sorted(items, key=lambda item: item.rank), _absent(items, user))


def _absent(items: list[Item], user: User) -> frozenset[tuple[UUID, int]]:
    """What a colleague has whom nobody would find there is anybody's to do."""
    owned = {(one.patient.pk, one.owner.pk) for one in items if one.owner and one.owner != user}
    if not owned or user.clinic is None:
        return frozenset()
    here = CareTeamMember.objects.filter(
        patient__in={patient for patient, _ in owned}, ended_at=None, therapist__is_active=True
    )
    away = Cover.objects.on(user.clinic.today()).filter(therapist=OuterRef("therapist"))
    there = set(here.filter(~Exists(away)).values_list("patient_id", "therapist_id"))
    return frozenset(owned - there)


def _alerts(seen: QuerySet[Patient]) -> Iterable[Item]:
    waiting = Alert.objects.filter(patient__in=seen).waiting()
    for alert in waiting.select_related("patient", "owner"):
        yield Item(
            Kind.ALERT,
            alert.patient,
            alert.message,
            alert.raised_at,
            alert.pk,
            due=alert.due_at,
            owner=alert.owner,
            severity=Severity(alert.severity),
            stage=alert.stage,
        )


def _messages(seen: QuerySet[Patient]) -> Iterable[Item]:
    waiting = Message.objects.filter(patient__in=seen).to_be_answered()
    for message in waiting.select_related("patient"):
        yield Item(
            Kind.MESSAGE,
            message.patient,
            message.text or "A picture",
            message.written_at,
            message.patient_id,
            due=message.written_at + ANSWER_IN,
        )


def _questions(seen: QuerySet[Patient]) -> Iterable[Item]:
    for question in Question.objects.filter(patient__in=seen).open().select_related("patient"):
        yield Item(
            Kind.QUESTION,
            question.patient,
            f"About {question.about}",
            question.asked_at,
            question.pk,
            due=question.asked_at + ANSWER_IN,
        )


def _findings(seen: QuerySet[Patient]) -> Iterable[Item]:
    waiting = ProposedFinding.objects.filter(patient__in=seen, decided_at=None)
    for proposal in waiting.select_related("patient"):
        yield Item(Kind.FINDING, proposal.patient, str(proposal), proposal.proposed_at, proposal.pk)


def _drafts(seen: QuerySet[Patient]) -> Iterable[Item]:
    for plan in (
        Plan.objects.filter(patient__in=seen).drafts().select_related("patient", "created_by")
    ):
        yield Item(
            Kind.DRAFT, plan.patient, plan.title, plan.created_at, plan.pk, owner=plan.created_by
        )


def _invitations(seen: QuerySet[Patient]) -> Iterable[Item]:
    long_ago = timezone.now() - INVITED_FOR
    waiting = Invitation.objects.filter(
        patient__in=seen.filter(user=None),
        accepted_at=None,
        withdrawn_at=None,
        created_at__lt=long_ago,
    )
    for one in waiting.select_related("patient"):
        words = "The link still works" if one.is_usable else "The link has ended: invite again"
        yield Item(Kind.INVITATION, one.patient, words, one.created_at, one.patient_id)


def _endings(seen: QuerySet[Patient], clinic: Clinic) -> Iterable[Item]:
    last = PlanPhase.objects.filter(plan=OuterRef("pk")).order_by("-number")
    in_force = Plan.objects.as_of(timezone.now()).filter(patient__in=seen)
    rows = in_force.annotate(last_weeks=Subquery(last.values("weeks_text")[:1]))
    for plan in rows.select_related("patient"):
        item = _ending(plan, ends_on(plan.starts_on, plan.last_weeks or ""), clinic)
        if item is not None:
            yield item


def _ending(plan: Plan, ends: dt.date | None, clinic: Clinic) -> Item | None:
    """From two weeks before its last day on; late when that is over."""
    today = clinic.today()
    if ends is None or ends > today + ENDS_SOON:
        return None
    words = f"{plan.title}, {'ended' if ends < today else 'ends'} {ends:%-d %b %Y}"
    since = dt.datetime.combine(ends - ENDS_SOON, dt.time.min, clinic.zone)
    due = dt.datetime.combine(ends + dt.timedelta(1), dt.time.min, clinic.zone)
    return Item(Kind.ENDING, plan.patient, words, since, plan.patient_id, due=due)


def _measures(seen: QuerySet[Patient], clinic: Clinic) -> Iterable[Item]:
    """One line a patient: what is due again is taken at one visit. None is late by itself."""
    for patient, lines in scheduled.of_patients(seen, clinic):
        since = dt.datetime.combine(lines[0].since, dt.time.min, clinic.zone)
        words = ", ".join(line.title for line in lines)
        yield Item(Kind.MEASURE, patient, words, since, patient.pk)


def ends_on(starts_on: dt.date, weeks_text: str) -> dt.date | None:
    """The last day of a plan whose last phase is of these weeks, such as 'weeks 5–8'."""
    numbers = re.findall(r"\d+", weeks_text)
    return starts_on + dt.timedelta(weeks=int(numbers[-1]), days=-1) if numbers else None
