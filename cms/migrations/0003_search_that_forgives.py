import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.db import migrations, models


# Each folds accents, then stems; 'plain' stems nothing.
CONFIGS = """
    CREATE TEXT SEARCH CONFIGURATION footing_plain (COPY = simple);
    CREATE TEXT SEARCH CONFIGURATION footing_en (COPY = english);
    CREATE TEXT SEARCH CONFIGURATION footing_es (COPY = spanish);
    ALTER TEXT SEARCH CONFIGURATION footing_plain
        ALTER MAPPING FOR hword, hword_part, word WITH unaccent, simple;
    ALTER TEXT SEARCH CONFIGURATION footing_en
        ALTER MAPPING FOR hword, hword_part, word WITH unaccent, english_stem;
    ALTER TEXT SEARCH CONFIGURATION footing_es
        ALTER MAPPING FOR hword, hword_part, word WITH unaccent, spanish_stem;
"""
NO_CONFIGS = """
    DROP TEXT SEARCH CONFIGURATION footing_plain;
    DROP TEXT SEARCH CONFIGURATION footing_en;
    DROP TEXT SEARCH CONFIGURATION footing_es;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('cms', '0002_guards'),
    ]

    operations = [
        migrations.RunSQL(CONFIGS, NO_CONFIGS),
        migrations.CreateModel(
            name='SearchSynonyms',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(choices=[('en', 'English'), ('es', 'Español')], max_length=10)),
                ('words', models.CharField(help_text='With commas between: pins and needles, tingling, prickling. Each finds what holds any of them; endings such as the s of nerves need not be listed.', max_length=400)),
            ],
            options={
                'verbose_name': 'words that mean the same',
                'verbose_name_plural': 'words that mean the same',
                'ordering': ['language', 'words'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='searchentry',
            name='search_entry_once',
        ),
        migrations.AddField(
            model_name='searchentry',
            name='headings',
            field=models.JSONField(blank=True, db_default=models.Value([], models.JSONField()), default=list, help_text="In the text's order: the line where one begins, its anchor, its words."),
        ),
        migrations.AddField(
            model_name='searchentry',
            name='words',
            field=models.GeneratedField(db_persist=True, expression=django.contrib.postgres.search.SearchVector('title', 'lead', 'text', config='simple'), output_field=django.contrib.postgres.search.SearchVectorField()),
        ),
        migrations.AlterField(
            model_name='searchentry',
            name='key',
            field=models.CharField(help_text="The thing's id within its kind and language.", max_length=80),
        ),
        # An expression that makes a column can't be altered; its index goes with it.
        migrations.RemoveIndex(model_name='searchentry', name='search_entry_vector'),
        migrations.RemoveField(model_name='searchentry', name='vector'),
        migrations.AddField(
            model_name='searchentry',
            name='vector',
            field=models.GeneratedField(db_persist=True, expression=models.Case(models.When(language='en', then=django.contrib.postgres.search.CombinedSearchVector(django.contrib.postgres.search.CombinedSearchVector(django.contrib.postgres.search.SearchVector('title', config='footing_en', weight='A'), '||', django.contrib.postgres.search.SearchVector('lead', config='footing_en', weight='B'), django.contrib.postgres.search.SearchConfig('footing_en')), '||', django.contrib.postgres.search.SearchVector('text', config='footing_en', weight='D'), django.contrib.postgres.search.SearchConfig('footing_en'))), models.When(language='es', then=django.contrib.postgres.search.CombinedSearchVector(django.contrib.postgres.search.CombinedSearchVector(django.contrib.postgres.search.SearchVector('title', config='footing_es', weight='A'), '||', django.contrib.postgres.search.SearchVector('lead', config='footing_es', weight='B'), django.contrib.postgres.search.SearchConfig('footing_es')), '||', django.contrib.postgres.search.SearchVector('text', config='footing_es', weight='D'), django.contrib.postgres.search.SearchConfig('footing_es'))), default=django.contrib.postgres.search.CombinedSearchVector(django.contrib.postgres.search.CombinedSearchVector(django.contrib.postgres.search.CombinedSearchVector(django.contrib.postgres.search.SearchVector('title', config='footing_en', weight='A'), '||', django.contrib.postgres.search.SearchVector('lead', config='footing_en', weight='B'), django.contrib.postgres.search.SearchConfig('footing_en')), '||', django.contrib.postgres.search.SearchVector('text', config='footing_en', weight='D'), django.contrib.postgres.search.SearchConfig('footing_en')), '||', django.contrib.postgres.search.CombinedSearchVector(django.contrib.postgres.search.CombinedSearchVector(django.contrib.postgres.search.SearchVector('title', config='footing_es', weight='A'), '||', django.contrib.postgres.search.SearchVector('lead', config='footing_es', weight='B'), django.contrib.postgres.search.SearchConfig('footing_es')), '||', django.contrib.postgres.search.SearchVector('text', config='footing_es', weight='D'), django.contrib.postgres.search.SearchConfig('footing_es')), django.contrib.postgres.search.SearchConfig('footing_en'))), output_field=django.contrib.postgres.search.SearchVectorField()),
        ),
        migrations.AddIndex(
            model_name='searchentry',
            index=django.contrib.postgres.indexes.GinIndex(fields=['vector'], name='search_entry_vector'),
        ),
        migrations.AddConstraint(
            model_name='searchentry',
            constraint=models.UniqueConstraint(fields=('kind', 'key', 'language'), name='search_entry_once'),
        ),
        migrations.AddConstraint(
            model_name='searchsynonyms',
            constraint=models.UniqueConstraint(fields=('language', 'words'), name='search_synonyms_once', violation_error_message='These words are in the list already.'),
        ),
    ]
