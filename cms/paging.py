"""Long lists, a page at a time."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest

PER_PAGE = 12


def paged(found: Any, request: HttpRequest) -> Page:
    """The page that `?page=` asks for; the nearest one for a number that isn't there."""
    return Paginator(found, PER_PAGE).get_page(request.GET.get("page", "1"))
