"""What stands around an article: as it is stored, and as its page shows it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest

from cms.models.author import Author
from cms.site_menu import address


@dataclass(frozen=True)
class Surroundings:
    """What stands around an article as stored: one query where it was found by its address."""

    topics: list[dict[str, Any]]  # key, title, path
    tags: list[str]
    by_hand: list[UUID]  # translation keys of what its author wants read next
    style: str
    paths: list[dict[str, str]]  # language, path
    authors: list[dict[str, Any]]
    reviewer: list[dict[str, Any]]


@dataclass(frozen=True)
class Around:
    """As the page shows it. What isn't public is named nowhere."""

    topics: list[tuple[str, str]]  # title, address
    tags: list[str]
    related: list[dict[str, Any]]


def byline(told: dict[str, Any], request: HttpRequest) -> Author:
    facts = {name: value for name, value in told.items() if name != "path"}
    author = Author(**facts)
    author.address = address(told["path"], request) if told["path"] else ""
    return author
