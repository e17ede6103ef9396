"""What the public search looks through: one row for each thing that can be found."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models

CONFIG = "english"  # its stemming: 'nerves' finds 'nerve'


class SearchEntry(models.Model):
    """Only public words are written here, and each search asks again whether they still are."""

    kind = models.CharField(max_length=20)
    key = models.CharField(max_length=80, help_text="The thing's id within its kind.")
    title = models.CharField(max_length=500)
    lead = models.TextField(blank=True)
    text = models.TextField(blank=True)
    address = models.CharField(max_length=1000, blank=True)
    topics = ArrayField(models.BigIntegerField(), default=list, blank=True)
    # Titles weigh most, then leads.
    vector = models.GeneratedField(
        expression=SearchVector("title", weight="A", config=CONFIG)
        + SearchVector("lead", weight="B", config=CONFIG)
        + SearchVector("text", weight="D", config=CONFIG),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    class Meta:
        indexes = [GinIndex(fields=["vector"], name="search_entry_vector")]
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="search_entry_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}: {self.title}"
