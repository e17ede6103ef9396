import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models

from accounts.row_security import PatientRows

# Neither a note nor a letter is ever edited; they give way to erasing a person (programs.0015).
APPEND_ONLY = """
CREATE TRIGGER programs_{0}_append_only
    BEFORE UPDATE OR DELETE ON programs_{0}
    FOR EACH ROW EXECUTE FUNCTION programs_append_only();
"""
BACK = "DROP TRIGGER programs_{0}_append_only ON programs_{0}"


class Migration(migrations.Migration):
    """Notes in versions, and letters that are frozen when they are made."""

    dependencies = [
        ('accounts', '0010_answered_forms'),
        ('patients', '0009_cover'),
        ('programs', '0019_monitoring'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ClinicalNote',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('initial', 'Initial note'), ('progress', 'Progress note'), ('discharge', 'Discharge note')], max_length=10, verbose_name='kind of note')),
                ('language', models.CharField(choices=[('en', 'English'), ('es', 'Spanish')], default='en', max_length=5)),
                ('version', models.PositiveSmallIntegerField(default=1, editable=False, validators=[django.core.validators.MinValueValidator(1)], verbose_name='version of the note')),
                ('first', models.DateField(verbose_name='first day of the note')),
                ('last', models.DateField(verbose_name='last day of the note')),
                ('text', models.TextField(max_length=20000, verbose_name='text of the note')),
                ('facts', models.JSONField(default=list, editable=False)),
                ('written_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='written')),
                ('clinic', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clinic')),
                ('episode', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notes', to='patients.episode')),
                ('patient', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='patients.patient')),
                ('replaces', models.OneToOneField(editable=False, help_text='The wrong or incomplete entry that this one stands for; it is kept.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaced_by', to='programs.clinicalnote')),
                ('written_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='written by')),
            ],
            options={
                'ordering': ['written_at'],
            },
        ),
        migrations.CreateModel(
            name='Letter',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('to', models.CharField(choices=[('referrer', 'Referrer'), ('physician', 'Physician'), ('patient', 'Patient')], max_length=10, verbose_name='letter to')),
                ('name', models.CharField(max_length=120, verbose_name='name of the recipient')),
                ('address', models.TextField(blank=True, max_length=400, verbose_name='address of the recipient')),
                ('language', models.CharField(choices=[('en', 'English'), ('es', 'Spanish')], default='en', max_length=5)),
                ('subject', models.CharField(max_length=160, verbose_name='subject of the letter')),
                ('warning', models.TextField(blank=True, editable=False, verbose_name='on top of the letter')),
                ('text', models.TextField(max_length=20000, verbose_name='text of the letter')),
                ('advice', models.TextField(blank=True, editable=False, verbose_name='when to get help')),
                ('head', models.JSONField(default=dict, editable=False)),
                ('made_on', models.DateField(editable=False, verbose_name='date of the letter')),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='made')),
                ('clinic', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clinic')),
                ('made_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='signed by')),
                ('note', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='letters', to='programs.clinicalnote')),
                ('patient', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='patients.patient')),
            ],
            options={
                'ordering': ['made_at'],
            },
        ),
        migrations.AddIndex(
            model_name='clinicalnote',
            index=models.Index(fields=['clinic', 'patient', 'written_at'], name='programs_cl_clinic__ce86b1_idx'),
        ),
        migrations.AddConstraint(
            model_name='clinicalnote',
            constraint=models.CheckConstraint(condition=models.Q(('last__gte', models.F('first'))), name='note_ends_after_it_begins', violation_error_message='The last day comes before the first.'),
        ),
        migrations.AddConstraint(
            model_name='clinicalnote',
            constraint=models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='note_says_something', violation_error_message='A note needs a text.'),
        ),
        migrations.AddConstraint(
            model_name='clinicalnote',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('replaces', None), ('version', 1)), models.Q(('replaces__isnull', False), ('version__gt', 1), models.Q(('replaces', models.F('id')), _negated=True)), _connector='OR'), name='note_version_replaces_another'),
        ),
        migrations.AddIndex(
            model_name='letter',
            index=models.Index(fields=['clinic', 'patient', 'made_at'], name='programs_le_clinic__8404ec_idx'),
        ),
        migrations.AddConstraint(
            model_name='letter',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('text', ''), _negated=True), models.Q(('name', ''), _negated=True), models.Q(('subject', ''), _negated=True)), name='letter_is_whole', violation_error_message='A letter needs a recipient, a subject and a text.'),
        ),
        PatientRows("ClinicalNote"),
        PatientRows("Letter"),
        migrations.RunSQL(APPEND_ONLY.format("clinicalnote"), BACK.format("clinicalnote")),
        migrations.RunSQL(APPEND_ONLY.format("letter"), BACK.format("letter")),
    ]
