import accounts.addresses
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

from accounts.row_security import Key, PatientRows, StaffRows

# A caregiver sees one patient at a time, and of messages what is shared: `footing.without` says what
# is missing. Whatever tells anew who asks begins without it.
IDENTIFY = """
CREATE OR REPLACE FUNCTION footing_tell(who uuid, clinic uuid, library text, actor bigint DEFAULT NULL)
RETURNS void LANGUAGE sql AS $$
    SELECT set_config('footing.who', coalesce(who::text, ''), true),
        set_config('footing.clinic', coalesce(clinic::text, ''), true),
        set_config('footing.library', coalesce(library, ''), true),
        set_config('footing.actor', coalesce(actor::text, ''), true)%(without)s;
$$;
DROP FUNCTION footing_identify(%(before)s);
CREATE FUNCTION footing_identify(%(now)s) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    login accounts_user%%ROWTYPE;
    before text := coalesce(current_setting('footing.whole', true), '');
    who uuid;
    library text;
    without text := '';
BEGIN
    SELECT * INTO login FROM accounts_user WHERE id = asker AND is_active;
    IF login.role = 'patient' THEN
        PERFORM set_config('footing.whole', 'on', true);
        SELECT id INTO who FROM patients_patient WHERE user_id = login.id;
        PERFORM set_config('footing.whole', before, true);%(caregiver)s
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
"""
CAREGIVER = """
    ELSIF login.role = 'caregiver' THEN
        PERFORM set_config('footing.whole', 'on', true);
        SELECT patient_id, CASE WHEN reads_messages THEN 'writing' ELSE 'messages' END
            INTO who, without
        FROM patients_caregiver
        WHERE user_id = login.id AND accepted_at IS NOT NULL AND ended_at IS NULL
            AND (cared_for IS NULL OR patient_id = cared_for)
        ORDER BY accepted_at LIMIT 1;
        PERFORM set_config('footing.whole', before, true);
        without := coalesce(without, 'messages');"""
WITH_CAREGIVERS = {
    "without": ",\n        set_config('footing.without', '', true)",
    "before": "bigint",
    "now": "asker bigint, cared_for uuid DEFAULT NULL",
    "caregiver": CAREGIVER,
}
WITHOUT_CAREGIVERS = {
    "without": "", "before": "bigint, uuid", "now": "asker bigint", "caregiver": "",
}  # fmt: skip

# Whom a caregiver may choose from: of the others, the wall shows nothing meanwhile.
CARED_FOR = """
CREATE FUNCTION footing_cared_for(asker bigint) RETURNS TABLE (patient uuid, name text)
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
"""
SHARED = """
CREATE POLICY shared ON patients_message AS RESTRICTIVE FOR SELECT
    USING ((SELECT coalesce(current_setting('footing.without', true), '')) <> 'messages');
CREATE POLICY written_by_both ON patients_message AS RESTRICTIVE FOR INSERT
    WITH CHECK ((SELECT coalesce(current_setting('footing.without', true), '')) = '');
CREATE POLICY shared ON patients_threadmark AS RESTRICTIVE
    USING ((SELECT coalesce(current_setting('footing.without', true), '')) <> 'messages');
"""
SHARED_NOT = """
DROP POLICY shared ON patients_threadmark;
DROP POLICY written_by_both ON patients_message;
DROP POLICY shared ON patients_message;
"""
# Of who helps, as of patients: that the address or the name changed, and not what to.
NOTICE = """
CREATE OR REPLACE FUNCTION accounts_user_audited() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    actor bigint := nullif(current_setting('footing.actor', true), '')::bigint;
    is_private boolean := NEW.role IN ({0});
    changed jsonb := '{{}}';
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM footing_append('account.added', actor, NULL, NEW.id, NULL, NEW.uuid::text,
            jsonb_build_object('role', NEW.role, 'is_superuser', NEW.is_superuser), '{{}}');
        RETURN NULL;
    END IF;
    SELECT jsonb_object_agg(now_.key, jsonb_build_array(before.value, now_.value)) INTO changed
    FROM jsonb_each(to_jsonb(NEW)) now_ JOIN jsonb_each(to_jsonb(OLD)) before USING (key)
    WHERE now_.value IS DISTINCT FROM before.value AND (
        now_.key IN ('role', 'clinic_id', 'is_active', 'is_superuser', 'is_staff')
        OR now_.key IN ('email', 'first_name', 'last_name', 'credentials') AND NOT is_private
    );
    changed := coalesce(changed, '{{}}');
    IF is_private AND NEW.email <> OLD.email THEN
        changed := changed || '{{"email": null}}';
    END IF;
    IF changed <> '{{}}' THEN
        PERFORM footing_append('account.changed', actor, NULL, NEW.id, NULL, NEW.uuid::text,
            jsonb_build_object('changed', changed), '{{}}');
    END IF;
    RETURN NULL;
END $$;
"""

