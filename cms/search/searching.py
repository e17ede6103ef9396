"""The public search: words to results. What was typed is kept nowhere."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from operator import add, itemgetter
from typing import Any, NamedTuple
from uuid import UUID

from django.conf import settings
from django.contrib.postgres.search import SearchHeadline, SearchRank, SearchVector
from django.core.paginator import Page, Paginator
from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When
from django.utils.safestring import SafeString

from accounts.compiled import compiled
from cms.models.article import TopicPage
from cms.models.search import CONFIGS, SearchEntry
from cms.search import excerpts, findable, spelling
from cms.search.excerpts import Excerpt
from cms.search.words import Part, Wanted, wanted

PER_PAGE = 10
LONGEST = 100
BESIDE = 3  # of what is found beside the results: sources, pages in another language
BEGINS = 0.5  # what a title is worth that begins with what was asked: more than a word of a lead


@dataclass(frozen=True)
class Result:
    title: SafeString
    excerpt: SafeString
    address: str
    kind: str
    heading: str = ""  # above the excerpt; its anchor is in `part_address`
    part_address: str = ""

    @property
    def is_elsewhere(self) -> bool:
        return self.address.startswith("http")


@dataclass(frozen=True)
class Beside:
    """The first of more that was found, apart from the results."""

    results: list[Result] = field(default_factory=list)
    count: int = 0
    kind: str = ""
    language: str = ""

    @property
    def name(self) -> str:
        """Of the language, in itself."""
        return dict(settings.LANGUAGES)[self.language]

    @property
    def is_more(self) -> bool:
        return self.count > len(self.results)


@dataclass(frozen=True)
class Search:
    """What was asked, and what was found; `page` is None while nothing was asked."""

    words: str = ""
    kind: str = ""
    topic: int | None = None
    kinds: list[tuple[str, str]] = field(default_factory=list)
    topics: list[tuple[int, str]] = field(default_factory=list)
    page: Page | None = None
    results: list[Result] = field(default_factory=list)
    meant: str = ""  # the words that were looked for instead
    is_partial: bool = False  # nothing has all words: these have some
    apart: Beside = field(default_factory=Beside)
    elsewhere: list[Beside] = field(default_factory=list)

    @property
    def searched(self) -> str:
        """The words that were looked for in the end."""
        return self.meant or self.words

    @property
    def count(self) -> int:
        return (self.page.paginator.count if self.page else 0) + self.apart.count


@dataclass(frozen=True)
class Within:
    """Where to look. `topics` are those of which an entry needs one; none asks for none. `shown`
    are the keys of all that is public now.
    """

    shown: Sequence[int]
    language: str = settings.LANGUAGE_CODE
    kind: str = ""
    topics: Sequence[UUID] = ()
    is_language_alone: bool = False  # without what has none

    @property
    def entries(self) -> "QuerySet[SearchEntry]":
        public = SearchEntry.objects.filter(pk__in=self.shown)
        none = () if self.is_language_alone else ("",)
        found = public.filter(language__in=(self.language, *none))
        if self.kind:
            found = found.filter(kind=self.kind)
        if self.topics:
            found = found.filter(topics__overlap=list(self.topics))
        return found


def from_query(query: Mapping[str, str], page_of: Any) -> Search:
    """Searches by `q`, `kind`, `topic` and `page`; what makes no sense is left out.

    `page_of` is the page that searches: what is found is in its language, or has none.
    """
    words = " ".join(query.get("q", "").replace("\x00", " ").split())[:LONGEST]
    kinds = [(kind.name, str(kind.label)) for kind in findable.kinds()]
    language = page_of.locale.language_code
    rows = list(_topics(page_of.locale_id))
    topics = sorted(((pk, title) for pk, title, *_ in rows), key=itemgetter(1))
    kind = query.get("kind", "") if query.get("kind") in dict(kinds) else ""
    topic = next((pk for pk, _ in topics if str(pk) == query.get("topic")), None)
    paths = [path for pk, _, path, _ in rows if pk == topic]
    # A topic holds those below it, as its page does.
    keys = [key for *_, path, key in rows if path.startswith(tuple(paths))]
    asked = Search(words, kind, topic, kinds, topics)
    if not words:
        return asked
    return _searched(asked, Within(findable.shown(), language, kind, keys), query.get("page"))


@compiled
def _topics(locale: int) -> QuerySet[TopicPage, tuple[int, str, str, UUID]]:
    found = TopicPage.objects.filter(depth__gt=3, locale=locale).listed()
    return found.values_list("pk", "title", "path", "translation_key")


def _searched(asked: Search, within: Within, number: str | None) -> Search:
    """What the words may have meant instead of one that nothing holds, unless another language has
    them all; whatever has some of the words where nothing has enough of them.
    """
    others = list(_elsewhere(asked.words, within))
    meaning = wanted(asked.words, within.language)
    found, meant = ranked(meaning, within), ""
    # What is written in another kind or topic is no slip.
    everywhere = replace(within, kind="", topics=()).entries
    if not others and (meant := spelling.corrected(asked.words, meaning, everywhere)):
        corrected = wanted(meant, within.language)
        if instead := ranked(corrected, within):
            found, meaning = instead, corrected
        else:
            meant = ""
    is_partial = not others and not found
    if is_partial:
        found = ranked(meaning, within, is_partly=True)
    apart = next(kind.name for kind in findable.kinds() if kind.is_apart)
    listed = [hit for hit in found if hit.kind != apart or within.kind == apart]
    beside = [hit for hit in found if hit.kind == apart and within.kind != apart]
    page = Paginator(listed, PER_PAGE).get_page(number)
    first = beside[:BESIDE]
    results = _results([*page, *first], meaning)
    return replace(
        asked,
        page=page,
        results=[results[hit.pk] for hit in page if hit.pk in results],
        meant=meant,
        is_partial=is_partial,
        apart=Beside(
            [results[hit.pk] for hit in first if hit.pk in results], len(beside), kind=apart
        ),
        elsewhere=others,
    )


def find(words: str, *, language: str = settings.LANGUAGE_CODE, **within: Any) -> Any:
    """The best first; `within` as `Within` has it."""
    return found_by(wanted(words, language), Within(findable.shown(), language, **within))


class Hit(NamedTuple):
    """An entry that was found, as the list of all that were."""

    pk: int
    kind: str
    held: int  # parts of what was asked
    title: str  # marked


def ranked(meaning: Wanted, within: Within, *, is_partly: bool = False) -> list[Hit]:
    """All that is found, the best first: how many there are, and what stands on which page, follow
    from it. One query.
    """
    if meaning.any_of_it is None:
        return []
    rows = found_by(meaning, within, is_partly=is_partly)
    return [Hit(*row) for row in rows.values_list("pk", "kind", "held", "marked_title")]


def found_by(meaning: Wanted, within: Within, *, is_partly: bool = False) -> Any:
    """By kind, then by how many of the words there are and what they weigh. Each has all of them,
    or half and one in its title; partly, any.
    """
    query = meaning.any_of_it
    if query is None:
        return SearchEntry.objects.none()
    config = CONFIGS[meaning.language]
    places = [When(kind=kind.name, then=Value(kind.place)) for kind in findable.kinds()]
    found = within.entries.filter(terms=query).annotate(
        place=Case(*places, default=Value(len(places)), output_field=IntegerField()),
        held=reduce(add, map(_is_held, meaning.parts)),
        score=reduce(add, map(_weight, meaning.parts)),
        marked_title=SearchHeadline("title", query, config=config, **excerpts.WHOLE),
    )
    if not is_partly:
        found = found.alias(titled=SearchVector("title", config=config)).filter(
            Q(held=len(meaning.parts)) | Q(held__gte=len(meaning.parts) / 2, titled=query)
        )
    begins = Case(When(marked_title__startswith=excerpts.START, then=1), default=0)
    return found.order_by("place", -F("held") * (F("score") + begins * BEGINS), "title", "pk")


def _is_held(part: Part) -> Case:
    return Case(When(terms=part.query, then=1), default=0, output_field=IntegerField())


def _weight(part: Part) -> SearchRank:
    """Of its place: title, lead or text; of long texts each word is worth less."""
    return SearchRank(F("terms"), part.query, normalization=1)


def _elsewhere(words: str, within: Within) -> Iterable[Beside]:
    """What has all words in the site's other languages."""
    for language in dict(settings.LANGUAGES).keys() - {within.language}:
        meaning = wanted(words, language)
        if not meaning.parts:
            continue
        there = replace(within, language=language, is_language_alone=True)
        found = [hit for hit in ranked(meaning, there) if hit.held == len(meaning.parts)]
        if found:
            results = list(_results(found[:BESIDE], meaning).values())
            yield Beside(results, len(found), language=language)


def _results(hits: Sequence[Hit], meaning: Wanted) -> dict[int, Result]:
    """By key, in the order of the hits, without what is gone meanwhile. Two queries."""
    query = meaning.any_of_it
    if not hits or query is None:
        return {}
    rows = SearchEntry.objects.defer("vector", "terms", "words").in_bulk([hit.pk for hit in hits])
    best = excerpts.of(list(rows.values()), query, CONFIGS[meaning.language])
    labels = {kind.name: str(kind.label) for kind in findable.kinds()}
    return {
        hit.pk: _result(hit, rows[hit.pk], best.get(hit.pk), labels[hit.kind])
        for hit in hits
        if hit.pk in rows
    }


def _result(hit: Hit, row: SearchEntry, best: Excerpt | None, kind: str) -> Result:
    said = best.text if best else row.lead
    heading, anchor = (best.heading, best.anchor) if best else ("", "")
    return Result(
        excerpts.marked(hit.title),
        excerpts.marked(said),
        row.address,
        kind,
        heading,
        f"{row.address}#{anchor}" if anchor else "",
    )
