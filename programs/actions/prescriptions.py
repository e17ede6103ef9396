"""Every write to one line of a draft, and what the safety gates say about it."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Max

from accounts import audit
from accounts.models import User
from patients.sentences import is_sentence
from programs.actions import drafts
from programs.models import Exercise, Plan, PlanPhase, Prescription
from programs.models.described import NERVE_KINDS, Kind
from programs.notation.side import Side
from programs.safety import gates
from programs.safety.lines import line_findings, needs_reason
from programs.safety.situation import Situation


def prescribe(*, plan: Plan, phase: PlanPhase, exercise: Exercise, **fields: Any) -> Prescription:
    if Kind(exercise.kind).is_nerve and fields.get("side") == Side.BOTH:
        fields["side"] = plan.episode.side
    if Kind(exercise.kind).is_nerve and plan.caps:
        fields["hold_seconds"] = 0  # no hold where the angle decides (brief 2.4)
    return Prescription.objects.create(
        patient=plan.patient, plan=plan, phase=phase, exercise=exercise, **fields
    )


def drop_holds(plan: Plan) -> None:
    """No hold where the angle decides (brief 2.4)."""
    if plan.caps:
        plan.prescriptions.filter(exercise__kind__in=NERVE_KINDS).update(hold_seconds=0)


def add(
    *, phase: PlanPhase, exercise: Exercise, by: User, stamp: int | None = None
) -> Prescription:
    """One more exercise at the end of a draft's phase, with the library's dosage."""
    plan = phase.plan
    with drafts.editing(plan, by=by, stamp=stamp, words=f"{exercise.code} added"):
        _require_new(phase, exercise)
        last = phase.prescriptions.aggregate(last=Max("order"))["last"] or 0
        row = prescribe(
            plan=plan,
            phase=phase,
            exercise=exercise,
            order=last + 1,
            included=not needs_reason(exercise, Situation.of(plan)),
            **exercise.dosage,
        )
        _record(audit.Action.PRESCRIPTION_ADDED, row, by)
    return row


def _require_new(phase: PlanPhase, exercise: Exercise) -> None:
    if phase.prescriptions.filter(exercise=exercise).exists():
        raise ValidationError(f"{exercise.title} is in this phase already.")


def change(
    *, prescription: Prescription, by: User, stamp: int | None = None, **fields: Any
) -> Prescription:
    """New dosage, days, side, note, inclusion or reason.

    A reason answers what the gates say when it is typed or the exercise is put in with it. Raises
    ValidationError when a safety gate forbids including it, or wants a (new) reason first.
    """
    words = f"{prescription.exercise.code} changed"
    with drafts.editing(prescription.plan, by=by, stamp=stamp, words=words):
        was = (prescription.included, prescription.gate_reason)
        _set(prescription, fields)
        found = line_findings(prescription, Situation.of(prescription.plan))
        if (True, prescription.gate_reason) != was:
            prescription.reason_for = gates.asks_for_reason(found)
        if prescription.included:
            _check_gates(prescription, found)
        prescription.full_clean()
        prescription.save()
        reason = bool(prescription.gate_reason.strip())
        included = prescription.included
        _record(
            audit.Action.PRESCRIPTION_CHANGED,
            prescription,
            by,
            included=included,
            reason_given=reason,
        )
    return prescription


def _set(row: Prescription, fields: dict[str, Any]) -> None:
    """Days chosen by hand and the number of days a week never disagree."""
    for name, value in fields.items():
        setattr(row, name, value)
    if fields.get("weekdays"):
        days = sorted(set(fields["weekdays"]))
        row.weekdays, row.days_per_week = days, len(days)
    elif row.weekdays and len(row.weekdays) != row.days_per_week:
        row.weekdays = None


def _check_gates(prescription: Prescription, found: list[gates.Finding]) -> None:
    plan = prescription.plan
    open_gates = gates.blocked_or_unreasoned(found, prescription)
    if open_gates:
        blocked = any(finding.level is gates.Level.BLOCKED for finding in open_gates)
        again = is_sentence(prescription.gate_reason)
        ask = " This came up after your reason: change it." if again else " Say why, in a sentence."
        ask = "" if blocked else ask
        raise ValidationError({"gate_reason": f"{open_gates[0].message}{ask}"})
    is_nerve = Kind(prescription.exercise.kind).is_nerve
    if prescription.angle_limits and prescription.exercise.motion.is_balance:
        raise ValidationError({"angle_limits": "Angle limits are for slides and stretches."})
    if plan.caps and is_nerve and prescription.hold_seconds:
        raise ValidationError({"hold_seconds": "No hold while angles are limited (brief 2.4)."})


def swap(
    *, prescription: Prescription, exercise: Exercise, by: User, stamp: int | None = None
) -> Prescription:
    """Put another exercise in its place: one that the program offers as 'this or that', with the
    same dosage; an easier or harder form, or another of its kind, with the library's dosage.
    """
    row, plan = prescription, prescription.plan
    words = f"{row.exercise.code} swapped for {exercise.code}"
    with drafts.editing(plan, by=by, stamp=stamp, words=words):
        is_choice = exercise.code in row.alternative_codes
        if not is_choice and exercise.kind != row.exercise.kind:
            raise ValidationError("That exercise is not an alternative here.")
        _require_new(row.phase, exercise)
        codes = [code for code in row.alternative_codes if code != exercise.code]
        row.alternative_codes = [*codes, row.exercise.code] if is_choice else []
        row.exercise, row.snapshot, row.weekdays = exercise, None, None
        if not is_choice:
            _set(row, exercise.dosage | {"side": row.side})
        row.angle_limits = {}  # the range was that of the other movement
        if Kind(exercise.kind).is_nerve and plan.caps:
            row.hold_seconds = 0  # no hold where the angle decides (brief 2.4)
        row.included = not needs_reason(exercise, Situation.of(plan))
        row.gate_reason, row.reason_for = "", []
        row.save()
        _record(audit.Action.PRESCRIPTION_SWAPPED, row, by)
    return row


def move(*, prescription: Prescription, to: int, by: User, stamp: int | None = None) -> None:
    """To another place in its phase, counted from 0."""
    row = prescription
    with drafts.editing(row.plan, by=by, stamp=stamp, words=f"{row.exercise.code} moved"):
        rows = list(Prescription.objects.filter(phase_id=row.phase_id).order_by("order"))
        rows = [other for other in rows if other.pk != row.pk]
        rows.insert(min(to, len(rows)), row)
        for order, other in enumerate(rows, start=1):
            other.order = order
        Prescription.objects.bulk_update(rows, ["order"])
        _record(audit.Action.PRESCRIPTION_MOVED, row, by)


def remove(*, prescription: Prescription, by: User, stamp: int | None = None) -> None:
    words = f"{prescription.exercise.code} removed"
    with drafts.editing(prescription.plan, by=by, stamp=stamp, words=words):
        _record(audit.Action.PRESCRIPTION_REMOVED, prescription, by)
        prescription.delete()


def take_from_library(
    *, prescription: Prescription, by: User, stamp: int | None = None
) -> Prescription:
    """Accept the library's newer version of an exercise into a draft."""
    words = f"{prescription.exercise.code} taken from the library"
    with drafts.editing(prescription.plan, by=by, stamp=stamp, words=words):
        prescription.snapshot = None
        prescription.save(update_fields=["snapshot"])
        _record(audit.Action.PRESCRIPTION_UPDATED_FROM_LIBRARY, prescription, by)
    return prescription


def _record(action: audit.Action, row: Prescription, by: User, **detail: Any) -> None:
    code = row.exercise.code
    audit.record(action=action, patient=row.patient, by=by, subject=row, exercise=code, **detail)
