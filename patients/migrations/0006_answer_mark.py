import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

from accounts.row_security import PatientRows


class Migration(migrations.Migration):
    """What the care team says needs no answer."""

    dependencies = [
        ('accounts', '0009_alert_times'),
        ('patients', '0005_life_of_data'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AnswerMark',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('up_to', models.PositiveIntegerField()),
                ('marked_at', models.DateTimeField()),
                ('clinic', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clinic')),
                ('marked_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('patient', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='patients.patient')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('patient',), name='answer_mark_one')],
            },
        ),
        PatientRows("AnswerMark"),
    ]
