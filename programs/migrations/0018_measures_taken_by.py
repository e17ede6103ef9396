import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Who took a measure in the clinic."""

    dependencies = [
        ('accounts', '0009_alert_times'),
        ('patients', '0006_answer_mark'),
        ('programs', '0017_merging'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='checkin',
            name='taken_by',
            field=models.ForeignKey(editable=False, help_text='The therapist who measured; not known of older records.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='checkin',
            constraint=models.CheckConstraint(condition=models.Q(('form', None), ('taken_by', None), _connector='OR'), name='check_in_form_is_the_patients'),
        ),
    ]
