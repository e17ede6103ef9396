"""One change for several patients on the same program: shown for each first, then made for each."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from programs.actions import plans, prescriptions
from programs.models import Exercise, Plan, Prescription
from programs.notation import dosage_language
from programs.plans import diff as plan_diff
from programs.safety import gates
from programs.safety.lines import blocking, line_findings
from programs.safety.situation import Situation


class What(StrEnum):
    DOSAGE = "dosage"
    SWAP = "swap"
    ADD = "add"
    REMOVE = "remove"


@dataclass(frozen=True)
class BulkChange:
    """`dosage` in words for DOSAGE, `other` for SWAP, `phase` (its number) for ADD."""

    what: What
    exercise: Exercise
    reason: str
    dosage: str = ""
    other: Exercise | None = None
    phase: int = 1


@dataclass(frozen=True)
class Result:
    """What the change does to one patient's plan; `problems` say why it can't be made."""

    plan: Plan
    changes: list[plan_diff.Change]
    problems: list[str]
    asks: list[str] = field(default_factory=list)  # what wants a word of its own for this patient

    @property
    def reason_field(self) -> str:
        """Where this patient's reason is typed on the page."""
        return f"reason-{self.plan.pk}"

    @property
    def is_possible(self) -> bool:
        return bool(self.changes) and not self.problems

    @property
    def words(self) -> list[str]:
        """What a preview says it does; applying does this or nothing."""
        return [f"{change.phase or 0} {change.therapist}" for change in self.changes]


class _RolledBack(Exception):  # noqa: N818 - not a fault: the preview's way out
    pass


def preview(active: Iterable[Plan], change: BulkChange, *, by: User) -> list[Result]:
    """Makes the change to each plan, looks at it, and takes it back: nothing is stored."""
    return [_tried(plan, change, by) for plan in active]


def _tried(plan: Plan, change: BulkChange, by: User) -> Result:
    result = Result(plan, [], [])
    try:
        with transaction.atomic():
            result = _made(plan, change, by)
            raise _RolledBack
    except _RolledBack:
        return result


def _made(plan: Plan, change: BulkChange, by: User) -> Result:
    if plan.is_ahead():
        when = f"{plan.starts_on:%-d %b %Y}"
        return Result(plan, [], [f"Its next version waits for {when}: adapt that one by hand."])
    old = plan_diff.rows_of(plan)
    try:
        draft = plans.adapt(plan=plan, by=by, reason=change.reason)
        _APPLY[change.what](draft, change, by)
        stops = blocking(draft)
        asks = [stop.message for stop in gates.change_findings(Situation.of(draft))]
        problems = list(dict.fromkeys(stop.message for stop in stops if stop.message not in asks))
        changes = plan_diff.compare(plan, draft, old, plan_diff.rows_of(draft))
    except ValidationError as error:
        return Result(plan, [], error.messages)
    if not changes and not problems:
        problems = ["Nothing changes: it is not in this plan, or off."]
    return Result(plan, changes, problems, asks)


def apply(
    active: Iterable[Plan],
    change: BulkChange,
    *,
    by: User,
    previewed: Mapping[str, list[str]],
    reasons: Mapping[str, str] | None = None,
) -> list[Result]:
    """A new active version for each plan where the change does what was previewed.

    `previewed`: a plan's id to its `Result.words`; `reasons`: a plan's id to what answers its
    `Result.asks`. The others stay as they are, with the reason. Each patient's is whole by itself.
    """
    said = reasons or {}
    return [
        _applied(plan, change, by, previewed.get(str(plan.pk), []), said.get(str(plan.pk), ""))
        for plan in active
    ]


def _applied(plan: Plan, change: BulkChange, by: User, expected: list[str], reason: str) -> Result:
    result = Result(plan, [], [])
    try:
        with transaction.atomic():
            result = _made(plan, change, by)
            if result.is_possible and result.words != expected:
                result = replace(result, problems=["It would do something else now: look again."])
            if not result.is_possible:
                raise _RolledBack
            draft = plan.episode.plans.drafts().select_related("episode").get()
            plans.activate(plan=draft, by=by, gate_reason=reason if result.asks else "")
    except _RolledBack:
        return result
    except ValidationError as error:
        return replace(result, problems=error.messages)
    return result


def _rows(draft: Plan, exercise: Exercise) -> list[Prescription]:
    rows = draft.prescriptions.filter(exercise=exercise, included=True)
    return list(rows.select_related("exercise", "phase"))


def _dose(draft: Plan, change: BulkChange, by: User) -> None:
    for row in _rows(draft, change.exercise):
        try:
            dosage = dosage_language.parse(change.dosage, row.dosage)
        except ValueError as error:
            raise ValidationError(str(error)) from error
        prescriptions.change(prescription=row, by=by, **dosage)


def _swap(draft: Plan, change: BulkChange, by: User) -> None:
    if change.other is None:
        raise ValidationError("Choose the exercise to put in its place.")
    for row in _rows(draft, change.exercise):
        _require_in(prescriptions.swap(prescription=row, exercise=change.other, by=by))


def _add(draft: Plan, change: BulkChange, by: User) -> None:
    phase = draft.phases.filter(number=change.phase).first()
    if phase is None:
        raise ValidationError(f"This plan has no phase {change.phase}.")
    _require_in(prescriptions.add(phase=phase, exercise=change.exercise, by=by))


def _require_in(row: Prescription) -> None:
    """Where a gate stands open the change is not made: it would only take something out."""
    if not row.included:
        raise ValidationError(line_findings(row, Situation.of(row.plan))[0].message)


def _remove(draft: Plan, change: BulkChange, by: User) -> None:
    for row in _rows(draft, change.exercise):
        prescriptions.remove(prescription=row, by=by)


_APPLY: dict[What, Callable[[Plan, BulkChange, User], Any]] = {
    What.DOSAGE: _dose,
    What.SWAP: _swap,
    What.ADD: _add,
    What.REMOVE: _remove,
}
