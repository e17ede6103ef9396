"""A program as a definition that other systems read: a PlanDefinition (R4)."""

from collections.abc import Iterator
from itertools import groupby

from fhir import codes
from fhir.elements import Element, Resource, coding, concept, filled, narrative, resource
from fhir.plans import dosage
from patients.conditions import Condition
from programs.models import Program, ProgramExercise, ProgramPhase
from programs.models.dosage import frequency_text
from programs.timing.week import WEEK

_TYPES = "http://terminology.hl7.org/CodeSystem/plan-definition-type"


def of_program(program: Program, origin: str) -> Resource:
    """As it is published, or as its draft stands; what an exercise is, is told by its title alone.

    Who judges whether somebody may do it is a person: gates are told in words, and evaluate to
    nothing.
    """
    phases = list(program.phases.prefetch_related("exercises__exercise"))
    gates = [program.entry_gate] if program.entry_gate else []
    gates += [f"Not with: {Condition(one).label}" for one in program.entry_excludes]
    is_over = program.archived_at is not None
    status = "retired" if is_over else "active" if program.version else "draft"
    return resource(
        "PlanDefinition",
        program.uuid,
        text=narrative([program.title, program.summary, *gates, *map(str, phases)]),
        url=f"{origin}/fhir/PlanDefinition/{program.uuid}",
        version=str(program.version),
        name="".join(filter(str.isalnum, program.code)) or "Program",
        title=program.title,
        type=concept("", coding(_TYPES, "clinical-protocol")),
        status=status,
        date=program.updated_at.date().isoformat(),
        description=program.summary,
        purpose="Before it: " + "; ".join(gates) if gates else None,
        usage=program.notes,
        goal=[_goal(phase) for phase in phases],
        action=[_phase(phase, origin) for phase in phases],
    )


def _goal(phase: ProgramPhase) -> Element:
    return {"id": f"goal-{phase.number}", "description": concept(phase.goal or phase.title)}


def _phase(phase: ProgramPhase, origin: str) -> Element:
    gate = f"Before the next phase: {phase.gate_text}" if phase.gate else ""
    weeks = phase.weeks_text.capitalize()
    return filled(
        id=f"phase-{phase.number}",
        title=phase.title,
        description=". ".join(filter(None, [weeks, phase.goal, gate])),
        goalId=[f"goal-{phase.number}"],
        groupingBehavior="logical-group",
        selectionBehavior="all",
        action=list(_exercises(phase, origin)),
    )


def _exercises(phase: ProgramPhase, origin: str) -> Iterator[Element]:
    """In their order; 'this or that' is a choice of exactly one."""
    rows = sorted(phase.exercises.all(), key=lambda row: row.order)
    for choice, group in groupby(rows, key=lambda row: row.alternates or -row.order - 1):
        actions = [_exercise(row, origin) for row in group]
        if choice > 0 and len(actions) > 1:
            yield {
                "title": "One of these",
                "groupingBehavior": "visual-group",
                "selectionBehavior": "exactly-one",
                "action": actions,
            }
        else:
            yield from actions


def _exercise(row: ProgramExercise, origin: str) -> Element:
    often = frequency_text(row.dosage)
    amount = ", ".join(filter(None, (row.dosage_text, row.tempo_text, often)))
    is_daily = row.days_per_week == WEEK
    return filled(
        extension=[dosage(row, row.days_per_week, origin)],
        title=row.exercise.title,
        description=". ".join(filter(None, [amount, row.note])),
        code=[concept(row.exercise.title, codes.EXERCISE_THERAPY)],
        timingTiming={
            "repeat": {
                "frequency": row.times_per_day * (1 if is_daily else row.days_per_week),
                "period": 1,
                "periodUnit": "d" if is_daily else "wk",
            }
        },
        requiredBehavior="could" if row.optional else "must",
    )
