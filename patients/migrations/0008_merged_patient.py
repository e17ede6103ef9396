import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

from accounts.row_security import PatientRows


class Migration(migrations.Migration):
    """What became of a record that was made twice."""

    dependencies = [
        ('accounts', '0010_answered_forms'),
        ('patients', '0007_finding_patients'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='MergedPatient',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('merged_id', models.UUIDField(editable=False, unique=True)),
                ('details', models.JSONField(editable=False)),
                ('merged_at', models.DateTimeField(auto_now_add=True)),
                ('clinic', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clinic')),
                ('merged_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('patient', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='patients.patient')),
            ],
            options={
                'ordering': ['merged_at'],
            },
        ),
        PatientRows("MergedPatient"),
    ]
