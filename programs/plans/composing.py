"""A draft plan as the composer shows it: lines with their gates, totals, what blocks it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from accounts.models import User
from patients.models import RedFlagScreen
from programs.documents.arranged import InOrder, Totals
from programs.library import ladder
from programs.models import DraftStep, Exercise, Plan, PlanPhase, Prescription
from programs.notation import dosage_language
from programs.plans import diff as plan_diff
from programs.plans.library_changes import library_changes
from programs.plans.versions import phase_to_start
from programs.safety import gates
from programs.safety.lines import line_findings
from programs.safety.situation import Situation
from programs.timing.schedule import days_of
from programs.timing.week import WEEK


@dataclass(frozen=True)
class Line(InOrder):
    """One prescription with what its gates say."""

    prescription: Prescription
    findings: list[gates.Finding]
    shared: frozenset[gates.Finding]  # said of other lines of the phase, too
    library_changes: list[str]
    is_left_out: bool  # of the starter library, by the clinic; a program may still have it
    alternatives: list[Exercise]
    easier: list[Exercise]
    harder: list[Exercise]
    days: list[bool]
    number: int
    is_last: bool

    @property
    def place(self) -> str:
        """Its id on the page."""
        return f"line-{self.prescription.pk}"

    @property
    def minutes(self) -> int:
        return self.prescription.minutes

    @property
    def dosage_words(self) -> str:
        return dosage_language.say(self.prescription.dosage)

    @property
    def own(self) -> list[gates.Finding]:
        """What is said of this line alone."""
        return [finding for finding in self.findings if finding not in self.shared]

    @property
    def needs_reason(self) -> bool:
        return any(finding.level is gates.Level.REASON for finding in self.findings)

    @property
    def stops(self) -> list[gates.Finding]:
        """What stands in the way of including it."""
        return gates.blocked_or_unreasoned(self.findings, self.prescription)

    @property
    def is_blocked(self) -> bool:
        return any(finding.level is gates.Level.BLOCKED for finding in self.findings)


@dataclass(frozen=True)
class Said:
    """A finding with the lines that it is about: what is equal is said once."""

    finding: gates.Finding
    lines: list[Line]


def _once(found: Iterable[tuple[gates.Finding, Line]]) -> list[Said]:
    by_finding: dict[gates.Finding, list[Line]] = {}
    for finding, line in found:
        by_finding.setdefault(finding, []).append(line)
    return [Said(finding, lines) for finding, lines in by_finding.items()]


@dataclass(frozen=True)
class Part(Totals):
    """A phase with its lines and totals."""

    phase: PlanPhase
    lines: list[Line]

    @property
    def place(self) -> str:
        return f"phase-{self.phase.number}"

    @property
    def included(self) -> list[Line]:
        return [line for line in self.lines if line.prescription.included]

    @property
    def notices(self) -> list[Said]:
        """What is said of several lines."""
        return _once(
            (one, line) for line in self.lines for one in line.findings if one in line.shared
        )

    @property
    def to_settle(self) -> int:
        """How many lines stand in the way."""
        return sum(bool(line.stops) for line in self.included)

    def has(self, place: str) -> bool:
        """Whether the phase, or a line of it, is at this place of the page."""
        own = {self.place, *(line.place for line in self.lines)}
        return place in own or place.replace("days-", "line-") in own

    @property
    def counted(self) -> list[Line]:
        return self.included


@dataclass(frozen=True)
class Draft:
    plan: Plan
    phases: list[Part]
    findings: list[gates.Finding]
    changes: list[plan_diff.Change]
    last_step: DraftStep | None
    active: Plan | None
    here: int  # the number of the phase in which the version would begin
    asks_screen: bool  # the red-flag questions were never asked, or long ago

    @property
    def is_change(self) -> bool:
        """It follows a plan that the patient has now."""
        return self.active is not None

    @property
    def included(self) -> list[Line]:
        return [line for part in self.phases for line in part.included]

    @property
    def asks(self) -> list[gates.Finding]:
        """What wants a word before it begins: open alerts, what is held back."""
        return [one for one in self.findings if one.level is gates.Level.REASON]

    @property
    def stops(self) -> list[Said]:
        """What stands in the way of activation, beside the words that are asked with it."""
        whole = [Said(one, []) for one in self.findings if one.level is gates.Level.BLOCKED]
        return whole + _once((one, line) for line in self.included for one in line.stops)


def plans_visible_to(user: User) -> QuerySet[Plan]:
    """Plans with all that the composer needs beside them."""
    screens = Prefetch("episode__screens", RedFlagScreen.objects.order_by("-screened_at"))
    plans: QuerySet[Plan] = (
        Plan.objects.visible_to(user)
        .select_related("patient__clinic", "episode__clinic", "clinic", "program", "second_program")
        .prefetch_related(screens)
    )
    return plans


def load(plan: Plan, user: User) -> Draft:
    """A fixed number of queries, whatever the plan's length."""
    phases = list(plan.phases.all())
    rows = list(
        plan.prescriptions.select_related("exercise", "phase").prefetch_related(
            "exercise__citations",
            "exercise__texts",
            "exercise__precaution_rules",
        )
    )
    situation = Situation.of(plan)
    whole = gates.plan_findings(plan, situation, phases=phases, prescriptions=rows)
    codes = {code for row in rows for code in row.alternative_codes}
    others = {one.code: one for one in Exercise.objects.offered_to(user).filter(code__in=codes)}
    near = ladder.neighbors([row.exercise for row in rows], user)
    active = (
        Plan.objects.active().filter(episode_id=plan.episode_id).first()
        if plan.version > 1
        else None
    )
    return Draft(
        plan=plan,
        phases=[_part(plan, phase, rows, near, others, situation) for phase in phases],
        findings=whole,
        changes=_changes(active, plan, rows),
        last_step=plan.steps.select_related("by").defer("content").first(),
        active=active,
        here=phase_to_start(plan, active),
        asks_screen=situation.screen is None or situation.is_screen_old,
    )


