from pathlib import Path

from django.db import migrations

from accounts.migrations import BEFORE_VERSION_1
from accounts.row_security import Trail


class Migration(migrations.Migration):
    """What guards logins and the audit trail."""

    replaces = BEFORE_VERSION_1
    dependencies = [
        ("accounts", "0001_version_1"),
    ]

    operations = [
        Trail("AuditEvent"),
        migrations.RunSQL(Path(__file__).with_name("guards.sql").read_text()),
    ]
