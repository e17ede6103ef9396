"""What a patient's day looks like."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, Subquery
from django.utils import timezone

from patients.models import Episode, Patient, RedFlagScreen
from programs.adherence import Adherence, Day, adherence
from programs.course import Course
from programs.models import (
    Alert,
    CheckIn,
    Pause,
    Plan,
    PlanForm,
    PlanPhase,
    Prescription,
    Session,
)
from programs.models.alert import Severity
from programs.models.dosage import dosage_minutes
from programs.models.exercise import SafetyItem
from programs.models.plan import PlanStatus

WEEK = 7
# Their advice is to stop and get help now or today (brief 5, A1 to A6 and A9).
STOPPING = [Severity.CRITICAL, Severity.URGENT]


class State(StrEnum):
    """Each has its own friendly first page."""

    NOTHING_YET = "nothing_yet"
    STOPPED = "stopped"  # a red flag is open
    ENDED = "ended"
    STARTS_LATER = "starts_later"
    PAUSED = "paused"
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
    def sessions_left(self) -> int:
        return max(0, self.sessions_due - self.sessions_done)


def load(patient: Patient) -> Today:
    """Five queries, however long the plan or its history."""
    date = patient.clinic.today()
    now = timezone.now()
    holds = Q(closed_at=None) | Q(closed_at__gt=now)
    screens = RedFlagScreen.objects.filter(episode=OuterRef("episode")).order_by("-screened_at")
    alarms = Alert.objects.open().filter(patient=patient, severity__in=STOPPING)
    plan: Plan | None = (
        Plan.objects.frozen()
        .filter(patient=patient)
        .select_related("episode", "activated_by")
        .annotate(
            flags_present=Subquery(screens.values("present")[:1]),
            flags_cleared=Subquery(screens.values("cleared_at")[:1]),
            alarm=Exists(alarms),
            holds=ExpressionWrapper(holds & Q(effective_at__lte=now), output_field=BooleanField()),
        )
        .order_by("-holds", "-activated_at")
        .first()
    )
    if plan is None:
        return Today(date, State.NOTHING_YET)
    plan.clinic = patient.clinic
    if plan.status == PlanStatus.ENDED:
        return Today(date, State.ENDED, plan)
    course = Course.load([plan])[0]
    phase = course.phase_on(date)
    if _is_stopped(plan):
        return Today(date, State.STOPPED, plan, phase)
    if date < course.first:
        return Today(date, State.STARTS_LATER, plan, phase)
    if pause := course.pause_on(date):
        return Today(date, State.PAUSED, plan, phase, pause=pause)
    return _running(course, date)


def _is_stopped(plan: Plan) -> bool:
    """Red flags stop a plan (only the newest screen counts), and so does an answer that told the
    patient to stop, until a therapist has looked at it."""
    newest = RedFlagScreen(
        present=plan.flags_present or [],  # type: ignore[attr-defined]
        cleared_at=plan.flags_cleared,  # type: ignore[attr-defined]
    )
    return newest.stops_exercise or plan.alarm  # type: ignore[attr-defined]


def _running(course: Course, date: dt.date) -> Today:
    week = _this_week(course, date)
    today = next(day for day in week.days if day.date == date)
    due = tuple(course.due_on(date))
    state = State.DONE if today.done >= today.due else State.DUE
    return Today(
        date=date,
        state=state if due else State.REST,
        plan=course.plan,
        phase=course.phase_on(date),
        due=due,
        sessions_due=today.due,
        sessions_done=today.done,
        week=tuple(week.days),
        forms_due=tuple(_forms_due(course, date)),
    )


def _this_week(course: Course, date: dt.date) -> Adherence:
    """Monday to Sunday, over all versions' sessions but this version's due days."""
    monday = date - dt.timedelta(days=date.weekday())
    done = (
        Session.objects.current()
        .filter(patient_id=course.plan.patient_id, done_on__range=(monday, date))
        .done_by_day()
    )
    return adherence([course], done, first=monday, last=monday + dt.timedelta(days=WEEK - 1))


def _forms_due(course: Course, date: dt.date) -> list[PlanForm]:
    """The phase's forms that were not answered for as many days as they are asked.

    Answers to an older version of the form, or of the plan, count too.
    """
    answered = CheckIn.objects.filter(
        patient_id=course.plan.patient_id,
        form__form=OuterRef("version__form"),
        answered_on__lte=date,
    ).order_by("-answered_on")
    forms = (
        PlanForm.objects.filter(phase=course.phase_on(date))
        .select_related("version")
        .annotate(last=Subquery(answered.values("answered_on")[:1]))
    )
    return [
        form for form in forms if form.last is None or (date - form.last).days >= form.every_days
    ]


def safety_items(prescriptions: tuple[Prescription, ...], episode: Episode) -> list[SafetyItem]:
    """The set-up to tick before a session: what its exercises ask for, and what the person needs.

    The helper is asked for by the task or the person, the skin check by numbness (brief 1.6, 7).
    """
    standing = [row for row in prescriptions if row.shown.is_standing]
    wanted = {code for row in prescriptions for code in row.shown.safety_setup}
    if standing and (episode.falls_or_aid or any(row.shown.needs_helper for row in standing)):
        wanted.add(SafetyItem.HELPER)
    if episode.sensation != "intact":
        wanted.add(SafetyItem.SKIN)
    return [item for item in SafetyItem if item in wanted]
