import uuid

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.db import migrations, models

from accounts.audit_chain import SEALED
from accounts.row_security import PLATFORM

# The trail was of patients only. Now sign-ins, accounts, settings and what was refused are in it.
MOVE = """
DROP TRIGGER patients_audit_append_only ON patients_auditevent;
DROP FUNCTION patients_audit_append_only();
ALTER TABLE patients_auditevent RENAME TO accounts_auditevent;
ALTER INDEX patients_auditevent_pkey RENAME TO accounts_auditevent_pkey;
ALTER INDEX patients_au_clinic__d120e5_idx RENAME TO audit_by_patient;
ALTER TABLE accounts_auditevent
    ADD COLUMN named uuid[] NOT NULL DEFAULT '{}',
    ALTER COLUMN patient_id DROP NOT NULL,
    ALTER COLUMN actor_id DROP NOT NULL,
    ALTER COLUMN actor_name TYPE varchar(310);
ALTER TABLE accounts_auditevent ALTER COLUMN named DROP DEFAULT;
CREATE INDEX audit_by_time ON accounts_auditevent (clinic_id, at DESC);
CREATE INDEX audit_by_named ON accounts_auditevent USING gin (named);
"""
MOVE_BACK = """
DROP INDEX audit_by_named;
DROP INDEX audit_by_time;
DELETE FROM accounts_auditevent WHERE patient_id IS NULL OR actor_id IS NULL;
ALTER TABLE accounts_auditevent
    DROP COLUMN named,
    ALTER COLUMN patient_id SET NOT NULL,
    ALTER COLUMN actor_id SET NOT NULL,
    ALTER COLUMN actor_name TYPE varchar(200) USING left(actor_name, 200);
ALTER INDEX audit_by_patient RENAME TO patients_au_clinic__d120e5_idx;
ALTER INDEX accounts_auditevent_pkey RENAME TO patients_auditevent_pkey;
ALTER TABLE accounts_auditevent RENAME TO patients_auditevent;
CREATE FUNCTION patients_audit_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'audit events are append-only' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER patients_audit_append_only
    BEFORE UPDATE OR DELETE ON patients_auditevent
    FOR EACH ROW EXECUTE FUNCTION patients_audit_append_only();
"""

# A chain's lock is taken as the transaction commits and not when something is done: nobody waits
# for a request of somebody else, and none for each other.
SEAL = f"""
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
        sha256(coalesce(before.digest, '') || convert_to({SEALED.format(row="NEW")}, 'UTF8'))
    );
    RETURN NULL;
END $$;
DO $$
DECLARE
    event accounts_auditevent%ROWTYPE;
    last_chain uuid;
    last_number bigint;
    last_digest bytea;
BEGIN
    PERFORM set_config('footing.whole', 'on', true);
    FOR event IN SELECT * FROM accounts_auditevent ORDER BY clinic_id, at, id LOOP
        IF event.clinic_id IS DISTINCT FROM last_chain THEN
            last_chain := event.clinic_id; last_number := 0; last_digest := '';
        END IF;
        last_number := last_number + 1;
        last_digest := sha256(last_digest || convert_to({SEALED.format(row="event")}, 'UTF8'));
        INSERT INTO accounts_auditlink (event, chain, number, digest)
            VALUES (event.id, last_chain, last_number, last_digest);
    END LOOP;
END $$;
CREATE CONSTRAINT TRIGGER accounts_audit_sealed AFTER INSERT ON accounts_auditevent
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION accounts_audit_seal();

CREATE FUNCTION accounts_audit_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
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
"""
UNSEAL = """
DROP TRIGGER accounts_audit_append_only ON accounts_auditlink;
DROP TRIGGER accounts_audit_append_only ON accounts_auditevent;
DROP FUNCTION accounts_audit_append_only();
DROP TRIGGER accounts_audit_sealed ON accounts_auditevent;
DROP FUNCTION accounts_audit_seal();
"""

# Beside whose rows are seen, a transaction knows which login acts: triggers write it down.
IDENTIFY = """
CREATE OR REPLACE FUNCTION footing_identify(asker bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    login accounts_user%%ROWTYPE;
    before text := coalesce(current_setting('footing.whole', true), '');
    who uuid;
    library text;
BEGIN
    SELECT * INTO login FROM accounts_user WHERE id = asker AND is_active;
    IF login.role = 'patient' THEN
        PERFORM set_config('footing.whole', 'on', true);
        SELECT id INTO who FROM patients_patient WHERE user_id = login.id;
        PERFORM set_config('footing.whole', before, true);
    ELSIF login.role IN ('therapist', 'clinic_admin') THEN
        who := login.clinic_id;%(platform)s
    END IF;
    IF login.is_superuser OR login.role IN ('therapist', 'editor') THEN
        -- While there is one clinic only, what is the platform's is that clinic's.
        library := CASE WHEN login.clinic_id IS NULL OR NOT EXISTS (
            SELECT FROM accounts_clinic WHERE id <> login.clinic_id
        ) THEN 'all' ELSE 'own' END;
    END IF;
    PERFORM footing_tell(who, login.clinic_id, library%(actor)s);
END $$;
"""
TELL = """
CREATE FUNCTION footing_tell(who uuid, clinic uuid, library text%s) RETURNS void
LANGUAGE sql AS $$
    SELECT set_config('footing.who', coalesce(who::text, ''), true),
        set_config('footing.clinic', coalesce(clinic::text, ''), true),
        set_config('footing.library', coalesce(library, ''), true)%s;
$$;
"""
# No clinic's and no patient's: the platform's part of the audit trail.
AS_PLATFORM = f"""
    ELSIF login.is_superuser AND login.clinic_id IS NULL THEN
        who := '{PLATFORM}';"""
