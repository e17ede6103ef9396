"""What changed between two versions of a plan, in words for the therapist and for the patient."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from programs import angle_limits, dosage_language
from programs.models import Plan, Prescription
from programs.models.dosage import dosage_text, frequency_text

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True)
class Change:
    """One difference. `patient` is empty where it does not show on the patient's screen."""

    phase: int | None
    therapist: str
    patient: str = ""


def rows_of(plan: Plan) -> list[Prescription]:
    """All that `compare` needs of a plan's lines, in two queries."""
    rows = list(
        plan.prescriptions.select_related("phase", "exercise").prefetch_related(
            "exercise__citations"
        )
    )
    for row in rows:
        row.plan = plan
    return rows


def compare(
    before: Plan, after: Plan, old: Sequence[Prescription], new: Sequence[Prescription]
) -> list[Change]:
    """In the order of the newer version; empty when a patient and a therapist see the same."""
    lines = _lines(_shown(old), _shown(new))
    return [*_head(before, after), *lines, *_off(old, new), *_forms(before, after)]


def _shown(rows: Sequence[Prescription]) -> list[Prescription]:
    return [row for row in rows if row.included]


def _head(before: Plan, after: Plan) -> Iterable[Change]:
    if before.title != after.title:
        yield Change(None, f"Program: {before.title} → {after.title}", f"it is now {after.title}")
    if before.weekdays != after.weekdays:
        yield Change(
            None,
            f"Days: {_days(before.weekdays)} → {_days(after.weekdays)}",
            f"your days are {_days(after.weekdays)}",
        )
    if before.caps != after.caps:
        old, new = (angle_limits.say(plan.caps) or "none" for plan in (before, after))
        narrower = angle_limits.strictest(before.caps, after.caps) == after.caps
        to_patient = "some movements are smaller now" if narrower else ""
        yield Change(None, f"Angle limits: {old} → {new}", to_patient)
    if before.note != after.note:
        yield Change(None, f"Note: “{before.note}” → “{after.note}”")


def _days(weekdays: Sequence[int]) -> str:
    if len(set(weekdays)) == len(DAYS):
        return "every day"
    return ", ".join(DAYS[day] for day in sorted(set(weekdays)))


def _lines(old: list[Prescription], new: list[Prescription]) -> Iterable[Change]:
    before = {_place(row): row for row in old}
    after = {_place(row): row for row in new}
    gone = [row for place, row in before.items() if place not in after]
    for place, row in after.items():
        if place in before:
            yield from _line(before[place], row)
            continue
        moved = next((one for one in gone if one.shown.code == row.shown.code), None)
        if moved is None:
            yield _change(row, f"added ({_full(row)})", f"new: {_titled(row)}, {_plain(row)}")
        else:
            gone.remove(moved)
            yield _change(
                row,
                f"moved here from phase {moved.phase.number}",
                f"new for now: {_titled(row)}, {_plain(row)}",
            )
    for row in gone:
        yield _change(row, "taken out", f"left out: {_titled(row)}")
    yield from _order(before, after)


def _place(row: Prescription) -> tuple[int, str]:
    return row.phase.number, row.shown.code


def _line(old: Prescription, new: Prescription) -> Iterable[Change]:
    if _full(old) != _full(new):
        is_pace = _plain(old) == _plain(new)
        yield _change(
            new,
            f"{_full(old)} → {_full(new)}",
            f"the pace of {_titled(new)} is new"
            if is_pace
            else f"{_titled(new)} is now {_plain(new)} (it was {_plain(old)})",
        )
    if old.note != new.note:
        to_patient = f"a new note beside {_titled(new)}" if new.note else ""
        yield _change(new, f"note “{old.note}” → “{new.note}”", to_patient)
    differences = old.shown.changes_to(new.shown)
    if differences:
        yield _change(
            new,
            f"text or movement: {'; '.join(differences)}",
            f"the description of {_titled(new)} is new",
        )


def _order(
    before: dict[tuple[int, str], Prescription], after: dict[tuple[int, str], Prescription]
) -> Iterable[Change]:
    kept_before = [place for place in before if place in after]
    kept_after = [place for place in after if place in before]
    for number in sorted({phase for phase, _ in kept_after}):
        was, now = (
            [code for phase, code in kept if phase == number] for kept in (kept_before, kept_after)
        )
        if was != now:
            yield Change(
                number, f"order {', '.join(was)} → {', '.join(now)}", "the order has changed"
            )


def _off(old: Sequence[Prescription], new: Sequence[Prescription]) -> Iterable[Change]:
    """A reason typed at a gate is on record, whether or not the dosage changed."""
    reasons = {_place(row): row.gate_reason for row in old}
    for row in _shown(new):
        if row.gate_reason and row.gate_reason != reasons.get(_place(row), ""):
            yield _change(row, f"reason at its safety gate: “{row.gate_reason}”", "")


def _forms(before: Plan, after: Plan) -> Iterable[Change]:
    """Progress forms that are asked for, phase by phase."""
    old, new = _asked(before), _asked(after)
    for place, due in new.items():
        number, title = place
        if place not in old:
            yield Change(number, f"form added: {title}, {due}", f"there is a form: “{title}”")
        elif old[place] != due:
            yield Change(
                number,
                f"form {title}: {old[place]} → {due}",
                f"the form “{title}” comes {due}",
            )
    for number, title in old:
        if (number, title) not in new:
            yield Change(number, f"form taken out: {title}", f"no form “{title}” any more")


def _asked(plan: Plan) -> dict[tuple[int, str], str]:
    forms = plan.forms.select_related("phase", "version")
    return {(due.phase.number, due.version.title): due.words for due in forms}


def _change(row: Prescription, therapist: str, patient: str) -> Change:
    return Change(row.phase.number, f"{row.shown.code} {therapist}", patient)


def _titled(row: Prescription) -> str:
    return f"“{row.shown.plain_title}”"


def _full(row: Prescription) -> str:
    """The dosage with what the week grid adds to it."""
    days = f" on {_days(row.weekdays)}" if row.weekdays else ""
    return f"{dosage_language.say(row.dosage)}{days}"


def _plain(row: Prescription) -> str:
    days = f", on {_days(row.weekdays)}" if row.weekdays else ""
    return f"{dosage_text(row.dosage)}, {frequency_text(row.dosage)}{days}"


def for_patient(before: Plan | None, after: Plan, phase: int) -> str:
    """'Your therapist changed …': what shows in the patient's phase, in one sentence or two.

    Empty for a first plan, and where nothing that the patient sees has changed.
    """
    if before is None:
        return ""
    if not after.is_made_like(before):
        return f"Your therapist gave you another plan: {after.title}."
    changes = compare(before, after, rows_of(before), rows_of(after))
    seen = [one.patient for one in changes if one.patient and one.phase in (None, phase)]
    if not seen:
        return ""
    return f"Your therapist changed your plan: {'; '.join(dict.fromkeys(seen))}."
