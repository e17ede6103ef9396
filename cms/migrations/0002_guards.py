from django.db import migrations

from accounts.row_security import FileRows
from cms.migrations import BEFORE_VERSION_1


class Migration(migrations.Migration):
    """What guards pictures, documents and videos: each clinic's own (decision 26)."""

    replaces = BEFORE_VERSION_1
    dependencies = [
        ("cms", "0001_version_1"),
        ("wagtaildocs", "0014_alter_document_file_size"),
    ]

    operations = [
        FileRows("Video"),
        FileRows("wagtailimages.Image"),
        FileRows("wagtaildocs.Document"),
    ]
