-- The only way into the trail: it sets time, name and role, and refuses events in another's name or
-- about those whom the asker does not see. As 0002 had it, and with the names of connected apps that
-- read without anybody logged in: `detail.app` is the app's id, and the name is looked up, too.
CREATE OR REPLACE FUNCTION footing_append(
    act text, by_user bigint, patient uuid, account bigint, clinic uuid, subject text,
    detail jsonb, named uuid[]
) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    who uuid := nullif(current_setting('footing.who', true), '')::uuid;
    actor bigint := nullif(current_setting('footing.actor', true), '')::bigint;
    before text := coalesce(current_setting('footing.whole', true), '');
    caller name := coalesce(nullif(current_setting('role', true), 'none'), session_user);
    is_owner boolean := before = 'on' AND pg_has_role(caller, current_user, 'MEMBER');
    platform uuid := '00000000-0000-0000-0000-000000000000';
    login accounts_user%ROWTYPE;
    app accounts_connectedapp%ROWTYPE;
    chain uuid;
BEGIN
    SELECT * INTO login FROM accounts_user WHERE id = by_user;
    IF by_user IS NULL AND actor IS NULL THEN
        SELECT * INTO app FROM accounts_connectedapp
            WHERE id::text = detail ->> 'app' AND clinic_id = who AND ended_at IS NULL;
    END IF;
    PERFORM set_config('footing.whole', 'on', true);
    -- Signing in and what comes with it is done before anybody is told, or by somebody new. Who holds
    -- a patient's key acts as that patient, a job for people of its clinic.
    IF NOT (is_owner OR by_user IS NULL OR coalesce(by_user = actor, false)
        OR act IN ('signed_in', 'signed_out', 'sign_in.failed', 'sign_in.locked',
            'password.changed', 'factor.added', 'factor.removed')
        OR actor IS NULL AND (coalesce(login.clinic_id = who, false) OR EXISTS (
            SELECT FROM patients_patient WHERE id = who AND user_id = by_user
        ))
    ) THEN
        RAISE EXCEPTION 'an event in the name of somebody else'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF act = 'audit.forgotten' THEN
        RAISE EXCEPTION 'an event that only forgetting writes'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF patient IS NOT NULL THEN
        SELECT clinic_id INTO chain FROM patients_patient WHERE id = patient;
        IF chain IS NULL OR NOT (is_owner OR coalesce(who IN (chain, patient), false)) THEN
            IF act <> 'access.refused' THEN
                RAISE EXCEPTION 'an event about a patient beyond the wall'
                    USING ERRCODE = 'insufficient_privilege';
            END IF;
            -- Of another clinic, or nobody: the asker's clinic learns of the try, and no more.
            subject := patient::text;
            patient := NULL;
            chain := NULL;
        END IF;
    END IF;
    IF chain IS NULL AND account IS NOT NULL THEN
        SELECT coalesce(clinic_id, platform) INTO chain FROM accounts_user WHERE id = account;
    END IF;
    IF chain IS NULL AND clinic IS NOT NULL THEN
        IF NOT (is_owner OR pg_trigger_depth() > 0 OR coalesce(who = clinic, false)) THEN
            RAISE EXCEPTION 'an event of another clinic' USING ERRCODE = 'insufficient_privilege';
        END IF;
        chain := clinic;
    END IF;
    INSERT INTO accounts_auditevent (
        id, at, clinic_id, patient_id, named, actor_id, actor_name, actor_role, action,
        subject_id, detail
    ) VALUES (
        gen_random_uuid(), clock_timestamp(), coalesce(chain, login.clinic_id, platform), patient,
        named, login.uuid,
        CASE
            WHEN login.id IS NOT NULL THEN
                coalesce(nullif(trim(login.first_name || ' ' || login.last_name), ''), login.email)
            WHEN act LIKE 'sign_in.%' THEN 'Somebody'
            WHEN app.id IS NOT NULL THEN app.name
            WHEN is_owner THEN 'A command'
            ELSE 'Footing'
        END,
        CASE
            WHEN login.role <> '' THEN login.role
            WHEN login.id IS NOT NULL THEN 'platform'
            WHEN act LIKE 'sign_in.%' THEN 'stranger'
            WHEN app.id IS NOT NULL THEN 'app'
            ELSE 'system'
        END,
        act, left(subject, 60), detail
    );
    PERFORM set_config('footing.whole', before, true);
END $$;
