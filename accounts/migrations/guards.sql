-- Who asks, as settings of the transaction: whose rows are seen (a clinic's id, or a patient's), whose
-- library is read, which of it is written, and which login acts. Whatever tells anew begins with all
-- that is shared: `footing.without` says what is missing for a caregiver.
CREATE FUNCTION footing_tell(
    who uuid, clinic uuid, library text, actor bigint DEFAULT NULL
) RETURNS void
LANGUAGE sql AS $$
    SELECT set_config('footing.who', coalesce(who::text, ''), true),
        set_config('footing.clinic', coalesce(clinic::text, ''), true),
        set_config('footing.library', coalesce(library, ''), true),
        set_config('footing.actor', coalesce(actor::text, ''), true),
        set_config('footing.without', '', true);
$$;

-- Whoever gets another role, clinic or right, or is ended, is logged out everywhere. It only counts
-- on: what a request has read before can't take another's step back.
CREATE FUNCTION accounts_user_sessions_end() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    NEW.session_epoch := greatest(OLD.session_epoch, NEW.session_epoch) + CASE WHEN
        (NEW.is_active, NEW.role, NEW.clinic_id, NEW.is_superuser, NEW.is_staff) IS DISTINCT FROM
        (OLD.is_active, OLD.role, OLD.clinic_id, OLD.is_superuser, OLD.is_staff)
    THEN 1 ELSE 0 END;
    RETURN NEW;
END $$;
CREATE TRIGGER accounts_user_sessions_end BEFORE UPDATE ON accounts_user
    FOR EACH ROW EXECUTE FUNCTION accounts_user_sessions_end();

-- Each event is a link of its clinic's chain. A chain's lock is taken as the transaction commits and
-- not when something is done: nobody waits for a request of somebody else, and none for each other.
-- `accounts.audit_chain` computes the same.
CREATE FUNCTION accounts_audit_seal() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    before record;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('accounts_audit ' || NEW.clinic_id, 0));
    SELECT number, digest INTO before FROM accounts_auditlink
        WHERE chain = NEW.clinic_id ORDER BY number DESC LIMIT 1;
    INSERT INTO accounts_auditlink (event, chain, number, digest) VALUES (
        NEW.id, NEW.clinic_id, coalesce(before.number, 0) + 1,
        sha256(coalesce(before.digest, '') || convert_to(jsonb_build_array(
    NEW.id, NEW.at AT TIME ZONE 'UTC', NEW.clinic_id, NEW.patient_id, NEW.named,
    NEW.actor_id, NEW.actor_name, NEW.actor_role, NEW.action, NEW.subject_id, NEW.detail
)::text, 'UTF8'))
    );
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER accounts_audit_sealed AFTER INSERT ON accounts_auditevent
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION accounts_audit_seal();

-- What is written stays, but for what is older than it has to be kept.
CREATE FUNCTION accounts_audit_append_only() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND current_setting('footing.forgetting', true) = 'on' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'the audit trail is append-only' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER accounts_audit_append_only BEFORE UPDATE OR DELETE ON accounts_auditevent
    FOR EACH ROW EXECUTE FUNCTION accounts_audit_append_only();
CREATE TRIGGER accounts_audit_append_only BEFORE UPDATE OR DELETE ON accounts_auditlink
    FOR EACH ROW EXECUTE FUNCTION accounts_audit_append_only();

-- The only way into the trail: it sets time, name and role, and refuses events in another's name or
-- about those whom the asker does not see.
CREATE FUNCTION footing_append(
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
    chain uuid;
BEGIN
    SELECT * INTO login FROM accounts_user WHERE id = by_user;
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
            WHEN is_owner THEN 'A command'
            ELSE 'Footing'
        END,
        CASE
            WHEN login.role <> '' THEN login.role
            WHEN login.id IS NOT NULL THEN 'platform'
            WHEN act LIKE 'sign_in.%' THEN 'stranger'
            ELSE 'system'
        END,
        act, left(subject, 60), detail
    );
    PERFORM set_config('footing.whole', before, true);
END $$;

