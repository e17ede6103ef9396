from django.db import migrations, models


class Migration(migrations.Migration):
    """The worker's sign of life. Both roles get rights to it as to any table (config.roles)."""

    dependencies = [
        ('accounts', '0015_undelivered_mail'),
    ]

    operations = [
        migrations.CreateModel(
            name='Heartbeat',
            fields=[
                ('name', models.CharField(max_length=30, primary_key=True, serialize=False)),
                ('beat_at', models.DateTimeField()),
            ],
        ),
    ]
