from django.db import migrations, models
from django.db.migrations.state import StateApps


def all_until_now(apps: StateApps, schema_editor: object) -> None:
    """Every clinic's therapists wrote for all: nobody loses that by an upgrade."""
    apps.get_model("accounts", "Clinic").objects.update(is_editorial=True)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0006_the_trail")]

    operations = [
        migrations.AddField(
            model_name="clinic",
            name="is_editorial",
            field=models.BooleanField(
                default=False,
                help_text="Its therapists and editors write pages, authors and sources for all.",
                verbose_name="keeps the public site",
            ),
        ),
        migrations.RunPython(all_until_now, migrations.RunPython.noop),
    ]
