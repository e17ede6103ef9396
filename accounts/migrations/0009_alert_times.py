import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """By when alerts are looked at, who looks second, and the morning's mail."""

    dependencies = [
        ('accounts', '0008_caregivers'),
    ]

    operations = [
        migrations.AddField(
            model_name='clinic',
            name='critical_minutes',
            field=models.PositiveSmallIntegerField(default=60, validators=[django.core.validators.MinValueValidator(5), django.core.validators.MaxValueValidator(480)], verbose_name='office minutes for a critical alert'),
        ),
        migrations.AddField(
            model_name='clinic',
            name='digest_hour',
            field=models.PositiveSmallIntegerField(blank=True, default=7, help_text="On the clinic's wall; empty for none.", null=True, validators=[django.core.validators.MaxValueValidator(23)], verbose_name="hour of the morning's summary by mail"),
        ),
        migrations.AddField(
            model_name='clinic',
            name='high_hours',
            field=models.PositiveSmallIntegerField(default=24, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(72)], verbose_name='hours for a high alert'),
        ),
        migrations.AddField(
            model_name='clinic',
            name='low_days',
            field=models.PositiveSmallIntegerField(default=7, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(30)], verbose_name='days for a low alert'),
        ),
        migrations.AddField(
            model_name='clinic',
            name='moderate_days',
            field=models.PositiveSmallIntegerField(default=2, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(7)], verbose_name='days for a moderate alert'),
        ),
        migrations.AddField(
            model_name='clinic',
            name='second_reader',
            field=models.ForeignKey(blank=True, help_text='Gets an alert whose time has passed; a therapist of this clinic.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
    ]
