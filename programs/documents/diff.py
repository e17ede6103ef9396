"""What changed between two versions of a program, in a therapist's words."""

from collections.abc import Iterable

from patients.conditions import Condition
from programs.documents.content import PhaseContent, ProgramContent, RowContent
from programs.notation import angle_limits, phase_gates


def compare(before: ProgramContent, after: ProgramContent) -> list[str]:
    """One sentence a change, in the order of the newer version; empty when they are the same."""
    return [*_head(before, after), *_phases(before, after)]


def _head(before: ProgramContent, after: ProgramContent) -> Iterable[str]:
    for name, label in (
        ("title", "Title"),
        ("patient_title", "Title for patients"),
        ("summary", "Summary"),
        ("entry_gate", "Before it"),
        ("notes", "Notes"),
    ):
        if getattr(before, name) != getattr(after, name):
            yield f"{label}: “{getattr(before, name)}” → “{getattr(after, name)}”"
    if before.entry_excludes != after.entry_excludes:
        old, new = (_conditions(one.entry_excludes) for one in (before, after))
        yield f"Not begun with: {old} → {new}"
    if before.no_tension != after.no_tension:
        yield "Leaves tension out" if after.no_tension else "No longer leaves tension out"
    if before.is_calming != after.is_calming:
        yield "For high irritability" if after.is_calming else "No longer for high irritability"
    if before.caps != after.caps:
        old, new = (angle_limits.say(one.caps) or "none" for one in (before, after))
        yield f"Angle limits: {old} → {new}"


def _conditions(codes: Iterable[str]) -> str:
    return ", ".join(Condition(code).label.lower() for code in codes) or "nothing"


def _phases(before: ProgramContent, after: ProgramContent) -> Iterable[str]:
    for number in range(max(len(before.phases), len(after.phases))):
        label = f"Phase {number + 1}"
        if number >= len(before.phases):
            yield f"{label} “{after.phases[number].title}”: new, {_listed(after.phases[number])}"
        elif number >= len(after.phases):
            yield f"{label} “{before.phases[number].title}”: gone"
        else:
            changes = _phase(before.phases[number], after.phases[number])
            yield from (f"{label}: {change}" for change in changes)


def _listed(phase: PhaseContent) -> str:
    return ", ".join(row.exercise for row in phase.exercises)


def _phase(before: PhaseContent, after: PhaseContent) -> Iterable[str]:
    if before.title != after.title:
        yield f"title “{before.title}” → “{after.title}”"
    if before.goal != after.goal:
        yield f"goal “{before.goal}” → “{after.goal}”"
    if before.weeks != after.weeks:
        yield f"{before.weeks} → {after.weeks} weeks"
    yield from _rows(before.exercises, after.exercises)
    if before.gate != after.gate:
        old, new = (phase_gates.sentence(list(phase.gate)) for phase in (before, after))
        yield f"gate “{old}” → “{new}”"
    if before.forms != after.forms:
        old, new = (
            ", ".join(f"{due.form} every {due.every_days} days" for due in phase.forms) or "none"
            for phase in (before, after)
        )
        yield f"forms {old} → {new}"


def _rows(before: tuple[RowContent, ...], after: tuple[RowContent, ...]) -> Iterable[str]:
    old = {row.exercise: row for row in before}
    new = {row.exercise: row for row in after}
    for code in (code for code in new if code not in old):
        yield f"{code} added ({new[code].dosage})"
    for code in (code for code in old if code not in new):
        yield f"{code} removed"
    for code, row in new.items():
        if code in old:
            yield from _row(code, old[code], row)
    kept = [code for code in old if code in new]
    if kept != [code for code in new if code in old]:
        yield f"order {', '.join(old)} → {', '.join(new)}"


def _row(code: str, old: RowContent, new: RowContent) -> Iterable[str]:
    if (old.dosage, old.tempo) != (new.dosage, new.tempo):
        yield f"{code} {_full(old)} → {_full(new)}"
    if old.optional != new.optional:
        yield f"{code} is {'optional' if new.optional else 'no longer optional'}"
    if old.note != new.note:
        yield f"{code} note “{old.note}” → “{new.note}”"
    if (old.alternates is None) != (new.alternates is None):
        yield f"{code} is {'a choice' if new.alternates else 'no longer a choice'}"


def _full(row: RowContent) -> str:
    return f"{row.dosage}, {row.tempo}" if row.tempo else row.dosage
