"""Whether we have a work already: by DOI, PubMed's numbers, or title, year and first author."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Q
from django.db.models.functions import Lower

from cms.models.source import Source, plain_words

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
