"""What all public pages share. None of them knows who is reading."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Left, Length
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from wagtail.contrib.routable_page.models import RoutablePageMixin
from wagtail.models import Locale, Page, Site
from wagtail.query import PageQuerySet

from cms import seo, sharing
from cms.restrictions import unrestricted
from cms.site_menu import Crumb, address, menu, menus


@dataclass(frozen=True)
class Translation:
    """Where a page is read in another language; its home page where it is not translated."""

    language: str
    address: str
    is_same_page: bool

    @property
    def name(self) -> str:
        return dict(settings.LANGUAGES)[self.language]

    @property
    def absolute(self) -> str:
        return seo.absolute(self.address)


class PublicQuerySet(PageQuerySet):
    def listed(self) -> "PublicQuerySet":
        """What everyone may read, each text once, the newest first."""
        found: PublicQuerySet = unrestricted(self.live().filter(alias_of=None))
        return found.order_by("-first_published_at", "-pk")

    def read_in(self, locale: Any) -> "PublicQuerySet":
        """Those in a language (a `Locale` or its id), and those of the site's first language that
        have no public page in it yet.
        """
        same = self.model.objects.filter(translation_key=OuterRef("translation_key"))
        is_there = Exists(same.filter(locale=locale).listed())
        missing = Q(locale__language_code=settings.LANGUAGE_CODE) & ~is_there
        found: PublicQuerySet = self.filter(Q(locale=locale) | missing)
        return found

    def listed_here(self) -> "PublicQuerySet":
        """What everyone may read, in the language that is active."""
        return self.listed().read_in(Locale.get_active())

    def listed_below(self, page: Page) -> "PublicQuerySet":
        """What everyone may read directly below a page, or below the one it translates as long as
        nobody translated it.
        """
        pages = Page.objects.filter(translation_key=page.translation_key).values("path")
        above = Left("path", Length("path") - Page.steplen)
        return self.alias(above=above).filter(above__in=pages).listed().read_in(page.locale_id)


class MarkedResponse(HttpResponseBase):
    """An answer with the mark that `cms.caching` goes by."""

    publicly_cacheable: bool
    reads_query: bool


def _marked(
    response: HttpResponseBase, request: HttpRequest, *, reads_query: bool
) -> HttpResponseBase:
    marked = cast(MarkedResponse, response)
    marked.publicly_cacheable = not getattr(request, "is_preview", False)
    marked.reads_query = reads_query
    return marked


class PublicPage(Page):
    """A page that is the same for every reader, so that it may be kept (cms.caching)."""

    # The part of the site it belongs to, for the navigation's mark.
    here = ""
    # Whether it goes by what stands behind the ? of its address: lists do, texts don't.
    reads_query = True

    class Meta:
        abstract = True

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Marks the answer. Restricted pages never get here without a session (Wagtail's hook)."""
        response = super().serve(request, *args, **kwargs)
        return _marked(response, request, reads_query=self.reads_query)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        crumbs = self.crumbs(request)
        return {
            **context,
            "here": self.here,
            "crumbs": crumbs,
            "canonical": seo.absolute(address(self.url_path, request)),
            "sharing_picture": sharing.address(self),
            "languages": list(self.languages(request)),
            "json_ld": seo.breadcrumbs([*crumbs, Crumb(self.title, self.address(request))]),
        }

    def languages(self, request: HttpRequest) -> Iterator[Translation]:
        """This page in the site's languages, itself among them; empty where there is one only."""
        if len(menus(request)) == 1:
            return
        paths = self.paths_by_language()
        for one in menus(request):
            path = paths.get(one.language)
            where = address(path, request) if path else one.home
            yield Translation(one.language, where, is_same_page=path is not None)

    def paths_by_language(self) -> dict[str, str]:
        """`url_path` of the public pages that say the same. One query."""
        same = self.get_translations(inclusive=True).live().filter(alias_of=None)
        return dict(unrestricted(same).values_list("locale__language_code", "url_path"))

    def address(self, request: HttpRequest) -> str:
        return address(self.url_path, request)

    def crumbs(self, request: HttpRequest) -> list[Crumb]:
        """The way from the home page to here, without this page."""
        site = Site.find_for_request(request)
        if site is None or self.depth <= site.root_page.depth:
            return []
        first = Crumb(_("Home"), menu(request).home)
        if self.depth == site.root_page.depth + 1:
            return [first]
        between = self.get_ancestors().filter(depth__gt=site.root_page.depth)
        return [first, *(Crumb(page.title, address(page.url_path, request)) for page in between)]

    @property
    def summary(self) -> str:
        """For search engines and shared links."""
        return self.search_description or getattr(self, "lead", "")

    @property
    def searchable_text(self) -> str:
        """What the site's search finds it by, besides its title, its lead and its blocks."""
        return self.summary


class RoutedPage(RoutablePageMixin, PublicPage):
    """A public page with addresses below its own, such as its feed."""

    class Meta:
        abstract = True

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Marks each answer, as PublicPage does: the mixin goes round it."""
        response = super().serve(request, *args, **kwargs)
        return _marked(response, request, reads_query=self.reads_query)


def cards(pages: Any, around: Page, request: HttpRequest) -> list[dict[str, Any]]:
    """Pages as the lists of `around` show them, with their addresses."""
    return [
        {
            "page": page,
            "address": address(page.url_path, request),
            "is_translated": page.locale_id == around.locale_id,
        }
        for page in pages
    ]
