import cms.embeds
import cms.models.names_field
import cms.models.video
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import modelcluster.contrib.taggit
import modelcluster.fields
import uuid
import wagtail.contrib.routable_page.models
import wagtail.fields
import wagtail.models.media
from django.conf import settings
from django.db import migrations, models

from cms.migrations import BEFORE_VERSION_1


class Migration(migrations.Migration):

    initial = True
    replaces = BEFORE_VERSION_1

    dependencies = [
        ('accounts', '0001_version_1'),
        ('auth', '0012_alter_user_first_name_max_length'),
        ('taggit', '0006_rename_taggeditem_content_type_object_id_taggit_tagg_content_8fc721_idx'),
        ('wagtailcore', '0097_baselogentry_uuid_action_timestamp_indexes'),
        ('wagtailimages', '0027_image_description'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ArticleIndexPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to='wagtailcore.page')),
                ('lead', models.TextField(blank=True, max_length=400)),
            ],
            options={
                'verbose_name': 'list of articles',
            },
            bases=(wagtail.contrib.routable_page.models.RoutablePageMixin, 'wagtailcore.page'),
        ),
        migrations.CreateModel(
            name='ArticlePage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to='wagtailcore.page')),
                ('lead', models.TextField(help_text='What the article answers, in plain words. Shown in lists, too.', max_length=400)),
                ('last_reviewed', models.DateField(blank=True, null=True)),
                ('next_review_due', models.DateField(blank=True, null=True)),
                ('body', wagtail.fields.StreamField([('heading', 0), ('subheading', 1), ('paragraph', 2), ('rows', 7), ('callout', 10), ('steps', 12), ('question', 14), ('key_points', 15), ('definition', 17), ('table', 22), ('emergency', 26), ('checklist', 28), ('quote', 30), ('figure', 36), ('drawing', 39), ('gallery', 41), ('video', 43), ('exercise', 44), ('program', 45), ('product', 48), ('related', 52)], block_lookup={0: ('wagtail.blocks.CharBlock', (), {'icon': 'title', 'max_length': 120, 'template': 'cms/blocks/heading.html'}), 1: ('wagtail.blocks.CharBlock', (), {'icon': 'title', 'max_length': 120, 'template': 'cms/blocks/subheading.html'}), 2: ('wagtail.blocks.RichTextBlock', (), {'features': ['bold', 'italic', 'link', 'ol', 'ul', 'citation'], 'icon': 'pilcrow', 'template': 'cms/blocks/paragraph.html'}), 3: ('wagtail.blocks.CharBlock', (), {'max_length': 120}), 4: ('wagtail.blocks.RichTextBlock', (), {'features': ['bold', 'italic', 'link', 'citation']}), 5: ('wagtail.blocks.StructBlock', [[('term', 3), ('text', 4)]], {}), 6: ('wagtail.blocks.ListBlock', (5,), {'min_num': 1}), 7: ('wagtail.blocks.StructBlock', [[('title', 3), ('rows', 6)]], {}), 8: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('note', 'Note'), ('caution', 'Caution')]}), 9: ('wagtail.blocks.RichTextBlock', (), {'features': ['bold', 'italic', 'link', 'ol', 'ul', 'citation']}), 10: ('wagtail.blocks.StructBlock', [[('tone', 8), ('title', 3), ('text', 9)]], {}), 11: ('wagtail.blocks.ListBlock', (4,), {'min_num': 2}), 12: ('wagtail.blocks.StructBlock', [[('title', 3), ('steps', 11)]], {}), 13: ('wagtail.blocks.CharBlock', (), {'max_length': 160}), 14: ('wagtail.blocks.StructBlock', [[('question', 13), ('answer', 9)]], {}), 15: ('wagtail.blocks.ListBlock', (4,), {'icon': 'list-ol', 'min_num': 1, 'template': 'cms/blocks/key_points.html'}), 16: ('wagtail.blocks.CharBlock', (), {'max_length': 80}), 17: ('wagtail.blocks.StructBlock', [[('term', 16), ('meaning', 4)]], {}), 18: ('wagtail.blocks.CharBlock', (), {'help_text': 'What the table shows.', 'max_length': 160}), 19: ('wagtail.blocks.ListBlock', (16,), {'label': 'Column headings', 'min_num': 2}), 20: ('wagtail.blocks.ListBlock', (4,), {'label': 'Cells of the row', 'min_num': 2}), 21: ('wagtail.blocks.ListBlock', (20,), {'min_num': 1}), 22: ('wagtail.blocks.StructBlock', [[('caption', 18), ('head', 19), ('rows', 21)]], {}), 23: ('wagtail.blocks.CharBlock', (), {'default': 'When to get help now', 'max_length': 80}), 24: ('wagtail.blocks.ListBlock', (4,), {'label': 'Call the emergency number now', 'min_num': 1}), 25: ('wagtail.blocks.ListBlock', (4,), {'label': 'Be seen the same day'}), 26: ('wagtail.blocks.StructBlock', [[('title', 23), ('emergency', 24), ('same_day', 25)]], {}), 27: ('wagtail.blocks.ListBlock', (4,), {'min_num': 1}), 28: ('wagtail.blocks.StructBlock', [[('title', 3), ('items', 27)]], {}), 29: ('wagtail.blocks.CharBlock', (), {'label': 'Who said it', 'max_length': 120}), 30: ('wagtail.blocks.StructBlock', [[('text', 4), ('who', 29)]], {}), 31: ('wagtail.images.blocks.ImageChooserBlock', (), {}), 32: ('wagtail.blocks.BooleanBlock', (), {'help_text': 'It tells nothing that the text does not: screen readers skip it.', 'required': False}), 33: ('wagtail.blocks.CharBlock', (), {'help_text': "What it shows, for those who can't see it.", 'label': 'Description', 'max_length': 250, 'required': False}), 34: ('wagtail.blocks.RichTextBlock', (), {'features': ['bold', 'italic', 'link', 'citation'], 'required': False}), 35: ('wagtail.blocks.CharBlock', (), {'help_text': 'Who made it, and its license.', 'max_length': 160, 'required': False}), 36: ('wagtail.blocks.StructBlock', [[('image', 31), ('decorative', 32), ('alt_text', 33), ('caption', 34), ('credit', 35)]], {}), 37: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('nerve-path', 'The nerve from the back to the toes'), ('slide-stretch', 'A slide and a stretch of a nerve'), ('nerve-layers', 'Three grades of nerve injury'), ('balance-place', 'A safe place to train balance'), ('shoe', 'What a shoe for numb feet needs'), ('foot-check', 'Where to look at the feet each day')]}), 38: ('wagtail.blocks.CharBlock', (), {'label': 'Description', 'max_length': 300}), 39: ('wagtail.blocks.StructBlock', [[('drawing', 37), ('alt_text', 38), ('caption', 34)]], {}), 40: ('wagtail.blocks.ListBlock', (36,), {'min_num': 2}), 41: ('wagtail.blocks.StructBlock', [[('title', 3), ('pictures', 40)]], {}), 42: ('wagtail.snippets.blocks.SnippetChooserBlock', ('cms.Video',), {}), 43: ('wagtail.blocks.StructBlock', [[('video', 42), ('caption', 34)]], {}), 44: ('wagtail.snippets.blocks.SnippetChooserBlock', ('programs.Exercise',), {'icon': 'form', 'template': 'cms/blocks/exercise.html'}), 45: ('wagtail.blocks.ChoiceBlock', [], {'choices': cms.embeds.program_choices}), 46: ('wagtail.blocks.BooleanBlock', (), {'help_text': 'The author, the reviewer or the clinic sells it, is paid, or got it free.', 'label': 'Somebody here gains from it', 'required': False}), 47: ('wagtail.blocks.TextBlock', (), {'help_text': 'Who gains what. Shown above the advice.', 'max_length': 400, 'required': False}), 48: ('wagtail.blocks.StructBlock', [[('title', 3), ('text', 9), ('has_interest', 46), ('disclosure', 47)]], {}), 49: ('wagtail.blocks.CharBlock', (), {'default': 'Read also', 'max_length': 80}), 50: ('wagtail.blocks.PageChooserBlock', ('cms.ArticlePage',), {}), 51: ('wagtail.blocks.ListBlock', (50,), {'min_num': 1}), 52: ('wagtail.blocks.StructBlock', [[('title', 49), ('articles', 51)]], {})}, help_text='Cite with the Cite button above a text, or type /cite in it; numbers and list build themselves.')),
                ('without_citation', models.BooleanField(default=False, help_text='Only for a text that says nothing which needs a source.', verbose_name='publish without a citation')),
            ],
            options={
                'verbose_name': 'article',
                'permissions': [('sign_article', 'Can sign off articles as a clinical reviewer')],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('next_review_due', None), ('next_review_due__gt', models.F('last_reviewed')), _connector='OR'), name='article_next_review_after_last', violation_error_message='The next review is due after the last one.'),
                ],
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='CheckedLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('url', models.URLField(max_length=1000, unique=True)),
                ('checked_at', models.DateTimeField()),
                ('status', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('problem', models.CharField(blank=True, help_text='Empty when it answered.', max_length=200)),
            ],
            options={
                'ordering': ['url'],
            },
        ),
        migrations.CreateModel(
            name='HomePage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to='wagtailcore.page')),
                ('lead', models.TextField(help_text='What this site is, in two sentences.', max_length=400)),
                ('about', wagtail.fields.RichTextField(blank=True)),
            ],
            options={
                'verbose_name': 'home page',
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='SearchPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to='wagtailcore.page')),
                ('lead', models.TextField(blank=True, max_length=400)),
            ],
            options={
                'verbose_name': 'search page',
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='StandardPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to='wagtailcore.page')),
                ('lead', models.TextField(blank=True, max_length=400)),
                ('body', wagtail.fields.StreamField([('heading', 0), ('subheading', 1), ('paragraph', 2), ('rows', 7), ('callout', 10), ('steps', 12), ('question', 14)], blank=True, block_lookup={0: ('wagtail.blocks.CharBlock', (), {'icon': 'title', 'max_length': 120, 'template': 'cms/blocks/heading.html'}), 1: ('wagtail.blocks.CharBlock', (), {'icon': 'title', 'max_length': 120, 'template': 'cms/blocks/subheading.html'}), 2: ('wagtail.blocks.RichTextBlock', (), {'features': ['bold', 'italic', 'link', 'ol', 'ul', 'citation'], 'icon': 'pilcrow', 'template': 'cms/blocks/paragraph.html'}), 3: ('wagtail.blocks.CharBlock', (), {'max_length': 120}), 4: ('wagtail.blocks.RichTextBlock', (), {'features': ['bold', 'italic', 'link', 'citation']}), 5: ('wagtail.blocks.StructBlock', [[('term', 3), ('text', 4)]], {}), 6: ('wagtail.blocks.ListBlock', (5,), {'min_num': 1}), 7: ('wagtail.blocks.StructBlock', [[('title', 3), ('rows', 6)]], {}), 8: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('note', 'Note'), ('caution', 'Caution')]}), 9: ('wagtail.blocks.RichTextBlock', (), {'features': ['bold', 'italic', 'link', 'ol', 'ul', 'citation']}), 10: ('wagtail.blocks.StructBlock', [[('tone', 8), ('title', 3), ('text', 9)]], {}), 11: ('wagtail.blocks.ListBlock', (4,), {'min_num': 2}), 12: ('wagtail.blocks.StructBlock', [[('title', 3), ('steps', 11)]], {}), 13: ('wagtail.blocks.CharBlock', (), {'max_length': 160}), 14: ('wagtail.blocks.StructBlock', [[('question', 13), ('answer', 9)]], {})})),
                ('last_changed', models.DateField(blank=True, help_text='Shown below the text.', null=True)),
            ],
            options={
                'verbose_name': 'standard page',
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='TopicPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to='wagtailcore.page')),
                ('lead', models.TextField(blank=True, max_length=400)),
            ],
            options={
                'verbose_name': 'topic',
            },
            bases=(wagtail.contrib.routable_page.models.RoutablePageMixin, 'wagtailcore.page'),
        ),
        migrations.CreateModel(
            name='ArticleTag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content_object', modelcluster.fields.ParentalKey(on_delete=django.db.models.deletion.CASCADE, related_name='tagged_items', to='cms.articlepage')),
                ('tag', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(app_label)s_%(class)s_items', to='taggit.tag')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='articlepage',
            name='tags',
            field=modelcluster.contrib.taggit.ClusterTaggableManager(blank=True, help_text='A comma-separated list of tags.', through='cms.ArticleTag', to='taggit.Tag', verbose_name='Tags'),
        ),
        migrations.CreateModel(
            name='Author',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('live', models.BooleanField(default=True, editable=False, verbose_name='live')),
                ('has_unpublished_changes', models.BooleanField(default=False, editable=False, verbose_name='has unpublished changes')),
                ('first_published_at', models.DateTimeField(blank=True, db_index=True, null=True, verbose_name='first published at')),
                ('last_published_at', models.DateTimeField(editable=False, null=True, verbose_name='last published at')),
                ('go_live_at', models.DateTimeField(blank=True, null=True, verbose_name='go live date/time')),
                ('expire_at', models.DateTimeField(blank=True, null=True, verbose_name='expiry date/time')),
                ('expired', models.BooleanField(default=False, editable=False, verbose_name='expired')),
                ('name', models.CharField(max_length=120)),
                ('credentials', models.CharField(blank=True, help_text='Such as PT, DPT.', max_length=100)),
                ('biography', models.TextField(blank=True, help_text='Shown below their articles. Training, work, conflicts of interest.')),
                ('is_organization', models.BooleanField(default=False, help_text='Such as a clinic or a society.', verbose_name='is an organization')),
                ('is_invented', models.BooleanField(default=False, help_text='Said wherever the name stands; never told to search engines.', verbose_name='is invented for a demonstration')),
                ('latest_revision', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailcore.revision', verbose_name='latest revision')),
                ('live_revision', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailcore.revision', verbose_name='live revision')),
                ('user', models.OneToOneField(blank=True, help_text='Their login here, if they have one. Never shown.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='author', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['name'],
            },
        ),
        migrations.AddField(
            model_name='articlepage',
            name='authors',
            field=modelcluster.fields.ParentalManyToManyField(limit_choices_to={'live': True}, related_name='articles', to='cms.author'),
        ),
        migrations.AddField(
            model_name='articlepage',
            name='reviewed_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reviewed', to='cms.author', verbose_name='medically reviewed by'),
        ),
        migrations.CreateModel(
            name='AuthorPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to='wagtailcore.page')),
                ('author', models.ForeignKey(limit_choices_to={'live': True}, on_delete=django.db.models.deletion.PROTECT, related_name='pages', to='cms.author')),
            ],
            options={
                'verbose_name': 'author page',
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='CitationSettings',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('style', models.CharField(choices=[('ama', 'AMA (American Medical Association)'), ('vancouver', 'Vancouver (National Library of Medicine)'), ('apa', 'APA (American Psychological Association)')], default='ama', help_text='Numbers in the text stay numbers; the list below is written in this style.', max_length=12, verbose_name='style of references')),
                ('site', models.OneToOneField(editable=False, on_delete=django.db.models.deletion.CASCADE, to='wagtailcore.site')),
            ],
            options={
                'verbose_name': 'citations',
            },
        ),
        migrations.CreateModel(
            name='ClinicalReviewTask',
            fields=[
                ('task_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to='wagtailcore.task')),
                ('groups', models.ManyToManyField(help_text='Pages/snippets at this step in a workflow will be moderated or approved by these groups of users', to='auth.group', verbose_name='groups')),
            ],
            options={
                'verbose_name': 'clinical review',
                'verbose_name_plural': 'clinical reviews',
            },
            bases=('wagtailcore.task',),
        ),
        migrations.CreateModel(
            name='ClinicFiles',
            fields=[
                ('clinic', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='files', serialize=False, to='accounts.clinic')),
                ('collection', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='wagtailcore.collection')),
                ('group', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='auth.group')),
            ],
        ),
        migrations.CreateModel(
            name='ContentStamp',
            fields=[
                ('id', models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ('value', models.UUIDField(default=uuid.uuid4)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='one_content_stamp')],
            },
        ),
        migrations.CreateModel(
            name='SearchEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=20)),
                ('key', models.CharField(help_text="The thing's id within its kind.", max_length=80)),
                ('language', models.CharField(blank=True, help_text='Empty: found in each.', max_length=10)),
                ('title', models.CharField(max_length=500)),
                ('lead', models.TextField(blank=True)),
                ('text', models.TextField(blank=True)),
                ('address', models.CharField(blank=True, max_length=1000)),
                ('topics', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), blank=True, default=list, help_text='Their keys, the same in each language.', size=None)),
                ('vector', models.GeneratedField(db_persist=True, expression=models.Case(models.When(language='es', then=django.contrib.postgres.search.CombinedSearchVector(django.contrib.postgres.search.CombinedSearchVector(django.contrib.postgres.search.SearchVector('title', config='spanish', weight='A'), '||', django.contrib.postgres.search.SearchVector('lead', config='spanish', weight='B'), django.contrib.postgres.search.SearchConfig('spanish')), '||', django.contrib.postgres.search.SearchVector('text', config='spanish', weight='D'), django.contrib.postgres.search.SearchConfig('spanish'))), default=django.contrib.postgres.search.CombinedSearchVector(django.contrib.postgres.search.CombinedSearchVector(django.contrib.postgres.search.SearchVector('title', config='english', weight='A'), '||', django.contrib.postgres.search.SearchVector('lead', config='english', weight='B'), django.contrib.postgres.search.SearchConfig('english')), '||', django.contrib.postgres.search.SearchVector('text', config='english', weight='D'), django.contrib.postgres.search.SearchConfig('english'))), output_field=django.contrib.postgres.search.SearchVectorField())),
            ],
            options={
                'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['vector'], name='search_entry_vector')],
                'constraints': [models.UniqueConstraint(fields=('kind', 'key'), name='search_entry_once')],
            },
        ),
        migrations.CreateModel(
            name='Source',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(help_text='A short name for it, such as bhandari2019. Texts cite by it, so it stays. Empty: made from author and year.', max_length=60, unique=True, validators=[django.core.validators.RegexValidator('^[A-Za-z0-9][A-Za-z0-9_-]*$', "Use letters, digits, '-' and '_' only.")])),
                ('kind', models.CharField(choices=[('article-journal', 'Journal article'), ('chapter', 'Book chapter'), ('book', 'Book'), ('report', 'Report or guideline'), ('webpage', 'Web page'), ('thesis', 'Thesis'), ('paper-conference', 'Conference paper')], default='article-journal', max_length=20)),
                ('authors', cms.models.names_field.NamesField(blank=True, default=list, help_text="One a line, such as 'Bhandari PS' or 'World Health Organization'.", validators=[cms.models.names_field.validate_names])),
                ('more_authors', models.BooleanField(default=False, help_text='The work has more authors than are listed.', verbose_name='and others')),
                ('title', models.CharField(help_text='With <i>, <sub> or <sup> around words where it has them.', max_length=500)),
                ('title_marked', models.CharField(blank=True, editable=False, max_length=700)),
                ('container', models.CharField(blank=True, help_text='As it is abbreviated.', max_length=250, verbose_name='journal, book or website')),
                ('container_full', models.CharField(blank=True, help_text='APA writes journals in full.', max_length=250, verbose_name='its full name')),
                ('year', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1500), django.core.validators.MaxValueValidator(2200)])),
                ('month', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(12)])),
                ('day', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(31)])),
                ('season', models.CharField(blank=True, help_text="Where one month doesn't tell it: Sep-Oct, Spring.", max_length=30, verbose_name='months or season')),
                ('is_in_press', models.BooleanField(default=False, help_text='Accepted, and not published yet.', verbose_name='in press')),
                ('volume', models.CharField(blank=True, max_length=20)),
                ('issue', models.CharField(blank=True, help_text='Or a supplement: Suppl 1.', max_length=30)),
                ('pages', models.CharField(blank=True, help_text="Or the article's number.", max_length=40)),
                ('editors', cms.models.names_field.NamesField(blank=True, default=list, help_text='Of the book. One a line.', validators=[cms.models.names_field.validate_names])),
                ('edition', models.CharField(blank=True, help_text='Such as 2nd.', max_length=20)),
                ('publisher', models.CharField(blank=True, max_length=200)),
                ('place', models.CharField(blank=True, max_length=100, verbose_name='place of publication')),
                ('doi', models.CharField(blank=True, max_length=200, validators=[django.core.validators.RegexValidator('^10\\.\\d{4,9}/\\S+$', 'A DOI looks like 10.1000/abc.')], verbose_name='DOI')),
                ('pmid', models.CharField(blank=True, max_length=10, validators=[django.core.validators.RegexValidator('^[1-9]\\d*$', 'It has digits only, such as 31528058.')], verbose_name='PubMed number')),
                ('pmcid', models.CharField(blank=True, max_length=15, validators=[django.core.validators.RegexValidator('^PMC\\d+$', 'It looks like PMC6739245.')], verbose_name='PubMed Central number')),
                ('url', models.URLField(blank=True, help_text='For what has no DOI.', max_length=500, verbose_name='address')),
                ('accessed', models.DateField(blank=True, help_text='When somebody last read it at this address.', null=True)),
                ('design', models.CharField(blank=True, choices=[('guideline', 'Guideline or consensus'), ('systematic_review', 'Systematic review'), ('trial', 'Randomized trial'), ('controlled', 'Controlled study, not randomized'), ('cohort', 'Cohort study'), ('cross_sectional', 'Cross-sectional study'), ('measure', 'Study of a measure'), ('cases', 'Case series'), ('case', 'Case report (one patient)'), ('laboratory', 'Laboratory, cadaver or animal study'), ('review', 'Narrative review'), ('other', 'Other')], max_length=20, verbose_name='study design')),
                ('appraisal', models.CharField(blank=True, help_text='In one line: what it can show, and what not.', max_length=200)),
                ('is_retracted', models.BooleanField(default=False, help_text='Readers are told, too.', verbose_name='retracted')),
                ('certainty', models.CharField(blank=True, help_text='How sure we are that these details are right.', max_length=80)),
                ('check_state', models.CharField(choices=[('unchecked', 'Not checked'), ('partly', 'Partly found in records'), ('found', 'Found in records'), ('checked', 'Checked by a person')], default='unchecked', max_length=10, verbose_name='checked')),
                ('checked_by', models.CharField(blank=True, help_text='Empty means you.', max_length=120)),
                ('checked_on', models.DateField(blank=True, help_text='Empty means today.', null=True)),
                ('checked', models.TextField(blank=True, help_text='Compared with what.', verbose_name='note on the check')),
                ('use', models.TextField(blank=True, help_text='What we cite it for. Never shown to readers.')),
                ('starter_digest', models.CharField(blank=True, editable=False, max_length=64)),
            ],
            options={
                'ordering': ['key'],
                'constraints': [models.UniqueConstraint(django.db.models.functions.text.Lower('doi'), condition=models.Q(('doi', ''), _negated=True), name='source_doi_unique', violation_error_message='Another source has this DOI.'), models.UniqueConstraint(condition=models.Q(('pmid', ''), _negated=True), fields=('pmid',), name='source_pmid_unique', violation_error_message='Another source has this PubMed number.'), models.UniqueConstraint(django.db.models.functions.text.Upper('pmcid'), condition=models.Q(('pmcid', ''), _negated=True), name='source_pmcid_unique', violation_error_message='Another source has this PubMed Central number.'), models.CheckConstraint(condition=models.Q(models.Q(('day', None), ('month', None)), models.Q(('month__isnull', False), ('year__isnull', False)), _connector='OR'), name='source_date_from_year_down', violation_error_message='A day needs its month, and a month its year.'), models.CheckConstraint(condition=models.Q(models.Q(('check_state', 'checked'), ('checked_on__isnull', False), models.Q(('checked_by', ''), _negated=True)), models.Q(models.Q(('check_state', 'checked'), _negated=True), ('checked_by', ''), ('checked_on', None)), _connector='OR'), name='source_checked_by_and_on', violation_error_message='Checked needs both who and when; otherwise neither.')],
            },
        ),
        migrations.AddField(
            model_name='articlepage',
            name='topics',
            field=modelcluster.fields.ParentalManyToManyField(blank=True, related_name='+', to='cms.topicpage'),
        ),
        migrations.CreateModel(
            name='Video',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=120)),
                ('file', models.FileField(help_text='MP4 or WebM, at most 100 MB.', upload_to='videos', validators=[django.core.validators.FileExtensionValidator(['mp4', 'webm']), cms.models.video.validate_video])),
                ('captions', models.FileField(blank=True, help_text='WebVTT. May be left out only when nothing is said.', upload_to='captions', validators=[django.core.validators.FileExtensionValidator(['vtt']), cms.models.video.validate_captions])),
                ('is_silent', models.BooleanField(default=False, verbose_name='nothing is said')),
                ('language', models.CharField(choices=[('en', 'English'), ('es', 'Español')], default='en', help_text='Of what is said, the captions and the words below.', max_length=5)),
                ('transcript', models.TextField(help_text='What is seen and said, in words.')),
                ('collection', models.ForeignKey(default=wagtail.models.media.get_root_collection_id, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='wagtailcore.collection', verbose_name='collection')),
                ('poster', models.ForeignKey(help_text='The picture that is shown before it plays.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='wagtailimages.image')),
            ],
            options={
                'ordering': ['title'],
            },
        ),
        migrations.CreateModel(
            name='HelpfulCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('yes', models.PositiveIntegerField(default=0)),
                ('no', models.PositiveIntegerField(default=0)),
                ('page', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='wagtailcore.page')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('page', 'day'), name='helpful_once_a_day')],
            },
        ),
        migrations.CreateModel(
            name='RelatedArticle',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sort_order', models.IntegerField(blank=True, editable=False, null=True)),
                ('article', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cms.articlepage')),
                ('page', modelcluster.fields.ParentalKey(on_delete=django.db.models.deletion.CASCADE, related_name='related_by_hand', to='cms.articlepage')),
            ],
            options={
                'ordering': ['sort_order'],
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('page', 'article'), name='related_article_once', violation_error_message='This article is already in the list.')],
            },
        ),
        migrations.AddConstraint(
            model_name='articlepage',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('last_reviewed', None), ('reviewed_by', None)), models.Q(('last_reviewed__isnull', False), ('reviewed_by__isnull', False)), _connector='OR'), name='article_review_has_person_and_date', violation_error_message='A review needs both a reviewer and a date.'),
        ),
    ]
