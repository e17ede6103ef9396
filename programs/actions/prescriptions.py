"""Every write to one line of a draft, and what the safety gates say about it."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from accounts.models import User
from patients.actions import audit
from programs import gates
from programs.models import Exercise, Plan, PlanPhase, Prescription
from programs.models.dosage import Side
from programs.models.exercise import Kind
from programs.models.plan import PlanStatus
from programs.snapshot import ExerciseSnapshot


def findings(exercise: Exercise, plan: Plan) -> list[gates.Finding]:
    """What the gates say about an exercise in this plan."""
    return gates.exercise_findings(
        exercise,
        plan.episode,
        caps=plan.caps,
        screen=plan.episode.latest_screen,
        no_tension=bool(plan.program and plan.program.no_tension),
    )


def line_findings(prescription: Prescription) -> list[gates.Finding]:
    """What the gates say about a line: its exercise in this plan, and its dosage."""
    return [
        *findings(prescription.exercise, prescription.plan),
        *gates.dosage_findings(prescription.exercise, prescription.dosage),
    ]


def needs_reason(exercise: Exercise, plan: Plan) -> bool:
    return any(finding.level is not gates.Level.NOTE for finding in findings(exercise, plan))


def require_draft(plan: Plan) -> None:
    """Hold the plan's row, so that nobody activates it meanwhile. Raises ValidationError."""
    status = Plan.objects.select_for_update().filter(pk=plan.pk).values_list("status", flat=True)
    now = status.first()
    if now is None:
        raise ValidationError("This draft was discarded.")
    if now != PlanStatus.DRAFT:
        raise ValidationError("This plan is frozen. Adapt it to make a new version.")


def prescribe(*, plan: Plan, phase: PlanPhase, exercise: Exercise, **fields: Any) -> Prescription:
    if exercise.kind != Kind.BALANCE and fields.get("side") == Side.BOTH:
        fields["side"] = plan.episode.side
    if exercise.kind != Kind.BALANCE and plan.caps:
        fields["hold_seconds"] = 0  # no hold where the angle decides (brief 2.4)
    return Prescription.objects.create(
        patient=plan.patient, plan=plan, phase=phase, exercise=exercise, **fields
    )


@transaction.atomic
def add(*, phase: PlanPhase, exercise: Exercise, by: User) -> Prescription:
    """One more exercise at the end of a draft's phase, with the library's dosage."""
    require_draft(phase.plan)
    if phase.prescriptions.filter(exercise=exercise).exists():
        raise ValidationError(f"{exercise.title} is in this phase already.")
    last = phase.prescriptions.aggregate(last=Max("order"))["last"] or 0
    prescription = prescribe(
        plan=phase.plan,
        phase=phase,
        exercise=exercise,
        order=last + 1,
        included=not needs_reason(exercise, phase.plan),
        **exercise.dosage,
    )
    audit.record(
        action="prescription.added",
        patient=phase.patient,
        by=by,
        subject=prescription,
        exercise=exercise.code,
    )
    return prescription


@transaction.atomic
def change(*, prescription: Prescription, by: User, **fields: Any) -> Prescription:
    """New dosage, side, note, inclusion or reason.

    Raises ValidationError when a safety gate forbids including it, or wants a reason first.
    """
    require_draft(prescription.plan)
    for name, value in fields.items():
        setattr(prescription, name, value)
    if prescription.included:
        _check_gates(prescription)
    prescription.full_clean()
    prescription.save()
    audit.record(
        action="prescription.changed",
        patient=prescription.patient,
        by=by,
        subject=prescription,
        exercise=prescription.exercise.code,
        included=prescription.included,
        reason_given=bool(prescription.gate_reason.strip()),
    )
    return prescription


def _check_gates(prescription: Prescription) -> None:
    plan = prescription.plan
    open_gates = gates.blocked_or_unreasoned(line_findings(prescription), prescription.gate_reason)
    if open_gates:
        blocked = any(finding.level is gates.Level.BLOCKED for finding in open_gates)
        ask = "" if blocked else " Type your reason to include it."
        raise ValidationError({"gate_reason": f"{open_gates[0].message}{ask}"})
    if plan.caps and prescription.exercise.kind != Kind.BALANCE and prescription.hold_seconds:
        raise ValidationError({"hold_seconds": "No hold while angles are limited (brief 2.4)."})


@transaction.atomic
def swap(*, prescription: Prescription, exercise: Exercise, by: User) -> Prescription:
    """This or that: put an alternative of the program in its place, same dosage."""
    require_draft(prescription.plan)
    if exercise.code not in prescription.alternative_codes:
        raise ValidationError("That exercise is not an alternative here.")
    codes = [code for code in prescription.alternative_codes if code != exercise.code]
    prescription.alternative_codes = [*codes, prescription.exercise.code]
    prescription.exercise, prescription.snapshot = exercise, None
    prescription.included = not needs_reason(exercise, prescription.plan)
    prescription.gate_reason = ""
    prescription.save()
    audit.record(
        action="prescription.swapped",
        patient=prescription.patient,
        by=by,
        subject=prescription,
        exercise=exercise.code,
    )
    return prescription


@transaction.atomic
def remove(*, prescription: Prescription, by: User) -> None:
    require_draft(prescription.plan)
    audit.record(
        action="prescription.removed",
        patient=prescription.patient,
        by=by,
        subject=prescription,
        exercise=prescription.exercise.code,
    )
    prescription.delete()


@transaction.atomic
def take_from_library(*, prescription: Prescription, by: User) -> Prescription:
    """Accept the library's newer version of an exercise into a draft."""
    require_draft(prescription.plan)
    prescription.snapshot = None
    prescription.save(update_fields=["snapshot"])
    audit.record(
        action="prescription.updated_from_library",
        patient=prescription.patient,
        by=by,
        subject=prescription,
        exercise=prescription.exercise.code,
    )
    return prescription


def library_is_newer(prescription: Prescription) -> bool:
    """The library's exercise differs from the frozen copy that this draft carries."""
    if prescription.snapshot is None:
        return False
    caps = prescription.plan.caps
    return prescription.shown.limited(caps) != ExerciseSnapshot.of(prescription.exercise, caps)
