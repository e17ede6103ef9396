from programs.models.alert import Alert
from programs.models.exercise import Exercise
from programs.models.measure import CheckIn, Measure
from programs.models.plan import PhaseStart, Plan, PlanPhase, Prescription
from programs.models.precaution import ExercisePrecaution
from programs.models.program import Program, ProgramExercise, ProgramPhase
from programs.models.session import ExerciseLog, Session

__all__ = [
    "Alert",
    "CheckIn",
    "Exercise",
    "ExerciseLog",
    "ExercisePrecaution",
    "Measure",
    "PhaseStart",
    "Plan",
    "PlanPhase",
    "Prescription",
    "Program",
    "ProgramExercise",
    "ProgramPhase",
    "Session",
]
