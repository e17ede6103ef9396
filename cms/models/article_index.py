"""The list of articles."""

from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest, HttpResponse
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.routable_page.models import path
from wagtail.models import Page

from accounts.doors import whole_number
from cms.feeds import atom
from cms.models.article import ArticlePage, TopicPage
from cms.models.author import Author
from cms.models.base import RoutedPage, cards
from cms.paging import paged


class ArticleIndexPage(RoutedPage):
    lead = models.TextField(max_length=400, blank=True)

    here = "articles"
    parent_page_types = ["cms.HomePage"]
    subpage_types = ["cms.ArticlePage"]
    page_description = "Lists all articles, the newest first, by topic and by author."
    template = "cms/article_index_page.html"
    content_panels: ClassVar = [*Page.content_panels, FieldPanel("lead")]

    class Meta:
        verbose_name = "list of articles"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        articles = ArticlePage.objects.listed_below(self)
        authors = list(Author.objects.filter(articles__in=articles.order_by()).distinct())
        author = whole_number(request.GET.get("author", ""))
        if author in {one.pk for one in authors}:  # an old link may name somebody else
            articles = articles.filter(authors=author)
        page = paged(articles, request)
        return {
            **super().get_context(request, *args, **kwargs),
            "articles": cards(page, self, request),
            "paging": page,
            "chosen_author": author,
            "authors": authors,
            "topics": cards(TopicPage.objects.first_level(self.get_parent()), self, request),
            "feed": f"{self.address(request)}feed/",
        }

    @path("feed/")
    def feed(self, request: HttpRequest) -> HttpResponse:
        """The newest articles as an Atom feed."""
        articles = ArticlePage.objects.listed_below(self)
        return atom(articles, request, title=self.title, address=self.address(request))
