"""What a patient had before them on one day: 'What did she see on 12 March?'"""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q

from patients.models import Patient
from programs.course import Course
from programs.models import CheckIn, Pause, Plan, PlanForm, PlanPhase, Prescription, Session


@dataclass(frozen=True)
class Shown:
    """One version on one day; `until` and `since` are moments within the day, or None."""

    plan: Plan
    phase: PlanPhase
    prescriptions: list[Prescription]
    due: frozenset[object]
    since: dt.datetime | None
    until: dt.datetime | None
    forms: list[PlanForm]


@dataclass(frozen=True)
class DayRecord:
    day: dt.date
    shown: list[Shown]
    pause: Pause | None
    sessions: list[Session]
    check_ins: list[CheckIn]
    first: dt.date | None


def load(patient: Patient, day: dt.date) -> DayRecord:
    """Everything of the day, in a fixed number of queries."""
    zone = patient.clinic.zone
    start = dt.datetime.combine(day, dt.time(), tzinfo=zone)
    end = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), tzinfo=zone)
    frozen = Plan.objects.frozen().filter(patient=patient)
    plans = list(
        frozen.filter(Q(closed_at=None) | Q(closed_at__gt=start), effective_at__lt=end)
        .select_related("clinic", "activated_by", "episode")
        .order_by("effective_at")
    )
    # A version that was replaced before it ever held was on no screen.
    plans = [plan for plan in plans if plan.closed_at is None or plan.closed_at > plan.effective_at]
    courses = Course.load(plans)
    forms = list(
        PlanForm.objects.filter(plan__in=plans).select_related("version").order_by("phase__number")
    )
    first = frozen.order_by("effective_at").values_list("effective_at", flat=True).first()
    return DayRecord(
        day=day,
        shown=[_shown(course, day, start, end, forms) for course in courses],
        pause=next((found for course in courses if (found := course.pause_on(day))), None),
        sessions=list(
            Session.objects.filter(patient=patient, done_on=day)
            .select_related("plan", "phase", "entered_by")
            .prefetch_related("exercise_logs__prescription")
            .order_by("done_at")
        ),
        check_ins=list(
            CheckIn.objects.filter(patient=patient, answered_on=day).select_related("form")
        ),
        first=patient.clinic.local_date(first) if first else None,
    )


def _shown(
    course: Course, day: dt.date, start: dt.datetime, end: dt.datetime, forms: list[PlanForm]
) -> Shown:
    plan, phase = course.plan, course.phase_on(day)
    assert plan.effective_at is not None
    return Shown(
        plan=plan,
        phase=phase,
        prescriptions=course.in_phase(phase),
        due=frozenset(row.pk for row in course.due_on(day)),
        since=plan.effective_at if plan.effective_at > start else None,
        until=plan.closed_at if plan.closed_at is not None and plan.closed_at < end else None,
        forms=[form for form in forms if form.phase_id == phase.pk],
    )
