from django.db import migrations


def untag_files(apps, schema_editor):
    """One list of tags is shared by all clinics (cms.admin.tags). Tags themselves stay: drafts of
    articles name them by their number.
    """
    items = apps.get_model('taggit', 'TaggedItem').objects
    items.filter(content_type__app_label__in=['wagtailimages', 'wagtaildocs']).delete()


class Migration(migrations.Migration):

    dependencies = [
        ('cms', '0004_authors_by_review'),
        ('contenttypes', '0002_remove_content_type_name'),
        ('taggit', '0006_rename_taggeditem_content_type_object_id_taggit_tagg_content_8fc721_idx'),
    ]

    operations = [migrations.RunPython(untag_files, migrations.RunPython.noop)]
