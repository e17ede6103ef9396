"""A frozen plan over time: what was on screen on a given day."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self, TypedDict
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject

from accounts.compiled import compiled
from programs.models import Pause, PhaseStart, Plan, PlanPhase, Prescription
from programs.models.restriction import Kind
from programs.safety import holding
from programs.timing.schedule import due_on, sessions_due

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


class PauseDays(TypedDict):
    """A pause as JSON; `first` and `last` are ISO dates."""

    id: str
    first: str
    last: str | None
    why: str


class Paused(TypedDict):
    """What `Course.load` reads with each start."""

    paused: list[PauseDays]
    held: list[dict[str, Any]]  # holding.as_rows


if TYPE_CHECKING:
    StartWithPauses = WithAnnotations[PhaseStart, Paused]


@dataclass(frozen=True)
class Course:
    """One plan version with its phases and prescriptions, and from when until when it held.

    `first` is the first day; `last` is the day it was closed or None. On the day of a change the
    newer version counts, so `last` itself belongs to the successor.
    """

    plan: Plan
    phases: list[PlanPhase]
    starts: list[PhaseStart]
    prescriptions: list[Prescription]
    pauses: list[Pause]
    held: holding.Holds  # restrictions of the patient, over all time
    first: dt.date
    last: dt.date | None
    # By phase and weekday how many sessions it asks for: frozen, and asked for each day of months.
    _asked: dict[tuple[int, int], int] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )

    @classmethod
    def load(cls, plans: Iterable[Plan], *, to_count: bool = False) -> list[Self]:
        """Courses of frozen plans, oldest first, in two queries however many there are.

        `to_count`: of many plans, for what was due and nothing else; what no restriction ever asked
        about is left out, exercises that are due on the same days are one, and there are three
        queries.
        """
        by_id = {plan.pk: plan for plan in plans}
        starts = _by_plan(_starts(list(by_id)))
        ever_held = [pk for pk, rows in starts.items() if rows[0].held] if to_count else by_id
        prescriptions = _by_plan(_prescriptions(list(ever_held)))
        if to_count:
            prescriptions |= _by_plan(_alike(list(by_id.keys() - set(ever_held))))
        courses = [cls._of(plan, starts[pk], prescriptions[pk]) for pk, plan in by_id.items()]
        return sorted(courses, key=lambda course: course.plan.version)

    @classmethod
    def _of(
        cls,
        plan: Plan,
        starts: "list[StartWithPauses]",
        prescriptions: list[Prescription],
    ) -> Self:
        clinic = plan.clinic
        assert plan.effective_at is not None
        # A frozen plan has no phase without a prescription (gates.plan_findings).
        phases = {row.phase_id: row.phase for row in prescriptions}
        return cls(
            plan=plan,
            phases=list(phases.values()),
            starts=list(starts),
            prescriptions=prescriptions,
            pauses=[_pause(days) for days in starts[0].paused] if starts else [],
            held=holding.of_rows(starts[0].held, clinic) if starts else frozenset(),
            first=max(plan.starts_on, clinic.local_date(plan.effective_at)),
            last=clinic.local_date(plan.closed_at) if plan.closed_at else None,
        )

    def holds_on(self, day: dt.date) -> bool:
        return self.first <= day and (self.last is None or day < self.last)

    def pause_on(self, day: dt.date) -> Pause | None:
        return next((pause for pause in self.pauses if pause.covers(day)), None)

    def phase_on(self, day: dt.date) -> PlanPhase:
        """The phase a therapist had put the patient in; the first before any start."""
        phase_id = self.phases[0].pk
        for start in self.starts:
            if start.on <= day:
                phase_id = start.phase_id
        return next(phase for phase in self.phases if phase.pk == phase_id)

    def in_phase(self, phase: PlanPhase) -> list[Prescription]:
        return [row for row in self.prescriptions if row.phase_id == phase.pk and row.included]

    def due_on(self, day: dt.date) -> list[Prescription]:
        return self.asked_on(day, self.phase_on(day)) if self.holds_on(day) else []

    def asked_on(self, day: dt.date, phase: PlanPhase) -> list[Prescription]:
        """What this version asks for in a phase, also on the day on which it was replaced."""
        if day < self.first or self.pause_on(day):
            return []
        return due_on(self.in_phase(phase), self.plan.weekdays, day)

    def held_on(self, day: dt.date) -> holding.Holds:
        """The restrictions that hold on a day."""
        return holding.on(self.held, day)

    def free_on(self, day: dt.date) -> list[Prescription]:
        """What is due and not held back."""
        held, due = self.held_on(day), self.due_on(day)
        return [row for row in due if not holding.holds_back(held, row.kept)] if held else due

    def sessions_asked_on(self, day: dt.date) -> int:
        """By the plan alone, whatever is held back."""
        if not self.holds_on(day) or self.pause_on(day):
            return 0
        phase = self.phase_on(day)
        key = (phase.number, day.weekday())
        if key not in self._asked:
            self._asked[key] = sessions_due(self.in_phase(phase), self.plan.weekdays, day)
        return self._asked[key]

    def sessions_due_on(self, day: dt.date) -> int:
        """What is held back is not due; on a day of 'stop for today' nothing more is."""
        held = self.held_on(day) if self.held else None
        if not held:
            return self.sessions_asked_on(day)
        if Kind.TODAY in holding.kinds(held):
            return 0
        return max((row.times_per_day for row in self.free_on(day)), default=0)


def in_force(courses: Sequence[Course], today: dt.date) -> Course | None:
    """Of one patient's courses, oldest first. None without an active plan; before a change that
    begins later, the version that holds.
    """
    if not any(course.plan.is_active for course in courses):
        return None
    return next((course for course in courses if course.holds_on(today)), courses[-1])


def _pause(days: PauseDays) -> Pause:
    """From its days as JSON; enough to ask what it covers."""
    last = dt.date.fromisoformat(days["last"]) if days["last"] else None
    return Pause(
        id=UUID(days["id"]), first=dt.date.fromisoformat(days["first"]), last=last, why=days["why"]
    )


# On which days something is due, and how often: one of those that agree in this is enough to count.
_ALIKE = ("plan_id", "phase__number", "phase_id", "included", "weekdays", "days_per_week",
          "times_per_day")  # fmt: skip


@compiled
def _alike(plans: list[UUID]) -> QuerySet[Prescription]:
    of_plans = Prescription.objects.filter(plan__any_of=plans).select_related("phase")
    rows: QuerySet[Prescription] = of_plans.order_by(*_ALIKE).distinct(*_ALIKE)
    return rows.only("phase__plan", "phase__title", *_ALIKE)


@compiled
def _prescriptions(plans: list[UUID]) -> QuerySet[Prescription]:
    rows: QuerySet[Prescription] = Prescription.objects.filter(plan__any_of=plans)
    return rows.select_related("phase").order_by("phase__number", "order")


@compiled
def _starts(plans: list[UUID]) -> "QuerySet[StartWithPauses]":
    """A frozen plan has at least one; pauses and restrictions ride along with each."""
    paused = Pause.objects.filter(episode=OuterRef("plan__episode")).values(
        days=JSONObject(id="id", first="first", last="last", why="why")
    )
    starts = PhaseStart.objects.filter(plan__any_of=plans).order_by("on", "at")
    return starts.annotate(paused=ArraySubquery(paused), held=holding.as_rows("patient"))


def _by_plan(rows: Iterable) -> defaultdict:
    grouped = defaultdict(list)
    for row in rows:
        grouped[row.plan_id].append(row)
    return grouped
