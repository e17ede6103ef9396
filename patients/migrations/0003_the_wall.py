from django.db import migrations

from accounts.row_security import Key, PatientRows, Patients, StaffRows, Trail

# Who asks, as three settings of the transaction: whose rows are seen (a clinic's id, or a
# patient's), whose library is read, and which of it is written. What the functions read, the asker
# can't see yet; they run as the owner of the tables, and give back what the session had said.
IDENTIFY = """
CREATE FUNCTION footing_tell(who uuid, clinic uuid, library text) RETURNS void
LANGUAGE sql AS $$
    SELECT set_config('footing.who', coalesce(who::text, ''), true),
        set_config('footing.clinic', coalesce(clinic::text, ''), true),
        set_config('footing.library', coalesce(library, ''), true);
$$;

CREATE FUNCTION footing_identify(asker bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    login accounts_user%ROWTYPE;
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
        who := login.clinic_id;
    END IF;
    IF login.is_superuser OR login.role IN ('therapist', 'editor') THEN
        -- While there is one clinic only, what is the platform's is that clinic's.
        library := CASE WHEN login.clinic_id IS NULL OR NOT EXISTS (
            SELECT FROM accounts_clinic WHERE id <> login.clinic_id
        ) THEN 'all' ELSE 'own' END;
    END IF;
    PERFORM footing_tell(who, login.clinic_id, library);
END $$;
"""
FORGET = """
DROP FUNCTION footing_identify(bigint);
DROP FUNCTION footing_tell(uuid, uuid, text);
"""


class Migration(migrations.Migration):
    """The wall around patients' rows; see docs/decisions/0024."""

    dependencies = [
        ("accounts", "0004_clinic_settings"),
        ("patients", "0002_findings"),
    ]

    operations = [
        migrations.RunSQL(IDENTIFY, FORGET),
        Patients("Patient"),
        Trail("AuditEvent"),
        PatientRows("CareTeamMember"),
        PatientRows("Episode"),
        PatientRows("Invitation"),
        PatientRows("Message"),
        PatientRows("PrivacyAcceptance"),
        PatientRows("ProposedFinding"),
        PatientRows("RedFlagScreen"),
        PatientRows("ThreadMark"),
        StaffRows("CannedAnswer"),
        Key("Invitation", "id", "uuid"),
        Key("Invitation", "code_digest", "text"),
    ]
