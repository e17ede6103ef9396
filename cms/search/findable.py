"""Kinds of things that the public search finds. The library above registers its own here."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.functional import Promise

from accounts.compiled import compiled
from cms.models.search import SearchEntry

# The line of the text where a part begins (0 is the first), its anchor, its words.
Heading = tuple[int, str, str]


@dataclass(frozen=True)
class Entry:
    """Public words about one thing, and where to read it."""

    key: str
    title: str
    lead: str = ""
    text: str = ""
    headings: list[Heading] = field(default_factory=list)
    address: str = ""
    language: str = ""  # empty for what is found in each
    topics: list[UUID] = field(default_factory=list)


@dataclass(frozen=True)
class Kind:
    """`entries` gives all that is public now; `keys` the same as a query, asked at each search.
    Those of the lowest `place` are shown first, whatever others weigh.
    """

    name: str
    label: Promise
    entries: Callable[[], Iterable[Entry]]
    keys: Callable[[], Any]
    place: int
    is_apart: bool = False  # what the others rest on: listed below them, on its own


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    _kinds[kind.name] = kind


def kinds() -> list[Kind]:
    return sorted(_kinds.values(), key=lambda kind: kind.place)


def visible() -> Any:
    """The entries that may be shown now, whatever the index remembers."""
    found = SearchEntry.objects.none()
    for kind in kinds():
        found = found | SearchEntry.objects.filter(kind=kind.name, key__in=kind.keys())
    return found


def shown() -> list[int]:
    """Their keys, for a search that asks for them more than once."""
    return list(_shown())


@compiled
def _shown() -> "QuerySet[SearchEntry, int]":
    """Of all kinds: they are registered before the first search."""
    return visible().order_by().values_list("pk", flat=True)


@transaction.atomic
def write(kind: str, entry: Entry) -> None:
    values = {name: value for name, value in vars(entry).items() if name != "key"}
    SearchEntry.objects.update_or_create(kind=kind, key=entry.key, defaults=values)


def remove(kind: str, key: str) -> None:
    SearchEntry.objects.filter(kind=kind, key=key).delete()


@transaction.atomic
def rebuild() -> int:
    """Write every entry anew; returns how many there are."""
    SearchEntry.objects.all().delete()
    rows = [
        SearchEntry(kind=kind.name, **vars(entry)) for kind in kinds() for entry in kind.entries()
    ]
    SearchEntry.objects.bulk_create(rows, batch_size=200)
    return len(rows)
