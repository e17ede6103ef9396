import django.core.validators
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

from accounts.row_security import PatientRows

APPENDED = ("LiveTalk", "MonitoringAnswers", "MonitoringEntry", "MonitoringLock")


def append_only(model_name):
    table = f"programs_{model_name.lower()}"
    return migrations.RunSQL(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}"
        " FOR EACH ROW EXECUTE FUNCTION programs_append_only();",
        f"DROP TRIGGER {table}_append_only ON {table}",
    )


class Migration(migrations.Migration):
    """Remote monitoring: consent and papers, minutes, live talks, answers, signed months."""

    dependencies = [
        ('accounts', '0011_monitoring'),
        ('patients', '0009_cover'),
        ('programs', '0018_measures_taken_by'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='LiveTalk',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('minutes', models.PositiveSmallIntegerField(validators=[django.core.validators.MaxValueValidator(480)])),
                ('assistant_minutes', models.PositiveSmallIntegerField(default=0, validators=[django.core.validators.MaxValueValidator(480)], verbose_name='of these, minutes by an assistant')),
                ('what', models.TextField(max_length=2000, verbose_name='what was done')),
                ('entered_at', models.DateTimeField(auto_now_add=True)),
                ('why', models.CharField(blank=True, editable=False, max_length=500, verbose_name='why it was put right')),
                ('began_at', models.DateTimeField(verbose_name='began at')),
                ('done_on', models.DateField(help_text="The clinic's, by which it belongs to a month.", verbose_name='date')),
                ('channel', models.CharField(choices=[('phone', 'Telephone'), ('video', 'Video'), ('in_person', 'In person')], max_length=10)),
                ('with_whom', models.CharField(choices=[('patient', 'The patient'), ('caregiver', 'A caregiver'), ('both', 'The patient and a caregiver')], max_length=10, verbose_name='with whom')),
                ('by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('clinic', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clinic')),
                ('entered_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('patient', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='patients.patient')),
                ('replaces', models.OneToOneField(editable=False, help_text='The wrong or incomplete entry that this one stands for; it is kept.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaced_by', to='programs.livetalk')),
            ],
            options={
                'verbose_name_plural': 'live talks',
                'ordering': ['began_at', 'entered_at'],
                'abstract': False,
                'indexes': [models.Index(fields=['clinic', 'patient', 'done_on'], name='monitoring_talks')],
                'constraints': [models.CheckConstraint(condition=models.Q(('minutes__gt', 0), ('replaces__isnull', False), _connector='OR'), name='livetalk_has_minutes', violation_error_message='Enter the minutes.'), models.CheckConstraint(condition=models.Q(('assistant_minutes__lte', models.F('minutes'))), name='livetalk_assistant_minutes', violation_error_message='An assistant’s minutes are a part of all minutes.'), models.CheckConstraint(condition=models.Q(models.Q(('replaces', None), ('why', '')), models.Q(('replaces__isnull', False), models.Q(('why', ''), _negated=True)), _connector='OR'), name='livetalk_put_right_why', violation_error_message='Say why it is put right.')],
            },
        ),
        migrations.CreateModel(
            name='MonitoringAnswers',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('month', models.DateField(help_text='Its first day.')),
                ('other_practitioner', models.BooleanField(verbose_name='another practitioner bills this monitoring within these 30 days')),
                ('physiologic', models.BooleanField(verbose_name='physiologic monitoring (RPM) is billed in this month')),
                ('global_period', models.BooleanField(verbose_name='the patient is in the global period of an operation')),
                ('home_health', models.BooleanField(verbose_name='a home health plan of care is running')),
                ('note', models.CharField(blank=True, max_length=500)),
                ('answered_at', models.DateTimeField(auto_now_add=True)),
                ('answered_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('clinic', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clinic')),
                ('patient', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='patients.patient')),
            ],
            options={
                'verbose_name_plural': 'answers about other services',
                'ordering': ['answered_at'],
                'indexes': [models.Index(fields=['clinic', 'patient', 'month'], name='monitoring_answers')],
                'constraints': [models.CheckConstraint(condition=models.Q(('month__day', 1)), name='monitoring_answers_of_month')],
            },
        ),
        migrations.CreateModel(
            name='MonitoringCare',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('consent_on', models.DateField(blank=True, null=True, verbose_name='consent given on')),
                ('consent_how', models.CharField(blank=True, choices=[('written', 'In writing'), ('spoken', 'Spoken')], max_length=10, verbose_name='how it was given')),
                ('consent_words', models.TextField(blank=True, default='My clinic looks at what I enter in Footing between visits, and uses it for my treatment. Somebody of the clinic may call me about it. My insurance may be asked to pay for this each month, and I may owe a part: with Medicare mostly 20 percent. Nobody watches my entries all day: in an emergency I call the emergency number. I can stop this at any time, and my treatment goes on.', max_length=4000, verbose_name='words of the consent')),
                ('consent_version', models.CharField(blank=True, default='Footing 1, Nov 2026', max_length=60, verbose_name='version of the words')),
                ('cost_told', models.BooleanField(default=False, verbose_name='the patient was told of their own part of the cost')),
                ('withdrawn_on', models.DateField(blank=True, null=True, verbose_name='consent withdrawn on')),
                ('starts_on', models.DateField(blank=True, help_text='Empty: the first day with data after the consent.', null=True, verbose_name='monitoring starts on')),
                ('platform', models.CharField(blank=True, default='Footing, the patient portal in a web browser', max_length=200, verbose_name='device or platform, with its version')),
                ('set_up_on', models.DateField(blank=True, null=True, verbose_name='set up and taught on')),
                ('set_up_words', models.TextField(blank=True, max_length=2000, verbose_name='what was taught')),
                ('set_up_with', models.CharField(blank=True, choices=[('patient', 'The patient'), ('caregiver', 'A caregiver'), ('both', 'The patient and a caregiver')], max_length=10, verbose_name='who understood it')),
                ('set_up_minutes', models.PositiveSmallIntegerField(default=0, validators=[django.core.validators.MaxValueValidator(480)], verbose_name='minutes of the set-up')),
                ('set_up_assistant_minutes', models.PositiveSmallIntegerField(default=0, validators=[django.core.validators.MaxValueValidator(480)], verbose_name='minutes of the set-up by an assistant')),
                ('body', models.CharField(blank=True, choices=[('msk', 'Musculoskeletal: an impairment or diagnosis, named below'), ('neuro', 'Neurologic alone')], max_length=10, verbose_name='what the plan treats')),
                ('impairment', models.TextField(blank=True, help_text='In your words, with its code if you like. Numb feet alone may not be one.', max_length=1000, verbose_name='musculoskeletal impairment or diagnosis that the plan treats')),
                ('reason', models.TextField(blank=True, max_length=1000, verbose_name='why the plan of care asks for monitoring')),
                ('certified_on', models.DateField(blank=True, null=True, verbose_name='plan of care certified from')),
                ('certified_until', models.DateField(blank=True, help_text='When it is certified again without a gap, move this day only.', null=True, verbose_name='plan of care certified until')),
                ('referred_by', models.CharField(blank=True, max_length=200, verbose_name='referring practitioner')),
                ('payer', models.CharField(blank=True, help_text='Such as Medicare Part B.', max_length=200)),
                ('made_at', models.DateTimeField(auto_now_add=True)),
                ('clinic', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clinic')),
                ('episode', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='monitorings', to='patients.episode')),
                ('made_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('patient', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='patients.patient')),
            ],
            options={
                'verbose_name_plural': 'monitorings',
                'ordering': ['made_at'],
                'indexes': [models.Index(fields=['clinic', 'patient'], name='monitoring_of_patient')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('withdrawn_on', None)), fields=('episode',), name='monitoring_once_an_episode', violation_error_message='The monitoring of this episode has begun already.'), models.CheckConstraint(condition=models.Q(('consent_on', None), models.Q(models.Q(('consent_how', ''), _negated=True), models.Q(('consent_words', ''), _negated=True), models.Q(('consent_version', ''), _negated=True)), _connector='OR'), name='monitoring_consent_whole', violation_error_message='A consent has a date, how it was given, its words and their version.'), models.CheckConstraint(condition=models.Q(('withdrawn_on', None), models.Q(('consent_on__isnull', False), ('withdrawn_on__gte', models.F('consent_on'))), _connector='OR'), name='monitoring_withdrawn_after_consent', violation_error_message='A consent is withdrawn on its day or later.'), models.CheckConstraint(condition=models.Q(('starts_on', None), models.Q(('consent_on__isnull', False), ('starts_on__gte', models.F('consent_on'))), _connector='OR'), name='monitoring_starts_after_consent', violation_error_message='Monitoring starts on the day of the consent or later.'), models.CheckConstraint(condition=models.Q(('set_up_on', None), models.Q(models.Q(('set_up_words', ''), _negated=True), models.Q(('set_up_with', ''), _negated=True)), _connector='OR'), name='monitoring_set_up_whole', violation_error_message='Say what was taught, and who understood it.'), models.CheckConstraint(condition=models.Q(('set_up_assistant_minutes__lte', models.F('set_up_minutes'))), name='monitoring_set_up_assistant', violation_error_message='An assistant’s minutes are a part of all minutes.'), models.CheckConstraint(condition=models.Q(models.Q(('certified_on', None), ('certified_until', None)), models.Q(('certified_on__isnull', False), ('certified_until__gte', models.F('certified_on')), ('certified_until__isnull', False)), _connector='OR'), name='monitoring_certified_whole', violation_error_message='A certification has a first day and a later last one.'), models.CheckConstraint(condition=models.Q(models.Q(('body', 'msk'), _negated=True), models.Q(('impairment', ''), _negated=True), _connector='OR'), name='monitoring_impairment_named', violation_error_message='Name the impairment or diagnosis that the plan treats.')],
            },
        ),
        migrations.CreateModel(
            name='MonitoringEntry',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('minutes', models.PositiveSmallIntegerField(validators=[django.core.validators.MaxValueValidator(480)])),
                ('assistant_minutes', models.PositiveSmallIntegerField(default=0, validators=[django.core.validators.MaxValueValidator(480)], verbose_name='of these, minutes by an assistant')),
                ('what', models.TextField(max_length=2000, verbose_name='what was done')),
                ('entered_at', models.DateTimeField(auto_now_add=True)),
                ('why', models.CharField(blank=True, editable=False, max_length=500, verbose_name='why it was put right')),
                ('done_on', models.DateField(help_text="The clinic's, by which it belongs to a month.", verbose_name='date')),
                ('by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('clinic', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clinic')),
                ('entered_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('patient', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='patients.patient')),
                ('replaces', models.OneToOneField(editable=False, help_text='The wrong or incomplete entry that this one stands for; it is kept.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaced_by', to='programs.monitoringentry')),
            ],
            options={
                'verbose_name_plural': 'minutes of monitoring',
                'ordering': ['done_on', 'entered_at'],
                'abstract': False,
                'indexes': [models.Index(fields=['clinic', 'patient', 'done_on'], name='monitoring_minutes')],
                'constraints': [models.CheckConstraint(condition=models.Q(('minutes__gt', 0), ('replaces__isnull', False), _connector='OR'), name='monitoringentry_has_minutes', violation_error_message='Enter the minutes.'), models.CheckConstraint(condition=models.Q(('assistant_minutes__lte', models.F('minutes'))), name='monitoringentry_assistant_minutes', violation_error_message='An assistant’s minutes are a part of all minutes.'), models.CheckConstraint(condition=models.Q(models.Q(('replaces', None), ('why', '')), models.Q(('replaces__isnull', False), models.Q(('why', ''), _negated=True)), _connector='OR'), name='monitoringentry_put_right_why', violation_error_message='Say why it is put right.')],
            },
        ),
        migrations.CreateModel(
            name='MonitoringLock',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('month', models.DateField(help_text='Its first day.')),
                ('number', models.PositiveSmallIntegerField(editable=False)),
                ('is_locked', models.BooleanField(verbose_name='signed')),
                ('words', models.TextField(max_length=2000, verbose_name='conclusion, or why it was opened again')),
                ('sheet', models.JSONField(editable=False, null=True)),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('clinic', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clinic')),
                ('patient', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='patients.patient')),
            ],
            options={
                'verbose_name_plural': 'signed months of monitoring',
                'ordering': ['number'],
                'constraints': [models.CheckConstraint(condition=models.Q(('month__day', 1)), name='monitoring_lock_of_month'), models.UniqueConstraint(fields=('patient', 'month', 'number'), name='monitoring_lock_number'), models.CheckConstraint(condition=models.Q(models.Q(('is_locked', True), ('sheet__isnull', False)), models.Q(('is_locked', False), ('sheet__isnull', True)), _connector='OR'), name='monitoring_lock_keeps_sheet'), models.CheckConstraint(condition=models.Q(('words', ''), _negated=True), name='monitoring_lock_says_why')],
            },
        ),
        PatientRows("MonitoringCare"),
        *map(PatientRows, APPENDED),
        *map(append_only, APPENDED),
    ]
