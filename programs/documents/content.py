"""What a program consists of, as one document: edited, kept as versions, exported and imported.

The rows of `Program` are written from it in one piece, so a half-edited program is never assigned.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, Self

from patients.conditions import Condition
from programs.motion.angles import RANGES
from programs.notation import dosage_language, phase_gates
from programs.timing.week import LEAST_EVERY_DAYS, MOST_EVERY_DAYS

LONGEST_PROGRAM = 52  # weeks
MOST_PHASES = 12
MOST_ROWS = 20


class ContentError(ValueError):
    """What is wrong and where: `path` leads to it, such as ('phases', 0, 'title')."""

    def __init__(self, words: str, *path: str | int) -> None:
        super().__init__(words)
        self.path = path

    def inside(self, *path: str | int) -> "ContentError":
        return ContentError(str(self), *path, *self.path)


@dataclass(frozen=True)
class RowContent:
    """One exercise of a phase. Rows that share an `alternates` number are 'this or that'."""

    exercise: str
    dosage: str
    tempo: str = ""
    alternates: int | None = None
    optional: bool = False
    note: str = ""

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        _known(cls, data, needed=("exercise", "dosage"))
        for name in ("exercise", "dosage", "tempo", "note"):
            _text(data, name)
        try:
            # In the words that it is shown back in, so that equal dosages are equal texts.
            dosage = dosage_language.say(dosage_language.parse(data["dosage"]))
        except ValueError as error:
            raise ContentError(str(error), "dosage") from error
        alternates = data.get("alternates")
        if alternates is not None and not _is_count(alternates, 1, MOST_ROWS):
            raise ContentError("alternates is a small number or left out.", "alternates")
        return cls(**(dict(data) | {"dosage": dosage}))


@dataclass(frozen=True)
class FormContent:
    """A progress form that is due in a phase: every so many days."""

    form: str
    every_days: int

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        _known(cls, data, needed=("form", "every_days"))
        _text(data, "form")
        if not _is_count(data["every_days"], LEAST_EVERY_DAYS, MOST_EVERY_DAYS):
            raise ContentError(
                f"A form is due every {LEAST_EVERY_DAYS} to {MOST_EVERY_DAYS} days.", "every_days"
            )
        return cls(**data)


@dataclass(frozen=True)
class PhaseContent:
    """Some weeks with one goal, and the gate to the next."""

    title: str
    weeks: int
    goal: str = ""
    gate: tuple[phase_gates.Condition, ...] = ()
    exercises: tuple[RowContent, ...] = ()
    forms: tuple[FormContent, ...] = ()

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        _known(cls, data, needed=("title", "weeks", "exercises"))
        _text(data, "title", needed=True)
        _text(data, "goal")
        if not _is_count(data["weeks"], 1, LONGEST_PROGRAM):
            raise ContentError(f"A phase has 1 to {LONGEST_PROGRAM} weeks.", "weeks")
        return cls(
            title=data["title"],
            weeks=data["weeks"],
            goal=data.get("goal", ""),
            gate=tuple(_gate(data.get("gate", []))),
            exercises=_each(RowContent, data, "exercises", MOST_ROWS),
            forms=_each(FormContent, data, "forms", 6),
        )


@dataclass(frozen=True)
class ProgramContent:
    """Raises ContentError for what can't be a program, saying where."""

    title: str
    patient_title: str = ""
    summary: str = ""
    entry_gate: str = ""
    entry_excludes: tuple[str, ...] = ()
    notes: str = ""
    no_tension: bool = False
    is_calming: bool = False
    caps: Mapping[str, float] = field(default_factory=dict)
    phases: tuple[PhaseContent, ...] = ()

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        _known(cls, data, needed=("title", "phases"))
        _text(data, "title", needed=True)
        for name in ("patient_title", "summary", "entry_gate", "notes"):
            _text(data, name)
        for name in ("no_tension", "is_calming"):
            if not isinstance(data.get(name, False), bool):
                raise ContentError(f"{name} is true or false.", name)
        _check_caps(data.get("caps", {}))
        _check_conditions(data.get("entry_excludes", []))
        phases = _each(PhaseContent, data, "phases", MOST_PHASES)
        if sum(phase.weeks for phase in phases) > LONGEST_PROGRAM:
            raise ContentError(f"A program has at most {LONGEST_PROGRAM} weeks.", "phases")
        excludes = tuple(data.get("entry_excludes", ()))
        return cls(**(dict(data) | {"phases": phases, "entry_excludes": excludes}))

    def to_json(self) -> dict[str, Any]:
        """What `from_json` takes."""
        return _plain(asdict(self))

    @property
    def weeks(self) -> int:
        return sum(phase.weeks for phase in self.phases)

    def first_week(self, phase: int) -> int:
        """The week in which a phase begins, counted from 1."""
        return 1 + sum(before.weeks for before in self.phases[:phase])

    def exercise_codes(self) -> set[str]:
        return {row.exercise for phase in self.phases for row in phase.exercises}


def _plain(value: Any) -> Any:
    """Tuples as lists, all the way down."""
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value


def _known(kind: type, data: Any, *, needed: tuple[str, ...]) -> None:
    if not isinstance(data, Mapping):
        raise ContentError("Here belongs an object with names and values.")
    names = {one.name for one in fields(kind)}
    for name in data:
        if name not in names:
            raise ContentError(f"“{name}” is not known here.", name)
    for name in needed:
        if name not in data:
            raise ContentError(f"“{name}” is missing.")


def _text(data: Mapping[str, Any], name: str, *, needed: bool = False) -> None:
    value = data.get(name, "")
    if not isinstance(value, str) or (needed and not value.strip()):
        raise ContentError(f"{name} is a text{' that is not empty' if needed else ''}.", name)


