from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations


class Migration(migrations.Migration):
    """While pages are answered: no table is locked."""

    atomic = False
    dependencies = [("cms", "0003_search_that_forgives")]

    operations = [
        AddIndexConcurrently(
            "searchentry", GinIndex(fields=["terms"], name="search_entry_terms")
        ),
    ]
