"""Topics: a tree of categories that articles belong to."""

from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest, HttpResponse
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.routable_page.models import path
from wagtail.models import Page, PageManager

from cms.models.base import PublicQuerySet, RoutedPage, cards
from cms.paging import paged


class TopicQuerySet(PublicQuerySet):
    def first_level(self, home: Page) -> "TopicQuerySet":
        """The topics below the first topic page, which only gathers them."""
        return self.descendant_of(home).filter(depth=home.depth + 2).listed().order_by("path")


class TopicPage(RoutedPage):
    lead = models.TextField(max_length=400, blank=True)

    here = "topics"
    parent_page_types = ["cms.HomePage", "cms.TopicPage"]
    subpage_types = ["cms.TopicPage"]
    page_description = "A category: its articles, and the narrower topics below it."
    template = "cms/topic_page.html"
    content_panels: ClassVar = [*Page.content_panels, FieldPanel("lead")]
    objects = PageManager.from_queryset(TopicQuerySet)()

    class Meta:
        verbose_name = "topic"

    def articles(self) -> Any:
        """Those of this topic and of the topics below it, each once, in its language."""
        from cms.models.article import ArticlePage  # noqa: PLC0415 - articles point at topics

        within = TopicPage.objects.descendant_of(self, inclusive=True).listed()
        keys = within.order_by().values("translation_key")
        about = ArticlePage.objects.filter(topics__translation_key__in=keys)
        found = ArticlePage.objects.filter(pk__in=about.values("pk")).listed()
        return found.read_in(self.locale_id)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        page = paged(self.articles(), request)
        below = TopicPage.objects.child_of(self).listed().order_by("path")
        return {
            **super().get_context(request, *args, **kwargs),
            "topics": cards(below, self, request),
            "articles": cards(page, self, request),
            "paging": page,
            "feed": f"{self.address(request)}feed/",
        }

    @path("feed/")
    def feed(self, request: HttpRequest) -> HttpResponse:
        """The topic's newest articles as an Atom feed."""
        from cms.feeds import atom  # noqa: PLC0415 - it reads these models

        return atom(self.articles(), request, title=self.title, address=self.address(request))
