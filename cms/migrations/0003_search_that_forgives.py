import cms.embeds
import django.contrib.postgres.search
import django.db.models.deletion
import modelcluster.fields
import wagtail.fields
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
            name='FeaturedArticle',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sort_order', models.IntegerField(blank=True, editable=False, null=True)),
                ('question', models.CharField(help_text='As a reader would ask it: Why are my feet numb?', max_length=80)),
                ('drawing', models.CharField(choices=[('nerve-map', 'Which nerve serves which skin of the foot'), ('emergency-signs', 'Four signs of an emergency'), ('nerve-path', 'The nerve from the back to the toes'), ('slide-stretch', 'A slide and a stretch of a nerve'), ('nerve-layers', 'Three grades of nerve injury'), ('balance-place', 'A safe place to train balance'), ('shoe', 'What a shoe for numb feet needs'), ('foot-check', 'Where to look at the feet each day')], max_length=40)),
            ],
            options={
                'ordering': ['sort_order'],
                'abstract': False,
            },
        ),
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
        migrations.AddField(
            model_name='searchentry',
            name='headings',
            field=models.JSONField(blank=True, db_default=models.Value([], models.JSONField()), default=list, help_text="In the text's order: the line where one begins, its anchor, its words."),
        ),
        migrations.AddField(
            model_name='searchentry',
            name='terms',
            field=models.GeneratedField(db_persist=True, expression=models.Case(models.When(language='en', then=django.contrib.postgres.search.CombinedSearchVector(django.contrib.postgres.search.CombinedSearchVector(django.contrib.postgres.search.SearchVector('title', config='footing_en', weight='A'), '||', django.contrib.postgres.search.SearchVector('lead', config='footing_en', weight='B'), django.contrib.postgres.search.SearchConfig('footing_en')), '||', django.contrib.postgres.search.SearchVector('text', config='footing_en', weight='D'), django.contrib.postgres.search.SearchConfig('footing_en'))), models.When(language='es', then=django.contrib.postgres.search.CombinedSearchVector(django.contrib.postgres.search.CombinedSearchVector(django.contrib.postgres.search.SearchVector('title', config='footing_es', weight='A'), '||', django.contrib.postgres.search.SearchVector('lead', config='footing_es', weight='B'), django.contrib.postgres.search.SearchConfig('footing_es')), '||', django.contrib.postgres.search.SearchVector('text', config='footing_es', weight='D'), django.contrib.postgres.search.SearchConfig('footing_es'))), default=django.contrib.postgres.search.CombinedSearchVector(django.contrib.postgres.search.CombinedSearchVector(django.contrib.postgres.search.CombinedSearchVector(django.contrib.postgres.search.SearchVector('title', config='footing_en', weight='A'), '||', django.contrib.postgres.search.SearchVector('lead', config='footing_en', weight='B'), django.contrib.postgres.search.SearchConfig('footing_en')), '||', django.contrib.postgres.search.SearchVector('text', config='footing_en', weight='D'), django.contrib.postgres.search.SearchConfig('footing_en')), '||', django.contrib.postgres.search.CombinedSearchVector(django.contrib.postgres.search.CombinedSearchVector(django.contrib.postgres.search.SearchVector('title', config='footing_es', weight='A'), '||', django.contrib.postgres.search.SearchVector('lead', config='footing_es', weight='B'), django.contrib.postgres.search.SearchConfig('footing_es')), '||', django.contrib.postgres.search.SearchVector('text', config='footing_es', weight='D'), django.contrib.postgres.search.SearchConfig('footing_es')), django.contrib.postgres.search.SearchConfig('footing_en'))), output_field=django.contrib.postgres.search.SearchVectorField()),
        ),
        migrations.AddField(
            model_name='searchentry',
            name='words',
            field=models.GeneratedField(db_persist=True, expression=django.contrib.postgres.search.SearchVector('title', 'lead', 'text', config='simple'), output_field=django.contrib.postgres.search.SearchVectorField()),
        ),
        migrations.AlterField(
            model_name='articlepage',
            name='body',
            field=wagtail.fields.StreamField([('heading', 0), ('subheading', 1), ('paragraph', 2), ('rows', 7), ('callout', 10), ('steps', 12), ('question', 14), ('key_points', 15), ('definition', 17), ('table', 22), ('emergency', 26), ('checklist', 28), ('quote', 30), ('figure', 36), ('drawing', 39), ('gallery', 41), ('video', 43), ('exercise', 44), ('program', 45), ('product', 48), ('related', 52)], block_lookup={0: ('wagtail.blocks.CharBlock', (), {'icon': 'title', 'max_length': 120, 'template': 'cms/blocks/heading.html'}), 1: ('wagtail.blocks.CharBlock', (), {'icon': 'title', 'max_length': 120, 'template': 'cms/blocks/subheading.html'}), 2: ('wagtail.blocks.RichTextBlock', (), {'features': ['bold', 'italic', 'link', 'ol', 'ul', 'citation'], 'icon': 'pilcrow', 'template': 'cms/blocks/paragraph.html'}), 3: ('wagtail.blocks.CharBlock', (), {'max_length': 120}), 4: ('wagtail.blocks.RichTextBlock', (), {'features': ['bold', 'italic', 'link', 'citation']}), 5: ('wagtail.blocks.StructBlock', [[('term', 3), ('text', 4)]], {}), 6: ('wagtail.blocks.ListBlock', (5,), {'min_num': 1}), 7: ('wagtail.blocks.StructBlock', [[('title', 3), ('rows', 6)]], {}), 8: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('note', 'Note'), ('caution', 'Caution')]}), 9: ('wagtail.blocks.RichTextBlock', (), {'features': ['bold', 'italic', 'link', 'ol', 'ul', 'citation']}), 10: ('wagtail.blocks.StructBlock', [[('tone', 8), ('title', 3), ('text', 9)]], {}), 11: ('wagtail.blocks.ListBlock', (4,), {'min_num': 2}), 12: ('wagtail.blocks.StructBlock', [[('title', 3), ('steps', 11)]], {}), 13: ('wagtail.blocks.CharBlock', (), {'max_length': 160}), 14: ('wagtail.blocks.StructBlock', [[('question', 13), ('answer', 9)]], {}), 15: ('wagtail.blocks.ListBlock', (4,), {'icon': 'list-ol', 'min_num': 1, 'template': 'cms/blocks/key_points.html'}), 16: ('wagtail.blocks.CharBlock', (), {'max_length': 80}), 17: ('wagtail.blocks.StructBlock', [[('term', 16), ('meaning', 4)]], {}), 18: ('wagtail.blocks.CharBlock', (), {'help_text': 'What the table shows.', 'max_length': 160}), 19: ('wagtail.blocks.ListBlock', (16,), {'label': 'Column headings', 'min_num': 2}), 20: ('wagtail.blocks.ListBlock', (4,), {'label': 'Cells of the row', 'min_num': 2}), 21: ('wagtail.blocks.ListBlock', (20,), {'min_num': 1}), 22: ('wagtail.blocks.StructBlock', [[('caption', 18), ('head', 19), ('rows', 21)]], {}), 23: ('wagtail.blocks.CharBlock', (), {'default': 'When to get help now', 'max_length': 80}), 24: ('wagtail.blocks.ListBlock', (4,), {'label': 'Call the emergency number now', 'min_num': 1}), 25: ('wagtail.blocks.ListBlock', (4,), {'label': 'Be seen the same day'}), 26: ('wagtail.blocks.StructBlock', [[('title', 23), ('emergency', 24), ('same_day', 25)]], {}), 27: ('wagtail.blocks.ListBlock', (4,), {'min_num': 1}), 28: ('wagtail.blocks.StructBlock', [[('title', 3), ('items', 27)]], {}), 29: ('wagtail.blocks.CharBlock', (), {'label': 'Who said it', 'max_length': 120}), 30: ('wagtail.blocks.StructBlock', [[('text', 4), ('who', 29)]], {}), 31: ('wagtail.images.blocks.ImageChooserBlock', (), {}), 32: ('wagtail.blocks.BooleanBlock', (), {'help_text': 'It tells nothing that the text does not: screen readers skip it.', 'required': False}), 33: ('wagtail.blocks.CharBlock', (), {'help_text': "What it shows, for those who can't see it.", 'label': 'Description', 'max_length': 250, 'required': False}), 34: ('wagtail.blocks.RichTextBlock', (), {'features': ['bold', 'italic', 'link', 'citation'], 'required': False}), 35: ('wagtail.blocks.CharBlock', (), {'help_text': 'Who made it, and its license.', 'max_length': 160, 'required': False}), 36: ('wagtail.blocks.StructBlock', [[('image', 31), ('decorative', 32), ('alt_text', 33), ('caption', 34), ('credit', 35)]], {}), 37: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('nerve-map', 'Which nerve serves which skin of the foot'), ('emergency-signs', 'Four signs of an emergency'), ('nerve-path', 'The nerve from the back to the toes'), ('slide-stretch', 'A slide and a stretch of a nerve'), ('nerve-layers', 'Three grades of nerve injury'), ('balance-place', 'A safe place to train balance'), ('shoe', 'What a shoe for numb feet needs'), ('foot-check', 'Where to look at the feet each day')]}), 38: ('wagtail.blocks.CharBlock', (), {'label': 'Description', 'max_length': 300}), 39: ('wagtail.blocks.StructBlock', [[('drawing', 37), ('alt_text', 38), ('caption', 34)]], {}), 40: ('wagtail.blocks.ListBlock', (36,), {'min_num': 2}), 41: ('wagtail.blocks.StructBlock', [[('title', 3), ('pictures', 40)]], {}), 42: ('wagtail.snippets.blocks.SnippetChooserBlock', ('cms.Video',), {}), 43: ('wagtail.blocks.StructBlock', [[('video', 42), ('caption', 34)]], {}), 44: ('wagtail.snippets.blocks.SnippetChooserBlock', ('programs.Exercise',), {'icon': 'form', 'template': 'cms/blocks/exercise.html'}), 45: ('wagtail.blocks.ChoiceBlock', [], {'choices': cms.embeds.program_choices}), 46: ('wagtail.blocks.BooleanBlock', (), {'help_text': 'The author, the reviewer or the clinic sells it, is paid, or got it free.', 'label': 'Somebody here gains from it', 'required': False}), 47: ('wagtail.blocks.TextBlock', (), {'help_text': 'Who gains what. Shown above the advice.', 'max_length': 400, 'required': False}), 48: ('wagtail.blocks.StructBlock', [[('title', 3), ('text', 9), ('has_interest', 46), ('disclosure', 47)]], {}), 49: ('wagtail.blocks.CharBlock', (), {'default': 'Read also', 'max_length': 80}), 50: ('wagtail.blocks.PageChooserBlock', ('cms.ArticlePage',), {}), 51: ('wagtail.blocks.ListBlock', (50,), {'min_num': 1}), 52: ('wagtail.blocks.StructBlock', [[('title', 49), ('articles', 51)]], {})}, help_text='Cite with the Cite button above a text, or type /cite in it; numbers and list build themselves.'),
        ),
        migrations.AddField(
            model_name='featuredarticle',
            name='article',
            field=models.ForeignKey(help_text='Readers get it in the language of their home page, where it is translated.', on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cms.articlepage'),
        ),
        migrations.AddField(
            model_name='featuredarticle',
            name='page',
            field=modelcluster.fields.ParentalKey(on_delete=django.db.models.deletion.CASCADE, related_name='featured', to='cms.homepage'),
        ),
        migrations.AddConstraint(
            model_name='searchsynonyms',
            constraint=models.UniqueConstraint(fields=('language', 'words'), name='search_synonyms_once', violation_error_message='These words are in the list already.'),
        ),
        migrations.AddConstraint(
            model_name='featuredarticle',
            constraint=models.UniqueConstraint(fields=('page', 'article'), name='featured_article_once', violation_error_message='This article is already in the list.'),
        ),
    ]
