import django.db.models.deletion
import uuid
from django.conf import settings
from django.contrib.postgres.operations import TrigramExtension, UnaccentExtension
from django.db import migrations, models

from accounts.row_security import StaffRows


class Migration(migrations.Migration):
    """Patients are found by names that are spelled nearly so; lists are kept under a name."""

    dependencies = [
        ('accounts', '0009_alert_times'),
        ('patients', '0006_answer_mark'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        # Both are trusted extensions: the owner of the database may create them.
        TrigramExtension(),
        UnaccentExtension(),
        migrations.CreateModel(
            name='SavedView',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=40, verbose_name='name of this view')),
                ('query', models.CharField(editable=False, max_length=400)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('clinic', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.clinic')),
                ('user', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='saved_views', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['name', 'created_at'],
                'constraints': [models.UniqueConstraint(fields=('user', 'name'), name='saved_view_name_once', violation_error_message='You have a view of this name.')],
            },
        ),
        StaffRows("SavedView"),
    ]
