from importlib import import_module

from django.db import migrations

GUARDS = import_module("programs.migrations.0015_erasing").GUARDS
ERASES = import_module("programs.migrations.0015_erasing").GIVES_WAY
# What is never changed changes its owner when two records of one person become one.
MERGES = """
    IF TG_OP = 'UPDATE' AND coalesce(current_setting('footing.merging', true), '') <> '' THEN
        IF footing_is_merging(to_jsonb(OLD), to_jsonb(NEW)) THEN
            RETURN NEW;
        END IF;
    END IF;"""
MESSAGES = """
CREATE OR REPLACE FUNCTION patients_message_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND footing_is_erasing(OLD.patient_id) THEN
        RETURN OLD;
    END IF;{0}
    RAISE EXCEPTION 'messages are appended, not edited' USING ERRCODE = 'restrict_violation';
END $$;
"""
MERGE = """
CREATE FUNCTION footing_is_merging(before jsonb, after jsonb) RETURNS boolean LANGUAGE sql STABLE
SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT before ->> 'patient_id' = ANY (string_to_array(current_setting('footing.merging'), ' '))
        AND after ->> 'patient_id' = split_part(current_setting('footing.merging'), ' ', 1)
        AND before - 'patient_id' - 'number' = after - 'patient_id' - 'number'
        AND current_user = (
            SELECT tableowner FROM pg_tables
            WHERE schemaname = 'public' AND tablename = 'patients_patient'
        );
$$;

CREATE FUNCTION footing_merge_patients(kept uuid, gone uuid) RETURNS void
LANGUAGE plpgsql STRICT SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    actor bigint := nullif(current_setting('footing.actor', true), '')::bigint;
    whole text := coalesce(current_setting('footing.whole', true), '');
    other patients_patient%ROWTYPE;
    rows regclass;
BEGIN
    PERFORM set_config('footing.whole', 'on', true);
    IF kept = gone OR NOT EXISTS (
        SELECT FROM accounts_user login
            JOIN patients_patient one ON one.clinic_id = login.clinic_id
            JOIN patients_patient two ON two.clinic_id = login.clinic_id
        WHERE login.id = actor AND login.role = 'clinic_admin' AND login.is_active
            AND one.id = kept AND two.id = gone
    ) THEN
        RAISE EXCEPTION 'only the administrator of the clinic merges its patients'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM set_config('footing.merging', kept || ' ' || gone, true);
    SELECT * INTO other FROM patients_patient WHERE id = gone;

    -- What there can be one of only: that of the record that stays goes on.
    UPDATE patients_careteammember SET cover_id = NULL
        WHERE patient_id = kept AND ended_at IS NULL AND therapist_id IN (
            SELECT therapist_id FROM patients_careteammember
            WHERE patient_id = gone AND ended_at IS NULL AND cover_id IS NULL);
    UPDATE patients_careteammember SET ended_at = now(), ended_by_id = actor
        WHERE patient_id = gone AND ended_at IS NULL AND therapist_id IN (
            SELECT therapist_id FROM patients_careteammember
            WHERE patient_id = kept AND ended_at IS NULL);
    UPDATE patients_caregiver SET ended_at = now(), ended_by_id = actor
        WHERE patient_id = gone AND ended_at IS NULL AND email IN (
            SELECT email FROM patients_caregiver WHERE patient_id = kept AND ended_at IS NULL);
    UPDATE patients_invitation SET withdrawn_at = now()
        WHERE patient_id = gone AND accepted_at IS NULL AND withdrawn_at IS NULL;
    UPDATE programs_alert SET since = NULL
        WHERE patient_id = gone AND (rule, since) IN (
            SELECT rule, since FROM programs_alert WHERE patient_id = kept);
    UPDATE programs_calendarfeed SET ended_at = now() WHERE patient_id = gone AND ended_at IS NULL;
    -- Settings of a login, said by the one that goes on; nothing of the record.
    DELETE FROM programs_reminderchoice WHERE patient_id = gone AND EXISTS (
        SELECT FROM programs_reminderchoice WHERE patient_id = kept);
    DELETE FROM programs_reminderslot one USING programs_reminderslot two
        WHERE one.patient_id = gone AND two.patient_id = kept
        AND (one.channel, one."on", one.at) = (two.channel, two."on", two.at);
    DELETE FROM programs_checkindraft WHERE patient_id = gone AND form_id IN (
        SELECT form_id FROM programs_checkindraft WHERE patient_id = kept);
    DELETE FROM programs_savedpage one USING programs_savedpage two
        WHERE one.patient_id = gone AND two.patient_id = kept
        AND (one.article_id = two.article_id OR one.exercise_id = two.exercise_id);
    DELETE FROM patients_privacyacceptance one USING patients_privacyacceptance two
        WHERE one.patient_id = gone AND two.patient_id = kept
        AND (one.version, one.accepted_by_id) = (two.version, two.accepted_by_id);

    -- One thread, by time. Who had not read all of both is shown what they have not read again.
    CREATE TEMPORARY TABLE footing_numbers ON COMMIT DROP AS
        SELECT id, patient_id, number AS was,
            row_number() OVER (ORDER BY written_at, patient_id, number) AS is_now
        FROM patients_message WHERE patient_id IN (kept, gone);
    CREATE TEMPORARY TABLE footing_marks ON COMMIT DROP AS
        SELECT reader.reader_id, coalesce(min(one.is_now) FILTER (WHERE mark.up_to IS NULL
            OR one.was > mark.up_to), count(*) + 1) - 1 AS up_to
        FROM (SELECT DISTINCT reader_id FROM patients_threadmark
              WHERE patient_id IN (kept, gone)) reader
            CROSS JOIN footing_numbers one
            LEFT JOIN patients_threadmark mark
                ON mark.reader_id = reader.reader_id AND mark.patient_id = one.patient_id
        GROUP BY reader.reader_id;
    UPDATE patients_message one SET patient_id = kept, number = 1000000 + numbers.is_now
        FROM footing_numbers numbers WHERE numbers.id = one.id;
    UPDATE patients_message SET number = number - 1000000 WHERE patient_id = kept;
    DELETE FROM patients_threadmark WHERE patient_id = gone AND reader_id IN (
        SELECT reader_id FROM patients_threadmark WHERE patient_id = kept);
    UPDATE patients_threadmark mark SET up_to = marks.up_to FROM footing_marks marks
        WHERE mark.patient_id IN (kept, gone) AND mark.reader_id = marks.reader_id;
    DELETE FROM patients_answermark WHERE patient_id = gone AND EXISTS (
        SELECT FROM patients_answermark WHERE patient_id = kept);
    UPDATE patients_answermark SET up_to = (SELECT count(*) FROM footing_numbers)
        WHERE patient_id IN (kept, gone);
    DROP TABLE footing_numbers, footing_marks;

    FOR rows IN
        SELECT DISTINCT conrelid::regclass FROM pg_constraint
        WHERE contype = 'f' AND confrelid = 'patients_patient'::regclass
    LOOP
        EXECUTE format('UPDATE %s SET patient_id = $1 WHERE patient_id = $2', rows)
            USING kept, gone;
    END LOOP;
    DELETE FROM patients_patient WHERE id = gone;
    UPDATE patients_patient SET
        user_id = coalesce(user_id, other.user_id),
        language = CASE WHEN user_id IS NULL AND other.user_id IS NOT NULL
            THEN other.language ELSE language END,
        text_size = CASE WHEN user_id IS NULL AND other.user_id IS NOT NULL
            THEN other.text_size ELSE text_size END,
        erasure_asked_at = least(erasure_asked_at, other.erasure_asked_at),
        sex = coalesce(nullif(sex, ''), other.sex),
        email = coalesce(nullif(email, ''), other.email),
        phone = coalesce(nullif(phone, ''), other.phone),
        record_number = coalesce(nullif(record_number, ''), other.record_number),
        created_at = least(created_at, other.created_at)
        WHERE id = kept;
    PERFORM set_config('footing.merging', '', true);
    PERFORM set_config('footing.whole', whole, true);
END $$;
"""
MERGE_NOT = """
DROP FUNCTION footing_merge_patients(uuid, uuid);
DROP FUNCTION footing_is_merging(jsonb, jsonb);
"""


class Migration(migrations.Migration):
    """Two records of one person become one, by the clinic's administrator and nobody else."""

    dependencies = [
        ("patients", "0009_cover"),
        ("programs", "0016_alert_work"),
    ]

    operations = [
        migrations.RunSQL(MERGE, MERGE_NOT),
        migrations.RunSQL(GUARDS.format(ERASES + MERGES), GUARDS.format(ERASES)),
        migrations.RunSQL(MESSAGES.format(MERGES), MESSAGES.format("")),
    ]