def _is_count(value: Any, low: int, high: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


def _each(kind: Any, data: Mapping[str, Any], name: str, most: int) -> tuple[Any, ...]:
    items = data.get(name, [])
    if not isinstance(items, list | tuple):
        raise ContentError(f"{name} is a list.", name)
    if len(items) > most:
        raise ContentError(f"At most {most} {name}.", name)
    found = []
    for number, item in enumerate(items):
        try:
            found.append(kind.from_json(item))
        except ContentError as error:
            raise error.inside(name, number) from error
    return tuple(found)


def _gate(conditions: Any) -> list[phase_gates.Condition]:
    """Conditions as data, or as the words they are typed in."""
    if not isinstance(conditions, list | tuple):
        raise ContentError("A gate is a list of conditions.", "gate")
    found = []
    for number, condition in enumerate(conditions):
        try:
            read = phase_gates.parse_line(condition) if isinstance(condition, str) else condition
            phase_gates.check(read)
        except (ValueError, TypeError, AttributeError) as error:
            raise ContentError(str(error), "gate", number) from error
        found.append(dict(read))
    return found


def _check_caps(caps: Any) -> None:
    if not isinstance(caps, Mapping):
        raise ContentError('caps is an object such as {"hip_max": 60}.', "caps")
    for name, value in caps.items():
        joint, _, end = str(name).rpartition("_")
        if joint not in RANGES or end not in {"min", "max"}:
            raise ContentError(f"“{name}” is not an angle limit such as hip_max.", "caps", name)
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if not is_number or not -360 <= value <= 360:
            raise ContentError(f"{name} is a number of degrees.", "caps", name)


def _check_conditions(codes: Any) -> None:
    if not isinstance(codes, list | tuple):
        raise ContentError("entry_excludes is a list of conditions.", "entry_excludes")
    for number, code in enumerate(codes):
        if code not in Condition.values:
            raise ContentError(f"“{code}” is no condition here.", "entry_excludes", number)


# Edits: each returns a new document. Numbers count from 0.


def change(content: ProgramContent, **values: Any) -> ProgramContent:
    return ProgramContent.from_json(replace(content, **values).to_json())


def change_phase(content: ProgramContent, phase: int, **values: Any) -> ProgramContent:
    return _with_phase(content, phase, replace(content.phases[phase], **values))


def _with_phase(content: ProgramContent, number: int, phase: PhaseContent) -> ProgramContent:
    phases = [*content.phases[:number], phase, *content.phases[number + 1 :]]
    return change(content, phases=tuple(phases))


def add_phase(content: ProgramContent) -> ProgramContent:
    """An empty phase of two weeks at the end, with the forms of the one before."""
    before = content.phases[-1].forms if content.phases else ()
    number = len(content.phases) + 1
    phase = PhaseContent(title=f"Phase {number}", weeks=2, forms=before)
    return change(content, phases=(*content.phases, phase))


def copy_phase(content: ProgramContent, phase: int) -> ProgramContent:
    """The same again, right after it."""
    original = content.phases[phase]
    copy = replace(original, title=f"{original.title} (copy)"[:120])
    phases = (*content.phases[: phase + 1], copy, *content.phases[phase + 1 :])
    return change(content, phases=phases)


def move_phase(content: ProgramContent, phase: int, to: int) -> ProgramContent:
    return change(content, phases=_moved(content.phases, phase, to))


def remove_phase(content: ProgramContent, phase: int) -> ProgramContent:
    return change(content, phases=(*content.phases[:phase], *content.phases[phase + 1 :]))


def add_row(content: ProgramContent, phase: int, row: RowContent) -> ProgramContent:
    rows = content.phases[phase].exercises
    if any(other.exercise == row.exercise for other in rows):
        raise ContentError(f"{row.exercise} is in this phase already.")
    return change_phase(content, phase, exercises=(*rows, row))


def change_row(content: ProgramContent, phase: int, row: int, **values: Any) -> ProgramContent:
    rows = list(content.phases[phase].exercises)
    rows[row] = replace(rows[row], **values)
    return change_phase(content, phase, exercises=tuple(rows))


def move_row(content: ProgramContent, phase: int, row: int, to: int) -> ProgramContent:
    rows = content.phases[phase].exercises
    return change_phase(content, phase, exercises=_moved(rows, row, to))


def remove_row(content: ProgramContent, phase: int, row: int) -> ProgramContent:
    rows = content.phases[phase].exercises
    return change_phase(content, phase, exercises=(*rows[:row], *rows[row + 1 :]))


def pair_with_above(content: ProgramContent, phase: int, row: int) -> ProgramContent:
    """Make a row 'this or that' with the one above it, or take it out of its pair again."""
    rows = list(content.phases[phase].exercises)
    if rows[row].alternates is not None:
        rows[row] = replace(rows[row], alternates=None)
    elif row > 0:
        group = rows[row - 1].alternates or _free_group(rows)
        rows[row - 1 : row + 1] = [
            replace(one, alternates=group) for one in rows[row - 1 : row + 1]
        ]
    return change_phase(content, phase, exercises=_without_single_groups(rows))


def _free_group(rows: list[RowContent]) -> int:
    return 1 + max((row.alternates or 0 for row in rows), default=0)


def _without_single_groups(rows: list[RowContent]) -> tuple[RowContent, ...]:
    """A choice of one is none."""
    groups = [row.alternates for row in rows]
    return tuple(
        replace(row, alternates=None) if groups.count(row.alternates) < 2 else row for row in rows
    )


def _moved(items: tuple[Any, ...], start: int, to: int) -> tuple[Any, ...]:
    rest = [*items[:start], *items[start + 1 :]]
    to = min(max(to, 0), len(rest))
    return (*rest[:to], items[start], *rest[to:])
