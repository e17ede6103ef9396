"""What the public search looks through: one row for each thing that can be found."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import Case, When
from django.db.models.expressions import CombinedExpression

# Each language's stemming: 'nerves' finds 'nerve'. What has no language is mostly English: sources.
CONFIGS = {"": "english", "en": "english", "es": "spanish"}
OTHERS = [(code, config) for code, config in CONFIGS.items() if config != "english"]


def _vector(config: str) -> CombinedExpression:
    """Titles weigh most, then leads."""
    return (
        SearchVector("title", weight="A", config=config)
        + SearchVector("lead", weight="B", config=config)
        + SearchVector("text", weight="D", config=config)
    )


class SearchEntry(models.Model):
    """Only public words are written here, and each search asks again whether they still are."""

    kind = models.CharField(max_length=20)
    key = models.CharField(max_length=80, help_text="The thing's id within its kind.")
    language = models.CharField(max_length=10, blank=True, help_text="Empty: found in each.")
    title = models.CharField(max_length=500)
    lead = models.TextField(blank=True)
    text = models.TextField(blank=True)
    address = models.CharField(max_length=1000, blank=True)
    topics = ArrayField(
        models.UUIDField(),
        default=list,
        blank=True,
        help_text="Their keys, the same in each language.",
    )
    vector = models.GeneratedField(
        expression=Case(
            *(When(language=code, then=_vector(config)) for code, config in OTHERS),
            default=_vector(CONFIGS["en"]),
        ),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    class Meta:
        indexes = [GinIndex(fields=["vector"], name="search_entry_vector")]
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="search_entry_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}: {self.title}"
