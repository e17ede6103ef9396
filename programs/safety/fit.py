"""The safety gates asked again when an episode's findings change: does the plan still fit?"""

from dataclasses import replace

from programs.models import Plan, Prescription
from programs.models.alert import Code
from programs.notation import angle_limits
from programs.safety import gates
from programs.safety.situation import Situation

RULE = Code.A18


def misfits(plan: Plan) -> list[tuple[Prescription, gates.Finding]]:
    """What of an active plan could not be assigned like that today."""
    rows = list(
        plan.prescriptions.filter(included=True)
        .select_related("exercise", "phase")
        .prefetch_related("exercise__precaution_rules")
    )
    caps = gates.caps_for(plan.episode, plan.program_caps)
    situation = replace(Situation.of(plan), caps=caps)
    found = []
    for row in rows:
        findings = gates.exercise_findings(row.exercise, situation, kept=row.kept)
        open_ones = gates.blocked_or_unreasoned(findings, row)
        found += [(row, finding) for finding in open_ones]
    if angle_limits.strictest(caps, plan.caps) != plan.caps:
        found += [
            (row, gates.Finding(gates.Level.REASON, "Angles need a limit now.", "Brief 2.4"))
            for row in rows
            if row.kept.kind != gates.Kind.BALANCE and row.kept.limited(caps) != row.kept
        ]
    return found
