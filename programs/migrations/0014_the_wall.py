from django.db import migrations

from accounts.row_security import LibraryRows, PatientRows, RowsAboutLibrary

# Links that work without a login: whoever holds one acts for one patient.
IDENTIFY = """
CREATE FUNCTION footing_identify_by_calendar(feed uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    found programs_calendarfeed%ROWTYPE;
    before text := coalesce(current_setting('footing.whole', true), '');
BEGIN
    PERFORM set_config('footing.whole', 'on', true);
    SELECT * INTO found FROM programs_calendarfeed WHERE id = feed;
    PERFORM set_config('footing.whole', before, true);
    PERFORM footing_tell(found.patient_id, found.clinic_id, '');
END $$;

CREATE FUNCTION footing_identify_by_reminders(choice uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    found programs_reminderchoice%ROWTYPE;
    before text := coalesce(current_setting('footing.whole', true), '');
BEGIN
    PERFORM set_config('footing.whole', 'on', true);
    SELECT * INTO found FROM programs_reminderchoice WHERE id = choice;
    PERFORM set_config('footing.whole', before, true);
    PERFORM footing_tell(found.patient_id, found.clinic_id, '');
END $$;
"""
FORGET = """
DROP FUNCTION footing_identify_by_reminders(uuid);
DROP FUNCTION footing_identify_by_calendar(uuid);
"""

# A plan that is out of sight counts as frozen: the trigger runs as who asks.
FROZEN_UNLESS_A_DRAFT_IS_SEEN = """
CREATE OR REPLACE FUNCTION programs_plan_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (TG_OP <> 'INSERT' AND NOT EXISTS (
        SELECT FROM programs_plan WHERE id = OLD.plan_id AND status = 'draft'
    )) OR (TG_OP <> 'DELETE' AND NOT EXISTS (
        SELECT FROM programs_plan WHERE id = NEW.plan_id AND status = 'draft'
    )) THEN
        RAISE EXCEPTION 'this plan is frozen' USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END $$;
"""
FROZEN_IF_NO_DRAFT_IS_SEEN = """
CREATE OR REPLACE FUNCTION programs_plan_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (TG_OP <> 'INSERT' AND EXISTS (
        SELECT 1 FROM programs_plan WHERE id = OLD.plan_id AND status <> 'draft'
    )) OR (TG_OP <> 'DELETE' AND EXISTS (
        SELECT 1 FROM programs_plan WHERE id = NEW.plan_id AND status <> 'draft'
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
        migrations.RunSQL(IDENTIFY, FORGET),
        migrations.RunSQL(FROZEN_UNLESS_A_DRAFT_IS_SEEN, FROZEN_IF_NO_DRAFT_IS_SEEN),
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
    ]
