"""What all public pages share. None of them knows who is reading."""

from typing import Any

from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef, QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from wagtail.contrib.routable_page.models import RoutablePageMixin
from wagtail.models import Page, PageViewRestriction, Site
from wagtail.query import PageQuerySet

from cms import seo
from cms.site_menu import Crumb


def address(url_path: str, request: HttpRequest) -> str:
    """A page's address on this site. Wagtail's own `url` would ask the database."""
    site = Site.find_for_request(request)
    root = site.root_page.url_path if site else "/"
    return "/" + url_path.removeprefix(root)


def unrestricted(pages: QuerySet[Any]) -> QuerySet[Any]:
    """Those without a view restriction on them or above them, as part of the same query."""
    above = ExpressionWrapper(OuterRef("path"), output_field=CharField())
    walls = PageViewRestriction.objects.alias(path=above).filter(path__startswith=F("page__path"))
    return pages.filter(~Exists(walls))


class PublicQuerySet(PageQuerySet):
    def listed(self) -> "PublicQuerySet":
        """What everyone may read, the newest first."""
        found: PublicQuerySet = unrestricted(self.live())  # type: ignore[assignment]
        return found.order_by("-first_published_at", "-pk")


class PublicPage(Page):
    """A page that is the same for every reader, so that it may be kept (cms.caching)."""

    # The part of the site it belongs to, for the navigation's mark.
    here = ""

    class Meta:
        abstract = True

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Marks the answer. Restricted pages never get here without a session (Wagtail's hook)."""
        response: HttpResponseBase = super().serve(request, *args, **kwargs)
        response.publicly_cacheable = not getattr(request, "is_preview", False)  # type: ignore[attr-defined]
        return response

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        crumbs = self.crumbs(request)
        return {
            **context,
            "here": self.here,
            "crumbs": crumbs,
            "canonical": seo.absolute(address(self.url_path, request)),
            "json_ld": seo.breadcrumbs([*crumbs, Crumb(self.title, self.address(request))]),
        }

    def address(self, request: HttpRequest) -> str:
        return address(self.url_path, request)

    def crumbs(self, request: HttpRequest) -> list[Crumb]:
        """The way from the home page to here, without this page."""
        site = Site.find_for_request(request)
        if site is None or self.depth <= site.root_page.depth:
            return []
        first = Crumb("Home", "/")
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
        """What the site's search finds it by, besides its title."""
        return self.summary


class RoutedPage(RoutablePageMixin, PublicPage):
    """A public page with addresses below its own, such as its feed."""

    class Meta:
        abstract = True

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Marks each answer, as PublicPage does: the mixin goes round it."""
        response: HttpResponseBase = super().serve(request, *args, **kwargs)
        response.publicly_cacheable = not getattr(request, "is_preview", False)  # type: ignore[attr-defined]
        return response


def cards(articles: Any, request: HttpRequest) -> list[dict[str, Any]]:
    """Articles as lists show them, with their addresses."""
    return [{"page": page, "address": address(page.url_path, request)} for page in articles]
