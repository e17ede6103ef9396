from pathlib import Path

from django.db import migrations

from accounts.row_security import Key, PatientRows, Patients, StaffRows
from patients.migrations import BEFORE_VERSION_1


class Migration(migrations.Migration):
    """The wall around patients, and what guards their rows (decision 24)."""

    replaces = BEFORE_VERSION_1
    dependencies = [
        ("patients", "0001_version_1"),
        ("accounts", "0002_guards"),
    ]

    operations = [
        Patients("Patient"),
        PatientRows("AnswerMark"),
        PatientRows("CareTeamMember"),
        PatientRows("Caregiver"),
        PatientRows("Episode"),
        PatientRows("Invitation"),
        PatientRows("MergedPatient"),
        PatientRows("Message"),
        PatientRows("PrivacyAcceptance"),
        PatientRows("ProposedFinding"),
        PatientRows("RedFlagScreen"),
        PatientRows("ThreadMark"),
        StaffRows("CannedAnswer"),
        StaffRows("Cover"),
        StaffRows("SavedView"),
        StaffRows("SealedRecord"),
        migrations.RunSQL(Path(__file__).with_name("guards.sql").read_text()),
        Key("Invitation", "id", "uuid"),
        Key("Invitation", "code_digest", "text"),
        Key("Caregiver", "id", "uuid"),
    ]
