import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

from accounts.row_security import PatientRows

# Of alerts that were raised before: as many hours as their severity's words say.
DUE = """
DO $$
DECLARE
    before text := coalesce(current_setting('footing.whole', true), '');
BEGIN
    PERFORM set_config('footing.whole', 'on', true);
    UPDATE programs_alert SET due_at = raised_at + CASE severity
        WHEN 'critical' THEN interval '1 hour'
        WHEN 'urgent' THEN interval '12 hours'
        WHEN 'high' THEN interval '24 hours'
        WHEN 'moderate' THEN interval '2 days'
        ELSE interval '7 days'
    END;
    PERFORM set_config('footing.whole', before, true);
END $$;
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
"""
STEPS = """
CREATE TRIGGER programs_alertstep_append_only
    BEFORE UPDATE OR DELETE ON programs_alertstep
    FOR EACH ROW EXECUTE FUNCTION programs_append_only();
"""


class Migration(migrations.Migration):
    """Alerts have a time, an owner and a history."""

    dependencies = [
        ('accounts', '0009_alert_times'),
        ('patients', '0006_answer_mark'),
        ('programs', '0015_erasing'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AlertStep',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('seen', 'opened it'), ('taken', 'took it on'), ('handed', 'handed it over'), ('snoozed', 'put it off'), ('noted', 'noted'), ('escalated', 'went to the second reader: its time had passed'), ('closed', 'closed it')], max_length=10)),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('until', models.DateTimeField(null=True)),
                ('words', models.TextField(blank=True, max_length=1000)),
            ],
            options={
                'ordering': ['at'],
            },
        ),
        migrations.AddField(
            model_name='alert',
            name='due_at',
            field=models.DateTimeField(help_text='By when somebody looks at it (programs.alerts.due).', null=True),
        ),
        migrations.AddField(
            model_name='alert',
            name='escalated_at',
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='alert',
            name='owner',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='alert',
            name='seen_at',
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='alert',
            name='snoozed_until',
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddIndex(
            model_name='alert',
            index=models.Index(condition=models.Q(('acknowledged_at', None)), fields=['clinic', 'due_at'], name='alert_due'),
        ),
        migrations.AddField(
            model_name='alertstep',
            name='alert',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='programs.alert'),
        ),
        migrations.AddField(
            model_name='alertstep',
            name='by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='alertstep',
            name='clinic',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clinic'),
        ),
        migrations.AddField(
            model_name='alertstep',
            name='patient',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='patients.patient'),
        ),
        migrations.AddField(
            model_name='alertstep',
            name='to',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='alertstep',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['handed', 'escalated']), _negated=True), ('to__isnull', False), _connector='OR'), name='alert_step_to_somebody'),
        ),
        migrations.AddConstraint(
            model_name='alertstep',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'snoozed'), _negated=True), models.Q(('until__isnull', False), models.Q(('words', ''), _negated=True)), _connector='OR'), name='alert_step_put_off_why'),
        ),
        migrations.RunSQL(DUE, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="alert",
            name="due_at",
            field=models.DateTimeField(
                help_text="By when somebody looks at it (programs.alerts.due)."
            ),
        ),
        PatientRows("AlertStep"),
        migrations.RunSQL(STEPS, "DROP TRIGGER programs_alertstep_append_only ON programs_alertstep"),
    ]
