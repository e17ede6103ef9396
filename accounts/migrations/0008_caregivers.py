import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    """A login for who helps a patient, and how long records are kept."""

    dependencies = [
        ('accounts', '0007_who_keeps_the_site'),
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='user',
            name='patient_is_never_staff',
        ),
        migrations.AddField(
            model_name='clinic',
            name='record_years',
            field=models.PositiveSmallIntegerField(default=10, help_text='What the law where the clinic is asks for; docs/privacy.md names some.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(50)], verbose_name='years a record is kept after the last care'),
        ),
        migrations.AlterField(
            model_name='user',
            name='role',
            field=models.CharField(blank=True, choices=[('therapist', 'Therapist'), ('clinic_admin', 'Clinic administrator'), ('editor', 'Editor'), ('patient', 'Patient'), ('caregiver', 'Caregiver')], max_length=20),
        ),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('role__in', ['caregiver', 'patient']), _negated=True), models.Q(('is_staff', False), ('is_superuser', False)), _connector='OR'), name='patient_is_never_staff', violation_error_message="A patient can't be given staff rights."),
        ),
    ]
