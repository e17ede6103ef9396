"""The public search: words to results. What was typed is kept nowhere."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.search import SearchHeadline, SearchQuery, SearchRank
from django.core.paginator import Page, Paginator
from django.db.models import F
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from cms import findable
from cms.models.search import CONFIG, SearchEntry
from cms.models.topic import TopicPage

PER_PAGE = 10
LONGEST = 100
_WORD = re.compile(r"[^\W_]+")
# Private-use letters around a hit, so that the text can be escaped before they become tags.
_START, _STOP = "\ue000", "\ue001"
_HEADLINE: dict[str, Any] = {
    "config": CONFIG,
    "start_sel": _START,
    "stop_sel": _STOP,
    "max_words": 32,
    "min_words": 12,
    "max_fragments": 2,
    "fragment_delimiter": " … ",
}
_WHOLE: dict[str, Any] = {
    "config": CONFIG,
    "start_sel": _START,
    "stop_sel": _STOP,
    "highlight_all": True,
}


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


def from_query(query: Mapping[str, str]) -> Search:
    """Searches by `q`, `kind`, `topic` and `page`; what makes no sense is left out."""
    words = " ".join(query.get("q", "").replace("\x00", " ").split())[:LONGEST]
    kinds = [(kind.name, kind.label) for kind in findable.kinds()]
    topics = list(TopicPage.objects.filter(depth__gt=3).listed().values_list("pk", "title"))
    topics.sort(key=lambda topic: topic[1])
    kind = query.get("kind", "") if query.get("kind") in dict(kinds) else ""
    topic = next((pk for pk, _ in topics if str(pk) == query.get("topic")), None)
    page = results = None
    if words:
        page = Paginator(find(words, kind=kind, topic=topic), PER_PAGE).get_page(query.get("page"))
        results = [_result(row, dict(kinds)) for row in page]
    return Search(words, kind, topic, kinds, topics, page, results or [])


def find(words: str, *, kind: str = "", topic: int | None = None) -> Any:
    """The best first: all words, the last of which may be unfinished; titles before texts."""
    query = as_query(words)
    if query is None:
        return SearchEntry.objects.none()
    found = findable.visible().filter(vector=query)
    if kind:
        found = found.filter(kind=kind)
    if topic:
        found = found.filter(topics__contains=[topic])
    rank = SearchRank(F("vector"), query, normalization=1)
    return found.annotate(
        rank=rank,
        marked_title=SearchHeadline("title", query, **_WHOLE),
        excerpt=SearchHeadline("text", query, **_HEADLINE),
    ).order_by("-rank", "title", "pk")


def as_query(words: str) -> SearchQuery | None:
    """Each word stemmed and as a beginning; only letters and digits reach the database."""
    parts = [f"{word}:*" for word in _WORD.findall(words)]
    if not parts:
        return None
    return SearchQuery(" & ".join(parts), search_type="raw", config=CONFIG)


def marked(text: str) -> SafeString:
    """Escaped, with <mark> around the hits."""
    safe = escape(text).replace(_START, "<mark>").replace(_STOP, "</mark>")
    return mark_safe(safe)


def _result(row: Any, labels: dict[str, str]) -> Result:
    excerpt = row.excerpt if _START in row.excerpt or not row.lead else row.lead
    return Result(marked(row.marked_title), marked(excerpt), row.address, labels[row.kind])
