-- What a login may see. What this reads, the asker can't see yet: it runs as the owner of the tables,
-- and gives back what the session had said.
CREATE FUNCTION footing_identify(asker bigint, cared_for uuid DEFAULT NULL) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    login accounts_user%ROWTYPE;
    before text := coalesce(current_setting('footing.whole', true), '');
    who uuid;
    library text;
    without text := '';
BEGIN
    SELECT * INTO login FROM accounts_user WHERE id = asker AND is_active;
    IF login.role = 'patient' THEN
        PERFORM set_config('footing.whole', 'on', true);
        SELECT id INTO who FROM patients_patient WHERE user_id = login.id;
        PERFORM set_config('footing.whole', before, true);
    ELSIF login.role = 'caregiver' THEN
        PERFORM set_config('footing.whole', 'on', true);
        SELECT patient_id, CASE WHEN reads_messages THEN 'writing' ELSE 'messages' END
            INTO who, without
        FROM patients_caregiver
        WHERE user_id = login.id AND accepted_at IS NOT NULL AND ended_at IS NULL
            AND (cared_for IS NULL OR patient_id = cared_for)
        ORDER BY accepted_at LIMIT 1;
        PERFORM set_config('footing.whole', before, true);
        without := coalesce(without, 'messages');
    ELSIF login.role IN ('therapist', 'clinic_admin') THEN
        who := login.clinic_id;
    ELSIF login.is_superuser AND login.clinic_id IS NULL THEN
        who := '00000000-0000-0000-0000-000000000000';
    END IF;
    IF login.is_superuser OR login.role IN ('therapist', 'editor') THEN
        -- While there is one clinic only, what is the platform's is that clinic's.
        library := CASE WHEN login.clinic_id IS NULL OR NOT EXISTS (
            SELECT FROM accounts_clinic WHERE id <> login.clinic_id
        ) THEN 'all' ELSE 'own' END;
    END IF;
    PERFORM footing_tell(who, login.clinic_id, library, login.id);
    PERFORM set_config('footing.without', without, true);
END $$;

-- Whom a caregiver may choose from: of the others, the wall shows nothing meanwhile.
CREATE FUNCTION footing_cared_for(asker bigint) RETURNS TABLE(patient uuid, name text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    before text := coalesce(current_setting('footing.whole', true), '');
BEGIN
    PERFORM set_config('footing.whole', 'on', true);
    RETURN QUERY SELECT one.id, (one.first_name || ' ' || one.last_name)::text
        FROM patients_caregiver link JOIN patients_patient one ON one.id = link.patient_id
        WHERE link.user_id = asker AND link.accepted_at IS NOT NULL AND link.ended_at IS NULL
        ORDER BY link.accepted_at;
    PERFORM set_config('footing.whole', before, true);
END $$;

-- A caregiver reads messages where they are shared, and writes none.
CREATE POLICY shared ON patients_message AS RESTRICTIVE FOR SELECT
    USING ((SELECT coalesce(current_setting('footing.without', true), '')) <> 'messages');
CREATE POLICY written_by_both ON patients_message AS RESTRICTIVE FOR INSERT
    WITH CHECK ((SELECT coalesce(current_setting('footing.without', true), '')) = '');
CREATE POLICY shared ON patients_threadmark AS RESTRICTIVE
    USING ((SELECT coalesce(current_setting('footing.without', true), '')) <> 'messages');

-- Rows that are otherwise for good go with the person who is erased, by one function of the owner.
CREATE FUNCTION footing_is_erasing(patient uuid) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT coalesce(current_setting('footing.erasing', true), '') = patient::text
        AND current_user = (
            SELECT tableowner FROM pg_tables
            WHERE schemaname = 'public' AND tablename = 'patients_patient'
        );
$$;

-- What is never changed changes its owner, and nothing else, when two records of one person become
-- one.
CREATE FUNCTION footing_is_merging(before jsonb, after jsonb) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT before ->> 'patient_id' = ANY (string_to_array(current_setting('footing.merging'), ' '))
        AND after ->> 'patient_id' = split_part(current_setting('footing.merging'), ' ', 1)
        AND before - 'patient_id' - 'number' = after - 'patient_id' - 'number'
        AND current_user = (
            SELECT tableowner FROM pg_tables
            WHERE schemaname = 'public' AND tablename = 'patients_patient'
        );
$$;

CREATE FUNCTION patients_message_append_only() RETURNS trigger
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
    RAISE EXCEPTION 'messages are appended, not edited' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER patients_message_append_only BEFORE UPDATE OR DELETE ON patients_message
    FOR EACH ROW EXECUTE FUNCTION patients_message_append_only();

CREATE FUNCTION footing_erase_patient(patient uuid) RETURNS void
LANGUAGE plpgsql STRICT SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    actor bigint := nullif(current_setting('footing.actor', true), '')::bigint;
    before text := coalesce(current_setting('footing.whole', true), '');
    caller name := coalesce(nullif(current_setting('role', true), 'none'), session_user);
    is_owner boolean := before = 'on' AND pg_has_role(caller, current_user, 'MEMBER');
    rows regclass;
BEGIN
    PERFORM set_config('footing.whole', 'on', true);
    IF NOT (is_owner OR EXISTS (
        SELECT FROM accounts_user login JOIN patients_patient one ON one.clinic_id = login.clinic_id
        WHERE login.id = actor AND login.role = 'clinic_admin' AND login.is_active
            AND one.id = patient
    )) THEN
        RAISE EXCEPTION 'only the administrator of the clinic erases a patient'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM set_config('footing.erasing', patient::text, true);
    FOR rows IN
        SELECT DISTINCT conrelid::regclass FROM pg_constraint
        WHERE contype = 'f' AND confrelid = 'patients_patient'::regclass
    LOOP
        EXECUTE format('DELETE FROM %s WHERE patient_id = $1', rows) USING patient;
    END LOOP;
    DELETE FROM patients_patient WHERE id = patient;
    PERFORM set_config('footing.erasing', '', true);
    PERFORM set_config('footing.whole', before, true);
END $$;
