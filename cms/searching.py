"""The public search: words to results. What was typed is kept nowhere."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.postgres.search import SearchHeadline, SearchQuery, SearchRank
from django.core.paginator import Page, Paginator
from django.db.models import Case, Expression, F, Q, When
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from cms import findable
from cms.models.article import TopicPage
from cms.models.search import CONFIGS, SearchEntry

PER_PAGE = 10
LONGEST = 100
_WORD = re.compile(r"[^\W_]+")
# Private-use letters around a hit, so that the text can be escaped before they become tags.
_START, _STOP = "\ue000", "\ue001"
_HEADLINE: dict[str, Any] = {
    "start_sel": _START,
    "stop_sel": _STOP,
    "max_words": 32,
    "min_words": 12,
    "max_fragments": 2,
    "fragment_delimiter": " … ",
}
_WHOLE: dict[str, Any] = {"start_sel": _START, "stop_sel": _STOP, "highlight_all": True}


@dataclass(frozen=True)
class Result:
    title: SafeString
    excerpt: SafeString
    address: str
    kind: str

    @property
    def is_elsewhere(self) -> bool:
        return self.address.startswith("http")


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


def from_query(query: Mapping[str, str], page_of: Any) -> Search:
    """Searches by `q`, `kind`, `topic` and `page`; what makes no sense is left out.

    `page_of` is the page that searches: what is found is in its language, or has none.
    """
    words = " ".join(query.get("q", "").replace("\x00", " ").split())[:LONGEST]
    kinds = [(kind.name, str(kind.label)) for kind in findable.kinds()]
    language = page_of.locale.language_code
    found = TopicPage.objects.filter(depth__gt=3, locale=page_of.locale_id).listed()
    rows = list(found.values_list("pk", "title", "path", "translation_key"))
    topics = sorted(((pk, title) for pk, title, *_ in rows), key=itemgetter(1))
    kind = query.get("kind", "") if query.get("kind") in dict(kinds) else ""
    topic = next((pk for pk, _ in topics if str(pk) == query.get("topic")), None)
    paths = [path for pk, _, path, _ in rows if pk == topic]
    # A topic holds those below it, as its page does.
    keys = [key for *_, path, key in rows if path.startswith(tuple(paths))]
    page = results = None
    if words:
        entries = find(words, language=language, kind=kind, topics=keys)
        page = Paginator(entries, PER_PAGE).get_page(query.get("page"))
        results = [_result(row, dict(kinds)) for row in page]
    return Search(words, kind, topic, kinds, topics, page, results or [])


def find(
    words: str,
    *,
    language: str = settings.LANGUAGE_CODE,
    kind: str = "",
    topics: Sequence[UUID] = (),
) -> Any:
    """The best first: all words, the last of which may be unfinished; titles before texts.

    `topics` are those of which an entry needs one; none asks for none.
    """
    query, plain = as_query(words, CONFIGS[language]), as_query(words, CONFIGS[""])
    if query is None or plain is None:
        return SearchEntry.objects.none()

    def stemmed(made: Callable[[SearchQuery, str], Expression]) -> Case:
        """By the language of each entry."""
        without = When(language="", then=made(plain, CONFIGS[""]))
        return Case(without, default=made(query, CONFIGS[language]))

    is_found = Q(language=language, vector=query) | Q(language="", vector=plain)
    found = findable.visible().filter(is_found)
    if kind:
        found = found.filter(kind=kind)
    if topics:
        found = found.filter(topics__overlap=list(topics))
    return found.annotate(
        rank=stemmed(lambda query, _: SearchRank(F("vector"), query, normalization=1)),
        marked_title=stemmed(lambda q, c: SearchHeadline("title", q, config=c, **_WHOLE)),
        excerpt=stemmed(lambda q, c: SearchHeadline("text", q, config=c, **_HEADLINE)),
    ).order_by("-rank", "title", "pk")


def as_query(words: str, config: str) -> SearchQuery | None:
    """Each word stemmed and as a beginning; only letters and digits reach the database."""
    parts = [f"{word}:*" for word in _WORD.findall(words)]
    if not parts:
        return None
    return SearchQuery(" & ".join(parts), search_type="raw", config=config)


def marked(text: str) -> SafeString:
    """Escaped, with <mark> around the hits."""
    safe = escape(text).replace(_START, "<mark>").replace(_STOP, "</mark>")
    return mark_safe(safe)


def _result(row: Any, labels: dict[str, str]) -> Result:
    excerpt = row.excerpt if _START in row.excerpt or not row.lead else row.lead
    return Result(marked(row.marked_title), marked(excerpt), row.address, labels[row.kind])
