"""A draft plan as the composer shows it: lines with their gates, totals, what blocks it."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.http import Http404

from accounts.models import User
from patients.models import RedFlagScreen
from programs import gates
from programs.actions import prescriptions
from programs.models import Plan, PlanPhase, Prescription
from programs.schedule import most_in_a_day


@dataclass(frozen=True)
class Line:
    """One prescription with what its gates say."""

    prescription: Prescription
    findings: list[gates.Finding]
    library_is_newer: bool

    @property
    def needs_reason(self) -> bool:
        return any(finding.level is gates.Level.REASON for finding in self.findings)

    @property
    def is_blocked(self) -> bool:
        return any(finding.level is gates.Level.BLOCKED for finding in self.findings)


@dataclass(frozen=True)
class Part:
    """A phase with its lines and totals."""

    phase: PlanPhase
    lines: list[Line]
    most_in_a_day: int

    @property
    def minutes(self) -> int:
        """Of a session in which all included exercises are due."""
        return sum(line.prescription.minutes for line in self.lines if line.prescription.included)

    @property
    def is_too_much(self) -> bool:
        return self.most_in_a_day > gates.MOST_EXERCISES_A_DAY


@dataclass(frozen=True)
class Draft:
    plan: Plan
    phases: list[Part]
    findings: list[gates.Finding]

    @property
    def included(self) -> list[Line]:
        return [line for part in self.phases for line in part.lines if line.prescription.included]

    @property
    def stops(self) -> list[gates.Finding]:
        """What stands in the way of activation."""
        whole = [one for one in self.findings if one.level is gates.Level.BLOCKED]
        return whole + [
            finding
            for line in self.included
            for finding in gates.blocked_or_unreasoned(line.findings, line.prescription.gate_reason)
        ]

    def line(self, prescription_id: UUID) -> Line:
        """Raises Http404 when the line is gone, as when a colleague removed it."""
        for part in self.phases:
            for line in part.lines:
                if line.prescription.pk == prescription_id:
                    return line
        raise Http404


def plans_visible_to(user: User) -> QuerySet[Plan]:
    """Plans with all that the composer needs beside them."""
    screens = Prefetch("episode__screens", RedFlagScreen.objects.order_by("-screened_at"))
    plans: QuerySet[Plan] = (
        Plan.objects.visible_to(user)
        .select_related("patient__clinic", "episode", "clinic", "program")
        .prefetch_related(screens)
    )
    return plans


def load(plan: Plan) -> Draft:
    """Five queries, whatever the plan's length."""
    phases = list(plan.phases.all())
    rows = list(
        plan.prescriptions.select_related("exercise").prefetch_related(
            "exercise__citations",
            "exercise__precaution_rules",
        )
    )
    for row in rows:
        row.plan = plan
    whole = gates.plan_findings(
        plan, phases=phases, prescriptions=rows, screen=plan.episode.latest_screen
    )
    return Draft(plan, [_part(plan, phase, rows) for phase in phases], whole)


def _part(plan: Plan, phase: PlanPhase, rows: Iterable[Prescription]) -> Part:
    in_phase = [row for row in rows if row.phase_id == phase.pk]
    lines = [
        Line(row, prescriptions.line_findings(row), prescriptions.library_is_newer(row))
        for row in in_phase
    ]
    return Part(phase, lines, most_in_a_day(in_phase, plan.weekdays))