ACTOR = ",\n        set_config('footing.actor', coalesce(actor::text, ''), true)"
TELL_ACTOR = (
    "DROP FUNCTION footing_tell(uuid, uuid, text);"
    + TELL % (", actor bigint DEFAULT NULL", ACTOR)
    + IDENTIFY % {"platform": AS_PLATFORM, "actor": ", login.id"}
)
TELL_NO_ACTOR = (
    "DROP FUNCTION footing_tell(uuid, uuid, text, bigint);"
    + TELL % ("", "")
    + IDENTIFY % {"platform": "", "actor": ""}
)

# The one way in. It runs as the owner, and asks who the caller really is: `footing.whole` counts
# from those only who are the owner. A trigger of ours may name any clinic.
APPEND = """
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
"""
APPEND_NOT = """
DROP FUNCTION footing_append(text, bigint, uuid, bigint, uuid, text, jsonb, uuid[]);
"""

# Accounts and settings, however they are changed. Of a patient's address only that it changed.
NOTICE = """
CREATE FUNCTION accounts_user_audited() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    actor bigint := nullif(current_setting('footing.actor', true), '')::bigint;
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
        OR now_.key IN ('email', 'first_name', 'last_name', 'credentials') AND NEW.role <> 'patient'
    );
    changed := coalesce(changed, '{}');
    IF NEW.role = 'patient' AND NEW.email <> OLD.email THEN
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

CREATE FUNCTION accounts_clinic_audited() RETURNS trigger LANGUAGE plpgsql AS $$
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
"""
NOTICE_NOT = """
DROP TRIGGER accounts_clinic_audited ON accounts_clinic;
DROP FUNCTION accounts_clinic_audited();
DROP TRIGGER accounts_user_audited ON accounts_user;
DROP FUNCTION accounts_user_audited();
"""

# The only way out. HIPAA has such records kept for six years (45 CFR 164.316(b)(2)(i)): whoever
# calls it can't ask for less. What is gone is named by its last link, in the chain itself.
FORGET = """
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
"""


class Migration(migrations.Migration):
    """The trail of audit: moved to the ground floor, sealed, and with one way in and out."""

    dependencies = [
        ("accounts", "0005_sessions_end_with_the_role"),
        ("patients", "0003_the_wall"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(MOVE, MOVE_BACK)],
            state_operations=[
                migrations.CreateModel(
                    name="AuditEvent",
                    fields=[
                        ("id", models.UUIDField(
                            default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                        )),
                        ("at", models.DateTimeField(auto_now_add=True)),
                        ("clinic_id", models.UUIDField(
                            help_text="Whose chain it is in; PLATFORM for no clinic's."
                        )),
                        ("patient_id", models.UUIDField(null=True)),
                        ("named", django.contrib.postgres.fields.ArrayField(
                            base_field=models.UUIDField(), default=list,
                            help_text="The patients of a list.", size=None,
                        )),
                        ("actor_id", models.UUIDField(
                            help_text="The user's uuid; none without a login.", null=True
                        )),
                        ("actor_name", models.CharField(max_length=310)),
                        ("actor_role", models.CharField(max_length=20)),
                        ("action", models.CharField(
                            help_text="A value of Action.", max_length=60
                        )),
                        ("subject_id", models.CharField(blank=True, max_length=60)),
                        ("detail", models.JSONField(default=dict)),
                    ],
                    options={
                        "ordering": ["-at"],
                        "indexes": [
                            models.Index(
                                fields=["clinic_id", "patient_id", "-at"], name="audit_by_patient"
                            ),
                            models.Index(fields=["clinic_id", "-at"], name="audit_by_time"),
                            django.contrib.postgres.indexes.GinIndex(
                                fields=["named"], name="audit_by_named"
                            ),
                        ],
                    },
                ),
            ],
        ),
        migrations.CreateModel(
            name="AuditLink",
            fields=[
                ("event", models.UUIDField(primary_key=True, serialize=False)),
                ("chain", models.UUIDField(help_text="The event's clinic.")),
                ("number", models.BigIntegerField(help_text="From 1, without a gap.")),
                ("digest", models.BinaryField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("chain", "number"), name="audit_link_number")
                ],
            },
        ),
        migrations.RunSQL(SEAL, UNSEAL),
        migrations.RunSQL(TELL_ACTOR, TELL_NO_ACTOR),
        migrations.RunSQL(APPEND, APPEND_NOT),
        migrations.RunSQL(NOTICE, NOTICE_NOT),
        migrations.RunSQL(FORGET, "DROP FUNCTION footing_forget_audit(integer)"),
    ]
