"""What a patient had before them on one day: 'What did she see on 12 March?'"""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q

from patients.models import Patient, RedFlagScreen
from programs.course.course import Course
from programs.models import (
    CheckIn,
    Pause,
    Plan,
    PlanForm,
    PlanPhase,
    Prescription,
    Restriction,
    Session,
)
from programs.models.restriction import Kind


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
    stopped: dt.datetime | None  # from when on that day; its first moment for all day
    start: dt.datetime
    pause: Pause | None
    sessions: list[Session]
    check_ins: list[CheckIn]
    first: dt.date | None

    @property
    def is_stopped_all_day(self) -> bool:
        return self.stopped == self.start


def load(patient: Patient, day: dt.date) -> DayRecord:
    """Everything of the day, in a fixed number of queries."""
    zone = patient.clinic.zone
    start = dt.datetime.combine(day, dt.time(), tzinfo=zone)
    end = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), tzinfo=zone)
    frozen = Plan.objects.frozen().filter(patient=patient)
    plans = list(
        frozen.not_over(start)
        .filter(effective_at__lt=end)
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
        shown=[one for course in courses for one in _shown(course, day, start, end, forms)],
        start=start,
        stopped=next(iter(_stops(patient, start, end)), None),
        pause=next((found for course in courses if (found := course.pause_on(day))), None),
        sessions=list(
            Session.objects.current()
            .filter(patient=patient, done_on=day)
            .select_related("plan", "phase", "entered_by")
            .prefetch_related("exercise_logs__prescription")
            .order_by("done_at")
        ),
        check_ins=list(
            CheckIn.objects.current()
            .filter(patient=patient, answered_on=day)
            .select_related("form")
        ),
        first=patient.clinic.local_date(first) if first else None,
    )


def _shown(
    course: Course, day: dt.date, start: dt.datetime, end: dt.datetime, forms: list[PlanForm]
) -> list[Shown]:
    """One a phase: a therapist may have moved the patient in the middle of the day."""
    plan = course.plan
    assert plan.effective_at is not None
    first = plan.effective_at if plan.effective_at > start else None
    last = plan.closed_at if plan.closed_at is not None and plan.closed_at < end else None
    moves = _moves(course, day, start)
    begins = [first, *(at for _, at in moves)]
    ends = [*(at for _, at in moves), last]
    phases = [_phase_before(course, day, moves), *(phase for phase, _ in moves)]
    return [
        Shown(
            plan=plan,
            phase=phase,
            prescriptions=course.in_phase(phase),
            due=frozenset(row.pk for row in course.asked_on(day, phase)),
            since=since,
            until=until,
            forms=[form for form in forms if form.phase_id == phase.pk],
        )
        for phase, since, until in zip(phases, begins, ends, strict=True)
    ]


def _moves(course: Course, day: dt.date, start: dt.datetime) -> list[tuple[PlanPhase, dt.datetime]]:
    """To another phase on this very day, with the moment; the start of the version is none."""
    by_id = {phase.pk: phase for phase in course.phases}
    found = []
    before = course.starts[0].phase_id if course.starts else None
    for one in course.starts[1:]:
        if one.phase_id != before and one.on == day and one.at > start:
            found.append((by_id[one.phase_id], one.at))
        before = one.phase_id
    return found


def _phase_before(
    course: Course, day: dt.date, moves: list[tuple[PlanPhase, dt.datetime]]
) -> PlanPhase:
    if not moves:
        return course.phase_on(day)
    earlier = [one.phase_id for one in course.starts if one.on < day or one is course.starts[0]]
    return next(phase for phase in course.phases if phase.pk == earlier[-1])


def _stops(patient: Patient, start: dt.datetime, end: dt.datetime) -> list[dt.datetime]:
    """Since when, on that day, the patient was told to do nothing, by an answer or a red flag."""
    told = Restriction.objects.filter(patient=patient, kind=Kind.ALL, made_at__lt=end)
    told = told.filter(Q(lifted_at=None) | Q(lifted_at__gt=start))
    told = told.filter(Q(until=None) | Q(until__gte=patient.clinic.local_date(start)))
    screens = RedFlagScreen.objects.filter(patient=patient, screened_at__lt=end)
    flags = [
        screen.screened_at
        for screen in screens.filter(Q(cleared_at=None) | Q(cleared_at__gt=start))
        if screen.names_a_stop
    ]
    return sorted(max(since, start) for since in [*told.values_list("made_at", flat=True), *flags])
