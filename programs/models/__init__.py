"""What is done: exercises, programs, plans, sessions, measures, forms, alerts."""

from programs.models.alert import Alert
from programs.models.check_in import CheckIn
from programs.models.exercise import Exercise
from programs.models.measure import Measure
from programs.models.plan import PhaseStart, Plan, PlanForm, PlanPhase, Prescription
from programs.models.precaution import ExercisePrecaution
from programs.models.program import (
    Program,
    ProgramExercise,
    ProgramForm,
    ProgramPhase,
    ProgramVersion,
)
from programs.models.progress_form import ProgressForm, ProgressFormVersion
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
    "PlanForm",
    "PlanPhase",
    "Prescription",
    "Program",
    "ProgramExercise",
    "ProgramForm",
    "ProgramPhase",
    "ProgramVersion",
    "ProgressForm",
    "ProgressFormVersion",
    "Session",
]
