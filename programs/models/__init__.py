"""What is done: exercises, programs, plans, sessions, measures, forms, alerts."""

from programs.models.alert import Alert
from programs.models.alert_step import AlertStep
from programs.models.check_in import CheckIn
from programs.models.check_in_draft import CheckInDraft
from programs.models.draft_step import DraftStep
from programs.models.exercise import Exercise
from programs.models.exercise_text import ExerciseText
from programs.models.measure import Measure
from programs.models.monitoring import (
    LiveTalk,
    MonitoringAnswers,
    MonitoringCare,
    MonitoringEntry,
    MonitoringLock,
)
from programs.models.note import ClinicalNote, Letter
from programs.models.pause import Pause
from programs.models.plan import PhaseStart, Plan, PlanForm, PlanPhase
from programs.models.precaution import ExercisePrecaution
from programs.models.prescription import Prescription
from programs.models.program import (
    Program,
    ProgramExercise,
    ProgramFavorite,
    ProgramForm,
    ProgramPhase,
    ProgramVersion,
)
from programs.models.progress_form import ProgressForm, ProgressFormVersion
from programs.models.question import Question
from programs.models.reminder import CalendarFeed, ReminderChoice, ReminderSlot
from programs.models.restriction import Restriction
from programs.models.saved_page import SavedPage
from programs.models.session import ExerciseLog, Session
from programs.models.sign_report import SignReport

__all__ = [
    "Alert",
    "AlertStep",
    "CalendarFeed",
    "CheckIn",
    "CheckInDraft",
    "ClinicalNote",
    "DraftStep",
    "Exercise",
    "ExerciseLog",
    "ExercisePrecaution",
    "ExerciseText",
    "Letter",
    "LiveTalk",
    "Measure",
    "MonitoringAnswers",
    "MonitoringCare",
    "MonitoringEntry",
    "MonitoringLock",
    "Pause",
    "PhaseStart",
    "Plan",
    "PlanForm",
    "PlanPhase",
    "Prescription",
    "Program",
    "ProgramExercise",
    "ProgramFavorite",
    "ProgramForm",
    "ProgramPhase",
    "ProgramVersion",
    "ProgressForm",
    "ProgressFormVersion",
    "Question",
    "ReminderChoice",
    "ReminderSlot",
    "Restriction",
    "SavedPage",
    "Session",
    "SignReport",
]
