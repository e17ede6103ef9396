from django.db import migrations


class Migration(migrations.Migration):
    """The table has its new name already."""

    dependencies = [
        ("patients", "0003_the_wall"),
        ("accounts", "0006_the_trail"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.DeleteModel(name="AuditEvent")],
        ),
    ]
