from django.db import migrations, models


class Migration(migrations.Migration):
    """Whether a clinic keeps worksheets of remote monitoring, and what counts in them."""

    dependencies = [
        ('accounts', '0010_answered_forms'),
    ]

    operations = [
        migrations.AddField(
            model_name='clinic',
            name='monitoring',
            field=models.BooleanField(default=False, help_text='For clinics in the US that bill Medicare for it, after talking to counsel.', verbose_name='keeps worksheets of remote monitoring'),
        ),
        migrations.AddField(
            model_name='clinic',
            name='monitoring_days',
            field=models.CharField(choices=[('answers', 'Days with a session or form that was answered'), ('activity', 'Also days with a message, a report of signs or a login'), ('access', 'All days since the first login')], default='answers', max_length=10, verbose_name='days that count as days with data'),
        ),
        migrations.AddField(
            model_name='clinic',
            name='monitoring_in_person',
            field=models.BooleanField(default=False, help_text='Sources disagree. Only time that is not billed under another code.', verbose_name='a talk in person counts as a live talk'),
        ),
    ]