# Whoever accepted before it was written down by whom: the patient, in the newest row of a version.
ACCEPTED_BY = """
DO $$
DECLARE
    before text := coalesce(current_setting('footing.whole', true), '');
BEGIN
    PERFORM set_config('footing.whole', 'on', true);
    UPDATE patients_privacyacceptance one SET accepted_by_id = patient.user_id
    FROM patients_patient patient
    WHERE patient.id = one.patient_id AND NOT EXISTS (
        SELECT FROM patients_privacyacceptance newer WHERE newer.patient_id = one.patient_id
            AND newer.version = one.version AND newer.accepted_at > one.accepted_at
    );
    PERFORM set_config('footing.whole', before, true);
END $$;
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
"""

# Rows that are otherwise for good go with the person who is erased, by one function of the owner.
ERASE = """
CREATE FUNCTION footing_is_erasing(patient uuid) RETURNS boolean LANGUAGE sql STABLE
SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT coalesce(current_setting('footing.erasing', true), '') = patient::text
        AND current_user = (
            SELECT tableowner FROM pg_tables
            WHERE schemaname = 'public' AND tablename = 'patients_patient'
        );
$$;
CREATE OR REPLACE FUNCTION patients_message_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND footing_is_erasing(OLD.patient_id) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'messages are appended, not edited' USING ERRCODE = 'restrict_violation';
END $$;
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
"""
ERASE_NOT = """
DROP FUNCTION footing_erase_patient(uuid);
CREATE OR REPLACE FUNCTION patients_message_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'messages are appended, not edited' USING ERRCODE = 'restrict_violation';
END $$;
DROP FUNCTION footing_is_erasing(uuid);
"""


class Migration(migrations.Migration):
    """Who helps a patient, what was accepted by whom, and how a person is erased."""

    dependencies = [
        ('accounts', '0008_caregivers'),
        ('patients', '0004_the_trail_has_moved'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Caregiver',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=80)),
                ('email', accounts.addresses.AddressField(max_length=254)),
                ('does_sessions', models.BooleanField(default=False)),
                ('reads_messages', models.BooleanField(default=False)),
                ('invited_at', models.DateTimeField(auto_now_add=True)),
                ('expires_at', models.DateTimeField()),
                ('accepted_at', models.DateTimeField(editable=False, null=True)),
                ('ended_at', models.DateTimeField(editable=False, null=True)),
            ],
            options={
                'ordering': ['invited_at'],
            },
        ),
        migrations.CreateModel(
            name='SealedRecord',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('who', models.CharField(editable=False, max_length=64)),
                ('content', models.BinaryField()),
                ('sealed_at', models.DateTimeField(auto_now_add=True)),
                ('kept_until', models.DateField(help_text='The last day on which it can be opened.')),
            ],
            options={
                'ordering': ['kept_until'],
            },
        ),
        migrations.AddField(
            model_name='patient',
            name='erasure_asked_at',
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='privacyacceptance',
            name='accepted_by',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.RunSQL(ACCEPTED_BY, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name='privacyacceptance',
            constraint=models.UniqueConstraint(fields=('patient', 'version', 'accepted_by'), name='privacy_accepted_once'),
        ),
        migrations.AddField(
            model_name='caregiver',
            name='clinic',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clinic'),
        ),
        migrations.AddField(
            model_name='caregiver',
            name='ended_by',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='caregiver',
            name='patient',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='patients.patient'),
        ),
        migrations.AddField(
            model_name='caregiver',
            name='user',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='cares_for', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='sealedrecord',
            name='clinic',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clinic'),
        ),
        migrations.AddField(
            model_name='sealedrecord',
            name='sealed_by',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddIndex(
            model_name='caregiver',
            index=models.Index(condition=models.Q(('ended_at', None)), fields=['user'], name='caregiver_now'),
        ),
        migrations.AddConstraint(
            model_name='caregiver',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('patient', 'email'), name='caregiver_once', violation_error_message='This address is on your list already.'),
        ),
        migrations.AddConstraint(
            model_name='caregiver',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('accepted_at', None), ('user', None)), models.Q(('accepted_at__isnull', False), ('user__isnull', False)), _connector='OR'), name='caregiver_accepted_whole'),
        ),
        migrations.AddConstraint(
            model_name='caregiver',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('ended_by', None)), models.Q(('ended_at__isnull', False), ('ended_by__isnull', False)), _connector='OR'), name='caregiver_ended_whole'),
        ),
        migrations.AddIndex(
            model_name='sealedrecord',
            index=models.Index(fields=['clinic', 'who'], name='sealed_record_who'),
        ),
        PatientRows("Caregiver"),
        StaffRows("SealedRecord"),
        Key("Caregiver", "id", "uuid"),
        migrations.RunSQL(IDENTIFY % WITH_CAREGIVERS, IDENTIFY % WITHOUT_CAREGIVERS),
        migrations.RunSQL(CARED_FOR, "DROP FUNCTION footing_cared_for(bigint)"),
        migrations.RunSQL(SHARED, SHARED_NOT),
        migrations.RunSQL(
            NOTICE.format("'patient', 'caregiver'"), NOTICE.format("'patient'")
        ),
        migrations.RunSQL(ERASE, ERASE_NOT),
    ]
