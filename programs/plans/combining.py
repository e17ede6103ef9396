"""The phases of a plan from one program, or from two that run side by side.

Two programs are laid on one line of weeks: wherever either begins a phase, the plan does. An
exercise that both have comes once, with the first program's dosage.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from programs.models import Program, ProgramExercise, ProgramForm, ProgramPhase
from programs.notation.phase_gates import Condition


@dataclass(frozen=True)
class Stretch:
    """Weeks (from 1, both included) in which the same phases of the programs run."""

    first_week: int
    last_week: int
    phases: tuple[ProgramPhase, ...]

    @property
    def title(self) -> str:
        return " + ".join(phase.title for phase in self.phases)[:120]

    @property
    def goal(self) -> str:
        return " ".join(phase.goal for phase in self.phases if phase.goal)[:250]

    @property
    def weeks_text(self) -> str:
        if self.first_week == self.last_week:
            return f"week {self.first_week}"
        return f"weeks {self.first_week}–{self.last_week}"

    @property
    def gate(self) -> list[Condition]:
        """Of the phases that end here; each condition once."""
        ending = [phase for phase in self.phases if phase.last_week == self.last_week]
        found: list[Condition] = []
        for phase in ending:
            found += [condition for condition in phase.gate if condition not in found]
        return found

    @property
    def choices(self) -> list[list[ProgramExercise]]:
        """The exercises in order; those that are 'this or that' together in one list."""
        found: list[list[ProgramExercise]] = []
        taken: set[int] = set()
        for phase in self.phases:
            for rows in _choices(phase):
                fresh = [row for row in rows if row.exercise_id not in taken]
                if len(fresh) == len(rows):
                    found.append(fresh)
                    taken |= {row.exercise_id for row in fresh}
        return found

    @property
    def required(self) -> set[int]:
        """Exercises that at least one of the programs does not leave to choice."""
        return {
            row.exercise_id
            for phase in self.phases
            for row in phase.exercises.all()
            if not row.optional
        }

    @property
    def forms(self) -> list[ProgramForm]:
        by_form = {due.form_id: due for phase in self.phases for due in phase.forms.all()}
        return list(by_form.values())


def _choices(phase: ProgramPhase) -> list[list[ProgramExercise]]:
    grouped: dict[object, list[ProgramExercise]] = {}
    for row in phase.exercises.all():
        key = row.alternates if row.alternates is not None else f"row {row.pk}"
        grouped.setdefault(key, []).append(row)
    return list(grouped.values())


def stretches(programs: Sequence[Program]) -> list[Stretch]:
    """The plan's phases. A program that is over leaves the other one to go on alone."""
    lines = [
        list(
            program.phases.prefetch_related("exercises__exercise__precaution_rules", "forms__form")
        )
        for program in programs
    ]
    starts = sorted({phase.first_week for line in lines for phase in line})
    end = max(phase.last_week for line in lines for phase in line)
    edges = [*starts, end + 1]
    # A program that ends between two starts of the other one closes a stretch, too.
    edges = sorted({*edges, *(line[-1].last_week + 1 for line in lines if line)})
    found = []
    for first, following in pairwise(edges):
        running = tuple(
            phase
            for line in lines
            for phase in line
            if phase.first_week <= first <= phase.last_week
        )
        if running:
            found.append(Stretch(first, following - 1, running))
    return found
