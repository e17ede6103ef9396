-- Sessions and what comes of them are appended, never edited.
CREATE FUNCTION programs_append_only() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND footing_is_erasing(OLD.patient_id) THEN
        RETURN OLD;
    END IF;
    IF TG_OP = 'UPDATE' AND coalesce(current_setting('footing.merging', true), '') <> '' THEN
        IF footing_is_merging(to_jsonb(OLD), to_jsonb(NEW)) THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'sessions are appended, not edited' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER programs_session_append_only BEFORE UPDATE OR DELETE ON programs_session
    FOR EACH ROW EXECUTE FUNCTION programs_append_only();
CREATE TRIGGER programs_exerciselog_append_only BEFORE UPDATE OR DELETE ON programs_exerciselog
    FOR EACH ROW EXECUTE FUNCTION programs_append_only();
CREATE TRIGGER programs_checkin_append_only BEFORE UPDATE OR DELETE ON programs_checkin
    FOR EACH ROW EXECUTE FUNCTION programs_append_only();
CREATE TRIGGER programs_signreport_append_only BEFORE UPDATE OR DELETE ON programs_signreport
    FOR EACH ROW EXECUTE FUNCTION programs_append_only();
CREATE TRIGGER programs_alertstep_append_only BEFORE UPDATE OR DELETE ON programs_alertstep
    FOR EACH ROW EXECUTE FUNCTION programs_append_only();
CREATE TRIGGER programs_monitoringanswers_append_only BEFORE UPDATE OR DELETE ON programs_monitoringanswers
    FOR EACH ROW EXECUTE FUNCTION programs_append_only();
CREATE TRIGGER programs_monitoringentry_append_only BEFORE UPDATE OR DELETE ON programs_monitoringentry
    FOR EACH ROW EXECUTE FUNCTION programs_append_only();
CREATE TRIGGER programs_monitoringlock_append_only BEFORE UPDATE OR DELETE ON programs_monitoringlock
    FOR EACH ROW EXECUTE FUNCTION programs_append_only();
CREATE TRIGGER programs_livetalk_append_only BEFORE UPDATE OR DELETE ON programs_livetalk
    FOR EACH ROW EXECUTE FUNCTION programs_append_only();
CREATE TRIGGER programs_clinicalnote_append_only BEFORE UPDATE OR DELETE ON programs_clinicalnote
    FOR EACH ROW EXECUTE FUNCTION programs_append_only();
CREATE TRIGGER programs_letter_append_only BEFORE UPDATE OR DELETE ON programs_letter
    FOR EACH ROW EXECUTE FUNCTION programs_append_only();

-- What a patient has seen is frozen: a plan that is no draft keeps its prescriptions and phases. A
-- plan that is out of sight counts as frozen: the trigger runs as who asks.
CREATE FUNCTION programs_plan_is_frozen() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND footing_is_erasing(OLD.patient_id) THEN
        RETURN OLD;
    END IF;
    IF TG_OP = 'UPDATE' AND coalesce(current_setting('footing.merging', true), '') <> '' THEN
        IF footing_is_merging(to_jsonb(OLD), to_jsonb(NEW)) THEN
            RETURN NEW;
        END IF;
    END IF;
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
CREATE TRIGGER programs_prescription_frozen BEFORE INSERT OR UPDATE OR DELETE ON programs_prescription
    FOR EACH ROW EXECUTE FUNCTION programs_plan_is_frozen();
CREATE TRIGGER programs_planphase_frozen BEFORE INSERT OR UPDATE OR DELETE ON programs_planphase
    FOR EACH ROW EXECUTE FUNCTION programs_plan_is_frozen();
CREATE TRIGGER programs_planform_frozen BEFORE INSERT OR UPDATE OR DELETE ON programs_planform
    FOR EACH ROW EXECUTE FUNCTION programs_plan_is_frozen();

CREATE FUNCTION programs_plan_kept() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND footing_is_erasing(OLD.patient_id) THEN
        RETURN OLD;
    END IF;
    IF TG_OP = 'UPDATE' AND coalesce(current_setting('footing.merging', true), '') <> '' THEN
        IF footing_is_merging(to_jsonb(OLD), to_jsonb(NEW)) THEN
            RETURN NEW;
        END IF;
    END IF;
    IF OLD.status <> 'draft' THEN
        IF TG_OP = 'DELETE' THEN
            RAISE EXCEPTION 'this plan is frozen' USING ERRCODE = 'restrict_violation';
        END IF;
        IF (NEW.episode_id, NEW.patient_id, NEW.version, NEW.title, NEW.starts_on,
            NEW.weekdays, NEW.caps, NEW.note, NEW.change_reason, NEW.change_words,
            NEW.effective_at, NEW.activated_at, NEW.activated_by_id)
           IS DISTINCT FROM
           (OLD.episode_id, OLD.patient_id, OLD.version, OLD.title, OLD.starts_on,
            OLD.weekdays, OLD.caps, OLD.note, OLD.change_reason, OLD.change_words,
            OLD.effective_at, OLD.activated_at, OLD.activated_by_id) THEN
            RAISE EXCEPTION 'this plan is frozen' USING ERRCODE = 'restrict_violation';
        END IF;
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER programs_plan_kept BEFORE UPDATE OR DELETE ON programs_plan
    FOR EACH ROW EXECUTE FUNCTION programs_plan_kept();

CREATE FUNCTION programs_plan_version_next() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.version <> 1 + COALESCE(
        (SELECT MAX(version) FROM programs_plan WHERE episode_id = NEW.episode_id), 0
    ) THEN
        RAISE EXCEPTION 'plan versions count up without gaps'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER programs_plan_version_next BEFORE INSERT ON programs_plan
    FOR EACH ROW EXECUTE FUNCTION programs_plan_version_next();

-- What a patient saved goes with the page, a question stays without it: whoever deletes the page may
-- not see the patient's row, and Django looks for rows to change. The database does it by its keys.
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

-- Two records of one person become one, by the clinic's administrator and nobody else.
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
