from django.db import migrations

from accounts.row_security import Key, LibraryRows, PatientRows, RowsAboutLibrary

# A plan that is out of sight counts as frozen: the trigger runs as who asks.
FROZEN = """
CREATE OR REPLACE FUNCTION programs_plan_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (TG_OP <> 'INSERT' AND {0} (
        SELECT FROM programs_plan WHERE id = OLD.plan_id AND status {1} 'draft'
    )) OR (TG_OP <> 'DELETE' AND {0} (
        SELECT FROM programs_plan WHERE id = NEW.plan_id AND status {1} 'draft'
    )) THEN
        RAISE EXCEPTION 'this plan is frozen' USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END $$;
"""

# What a patient saved goes with the page, a question stays without it: whoever deletes the page may
# not see the patient's row, and Django looks for rows to change. The database does it by its keys.
FOLLOWING = """
DO $$
DECLARE
    key record;
BEGIN
    FOR key IN
        SELECT conrelid::regclass AS rows, conname AS name, pg_get_constraintdef(oid) AS definition,
            CASE conrelid WHEN 'programs_savedpage'::regclass THEN 'CASCADE' ELSE 'SET NULL' END
                AS act
        FROM pg_constraint
        WHERE contype = 'f' AND confdeltype = 'a' AND conrelid IN
                ('programs_savedpage'::regclass, 'programs_question'::regclass)
            AND confrelid IN ('cms_articlepage'::regclass, 'programs_exercise'::regclass)
    LOOP
        EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', key.rows, key.name);
        EXECUTE format('ALTER TABLE %s ADD CONSTRAINT %I %s', key.rows, key.name,
            replace(key.definition, ' DEFERRABLE', ' ON DELETE ' || key.act || ' DEFERRABLE'));
    END LOOP;
END $$;
"""


class Migration(migrations.Migration):
    """The wall around plans, what comes of them, and each clinic's own library."""

    dependencies = [
        ("patients", "0003_the_wall"),
        ("programs", "0013_foot_strength"),
    ]

    operations = [
        migrations.RunSQL(FROZEN.format("NOT EXISTS", "="), FROZEN.format("EXISTS", "<>")),
        migrations.RunSQL(FOLLOWING, migrations.RunSQL.noop),  # the keys do as well without
        PatientRows("Alert"),
        PatientRows("CalendarFeed"),
        PatientRows("CheckIn"),
        PatientRows("CheckInDraft"),
        PatientRows("DraftStep"),
        PatientRows("ExerciseLog"),
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
        # With a page of its own, a clinic's exercise is read by all.
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
        # Links that work without a login.
        Key("CalendarFeed", "id", "uuid"),
        Key("ReminderChoice", "id", "uuid"),
    ]
