"""What an article or an exercise rests on: one published work."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from cms import names

# The letters of a citation mark such as [@bhandari2019] (cms.citations).
KEY_PATTERN = r"[A-Za-z0-9][A-Za-z0-9_-]*"
_DOI_PREFIX = re.compile(r"^(?:https?://(?:dx\.)?doi\.org/|doi:\s*)", re.IGNORECASE)


class NamesFormField(forms.JSONField):
    """One name a line, as journals write them, instead of JSON."""

    widget = forms.Textarea

    def prepare_value(self, value: Any) -> Any:
        return names.write_lines(value) if isinstance(value, list) else value

    def bound_data(self, data: Any, initial: Any) -> Any:
        return data

    def to_python(self, value: Any) -> Any:
        return names.parse_lines(value) if isinstance(value, str) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(self.to_python(data or "") != (initial or []))


class NamesField(models.JSONField):
    """Authors as CSL-JSON names (cms.names)."""

    def formfield(self, **kwargs: Any) -> Any:
        return models.Field.formfield(self, **{"form_class": NamesFormField, **kwargs})


def validate_names(value: Any) -> None:
    if problem := names.problem(value):
        raise ValidationError(problem)


class Source(models.Model):
    """One published work, in the fields CSL-JSON wants: any citation style can be made of it."""

    key = models.CharField(
        max_length=60,
        unique=True,
        validators=[RegexValidator(rf"^{KEY_PATTERN}$", "Use letters, digits, '-' and '_' only.")],
        help_text="What authors write in the text: [@bhandari2019]. It stays as it is.",
    )
    authors = NamesField(
        default=list,
        blank=True,
        validators=[validate_names],
        help_text="One a line, such as 'Bhandari PS' or 'World Health Organization'.",
    )
    more_authors = models.BooleanField(
        "and others", default=False, help_text="The work has more authors than are listed."
    )
    title = models.CharField(max_length=500)
    container = models.CharField(
        "journal or publisher", max_length=250, blank=True, help_text="As it is abbreviated."
    )
    year = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1500), MaxValueValidator(2200)]
    )
    volume = models.CharField(max_length=20, blank=True)
    issue = models.CharField(max_length=20, blank=True)
    pages = models.CharField(max_length=40, blank=True, help_text="Or the article's number.")
    doi = models.CharField(
        "DOI",
        max_length=200,
        blank=True,
        validators=[RegexValidator(r"^10\.\d{4,9}/\S+$", "A DOI looks like 10.1000/abc.")],
    )
    pmid = models.CharField(
        "PubMed number", max_length=10, blank=True, validators=[RegexValidator(r"^\d+$")]
    )
    pmcid = models.CharField(
        "PubMed Central number",
        max_length=15,
        blank=True,
        validators=[RegexValidator(r"^PMC\d+$", "It looks like PMC6739245.")],
    )
    url = models.URLField("address", blank=True, help_text="For what has no DOI.")
    certainty = models.CharField(
        max_length=80, blank=True, help_text="How sure we are that these details are right."
    )
    checked = models.TextField(blank=True, help_text="Who compared them with what.")
    use = models.TextField(blank=True, help_text="What we cite it for. Never shown to readers.")
    # What the starter content last wrote; when the row no longer matches, somebody edited it.
    starter_digest = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        ordering = ["key"]
        constraints = [
            models.UniqueConstraint(
                Lower("doi"),
                condition=~Q(doi=""),
                name="source_doi_unique",
                violation_error_message="Another source has this DOI.",
            ),
            models.UniqueConstraint(
                fields=["pmid"],
                condition=~Q(pmid=""),
                name="source_pmid_unique",
                violation_error_message="Another source has this PubMed number.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key}: {self.title}"

    def clean_fields(self, exclude: Any = None) -> None:
        """People paste whole DOI addresses; only the DOI is kept."""
        self.doi = _DOI_PREFIX.sub("", self.doi.strip())
        super().clean_fields(exclude=exclude)

    def clean(self) -> None:
        """Raises ValidationError when the key of a stored source was changed: texts cite by it."""
        if self.pk and not Source.objects.filter(pk=self.pk, key=self.key).exists():
            raise ValidationError(
                {"key": "Articles cite this source by its key. Leave it as it is."}
            )

    @property
    def doi_url(self) -> str:
        return f"https://doi.org/{self.doi}" if self.doi else ""

    @property
    def pubmed_url(self) -> str:
        return f"https://pubmed.ncbi.nlm.nih.gov/{self.pmid}/" if self.pmid else ""

    @property
    def pmc_url(self) -> str:
        return f"https://pmc.ncbi.nlm.nih.gov/articles/{self.pmcid}/" if self.pmcid else ""
