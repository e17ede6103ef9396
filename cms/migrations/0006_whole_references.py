from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cms', '0005_no_tags_on_files'),
    ]

    operations = [
        migrations.AddField(
            model_name='source',
            name='is_in_press',
            field=models.BooleanField(default=False, help_text='Accepted, and not published yet.', verbose_name='in press'),
        ),
        migrations.AddField(
            model_name='source',
            name='season',
            field=models.CharField(blank=True, help_text="Where one month doesn't tell it: Sep-Oct, Spring.", max_length=30, verbose_name='months or season'),
        ),
        migrations.AddField(
            model_name='source',
            name='title_marked',
            field=models.CharField(blank=True, editable=False, max_length=700),
        ),
        migrations.AlterField(
            model_name='source',
            name='title',
            field=models.CharField(help_text='With <i>, <sub> or <sup> around words where it has them.', max_length=500),
        ),
    ]
