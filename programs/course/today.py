"""What a patient's day looks like."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypedDict
from uuid import UUID

from django.db.models import BooleanField, ExpressionWrapper, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from accounts.compiled import compiled
from patients.models import Episode, Patient
from programs.course import red_flags
from programs.course.adherence import Adherence, Day, adherence
from programs.course.course import Course
from programs.models import (
    CheckIn,
    Pause,
    Plan,
    PlanForm,
    PlanPhase,
    Prescription,
    Session,
)
from programs.models.described import SafetyItem
from programs.models.dosage import dosage_minutes
from programs.models.plan import PlanStatus, closes_after
from programs.models.restriction import Kind
from programs.safety import helping, holding
from programs.timing.week import WEEK

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    from programs.course.red_flags import PlanWithFlags


class LastAnswer(TypedDict):
    """Of any version of the form."""

    last: dt.date | None


if TYPE_CHECKING:
    FormWithLast = WithAnnotations[PlanForm, LastAnswer]


class State(StrEnum):
    """Each has its own friendly first page."""

    NOTHING_YET = "nothing_yet"
    STOPPED = "stopped"  # a red flag is open
    ENDED = "ended"
    STARTS_LATER = "starts_later"
    PAUSED = "paused"
    STOPPED_TODAY = "stopped_today"  # the patient pressed Stop, or was told to rest for today
    HELD_BACK = "held_back"  # all that would be due is left out until a therapist has looked
    REST = "rest"
    DUE = "due"
    DONE = "done"


@dataclass(frozen=True)
class Today:
    date: dt.date
    state: State
    plan: Plan | None = None
    phase: PlanPhase | None = None
    due: tuple[Prescription, ...] = ()
    sessions_due: int = 0
    sessions_done: int = 0
    week: tuple[Day, ...] = ()
    forms_due: tuple[PlanForm, ...] = ()
    pause: Pause | None = None
    held: holding.Holds = frozenset()
    left_out: tuple[Prescription, ...] = ()  # due, but held back
    course: Course | None = None  # of a plan that has not ended

    @property
    def held_words(self) -> list[str]:
        """What to leave out, above what is left to do."""
        mentioned = (one for one in self.held if one.kind not in (Kind.ALL, Kind.TODAY))
        return holding.said(mentioned, self.date)

    @property
    def minutes(self) -> int:
        """About how long one session takes."""
        return sum(dosage_minutes(prescription.dosage) for prescription in self.due)

    @property
    def change_words(self) -> str:
        """What the therapist changed, told for a week."""
        if self.plan is None or self.plan.effective_at is None or not self.plan.change_words:
            return ""
        since = self.date - self.plan.clinic.local_date(self.plan.effective_at)
        return self.plan.change_words if since.days < WEEK else ""

    @property
    def week_done(self) -> int:
        """Sessions of this week, as many as were due on each day."""
        return Adherence(list(self.week)).done

    @property
    def week_due(self) -> int:
        return Adherence(list(self.week)).due

    @property
    def tells_week(self) -> bool:
        """A count of sessions is no comfort to whoever has to stop."""
        return bool(self.week_due) and self.state in (State.DUE, State.DONE, State.REST)

    @property
    def next_day(self) -> dt.date | None:
        """The next day of this week on which something is due."""
        return next((day.date for day in self.week if day.due and day.date > self.date), None)

    @property
    def sessions_left(self) -> int:
        return max(0, self.sessions_due - self.sessions_done)


@compiled
def _plans(patient: UUID, now: dt.datetime) -> "QuerySet[PlanWithFlags]":
    """The version that holds, else the last that was activated."""
    holds = ExpressionWrapper(
        closes_after(now) & Q(effective_at__lte=now), output_field=BooleanField()
    )
    plans = red_flags.with_flags(Plan.objects.frozen().filter(patient=patient))
    plans = plans.select_related("episode", "activated_by").annotate(holds=holds)
    return plans.order_by("-holds", "-activated_at")[:1]


def load(patient: Patient) -> Today:
    """Five queries, however long the plan or its history."""
    date = patient.clinic.today()
    plan: PlanWithFlags | None = next(iter(_plans(patient.pk, timezone.now())), None)
    if plan is None:
        return Today(date, State.NOTHING_YET)
    plan.clinic = patient.clinic
    if plan.status == PlanStatus.ENDED:
        return Today(date, State.ENDED, plan)
    course = Course.load([plan])[0]
    phase = course.phase_on(date)
    held = course.held_on(date)
    if red_flags.stop(plan) or Kind.ALL in holding.kinds(held):
        return Today(date, State.STOPPED, plan, phase, course=course)
    if date < course.first:
        return Today(date, State.STARTS_LATER, plan, phase, course=course)
    if pause := course.pause_on(date):
        return Today(date, State.PAUSED, plan, phase, pause=pause, course=course)
    return _running(course, date, held)


def _running(course: Course, date: dt.date, held: holding.Holds) -> Today:
    week = _this_week(course, date)
    today = next(day for day in week.days if day.date == date)
    due = tuple(course.free_on(date))
    left_out = tuple(row for row in course.due_on(date) if row not in due)
    sessions_due = course.sessions_due_on(date)
    return Today(
        date=date,
        state=_state(held, due, left_out, is_done=today.done >= sessions_due),
        plan=course.plan,
        phase=course.phase_on(date),
        due=due,
        sessions_due=sessions_due,
        sessions_done=today.done,
        week=tuple(week.days),
        forms_due=tuple(_forms_due(course, date)),
        held=held,
        left_out=left_out,
        course=course,
    )


def _state(
    held: holding.Holds,
    due: tuple[Prescription, ...],
    left_out: tuple[Prescription, ...],
    *,
    is_done: bool,
) -> State:
    if Kind.TODAY in holding.kinds(held):
        return State.STOPPED_TODAY
    if not due:
        return State.HELD_BACK if left_out else State.REST
    return State.DONE if is_done else State.DUE


@compiled
def _done_by_day(patient: UUID, first: dt.date, last: dt.date) -> QuerySet[Session, Any]:
    of_days = Session.objects.current().filter(patient=patient, done_on__range=(first, last))
    return of_days.counted_by_day()


def _this_week(course: Course, date: dt.date) -> Adherence:
    """Monday to Sunday, over all versions' sessions but this version's due days."""
    monday = date - dt.timedelta(days=date.weekday())
    done = dict(_done_by_day(course.plan.patient_id, monday, date))
    return adherence([course], done, first=monday, last=monday + dt.timedelta(days=WEEK - 1))


def _forms_due(course: Course, date: dt.date) -> list[PlanForm]:
    """The phase's forms that were not answered for as many days as they are asked.

    Answers to an older version of the form, or of the plan, count too.
    """
    return [
        form
        for form in _forms(course.plan.patient_id, course.phase_on(date).pk, date)
        if form.last is None or (date - form.last).days >= form.every_days
    ]


@compiled
def _forms(patient: UUID, phase: UUID, date: dt.date) -> "QuerySet[FormWithLast]":
    """Of a phase, each with the day of its last answer."""
    answered = CheckIn.objects.filter(
        patient=patient, form__form=OuterRef("version__form"), answered_on__lte=date
    )
    last = Subquery(answered.order_by("-answered_on").values("answered_on")[:1])
    return PlanForm.objects.filter(phase=phase).select_related("version").annotate(last=last)


def safety_items(prescriptions: tuple[Prescription, ...], episode: Episode) -> list[SafetyItem]:
    """The set-up to tick before a session: what its exercises ask for, and what the person needs.

    The helper is asked for by the task or the person, the skin check by numbness (brief 1.6, 7).
    """
    wanted = {code for row in prescriptions for code in row.shown.safety_setup}
    if any(helping.is_needed(row.shown, episode) for row in prescriptions):
        wanted.add(SafetyItem.HELPER)
    if episode.sensation != "intact":
        wanted.add(SafetyItem.SKIN)
    return [item for item in SafetyItem if item in wanted]
