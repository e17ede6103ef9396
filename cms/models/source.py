"""What an article or an exercise rests on: one published work."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from textwrap import shorten
from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower, Upper

from cms import identifiers, names, titles
from cms.models.names_field import NamesField, validate_names
from cms.works import ARTICLE, KINDS

# The letters of a citation's key, also in marks such as [@bhandari2019] (cms.citations).
KEY_PATTERN = r"[A-Za-z0-9][A-Za-z0-9_-]*"
_NOT_WORDS = re.compile(r"[\W_]+")


def plain_words(text: str) -> str:
    """For comparing: lower case, no accents, letters and digits only ('Alfonso-Rósa')."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return _NOT_WORDS.sub(" ", bare).strip()


class Design(models.TextChoices):
    """How the work came to its findings, the strongest kinds first."""

    GUIDELINE = "guideline", "Guideline or consensus"
    SYSTEMATIC_REVIEW = "systematic_review", "Systematic review"
    TRIAL = "trial", "Randomized trial"
    CONTROLLED = "controlled", "Controlled study, not randomized"
    COHORT = "cohort", "Cohort study"
    CROSS_SECTIONAL = "cross_sectional", "Cross-sectional study"
    MEASURE = "measure", "Study of a measure"
    CASES = "cases", "Case series"
    CASE = "case", "Case report (one patient)"
    LABORATORY = "laboratory", "Laboratory, cadaver or animal study"
    REVIEW = "review", "Narrative review"
    OTHER = "other", "Other"


class CheckState(models.TextChoices):
    """How far the details were compared with the work itself."""

    UNCHECKED = "unchecked", "Not checked"
    PARTLY = "partly", "Partly found in records"
    FOUND = "found", "Found in records"
    CHECKED = "checked", "Checked by a person"


