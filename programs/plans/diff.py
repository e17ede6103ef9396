"""What changed between two versions of a plan, in words for the therapist and for the patient."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from programs.models import Plan, Prescription
from programs.models.dosage import dosage_text, frequency_text
from programs.notation import angle_limits, dosage_language


@dataclass(frozen=True)
class Change:
    """One difference. `patient` is empty where it does not show on the patient's screen."""

    phase: int | None
    therapist: str
    patient: str = ""


def rows_of(plan: Plan) -> list[Prescription]:
    """All that `compare` needs of a plan's lines, in two queries."""
    return list(
        plan.prescriptions.select_related("phase", "exercise").prefetch_related(
            "exercise__citations", "exercise__texts"
        )
    )


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
        yield Change(
            None,
            f"Program: {before.title} → {after.title}",
            _("it is now %(title)s") % {"title": after.title},
        )
    if before.weekdays != after.weekdays:
        yield Change(
            None,
            f"Days: {_days(before.weekdays)} → {_days(after.weekdays)}",
            _("your days are %(days)s") % {"days": _days(after.weekdays)},
        )
    if before.caps != after.caps:
        old, new = (angle_limits.say(plan.caps) or "none" for plan in (before, after))
        narrower = angle_limits.strictest(before.caps, after.caps) == after.caps
        to_patient = _("some movements are smaller now") if narrower else ""
        yield Change(None, f"Angle limits: {old} → {new}", to_patient)
    if before.note != after.note:
        yield Change(None, f"Note: “{before.note}” → “{after.note}”")


def _days(weekdays: Sequence[int]) -> str:
    if len(set(weekdays)) == len(WEEKDAYS):
        return _("every day")
    return ", ".join(str(WEEKDAYS[day]) for day in sorted(set(weekdays)))


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
            yield _change(
                row, f"added ({_full(row)})", _("new: %(title)s, %(dosage)s") % _said(row)
            )
        else:
            gone.remove(moved)
            yield _change(
                row,
                f"moved here from phase {moved.phase.number}",
                _("new for now: %(title)s, %(dosage)s") % _said(row),
            )
    for row in gone:
        yield _change(row, "taken out", _("left out: %(title)s") % _said(row))
    yield from _order(before, after)


def _place(row: Prescription) -> tuple[int, str]:
    return row.phase.number, row.shown.code


def _line(old: Prescription, new: Prescription) -> Iterable[Change]:
    if _full(old) != _full(new):
        yield _change(new, f"{_full(old)} → {_full(new)}", _of_dosage(old, new))
    if old.note != new.note:
        to_patient = _("a new note beside %(title)s") % _said(new) if new.note else ""
        yield _change(new, f"note “{old.note}” → “{new.note}”", to_patient)
    differences = old.kept.changes_to(new.kept)
    if differences:
        yield _change(
            new,
            f"text or movement: {'; '.join(differences)}",
            _("the description of %(title)s is new") % _said(new),
        )


def _of_dosage(old: Prescription, new: Prescription) -> str:
    """For the patient. That the movement is another one is told with its description."""
    if _plain(old) != _plain(new):
        told = _said(new) | {"before": _plain(old)}
        return _("%(title)s is now %(dosage)s (it was %(before)s)") % told
    is_range_alone = (old.dosage | {"angle_limits": new.angle_limits}) == new.dosage
    return "" if is_range_alone else _("the pace of %(title)s is new") % _said(new)


def _order(
    before: dict[tuple[int, str], Prescription], after: dict[tuple[int, str], Prescription]
) -> Iterable[Change]:
    kept_before = [place for place in before if place in after]
    kept_after = [place for place in after if place in before]
    for number in sorted({place[0] for place in kept_after}):
        was, now = (
            [code for phase, code in kept if phase == number] for kept in (kept_before, kept_after)
        )
        if was != now:
            yield Change(
                number, f"order {', '.join(was)} → {', '.join(now)}", _("the order has changed")
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
            yield Change(
                number,
                f"form added: {title}, {due}",
                _("there is a form: “%(title)s”") % {"title": title},
            )
        elif old[place] != due:
            yield Change(
                number,
                f"form {title}: {old[place]} → {due}",
                _("the form “%(title)s” comes %(often)s") % {"title": title, "often": due},
            )
    for number, title in old:
        if (number, title) not in new:
            yield Change(
                number,
                f"form taken out: {title}",
                _("no form “%(title)s” any more") % {"title": title},
            )


def _asked(plan: Plan) -> dict[tuple[int, str], str]:
    forms = plan.forms.select_related("phase", "version")
    return {(due.phase.number, due.version.title): due.words for due in forms}


def _change(row: Prescription, therapist: str, patient: str) -> Change:
    return Change(row.phase.number, f"{row.shown.code} {therapist}", patient)


def _said(row: Prescription) -> dict[str, str]:
    return {"title": _("“%(title)s”") % {"title": row.shown.plain_title}, "dosage": _plain(row)}


def _full(row: Prescription) -> str:
    """The dosage with what the week grid adds to it."""
    days = f" on {_days(row.weekdays)}" if row.weekdays else ""
    return f"{dosage_language.say(row.dosage)}{days}"


def _plain(row: Prescription) -> str:
    days = _("on %(days)s") % {"days": _days(row.weekdays)} if row.weekdays else ""
    said = [dosage_text(row.dosage), frequency_text(row.dosage), days]
    return ", ".join(part for part in said if part)


def for_patient(before: Plan | None, after: Plan, phase: int) -> str:
    """'Your therapist changed …': what shows in the patient's phase, in one sentence or two.

    Empty for a first plan, and where nothing that the patient sees has changed.
    """
    if before is None:
        return ""
    if not after.is_made_like(before):
        return _("Your therapist gave you another plan: %(title)s.") % {"title": after.title}
    changes = compare(before, after, rows_of(before), rows_of(after))
    seen = [one.patient for one in changes if one.patient and one.phase in (None, phase)]
    if not seen:
        return ""
    return _("Your therapist changed your plan: %(changes)s.") % {
        "changes": "; ".join(dict.fromkeys(seen))
    }
