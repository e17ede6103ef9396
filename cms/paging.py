"""Long lists, a page at a time."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest

PER_PAGE = 12


def paged(found: Any, request: HttpRequest) -> Page:
    """The page that `?page=` asks for; the nearest one for a number that isn't there."""
    return Paginator(found, PER_PAGE).get_page(request.GET.get("page", "1"))


def whole_number(text: str) -> int | None:
    """A number that a query or a form names, or None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
