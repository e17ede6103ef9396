"""The site's head and foot, in each language: which pages stand directly below its home page.

The same for every reader, so it is kept as long as nothing public changed (cms.caching).
"""

import uuid
from dataclasses import dataclass, field
from typing import cast

from django.conf import settings
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise
from wagtail.models import Page, Site

from cms.caching import freshness
from cms.restrictions import unrestricted

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
class Part:
    """An entry that another application has put into the menu, read in the reader's language.
    `here` is what its pages say to be there.
    """

    words: Promise
    url_name: str
    here: str

    @property
    def address(self) -> str:
        return reverse(self.url_name)


_parts: list[Part] = []


def register(part: Part) -> None:
    """From now on `part` stands in the menu, too."""
    if part not in _parts:
        _parts.append(part)


@dataclass(frozen=True)
class Menu:
    """One page for each part; `pages` are those about the site, in their order."""

    language: str = settings.LANGUAGE_CODE
    root: str = "/"  # `url_path` of the home page
    home: str = "/"  # its address
    articles: Crumb | None = None
    topics: Crumb | None = None
    search: Crumb | None = None
    pages: list[Crumb] = field(default_factory=list)

    @property
    def parts(self) -> list[Part]:
        """Of other applications."""
        return _parts


_kept: dict[int, tuple[uuid.UUID, list[Menu]]] = {}


class _Asking(HttpRequest):
    """A request for which the menus were read."""

    _footing_menus: list[Menu]


def menus(request: HttpRequest) -> list[Menu]:
    """One a language that has a home page, the site's own first. At most one query a request, none
    while they are kept.
    """
    site = Site.find_for_request(request)
    if site is None:
        return [Menu()]
    stamp = freshness.current()
    kept = _kept.get(site.pk)
    if kept and kept[0] == stamp:
        return kept[1]
    asking = cast(_Asking, request)
    if not hasattr(asking, "_footing_menus"):
        asking._footing_menus = _made(site)
    made = asking._footing_menus
    if stamp is not None:
        _kept[site.pk] = (stamp, made)
    return made


def menu(request: HttpRequest) -> Menu:
    """In the language of the address, else the site's own."""
    known = menus(request)
    return next((one for one in known if one.language == translation.get_language()), known[0])


def address(url_path: str, request: HttpRequest) -> str:
    """A page's address on this site. Wagtail's own `url` would ask the database."""
    for one in menus(request):
        if url_path.startswith(one.root):
            return one.home + url_path.removeprefix(one.root)
    return address_in(url_path, settings.LANGUAGE_CODE)


def address_in(url_path: str, language: str) -> str:
    """The same without a request: each home page stands at the top of the tree."""
    return home_of(language) + url_path.split("/", 2)[-1]


def home_of(language: str) -> str:
    return "/" if language == settings.LANGUAGE_CODE else f"/{language}/"


def _made(site: Site) -> list[Menu]:
    root = site.root_page
    pages = list(_pages(root))
    homes = [page for page in pages if page.translation_key == root.translation_key]
    homes.sort(key=lambda page: page.pk != root.pk)
    return [_menu(home, [page for page in pages if page.is_child_of(home)]) for home in homes] or [
        Menu(root=root.url_path)
    ]


def _menu(home: Page, below: list[Page]) -> Menu:
    language = home.locale.language_code
    found: dict[str, list[Crumb]] = {role: [] for role in _ROLES.values()}
    for page in below:
        role = _ROLES.get(page.content_type.model)
        if role:
            found[role].append(Crumb(page.title, f"{home_of(language)}{page.slug}/"))
    one = {role: pages[0] for role, pages in found.items() if pages and role != "about"}
    return Menu(language, home.url_path, home_of(language), **one, pages=found["about"])


def _pages(root: Page) -> QuerySet[Page]:
    """The home pages and what stands directly below them."""
    wanted = Q(translation_key=root.translation_key) | Q(depth=root.depth + 1)
    pages = unrestricted(Page.objects.filter(wanted).live())
    return pages.select_related("content_type", "locale").order_by("path")
