"""A program's document as the editor shows it: lines, totals a day, the week at a glance."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from accounts.models import User
from programs.documents.arranged import InOrder, Totals
from programs.documents.content import FormContent, PhaseContent, ProgramContent, RowContent
from programs.models import Exercise, ProgramExercise, ProgressForm
from programs.models.dosage import dosage_minutes
from programs.notation import dosage_language, phase_gates
from programs.timing.schedule import due_weekdays
from programs.timing.week import WEEK


@dataclass(frozen=True)
class Line(InOrder):
    """One exercise of a phase. `exercise` is None when its code is not to be had any more."""

    phase: int
    number: int
    row: RowContent
    exercise: Exercise | None
    counts: bool  # the first of 'this or that', and not optional
    is_last: bool

    @property
    def place(self) -> str:
        """Its id on the page: that of the exercise, so that it stays when the line moves."""
        return f"row-{self.phase}-{self.row.exercise}"

    @property
    def ids(self) -> dict[str, str]:
        return {name: f"{self.place}-{name}" for name in ("up", "down", "pair", "remove")}

    @property
    def dosage(self) -> dict[str, Any]:
        return dosage_language.parse(self.row.dosage)

    @property
    def minutes(self) -> int:
        return dosage_minutes(self.dosage | {"tempo": self.row.tempo})

    @property
    def shown(self) -> ProgramExercise:
        """As a patient reads it; not a row of the database."""
        return ProgramExercise(
            exercise=self.exercise, note=self.row.note, tempo=self.row.tempo, **self.dosage
        )

    @property
    def days(self) -> list[bool]:
        """Due or not, Monday to Sunday, for a patient who does exercises on every day."""
        due = due_weekdays(range(WEEK), self.dosage["days_per_week"])
        return [day in due for day in range(WEEK)]


@dataclass(frozen=True)
class Part(InOrder, Totals):
    number: int
    phase: PhaseContent
    first_week: int
    lines: list[Line]
    forms: list[tuple[FormContent, ProgressForm | None]]

    @property
    def place(self) -> str:
        return f"phase-{self.number}"

    @property
    def ids(self) -> dict[str, str]:
        return {name: f"{self.place}-{name}" for name in ("copy", "earlier", "later", "remove")}

    @property
    def last_week(self) -> int:
        return self.first_week + self.phase.weeks - 1

    @property
    def gate_lines(self) -> str:
        return phase_gates.say(list(self.phase.gate))

    @property
    def gate_shown(self) -> list[tuple[str, bool]]:
        """Each condition in plain words, and whether the log can answer it."""
        return [
            (phase_gates.say_one(one), not phase_gates.is_judgment(one)) for one in self.phase.gate
        ]

    @property
    def counted(self) -> list[Line]:
        return [line for line in self.lines if line.counts]


def parts(content: ProgramContent, user: User) -> list[Part]:
    """Two queries, whatever the program's length."""
    codes = content.exercise_codes()
    exercises = _by_code(Exercise.objects.visible_to(user).active().filter(code__in=codes))
    forms = _by_code(ProgressForm.objects.visible_to(user).active())
    return [
        Part(
            number=number,
            phase=phase,
            first_week=content.first_week(number),
            lines=_lines(number, phase, exercises),
            forms=[(due, forms.get(due.form)) for due in phase.forms],
        )
        for number, phase in enumerate(content.phases)
    ]


def _by_code(rows: Iterable[Any]) -> dict[str, Any]:
    """The clinic's own before the platform's of the same code."""
    return {row.code: row for row in sorted(rows, key=lambda row: row.clinic_id is not None)}


def _lines(place: int, phase: PhaseContent, exercises: dict[str, Exercise]) -> list[Line]:
    seen: set[int] = set()
    lines = []
    for number, row in enumerate(phase.exercises):
        is_choice_made = row.alternates in seen
        if row.alternates is not None:
            seen.add(row.alternates)
        counts = not row.optional and not is_choice_made
        is_last = number == len(phase.exercises) - 1
        lines.append(Line(place, number, row, exercises.get(row.exercise), counts, is_last))
    return lines


def picked(user: User, search: str, limit: int = 8) -> list[Exercise]:
    """Exercises for a word typed: by code first, then by title, nerve or cue."""
    found = Exercise.objects.offered_to(user)
    for word in search.split():
        found = found.matching(word)
    exact = search.strip().upper()
    return sorted(found, key=lambda row: (not row.code.startswith(exact), row.code))[:limit]


def row_of(exercise: Exercise) -> RowContent:
    """An exercise with its default dosage."""
    return RowContent(
        exercise=exercise.code, dosage=dosage_language.say(exercise.dosage), tempo=exercise.tempo
    )
