import accounts.addresses
import django.contrib.postgres.constraints
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import patients.models.cover
import patients.models.fields
import patients.pictures
import uuid
from django.conf import settings
from django.db import migrations, models

from patients.migrations import BEFORE_VERSION_1


class Migration(migrations.Migration):

    initial = True
    replaces = BEFORE_VERSION_1

    dependencies = [
        ('accounts', '0001_version_1'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Cover',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('first', models.DateField(verbose_name='first day away')),
                ('last', models.DateField(verbose_name='last day away')),
                ('made_at', models.DateTimeField(auto_now_add=True)),
                ('ended_at', models.DateTimeField(editable=False, null=True)),
                ('clinic', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='covers', to='accounts.clinic')),
                ('made_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('substitute', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='covers_for', to=settings.AUTH_USER_MODEL)),
                ('therapist', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='covers', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['first'],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('last__gte', models.F('first'))), name='cover_ends_after_it_begins', violation_error_message='The last day comes before the first.'),
                    models.CheckConstraint(condition=models.Q(('substitute', models.F('therapist')), _negated=True), name='cover_by_somebody_else', violation_error_message='Choose a colleague.'),
                    django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('ended_at', None)), expressions=[('therapist', '='), (patients.models.cover._Days(models.F('first'), models.F('last'), models.Value('[]')), '&&')], name='cover_one_at_a_time', violation_error_message='There is cover for some of these days already.'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Patient',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('first_name', models.CharField(max_length=80)),
                ('last_name', models.CharField(max_length=80)),
                ('birth_date', models.DateField()),
                ('sex', models.CharField(blank=True, choices=[('female', 'Female'), ('male', 'Male')], max_length=10)),
                ('email', models.EmailField(blank=True, max_length=254)),
                ('phone', models.CharField(blank=True, max_length=40)),
                ('language', models.CharField(choices=[('en', 'English'), ('es', 'Spanish')], default='en', max_length=5)),
                ('text_size', models.CharField(choices=[('normal', 'Normal'), ('large', 'Large'), ('very-large', 'Very large')], default='normal', editable=False, max_length=12)),
                ('record_number', models.CharField(blank=True, max_length=40, verbose_name="clinic's record number")),
                ('erasure_asked_at', models.DateTimeField(editable=False, null=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('clinic', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='patients', to='accounts.clinic')),
                ('created_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('user', models.OneToOneField(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['last_name', 'first_name', 'id'],
                'indexes': [
                    models.Index(fields=['clinic', 'last_name', 'first_name'], name='patients_pa_clinic__d8fe94_idx'),
                ],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(models.Q(('email', ''), _negated=True), models.Q(('phone', ''), _negated=True), _connector='OR'), name='patient_can_be_reached', violation_error_message='Enter an email address or a phone number.'),
                    models.UniqueConstraint(condition=models.Q(('record_number', ''), _negated=True), fields=('clinic', 'record_number'), name='patient_record_number_unique', violation_error_message='Another patient has this record number.'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveIntegerField(editable=False)),
                ('from_patient', models.BooleanField(editable=False)),
                ('written_at', models.DateTimeField(editable=False)),
                ('text', models.TextField(blank=True, editable=False, max_length=4000)),
                ('picture', models.FileField(blank=True, editable=False, max_length=200, storage=patients.pictures.private_storage, upload_to=patients.pictures.picture_path)),
                ('picture_width', models.PositiveSmallIntegerField(editable=False, null=True)),
                ('picture_height', models.PositiveSmallIntegerField(editable=False, null=True)),
                ('author', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('clinic', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clinic')),
                ('patient', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='patients.patient')),
            ],
            options={
                'ordering': ['-number'],
                'indexes': [
                    models.Index(fields=['clinic', 'patient', '-number'], name='patients_me_clinic__674cb5_idx'),
                ],
                'constraints': [
                    models.UniqueConstraint(fields=('patient', 'number'), name='message_number_once'),
                    models.CheckConstraint(condition=models.Q(models.Q(('text', ''), _negated=True), models.Q(('picture', ''), _negated=True), _connector='OR'), name='message_says_something', violation_error_message='Write a few words, or add a picture.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('picture', ''), ('picture_height', None), ('picture_width', None)), models.Q(models.Q(('picture', ''), _negated=True), ('picture_height__isnull', False), ('picture_width__isnull', False)), _connector='OR'), name='message_picture_whole'),
                ],
            },
        ),
        migrations.CreateModel(
            name='MergedPatient',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('merged_id', models.UUIDField(editable=False, unique=True)),
                ('details', models.JSONField(editable=False)),
                ('merged_at', models.DateTimeField(auto_now_add=True)),
                ('clinic', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clinic')),
                ('login', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('merged_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('patient', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='patients.patient')),
            ],
            options={
                'ordering': ['merged_at'],
            },
        ),
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('sent_to', models.EmailField(blank=True, max_length=254)),
                ('code_digest', models.CharField(editable=False, max_length=64, unique=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('expires_at', models.DateTimeField()),
                ('accepted_at', models.DateTimeField(blank=True, null=True)),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('clinic', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clinic')),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('patient', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='patients.patient')),
            ],
            options={
                'ordering': ['-created_at'],
                'constraints': [
                    models.UniqueConstraint(condition=models.Q(('accepted_at', None), ('withdrawn_at', None)), fields=('patient',), name='invitation_one_open'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Episode',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('cause', models.CharField(choices=[('diabetes', 'Diabetes or pre-diabetes'), ('entrapment', 'Nerve entrapment (tarsal tunnel, fibular neck …)'), ('back', 'Nerve root or spinal stenosis'), ('stroke', 'Stroke (after medical clearance)'), ('blood_supply', 'Poor blood supply'), ('trauma', 'Injury, surgery or pressure'), ('deficiency', 'Vitamin deficiency'), ('alcohol', 'Alcohol'), ('chemotherapy', 'Chemotherapy'), ('other', 'Another cause'), ('unknown', 'Not known yet')], max_length=20, verbose_name='cause of the numbness')),
                ('nerves', patients.models.fields.ChoiceArrayField(base_field=models.CharField(choices=[('sciatic', 'Sciatic'), ('tibial', 'Tibial'), ('plantar', 'Medial or lateral plantar'), ('common_fibular', 'Common fibular'), ('superficial_fibular', 'Superficial fibular'), ('deep_fibular', 'Deep fibular'), ('sural', 'Sural'), ('saphenous', 'Saphenous'), ('many', 'Many (polyneuropathy)')], max_length=30), size=None, verbose_name='nerves')),
                ('side', models.CharField(choices=[('left', 'Left'), ('right', 'Right'), ('both', 'Both')], max_length=5)),
                ('sensation', models.CharField(choices=[('intact', 'Intact'), ('reduced', 'Reduced'), ('lost', 'Lost')], max_length=10, verbose_name='protective sensation')),
                ('irritability', models.CharField(choices=[('low', 'Low: settles in minutes'), ('moderate', 'Moderate: up to 30 minutes'), ('high', 'High: longer, constant or easily set off')], max_length=10)),
                ('fall_risk', models.CharField(choices=[('low', 'Low'), ('moderate', 'Moderate'), ('high', 'High')], max_length=10)),
                ('falls_12_months', models.PositiveSmallIntegerField(blank=True, help_text='Leave empty if not known.', null=True, validators=[django.core.validators.MaxValueValidator(365)], verbose_name='falls in the last 12 months')),
                ('walking_aid', models.CharField(choices=[('none', 'None'), ('cane', 'Cane'), ('walker', 'Walker'), ('crutches', 'Crutches'), ('wheelchair', 'Wheelchair')], max_length=12)),
                ('helper_at_home', models.BooleanField(default=False, verbose_name='someone can stand by during balance exercises at home')),
                ('conditions', patients.models.fields.ChoiceArrayField(base_field=models.CharField(choices=[('neck', 'Neck pain, or dizzy with neck movement'), ('vertigo', 'Dizziness or vertigo'), ('low_pressure', 'Low blood pressure on standing'), ('osteoporosis', 'Osteoporosis or a vertebral fracture'), ('disc', 'Acute disc or nerve-root pain'), ('spine_surgery', 'Recent spine surgery'), ('hip_knee_surgery', 'Recent hip or knee replacement'), ('anterior_hip', 'Anterior hip replacement'), ('hamstring', 'Acute hamstring injury'), ('ankle_surgery', 'Achilles or outer-ankle injury or surgery within 12 weeks'), ('achilles', 'Sore Achilles tendon'), ('forefoot', 'Recent forefoot or toe surgery, fracture or toe-joint disease'), ('foot_wound', 'Open wound or blister on the foot'), ('foot_ulcer', 'A forefoot ulcer before, severe callus or foot deformity'), ('foot_drop', 'New or worsening foot drop'), ('weakness', 'New or spreading weakness'), ('nerve_surgery', 'Nerve repair or decompression'), ('clot', 'Deep-vein thrombosis, untreated or suspected'), ('charcot', 'Active Charcot foot'), ('mass', 'Suspected tumor, infection or fracture'), ('cord', 'Spinal-cord signs'), ('fibular_neck', 'Fracture or decompression at the fibular neck'), ('pressure', 'Raised eye or intracranial pressure'), ('joint_replacement', 'Another joint replacement'), ('hypermobile', 'Hypermobility'), ('pregnant', 'Late pregnancy'), ('anticoagulated', 'Bruises easily on blood thinners'), ('low_glucose', 'Prone to low blood sugar'), ('cognition', 'Needs help to follow a plan')], max_length=20), blank=True, default=list, help_text='Exercises with a precaution for one of these are held back or say so.', size=None, verbose_name='conditions that exercises ask about')),
                ('nerve_surgery_on', models.DateField(blank=True, null=True, verbose_name='date of the nerve repair or decompression')),
                ('has_glucose_meter', models.BooleanField(default=False, help_text="With 'prone to low blood sugar', a session then asks for the reading.", verbose_name='has a blood sugar meter at home')),
                ('foot_risk', models.PositiveSmallIntegerField(blank=True, choices=[(0, '0, very low: screen once a year'), (1, '1, low: screen every 6 to 12 months'), (2, '2, moderate: screen every 3 to 6 months'), (3, '3, high: screen every 1 to 3 months')], null=True, verbose_name='foot risk (IWGDF)')),
                ('precautions', models.TextField(blank=True, help_text='Heart, medicines …', max_length=2000, verbose_name='other precautions')),
                ('opened_at', models.DateTimeField(auto_now_add=True)),
                ('closed_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('outcome', models.CharField(blank=True, choices=[('goals_met', 'Goals met'), ('improved', 'Improved, goals partly met'), ('no_change', 'No change'), ('referred', 'Referred on'), ('stopped', 'Stopped by the patient')], editable=False, max_length=20)),
                ('summary', models.TextField(blank=True, editable=False, max_length=8000, verbose_name='discharge summary')),
                ('clinic', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clinic')),
                ('closed_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('opened_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('patient', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='patients.patient')),
            ],
            options={
                'ordering': ['-opened_at'],
                'indexes': [
                    models.Index(fields=['clinic', 'patient'], name='patients_ep_clinic__664728_idx'),
                ],
                'constraints': [
                    models.UniqueConstraint(condition=models.Q(('closed_at', None)), fields=('patient',), name='episode_one_open', violation_error_message='This patient already has an open episode.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('closed_at', None), ('closed_by', None), ('outcome', '')), models.Q(('closed_at__isnull', False), ('closed_by__isnull', False), models.Q(('outcome', ''), _negated=True)), _connector='OR'), name='episode_closed_whole'),
                ],
            },
        ),
        migrations.CreateModel(
            name='CareTeamMember',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('added_at', models.DateTimeField(auto_now_add=True)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('clinic', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clinic')),
                ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('therapist', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='care_team_memberships', to=settings.AUTH_USER_MODEL)),
                ('cover', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='members', to='patients.cover')),
                ('patient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='care_team', to='patients.patient')),
            ],
            options={
                'ordering': ['added_at'],
                'constraints': [
                    models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('therapist', 'patient'), name='care_team_member_once', violation_error_message='This therapist is already on the care team.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('ended_by', None)), models.Q(('ended_at__isnull', False), ('ended_by__isnull', False)), _connector='OR'), name='care_team_ended_by_someone'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Caregiver',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=80)),
                ('email', accounts.addresses.AddressField(max_length=254)),
                ('does_sessions', models.BooleanField(default=False)),
                ('reads_messages', models.BooleanField(default=False)),
                ('invited_at', models.DateTimeField(auto_now_add=True)),
                ('expires_at', models.DateTimeField()),
                ('accepted_at', models.DateTimeField(editable=False, null=True)),
                ('ended_at', models.DateTimeField(editable=False, null=True)),
                ('clinic', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clinic')),
                ('ended_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('user', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='cares_for', to=settings.AUTH_USER_MODEL)),
                ('patient', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='patients.patient')),
            ],
            options={
                'ordering': ['invited_at'],
                'indexes': [
                    models.Index(condition=models.Q(('ended_at', None)), fields=['user'], name='caregiver_now'),
                ],
                'constraints': [
                    models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('patient', 'email'), name='caregiver_once', violation_error_message='This address is on your list already.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('accepted_at', None), ('user', None)), models.Q(('accepted_at__isnull', False), ('user__isnull', False)), _connector='OR'), name='caregiver_accepted_whole'),
                    models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('ended_by', None)), models.Q(('ended_at__isnull', False), ('ended_by__isnull', False)), _connector='OR'), name='caregiver_ended_whole'),
                ],
            },
        ),
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
                'constraints': [
                    models.UniqueConstraint(fields=('patient',), name='answer_mark_one'),
                ],
            },
        ),
        migrations.CreateModel(
            name='PrivacyAcceptance',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('version', models.CharField(max_length=20)),
                ('accepted_at', models.DateTimeField(auto_now_add=True)),
                ('accepted_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('clinic', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clinic')),
                ('patient', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='patients.patient')),
            ],
            options={
                'ordering': ['-accepted_at'],
                'constraints': [
                    models.UniqueConstraint(fields=('patient', 'version', 'accepted_by'), name='privacy_accepted_once'),
                ],
            },
        ),
        migrations.CreateModel(
            name='ProposedFinding',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('field', models.CharField(choices=[('sensation', 'Protective sensation'), ('fall_risk', 'Fall risk'), ('falls_12_months', 'Falls in the last 12 months')], max_length=20)),
                ('was', models.CharField(blank=True, help_text='Empty: not known.', max_length=20)),
                ('value', models.CharField(max_length=20)),
                ('why', models.CharField(max_length=250)),
                ('proposed_at', models.DateTimeField()),
                ('decided_at', models.DateTimeField(editable=False, null=True)),
                ('accepted', models.BooleanField(editable=False, null=True)),
                ('reason', models.TextField(blank=True, editable=False, max_length=1000, verbose_name='why not')),
                ('clinic', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clinic')),
                ('decided_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('episode', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='proposals', to='patients.episode')),
                ('patient', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='patients.patient')),
            ],
            options={
                'ordering': ['-proposed_at'],
                'constraints': [
                    models.UniqueConstraint(condition=models.Q(('decided_at', None)), fields=('episode', 'field'), name='proposed_finding_one_open'),
                    models.CheckConstraint(condition=models.Q(models.Q(('accepted', None), ('decided_at', None), ('decided_by', None), ('reason', '')), models.Q(('accepted', True), ('decided_at__isnull', False), ('decided_by__isnull', False), ('reason', '')), models.Q(('accepted', False), ('decided_at__isnull', False), ('decided_by__isnull', False), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='proposed_finding_decided_whole', violation_error_message='Say why it is not so.'),
                ],
            },
        ),
        migrations.CreateModel(
            name='RedFlagScreen',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('present', patients.models.fields.ChoiceArrayField(base_field=models.CharField(choices=[('stroke', 'Sudden numbness or weakness of face, arm or leg, trouble speaking, sudden loss of sight or balance, or sudden severe headache'), ('cauda_equina', 'Back or leg pain with saddle or genital numbness, new bladder, bowel or sexual problem, or weakness or pain in both legs'), ('limb_ischemia', 'Suddenly painful, pale, blue or cold leg, no pulse, numb or cannot move'), ('compartment', 'Tense, severe leg pain after an injury or cast with numbness, worse on moving the toes'), ('ascending', 'Weakness or numbness climbing over hours or days, face, swallowing or breathing trouble, or new clumsy hands with unsteady walking and a band feeling'), ('foot_lesion', 'Foot wound, blister, ulcer, black or blue area, pus, spreading redness, fever, or a hot, red, swollen foot even without pain'), ('new_weakness', 'New foot drop or clear new weakness, numbness right after an injury, a fall with injury or head strike, or one calf swollen and sore'), ('spreading', 'Numbness spreading fast, on one side only or in the hands, repeated falls, foot pain at night or at rest, weight loss, fever or a history of cancer')], max_length=40), blank=True, default=list, size=None)),
                ('summed_up', models.BooleanField(default=False)),
                ('note', models.TextField(blank=True, max_length=2000)),
                ('screened_at', models.DateTimeField()),
                ('cleared_at', models.DateTimeField(blank=True, null=True)),
                ('clearance_note', models.TextField(blank=True, max_length=2000)),
                ('cleared_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('clinic', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clinic')),
                ('episode', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='screens', to='patients.episode')),
                ('patient', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='patients.patient')),
                ('screened_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-screened_at'],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(models.Q(('clearance_note', ''), ('cleared_at', None), ('cleared_by', None)), models.Q(('cleared_at__isnull', False), ('cleared_by__isnull', False), models.Q(('clearance_note', ''), _negated=True)), _connector='OR'), name='red_flag_cleared_whole', violation_error_message='Say why it is safe to go on.'),
                ],
            },
        ),
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
                'constraints': [
                    models.UniqueConstraint(fields=('user', 'name'), name='saved_view_name_once', violation_error_message='You have a view of this name.'),
                ],
            },
        ),
        migrations.CreateModel(
            name='SealedRecord',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('who', models.CharField(editable=False, max_length=64)),
                ('content', models.BinaryField()),
                ('sealed_at', models.DateTimeField(auto_now_add=True)),
                ('kept_until', models.DateField(help_text='The last day on which it can be opened.')),
                ('clinic', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clinic')),
                ('sealed_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['kept_until'],
                'indexes': [
                    models.Index(fields=['clinic', 'who'], name='sealed_record_who'),
                ],
            },
        ),
        migrations.CreateModel(
            name='ThreadMark',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('up_to', models.PositiveIntegerField(help_text='The number of the newest message shown.')),
                ('read_at', models.DateTimeField()),
                ('clinic', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clinic')),
                ('patient', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='patients.patient')),
                ('reader', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('patient', 'reader'), name='thread_mark_one_a_reader'),
                ],
            },
        ),
        migrations.CreateModel(
            name='CannedAnswer',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('title', models.CharField(max_length=60)),
                ('text', models.TextField(max_length=4000)),
                ('changed_at', models.DateTimeField(auto_now=True)),
                ('changed_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('clinic', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='canned_answers', to='accounts.clinic')),
            ],
            options={
                'ordering': ['title'],
                'constraints': [models.UniqueConstraint(models.F('clinic'), django.db.models.functions.text.Lower('title'), name='canned_answer_title_once', violation_error_message='There is an answer with this title already.'), models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='canned_answer_has_words')],
            },
        ),
    ]
