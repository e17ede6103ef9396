"""The site's head and foot: which pages stand directly below the home page.

The same for every reader, so it is kept as long as nothing public changed (cms.caching).
"""

import uuid
from dataclasses import dataclass, field

from django.db.models import QuerySet
from django.http import HttpRequest
from wagtail.models import Page, Site

from cms.caching import freshness

_ROLES = {
    "articleindexpage": "articles",
    "topicpage": "topics",
    "searchpage": "search",
    "standardpage": "about",
}


@dataclass(frozen=True)
class Crumb:
    title: str
    address: str


@dataclass(frozen=True)
class Menu:
    """One page for each part; `pages` are those about the site, in their order."""

    articles: Crumb | None = None
    topics: Crumb | None = None
    search: Crumb | None = None
    pages: list[Crumb] = field(default_factory=list)


_kept: dict[int, tuple[uuid.UUID, Menu]] = {}


def menu(request: HttpRequest) -> Menu:
    """At most one query, none while it is kept."""
    site = Site.find_for_request(request)
    if site is None:
        return Menu()
    stamp = freshness.current()
    kept = _kept.get(site.pk)
    if kept and kept[0] == stamp:
        return kept[1]
    made = _made(site)
    if stamp is not None:
        _kept[site.pk] = (stamp, made)
    return made


def _made(site: Site) -> Menu:
    root = site.root_page
    found: dict[str, list[Crumb]] = {role: [] for role in _ROLES.values()}
    for page in _below(root):
        role = _ROLES.get(page.content_type.model)
        if role:
            found[role].append(Crumb(page.title, f"/{page.slug}/"))
    one = {role: pages[0] for role, pages in found.items() if pages and role != "about"}
    return Menu(**one, pages=found["about"])


def _below(root: Page) -> QuerySet[Page]:
    from cms.models.base import unrestricted  # noqa: PLC0415 - pages are made of this module

    pages = unrestricted(Page.objects.child_of(root).live())
    return pages.select_related("content_type").order_by("path")
