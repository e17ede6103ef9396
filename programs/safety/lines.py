"""What the gates say about a line of a draft, and what stands between it and its activation."""

from programs.models import Exercise, Plan, Prescription
from programs.safety import gates


def findings(exercise: Exercise, plan: Plan) -> list[gates.Finding]:
    """What the gates say about an exercise in this plan."""
    return gates.exercise_findings(
        exercise,
        plan.episode,
        caps=plan.caps,
        screen=plan.episode.latest_screen,
        no_tension=plan.no_tension,
    )


def line_findings(prescription: Prescription) -> list[gates.Finding]:
    """What the gates say about a line: its exercise in this plan, and its dosage."""
    return [
        *findings(prescription.exercise, prescription.plan),
        *gates.dosage_findings(prescription.exercise, prescription.dosage),
    ]


def needs_reason(exercise: Exercise, plan: Plan) -> bool:
    return any(finding.level is not gates.Level.NOTE for finding in findings(exercise, plan))


def blocking(plan: Plan) -> list[gates.Finding]:
    """All that stands between a draft and its activation; empty when it may go."""
    rows = list(
        plan.prescriptions.select_related("exercise").prefetch_related("exercise__precaution_rules")
    )
    for row in rows:
        row.plan = plan
    whole = gates.plan_findings(
        plan,
        phases=plan.phases.all(),
        prescriptions=rows,
        screen=plan.episode.latest_screen,
    )
    found = [finding for finding in whole if finding.level is gates.Level.BLOCKED]
    for row in rows:
        if row.included:
            found += gates.blocked_or_unreasoned(line_findings(row), row)
    return found
