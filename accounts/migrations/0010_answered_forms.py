import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Forms that were answered a moment ago: sent twice, they make one thing."""

    dependencies = [
        ('accounts', '0009_alert_times'),
    ]

    operations = [
        migrations.CreateModel(
            name='AnsweredForm',
            fields=[
                ('key', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('digest', models.CharField(max_length=64)),
                ('location', models.TextField()),
                ('answered_at', models.DateTimeField(db_index=True)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
    ]
