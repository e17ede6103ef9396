"""What the public search looks through, and which words it takes for the same."""

from functools import reduce
from operator import add

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case, When
from django.db.models.expressions import CombinedExpression
from wagtail.admin.panels import FieldPanel

# PostgreSQL's stemming of a language behind `unaccent` (migration 0003): 'nerves' finds 'nerve',
# 'rodon' would find 'rodón'.
CONFIGS = {"en": "footing_en", "es": "footing_es"}
PLAIN = "footing_plain"  # without accents, as they stand


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
    headings = models.JSONField(
        default=list,
        blank=True,
        db_default=models.Value([], models.JSONField()),
        help_text="In the text's order: the line where one begins, its anchor, its words.",
    )
    address = models.CharField(max_length=1000, blank=True)
    topics = ArrayField(
        models.UUIDField(),
        default=list,
        blank=True,
        help_text="Their keys, the same in each language.",
    )
    # The version before searches by it: it goes with the one after this.
    vector = models.GeneratedField(
        expression=Case(When(language="es", then=_vector("spanish")), default=_vector("english")),
        output_field=SearchVectorField(),
        db_persist=True,
    )
    terms = models.GeneratedField(
        expression=Case(
            *(When(language=code, then=_vector(config)) for code, config in CONFIGS.items()),
            # What has no language, such as a source, is found in each.
            default=reduce(add, map(_vector, CONFIGS.values())),
        ),
        output_field=SearchVectorField(),
        db_persist=True,
    )
    # Every word as it is written: what a misspelled one may have meant.
    words = models.GeneratedField(
        expression=SearchVector("title", "lead", "text", config="simple"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    class Meta:
        indexes = [
            GinIndex(fields=["vector"], name="search_entry_vector"),
            GinIndex(fields=["terms"], name="search_entry_terms"),
        ]
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="search_entry_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}: {self.title}"


class SearchSynonyms(models.Model):
    """Words and phrases that mean the same to who searches: one finds the others."""

    language = models.CharField(max_length=10, choices=settings.LANGUAGES)
    words = models.CharField(
        max_length=400,
        help_text="With commas between: pins and needles, tingling, prickling. Each finds what"
        " holds any of them; endings such as the s of nerves need not be listed.",
    )

    panels = [FieldPanel("language"), FieldPanel("words")]

    class Meta:
        verbose_name = verbose_name_plural = "words that mean the same"
        ordering = ["language", "words"]
        constraints = [
            models.UniqueConstraint(
                fields=["language", "words"],
                name="search_synonyms_once",
                violation_error_message="These words are in the list already.",
            )
        ]

    def __str__(self) -> str:
        return self.words

    def clean(self) -> None:
        """Raises ValidationError for a group of fewer than two."""
        super().clean()
        self.words = ", ".join(self.phrases)
        if self.words and len(self.phrases) < 2:
            raise ValidationError({"words": "Write at least two, with a comma between."})

    @property
    def phrases(self) -> list[str]:
        each = (" ".join(phrase.split()) for phrase in self.words.split(","))
        return list(dict.fromkeys(phrase for phrase in each if phrase))