def _changes(active: Plan | None, plan: Plan, rows: list[Prescription]) -> list[plan_diff.Change]:
    if active is None:
        return []
    return plan_diff.compare(active, plan, plan_diff.rows_of(active), rows)


def _part(
    plan: Plan,
    phase: PlanPhase,
    rows: Iterable[Prescription],
    near: ladder.Neighbors,
    others: dict[str, Exercise],
    situation: Situation,
) -> Part:
    in_phase = [row for row in rows if row.phase_id == phase.pk]
    taken = {row.exercise_id for row in in_phase}
    findings = {row.pk: line_findings(row, situation) for row in in_phase}
    said = Counter(finding for found in findings.values() for finding in set(found))
    shared = frozenset(finding for finding, times in said.items() if times > 1)
    lines = []
    for number, row in enumerate(in_phase):
        easier, harder = near[row.exercise_id]
        days = days_of(row, plan.weekdays)
        lines.append(
            Line(
                prescription=row,
                findings=findings[row.pk],
                shared=shared,
                library_changes=library_changes(row),
                is_left_out=row.exercise.is_left_out_by(plan.clinic),
                alternatives=[others[code] for code in row.alternative_codes if code in others],
                easier=_usable(easier, row, taken),
                harder=_usable(harder, row, taken),
                days=[day in days for day in range(WEEK)],
                number=number,
                is_last=number == len(in_phase) - 1,
            )
        )
    return Part(phase, lines)


def _usable(exercises: list[Exercise], row: Prescription, taken: set[int]) -> list[Exercise]:
    """Of the same kind, for use at home, and not in the phase already."""
    return [
        one
        for one in exercises
        if one.kind == row.exercise.kind and one.home_use and one.pk not in taken
    ]
