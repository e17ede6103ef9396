from pathlib import Path

from django.db import migrations

from accounts.row_security import Key, LibraryRows, PatientRows, RowsAboutLibrary
from programs.migrations import BEFORE_VERSION_1


class Migration(migrations.Migration):
    """The wall around plans, what comes of them, and each clinic's own library."""

    replaces = BEFORE_VERSION_1
    dependencies = [
        ("programs", "0001_version_1"),
        ("patients", "0002_guards"),
    ]

    operations = [
        PatientRows("Alert"),
        PatientRows("AlertStep"),
        PatientRows("CalendarFeed"),
        PatientRows("CheckIn"),
        PatientRows("CheckInDraft"),
        PatientRows("ClinicalNote"),
        PatientRows("DraftStep"),
        PatientRows("ExerciseLog"),
        PatientRows("Letter"),
        PatientRows("LiveTalk"),
        PatientRows("MonitoringAnswers"),
        PatientRows("MonitoringCare"),
        PatientRows("MonitoringEntry"),
        PatientRows("MonitoringLock"),
        PatientRows("Pause"),
        PatientRows("PhaseStart"),
        PatientRows("Plan"),
        PatientRows("PlanForm"),
        PatientRows("PlanPhase"),
        PatientRows("Prescription"),
        PatientRows("Question"),
        PatientRows("ReminderChoice"),
        PatientRows("ReminderSlot"),
        PatientRows("Restriction"),
        PatientRows("SavedPage"),
        PatientRows("Session"),
        PatientRows("SignReport"),
        LibraryRows("Exercise", public="is_public"),
        LibraryRows("Exercise_citations", "exercise", public="is_public"),
        LibraryRows("Exercise_easier_exercises", "from_exercise", public="is_public"),
        LibraryRows("Exercise_harder_exercises", "from_exercise", public="is_public"),
        LibraryRows("ExercisePrecaution", "exercise", public="is_public"),
        LibraryRows("ExerciseText", "exercise", public="is_public"),
        LibraryRows("Program"),
        LibraryRows("ProgramExercise", "phase", "program"),
        LibraryRows("ProgramForm", "phase", "program"),
        LibraryRows("ProgramPhase", "program"),
        LibraryRows("ProgramVersion", "program"),
        LibraryRows("ProgressForm"),
        LibraryRows("ProgressFormVersion", "form"),
        RowsAboutLibrary("ProgramFavorite", "program"),
        migrations.RunSQL(Path(__file__).with_name("guards.sql").read_text()),
        Key("CalendarFeed", "id", "uuid"),
        Key("ReminderChoice", "id", "uuid"),
    ]