class Source(models.Model):
    """One published work, in the fields CSL-JSON wants: any citation style can be made of it."""

    key = models.CharField(
        max_length=60,
        unique=True,
        validators=[RegexValidator(rf"^{KEY_PATTERN}$", "Use letters, digits, '-' and '_' only.")],
        help_text="A short name for it, such as bhandari2019. Texts cite by it, so it stays."
        " Empty: made from author and year.",
    )
    kind = models.CharField(max_length=20, choices=KINDS.items(), default=ARTICLE)
    authors = NamesField(
        default=list,
        blank=True,
        validators=[validate_names],
        help_text="One a line, such as 'Bhandari PS' or 'World Health Organization'.",
    )
    more_authors = models.BooleanField(
        "and others", default=False, help_text="The work has more authors than are listed."
    )
    title = models.CharField(
        max_length=500, help_text="With <i>, <sub> or <sup> around words where it has them."
    )
    # The same words with their marks, where there are any (cms.titles).
    title_marked = models.CharField(max_length=700, blank=True, editable=False)
    container = models.CharField(
        "journal, book or website", max_length=250, blank=True, help_text="As it is abbreviated."
    )
    container_full = models.CharField(
        "its full name", max_length=250, blank=True, help_text="APA writes journals in full."
    )
    year = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1500), MaxValueValidator(2200)]
    )
    month = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(12)]
    )
    day = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(31)]
    )
    season = models.CharField(
        "months or season",
        max_length=30,
        blank=True,
        help_text="Where one month doesn't tell it: Sep-Oct, Spring.",
    )
    is_in_press = models.BooleanField(
        "in press", default=False, help_text="Accepted, and not published yet."
    )
    volume = models.CharField(max_length=20, blank=True)
    issue = models.CharField(max_length=30, blank=True, help_text="Or a supplement: Suppl 1.")
    pages = models.CharField(max_length=40, blank=True, help_text="Or the article's number.")
    editors = NamesField(
        default=list, blank=True, validators=[validate_names], help_text="Of the book. One a line."
    )
    edition = models.CharField(max_length=20, blank=True, help_text="Such as 2nd.")
    publisher = models.CharField(max_length=200, blank=True)
    place = models.CharField("place of publication", max_length=100, blank=True)
    doi = models.CharField(
        "DOI",
        max_length=200,
        blank=True,
        validators=[RegexValidator(r"^10\.\d{4,9}/\S+$", "A DOI looks like 10.1000/abc.")],
    )
    pmid = models.CharField(
        "PubMed number",
        max_length=10,
        blank=True,
        validators=[RegexValidator(r"^[1-9]\d*$", "It has digits only, such as 31528058.")],
    )
    pmcid = models.CharField(
        "PubMed Central number",
        max_length=15,
        blank=True,
        validators=[RegexValidator(r"^PMC\d+$", "It looks like PMC6739245.")],
    )
    url = models.URLField("address", max_length=500, blank=True, help_text="For what has no DOI.")
    accessed = models.DateField(
        null=True, blank=True, help_text="When somebody last read it at this address."
    )
    design = models.CharField("study design", max_length=20, choices=Design.choices, blank=True)
    appraisal = models.CharField(
        max_length=200, blank=True, help_text="In one line: what it can show, and what not."
    )
    is_retracted = models.BooleanField(
        "retracted", default=False, help_text="Readers are told, too."
    )
    certainty = models.CharField(
        max_length=80, blank=True, help_text="How sure we are that these details are right."
    )
    check_state = models.CharField(
        "checked", max_length=10, choices=CheckState.choices, default=CheckState.UNCHECKED
    )
    checked_by = models.CharField(max_length=120, blank=True, help_text="Empty means you.")
    checked_on = models.DateField(null=True, blank=True, help_text="Empty means today.")
    checked = models.TextField("note on the check", blank=True, help_text="Compared with what.")
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
            models.UniqueConstraint(
                Upper("pmcid"),
                condition=~Q(pmcid=""),
                name="source_pmcid_unique",
                violation_error_message="Another source has this PubMed Central number.",
            ),
            models.CheckConstraint(
                condition=Q(month=None, day=None) | Q(year__isnull=False, month__isnull=False),
                name="source_date_from_year_down",
                violation_error_message="A day needs its month, and a month its year.",
            ),
            models.CheckConstraint(
                condition=Q(check_state="checked", checked_on__isnull=False) & ~Q(checked_by="")
                | ~Q(check_state="checked") & Q(checked_on=None, checked_by=""),
                name="source_checked_by_and_on",
                violation_error_message="Checked needs both who and when; otherwise neither.",
            ),
        ]

    def __str__(self) -> str:
        """'Bhandari 2019: Management of …'. The key is for files and for other programs."""
        return f"{self.short}: {self.title}" if self.authors else f"{self.title} ({self.dated})"

    def clean_fields(self, exclude: Any = None) -> None:
        """People paste whole addresses; only the identifier in them is kept. A title's marks are
        kept beside it.
        """
        if titles.plain(self.title) != self.title or titles.plain(self.title_marked) != self.title:
            vars(self).update(titles.split(self.title))
        self.doi = identifiers.doi(self.doi)
        self.pmid = identifiers.pmid(self.pmid)
        self.pmcid = identifiers.pmcid(self.pmcid)
        super().clean_fields(exclude=exclude)

    def clean(self) -> None:
        """Raises ValidationError for a changed key (texts cite by it) and for a work we have."""
        if self.pk and not Source.objects.filter(pk=self.pk, key=self.key).exists():
            raise ValidationError(
                {"key": "Articles cite this source by its key. Leave it as it is."}
            )
        if known := self.twin():
            raise ValidationError(f"We have this work already: {known}.", code="twin")

    def twin(self) -> "Source | None":
        """Another source that is the same work: by an identifier, else by title and year."""
        return Twins.stored_for([self]).of(self)

    @property
    def first_author(self) -> str:
        """The family name, or the organization's; empty without an author."""
        name = self.authors[0] if self.authors else {}
        return name.get("family") or name.get("literal") or ""

    @property
    @admin.display(description="source")
    def short(self) -> str:
        """'Bhandari 2019', for lists and marks; the title's beginning where there is no author."""
        others = " et al" if len(self.authors) > 1 or self.more_authors else ""
        named = f"{self.first_author}{others}" if self.authors else _beginning(self.title)
        return f"{named} {self.dated}"

    @property
    def dated(self) -> str:
        """'2019', 'in press', 'n.d.'."""
        return str(self.year or ("in press" if self.is_in_press else "n.d."))

    @property
    def check_words(self) -> str:
        """'Checked by Priya Nair, 2026-11-20', 'Not checked'."""
        if self.check_state == CheckState.CHECKED and self.checked_on:
            return f"Checked by {self.checked_by}, {self.checked_on.isoformat()}"
        return CheckState(self.check_state).label

    @property
    def title_words(self) -> str:
        """The title for comparing."""
        return plain_words(self.title)

    @property
    def doi_url(self) -> str:
        return f"https://doi.org/{self.doi}" if self.doi else ""

    @property
    def pubmed_url(self) -> str:
        return f"https://pubmed.ncbi.nlm.nih.gov/{self.pmid}/" if self.pmid else ""

    @property
    def pmc_url(self) -> str:
        return f"https://pmc.ncbi.nlm.nih.gov/articles/{self.pmcid}/" if self.pmcid else ""

    @property
    def addresses(self) -> list[str]:
        """Where a reader of the reference can go to."""
        return [address for address in (self.doi_url, self.url) if address]

    def authors_line(self, most: int = 3) -> str:
        """'Bhandari PS, Reyes AB, et al', for lists of sources."""
        written = [names.short(name) for name in self.authors]
        more = self.more_authors or len(written) > most
        return ", ".join([*written[:most], "et al"] if more and written else written)


