"""A plan and a change as plain text for the notes of another record.

The plan paragraph is the P of SOAP notes. Whole notes are made in `programs.notes`.
"""

import datetime as dt
from collections.abc import Sequence

from programs.course.course import Course
from programs.models import Plan, PlanPhase, Prescription
from programs.notation import angle_limits, phase_gates
from programs.plans.diff import Change


def plan_paragraph(course: Course, phase: PlanPhase) -> str:
    """The P: what is prescribed now, and what has to be true before the next phase."""
    plan = course.plan
    lines = [
        f"P: Home program “{plan.title}”, version {plan.version}, "
        f"phase {phase.number} ({phase.title}, {phase.weeks_text}).",
        *(f"- {_row(row)}" for row in course.in_phase(phase)),
    ]
    if plan.caps:
        lines.append(f"Angle limits: {angle_limits.say(plan.caps)}.")
    if phase.gate:
        lines.append(f"Before the next phase: {phase_gates.sentence(phase.gate)}")
    return "\n".join(lines)


def _row(row: Prescription) -> str:
    reason = f" Reason at the safety gate: {row.gate_reason}" if row.gate_reason else ""
    text = f"{row.shown.code} {row.shown.title}: {row.dosage_text}, {row.frequency_text}."
    return text + reason


def change_paragraph(plan: Plan, changes: Sequence[Change]) -> str:
    """What a version changed, from when, why, and by whom."""
    first = f"P: Plan changed to version {plan.version}"
    if plan.effective_at is not None:
        first += f" from {_date(plan.clinic.local_date(plan.effective_at))}"
    if plan.change_reason:
        first += f". Reason: {plan.change_reason.rstrip('.')}"
    return "\n".join([f"{first}.", *(_change(change) for change in changes)])


def _change(change: Change) -> str:
    where = f"phase {change.phase}: " if change.phase is not None else ""
    return f"- {where}{change.therapist}"


def _date(day: dt.date) -> str:
    return f"{day.day} {day:%b %Y}"
