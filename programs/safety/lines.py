"""What the gates say about a line of a draft, and what stands between it and its activation."""

import datetime as dt

from programs.models import Exercise, Plan, Prescription
from programs.safety import gates
from programs.safety.situation import Situation


def line_findings(row: Prescription, situation: Situation) -> list[gates.Finding]:
    """What the gates say about a line: its exercise as the patient gets it, and its dosage."""
    is_frozen = row.snapshot is not None
    kept = row.kept if is_frozen or row.angle_limits else None
    return [
        *gates.exercise_findings(row.exercise, situation, kept=kept, is_frozen=is_frozen),
        *gates.dosage_findings(row.exercise, row.dosage),
    ]


def needs_reason(exercise: Exercise, situation: Situation) -> bool:
    findings = gates.exercise_findings(exercise, situation)
    return any(finding.level is not gates.Level.NOTE for finding in findings)


def asked_of_plan(plan: Plan, situation: Situation) -> list[gates.Finding]:
    """What the plan as a whole has to answer: blocked, or a word that nobody gave yet."""
    found = gates.plan_findings(
        plan, situation, phases=plan.phases.all(), prescriptions=plan.prescriptions.all()
    )
    return gates.unanswered(found, reason=plan.gate_reason, answered=plan.reason_for)


def blocking(plan: Plan, *, on: dt.date | None = None) -> list[gates.Finding]:
    """All that stands between a draft and its activation; empty when it may go."""
    situation = Situation.of(plan, on=on)
    rows = plan.prescriptions.filter(included=True).select_related("exercise")
    found = asked_of_plan(plan, situation)
    for row in rows.prefetch_related("exercise__precaution_rules"):
        found += gates.blocked_or_unreasoned(line_findings(row, situation), row)
    return found