def _beginning(title: str) -> str:
    return f"“{shorten(title, 40, placeholder='…')}”"


_NUMBERS = ("doi", "pmid", "pmcid")


@dataclass
class Twins:
    """Works by what they are known by. Also those of one import, so that it doubles nothing."""

    by_number: dict[tuple[str, str], Source] = field(default_factory=dict)
    by_title: dict[tuple[str, int | None], list[Source]] = field(default_factory=dict)

    @classmethod
    def stored_for(cls, works: Iterable[Source]) -> "Twins":
        """Those stored sources that could be one of these. One query, however many works."""
        works = list(works)
        lowered = Source.objects.annotate(lower_doi=Lower("doi"))
        rows = lowered.filter(
            Q(lower_doi__in={work.doi.lower() for work in works if work.doi})
            | Q(pmid__in={work.pmid for work in works if work.pmid})
            | Q(pmcid__in={work.pmcid for work in works if work.pmcid})
            | Q(year__in={work.year for work in works if work.year})
            | (Q(year=None) if any(work.year is None for work in works) else Q(pk__in=[]))
        )
        twins = cls()
        for row in rows:
            twins.add(row)
        return twins

    def add(self, work: Source) -> None:
        for number in _numbers(work):
            self.by_number.setdefault(number, work)
        self.by_title.setdefault((work.title_words, work.year), []).append(work)

    def of(self, work: Source) -> Source | None:
        """The other source that is this work, or None."""
        for number in _numbers(work):
            found = self.by_number.get(number)
            if found and not _is_itself(found, work):
                return found
        candidates = self.by_title.get((work.title_words, work.year), [])
        alike = (other for other in candidates if not _is_itself(other, work))
        return next((other for other in alike if not _differ(other, work)), None)


def _numbers(work: Source) -> list[tuple[str, str]]:
    return [(name, getattr(work, name).lower()) for name in _NUMBERS if getattr(work, name)]


def _is_itself(one: Source, other: Source) -> bool:
    return one is other or (one.pk is not None and one.pk == other.pk)


def _differ(one: Source, other: Source) -> bool:
    """Same title and year, and yet two works, such as two editorials or a letter and its reply."""
    for name in _NUMBERS:
        here, there = getattr(one, name).lower(), getattr(other, name).lower()
        if here and there and here != there:
            return True
    here, there = plain_words(one.first_author), plain_words(other.first_author)
    return bool(here and there and here != there)
