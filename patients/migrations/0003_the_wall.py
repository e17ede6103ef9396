from django.db import migrations

from accounts.row_security import PatientRows, Patients, StaffRows, Trail

# Who asks, as three settings of the transaction. What these functions read, the asker can't see
# yet; they run as the owner of the tables, and give back what the session had said before.
IDENTIFY = """
CREATE FUNCTION footing_tell(clinic uuid, patient uuid, library text) RETURNS void
LANGUAGE sql AS $$
    SELECT set_config('footing.clinic', coalesce(clinic::text, ''), true),
        set_config('footing.patient', coalesce(patient::text, ''), true),
        set_config('footing.library', coalesce(library, ''), true);
$$;

CREATE FUNCTION footing_identify(asker bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    who accounts_user%ROWTYPE;
    before text := coalesce(current_setting('footing.whole', true), '');
    nobody CONSTANT uuid := '00000000-0000-0000-0000-000000000000';
    one uuid;
    library text;
BEGIN
    SELECT * INTO who FROM accounts_user WHERE id = asker AND is_active;
    IF who.role = 'patient' THEN
        PERFORM set_config('footing.whole', 'on', true);
        SELECT id INTO one FROM patients_patient WHERE user_id = who.id;
        PERFORM set_config('footing.whole', before, true);
        one := coalesce(one, nobody);
    ELSIF who.role NOT IN ('therapist', 'clinic_admin') THEN
        one := nobody;
    END IF;
    IF who.is_superuser OR who.role IN ('therapist', 'editor') THEN
        -- While there is one clinic only, what is the platform's is that clinic's.
        library := CASE WHEN who.clinic_id IS NULL OR NOT EXISTS (
            SELECT FROM accounts_clinic WHERE id <> who.clinic_id
        ) THEN 'all' ELSE 'own' END;
    END IF;
    PERFORM footing_tell(who.clinic_id, one, library);
END $$;

CREATE FUNCTION footing_identify_by_invitation(key text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    found patients_invitation%ROWTYPE;
    before text := coalesce(current_setting('footing.whole', true), '');
BEGIN
    PERFORM set_config('footing.whole', 'on', true);
    SELECT * INTO found FROM patients_invitation WHERE id::text = key OR code_digest = key;
    PERFORM set_config('footing.whole', before, true);
    PERFORM footing_tell(found.clinic_id, found.patient_id, '');
END $$;
"""
FORGET = """
DROP FUNCTION footing_identify_by_invitation(text);
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
    ]
