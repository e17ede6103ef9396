import django.contrib.postgres.constraints
import django.db.models.deletion
import patients.models.cover
import uuid
from django.conf import settings
from django.db import migrations, models

from accounts.row_security import StaffRows


class Migration(migrations.Migration):
    """Who stands in for a therapist who is away."""

    dependencies = [
        ('accounts', '0010_answered_forms'),
        ('patients', '0008_merged_patient'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        # For the exclusion constraint over ids; a trusted extension, which programs use, too.
        migrations.RunSQL("CREATE EXTENSION IF NOT EXISTS btree_gist", migrations.RunSQL.noop),
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
            },
        ),
        migrations.AddField(
            model_name='careteammember',
            name='cover',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='members', to='patients.cover'),
        ),
        migrations.AddConstraint(
            model_name='cover',
            constraint=models.CheckConstraint(condition=models.Q(('last__gte', models.F('first'))), name='cover_ends_after_it_begins', violation_error_message='The last day comes before the first.'),
        ),
        migrations.AddConstraint(
            model_name='cover',
            constraint=models.CheckConstraint(condition=models.Q(('substitute', models.F('therapist')), _negated=True), name='cover_by_somebody_else', violation_error_message='Choose a colleague.'),
        ),
        migrations.AddConstraint(
            model_name='cover',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('ended_at', None)), expressions=[('therapist', '='), (patients.models.cover._Days(models.F('first'), models.F('last'), models.Value('[]')), '&&')], name='cover_one_at_a_time', violation_error_message='There is cover for some of these days already.'),
        ),
        StaffRows("Cover"),
    ]