-- Of patients and who helps them: that the address or the name changed, and not what to.
CREATE FUNCTION accounts_user_audited() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    actor bigint := nullif(current_setting('footing.actor', true), '')::bigint;
    is_private boolean := NEW.role IN ('patient', 'caregiver');
    changed jsonb := '{}';
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM footing_append('account.added', actor, NULL, NEW.id, NULL, NEW.uuid::text,
            jsonb_build_object('role', NEW.role, 'is_superuser', NEW.is_superuser), '{}');
        RETURN NULL;
    END IF;
    SELECT jsonb_object_agg(now_.key, jsonb_build_array(before.value, now_.value)) INTO changed
    FROM jsonb_each(to_jsonb(NEW)) now_ JOIN jsonb_each(to_jsonb(OLD)) before USING (key)
    WHERE now_.value IS DISTINCT FROM before.value AND (
        now_.key IN ('role', 'clinic_id', 'is_active', 'is_superuser', 'is_staff')
        OR now_.key IN ('email', 'first_name', 'last_name', 'credentials') AND NOT is_private
    );
    changed := coalesce(changed, '{}');
    IF is_private AND NEW.email <> OLD.email THEN
        changed := changed || '{"email": null}';
    END IF;
    IF changed <> '{}' THEN
        PERFORM footing_append('account.changed', actor, NULL, NEW.id, NULL, NEW.uuid::text,
            jsonb_build_object('changed', changed), '{}');
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER accounts_user_audited AFTER INSERT OR UPDATE ON accounts_user
    FOR EACH ROW EXECUTE FUNCTION accounts_user_audited();

-- Settings of a clinic, before and after.
CREATE FUNCTION accounts_clinic_audited() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    actor bigint := nullif(current_setting('footing.actor', true), '')::bigint;
    changed jsonb;
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM footing_append('clinic.added', actor, NULL, NULL, NEW.id, NEW.id::text, '{}', '{}');
        RETURN NULL;
    END IF;
    SELECT jsonb_object_agg(now_.key, jsonb_build_array(before.value, now_.value)) INTO changed
    FROM jsonb_each(to_jsonb(NEW)) now_ JOIN jsonb_each(to_jsonb(OLD)) before USING (key)
    WHERE now_.value IS DISTINCT FROM before.value;
    IF changed IS NOT NULL THEN
        PERFORM footing_append('clinic.changed', actor, NULL, NULL, NEW.id, NEW.id::text,
            jsonb_build_object('changed', changed), '{}');
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER accounts_clinic_audited AFTER INSERT OR UPDATE ON accounts_clinic
    FOR EACH ROW EXECUTE FUNCTION accounts_clinic_audited();

-- Events past their years go, from each chain's beginning; what stays says so.
CREATE FUNCTION footing_forget_audit(years integer) RETURNS bigint
LANGUAGE plpgsql STRICT SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    before text := coalesce(current_setting('footing.whole', true), '');
    since timestamptz := now() - make_interval(years => years);
    one record;
    last_gone record;
    gone bigint := 0;
BEGIN
    IF since > now() - interval '6 years' THEN
        RAISE EXCEPTION 'the audit trail is kept for six years at least'
            USING ERRCODE = 'restrict_violation';
    END IF;
    PERFORM set_config('footing.whole', 'on', true);
    PERFORM set_config('footing.forgetting', 'on', true);
    FOR one IN SELECT chain, max(number) AS last FROM accounts_auditlink GROUP BY chain LOOP
        SELECT link.number, link.digest, event.at INTO last_gone FROM accounts_auditlink link
            JOIN accounts_auditevent event ON event.id = link.event
        WHERE link.chain = one.chain AND link.number < least(one.last, (
            SELECT min(link.number) FROM accounts_auditlink link
                JOIN accounts_auditevent event ON event.id = link.event
            WHERE link.chain = one.chain AND event.at >= since
        )) ORDER BY link.number DESC LIMIT 1;
        CONTINUE WHEN last_gone IS NULL;
        DELETE FROM accounts_auditevent WHERE id IN (
            SELECT event FROM accounts_auditlink
            WHERE chain = one.chain AND number <= last_gone.number
        );
        DELETE FROM accounts_auditlink WHERE chain = one.chain AND number <= last_gone.number;
        INSERT INTO accounts_auditevent (
            id, at, clinic_id, named, actor_name, actor_role, action, subject_id, detail
        ) VALUES (
            gen_random_uuid(), clock_timestamp(), one.chain, '{}', 'Footing', 'system',
            'audit.forgotten', '', jsonb_build_object(
                'through', last_gone.number, 'digest', encode(last_gone.digest, 'hex'),
                'at', last_gone.at
            )
        );
        gone := gone + 1;
    END LOOP;
    PERFORM set_config('footing.forgetting', '', true);
    PERFORM set_config('footing.whole', before, true);
    RETURN gone;
END $$;
-- The worker's alone, which is given it after each migration (config.roles).
REVOKE ALL ON FUNCTION footing_forget_audit(integer) FROM PUBLIC;
