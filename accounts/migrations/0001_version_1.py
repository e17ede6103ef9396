import accounts.addresses
import accounts.models.clinic
import accounts.office_hours
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import uuid
from django.conf import settings
from django.contrib.postgres.operations import BtreeGistExtension, TrigramExtension, UnaccentExtension
from django.db import migrations, models

from accounts.migrations import BEFORE_VERSION_1


class Migration(migrations.Migration):

    initial = True
    replaces = BEFORE_VERSION_1

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        # All three are trusted: the owner of the database may create them.
        BtreeGistExtension(),
        TrigramExtension(),
        UnaccentExtension(),
        migrations.CreateModel(
            name='Heartbeat',
            fields=[
                ('name', models.CharField(max_length=30, primary_key=True, serialize=False)),
                ('beat_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='QueuedMail',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('written_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('sealed', models.TextField(editable=False)),
            ],
        ),
        migrations.CreateModel(
            name='UndeliveredMail',
            fields=[
                ('digest', models.CharField(editable=False, max_length=64, primary_key=True, serialize=False)),
                ('failed_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('is_refused', models.BooleanField(editable=False)),
            ],
        ),
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('first_name', models.CharField(blank=True, max_length=150, verbose_name='first name')),
                ('last_name', models.CharField(blank=True, max_length=150, verbose_name='last name')),
                ('is_staff', models.BooleanField(default=False, help_text='Designates whether the user can log into this admin site.', verbose_name='staff status')),
                ('is_active', models.BooleanField(default=True, help_text='Designates whether this user should be treated as active. Unselect this instead of deleting accounts.', verbose_name='active')),
                ('date_joined', models.DateTimeField(default=django.utils.timezone.now, verbose_name='date joined')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('email', accounts.addresses.AddressField(max_length=254, unique=True, verbose_name='email address')),
                ('role', models.CharField(blank=True, choices=[('therapist', 'Therapist'), ('clinic_admin', 'Clinic administrator'), ('editor', 'Editor'), ('patient', 'Patient'), ('caregiver', 'Caregiver')], max_length=20)),
                ('credentials', models.CharField(blank=True, help_text='Such as PT, DPT.', max_length=100)),
                ('session_epoch', models.PositiveIntegerField(db_default=0, default=0, editable=False)),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(django.db.models.functions.text.Lower('email'), name='user_email_unique', violation_error_message='An account with this email address exists.'),
                    models.CheckConstraint(condition=models.Q(('email', django.db.models.functions.text.Lower('email'))), name='user_email_lower', violation_error_message='Write the email address in small letters.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('role', ''), _negated=True), ('is_superuser', True), _connector='OR'), name='user_has_role', violation_error_message='Choose a role.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('role__in', ['caregiver', 'patient']), _negated=True), models.Q(('is_staff', False), ('is_superuser', False)), _connector='OR'), name='patient_is_never_staff', violation_error_message="A patient can't be given staff rights."),
                ],
            },
        ),
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
        migrations.CreateModel(
            name='AuditEvent',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('clinic_id', models.UUIDField(help_text="Whose chain it is in; PLATFORM for no clinic's.")),
                ('patient_id', models.UUIDField(null=True)),
                ('named', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), default=list, help_text='The patients of a list.', size=None)),
                ('actor_id', models.UUIDField(help_text="The user's uuid; none without a login.", null=True)),
                ('actor_name', models.CharField(max_length=310)),
                ('actor_role', models.CharField(max_length=20)),
                ('action', models.CharField(help_text='A value of Action.', max_length=60)),
                ('subject_id', models.CharField(blank=True, max_length=60)),
                ('detail', models.JSONField(default=dict)),
            ],
            options={
                'ordering': ['-at'],
                'indexes': [models.Index(fields=['clinic_id', 'patient_id', '-at'], name='audit_by_patient'), models.Index(fields=['clinic_id', '-at'], name='audit_by_time'), django.contrib.postgres.indexes.GinIndex(fields=['named'], name='audit_by_named')],
            },
        ),
        migrations.CreateModel(
            name='AuditLink',
            fields=[
                ('event', models.UUIDField(primary_key=True, serialize=False)),
                ('chain', models.UUIDField(help_text="The event's clinic.")),
                ('number', models.BigIntegerField(help_text='From 1, without a gap.')),
                ('digest', models.BinaryField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('chain', 'number'), name='audit_link_number')],
            },
        ),
        migrations.CreateModel(
            name='Clinic',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=200)),
                ('time_zone', models.CharField(max_length=64, validators=[accounts.models.clinic.validate_time_zone])),
                ('country', models.CharField(blank=True, help_text='Says how telephone numbers are written and which holidays there are.', max_length=2, validators=[accounts.models.clinic.validate_country])),
                ('region', models.CharField(blank=True, help_text="By its code, such as CA, where its holidays differ from the country's.", max_length=20, verbose_name='state or province')),
                ('address', models.TextField(blank=True, help_text="On letters, under the clinic's name.", max_length=300)),
                ('phone', models.CharField(help_text='Shown on every form a patient answers.', max_length=40)),
                ('emergency_number', models.CharField(default='911', max_length=20)),
                ('out_of_hours', models.CharField(blank=True, help_text='Beside the emergency number: such as “At night call Nurse Advice, 555-0100.”', max_length=200, verbose_name='when nobody answers, in English')),
                ('out_of_hours_es', models.CharField(blank=True, max_length=200, verbose_name='when nobody answers, in Spanish')),
                ('office_hours', models.CharField(blank=True, help_text='When the phone is answered, such as Mon-Fri 8:00-17:00, Sat 9:00-12:00.', max_length=200, validators=[accounts.office_hours.validate_office_hours])),
                ('keeps_holidays', models.BooleanField(default=False, help_text='Those of the country and the state.', verbose_name='closed on public holidays')),
                ('closed_days', django.contrib.postgres.fields.ArrayField(base_field=models.DateField(), blank=True, default=list, size=None, verbose_name='other days on which it is closed')),
                ('open_days', django.contrib.postgres.fields.ArrayField(base_field=models.DateField(), blank=True, default=list, size=None, verbose_name='holidays on which it is open all the same')),
                ('language', models.CharField(choices=[('en', 'English'), ('es', 'Spanish')], default='en', help_text='Each patient can have another.', max_length=2, verbose_name='language of new patients')),
                ('screen_days', models.PositiveSmallIntegerField(default=30, help_text='Before a plan is activated or moved to another kind of exercise.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(90)], verbose_name='days after which the red-flag questions are asked again')),
                ('glucose_unit', models.CharField(choices=[('mg/dL', 'mg/dL'), ('mmol/L', 'mmol/L')], default='mg/dL', max_length=6, verbose_name='unit of blood sugar')),
                ('critical_minutes', models.PositiveSmallIntegerField(default=60, validators=[django.core.validators.MinValueValidator(5), django.core.validators.MaxValueValidator(480)], verbose_name='office minutes for a critical alert')),
                ('high_hours', models.PositiveSmallIntegerField(default=24, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(72)], verbose_name='hours for a high alert')),
                ('moderate_days', models.PositiveSmallIntegerField(default=2, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(7)], verbose_name='days for a moderate alert')),
                ('low_days', models.PositiveSmallIntegerField(default=7, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(30)], verbose_name='days for a low alert')),
                ('digest_hour', models.PositiveSmallIntegerField(blank=True, default=7, help_text="On the clinic's wall; empty for none.", null=True, validators=[django.core.validators.MaxValueValidator(23)], verbose_name="hour of the morning's summary by mail")),
                ('record_years', models.PositiveSmallIntegerField(default=10, help_text='What the law where the clinic is asks for; docs/privacy.md names some.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(50)], verbose_name='years a record is kept after the last care')),
                ('monitoring', models.BooleanField(default=False, help_text='For clinics in the US that bill Medicare for it, after talking to counsel.', verbose_name='keeps worksheets of remote monitoring')),
                ('monitoring_days', models.CharField(choices=[('answers', 'Days with a session or form that was answered'), ('activity', 'Also days with a message, a report of signs or a login'), ('access', 'All days since the first login')], default='answers', max_length=10, verbose_name='days that count as days with data')),
                ('monitoring_in_person', models.BooleanField(default=False, help_text='Sources disagree. Only time that is not billed under another code.', verbose_name='a talk in person counts as a live talk')),
                ('is_editorial', models.BooleanField(default=False, help_text='Its therapists and editors write pages, authors and sources for all.', verbose_name='keeps the public site')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('second_reader', models.ForeignKey(blank=True, help_text='Gets an alert whose time has passed; a therapist of this clinic.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.AddField(
            model_name='user',
            name='clinic',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='users', to='accounts.clinic'),
        ),
        migrations.CreateModel(
            name='FactorReset',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('words', models.CharField(max_length=200, verbose_name='how you know that it is them')),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='factor_reset', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('user', models.F('asked_by')), _negated=True), name='factor_reset_by_another', violation_error_message='Somebody else has to ask for it.'),
                ],
            },
        ),
        migrations.CreateModel(
            name='PushDevice',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('endpoint', models.URLField(editable=False, max_length=1000, unique=True)),
                ('words', models.CharField(blank=True, max_length=100)),
                ('added_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='push_devices', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('-added_at', 'id'),
            },
        ),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.CheckConstraint(condition=models.Q(('clinic__isnull', False), ('role__in', ['', 'editor']), _connector='OR'), name='user_role_has_clinic', violation_error_message='This role needs a clinic.'),
        ),
    ]
