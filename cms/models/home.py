"""The front door and the pages about the site."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page, PageManager, Site
from wagtail.url_routing import RouteResult

from accounts import limits
from cms import article, citations
from cms.blocks import TEXT_FEATURES, StandardBody
from cms.models.article import ArticlePage, TopicPage
from cms.models.author_page import AuthorPage
from cms.models.base import PublicPage, PublicQuerySet, cards
from cms.models.settings import CitationSettings
from cms.search import searching
from cms.site_menu import menu

NEWEST = 9


class HomePage(PublicPage):
    lead = models.TextField(max_length=400, help_text="What this site is, in two sentences.")
    about = RichTextField(features=TEXT_FEATURES, blank=True)

    here = "home"
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = [
        "cms.ArticleIndexPage",
        "cms.TopicPage",
        "cms.StandardPage",
        "cms.SearchPage",
    ]
    page_description = "The front door: what this is, the newest articles, the login."
    template = "cms/home_page.html"
    content_panels = [*Page.content_panels, FieldPanel("lead"), FieldPanel("about")]

    class Meta:
        verbose_name = "home page"

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """An article is found by its whole address in one query, instead of two a step."""
        if len(path_components) == 2:
            wanted = f"{self.url_path}{'/'.join(path_components)}/"
            if found := ArticlePage.objects.found_at(wanted, Site.find_for_request(request)):
                return RouteResult(found)
        return super().route(request, path_components)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        newest = ArticlePage.objects.listed().read_in(self.locale_id)[:NEWEST]
        return {
            **super().get_context(request, *args, **kwargs),
            "articles": cards(newest, self, request),
            "topics": cards(TopicPage.objects.first_level(self), self, request),
            "menu": menu(request),
        }


class StandardPage(PublicPage):
    """About us, the disclaimer, privacy, accessibility, how content is reviewed."""

    lead = models.TextField(max_length=400, blank=True)
    body = StreamField(StandardBody(), blank=True)
    last_changed = models.DateField(null=True, blank=True, help_text="Shown below the text.")

    here = "about"
    parent_page_types = ["cms.HomePage"]
    subpage_types = ["cms.AuthorPage"]
    page_description = "A page about the site: words, no medical advice."
    template = "cms/standard_page.html"
    content_panels = [
        *Page.content_panels,
        FieldPanel("lead"),
        FieldPanel("body"),
        FieldPanel("last_changed"),
    ]
    objects = PageManager.from_queryset(PublicQuerySet)()

    class Meta:
        verbose_name = "standard page"

    def clean(self) -> None:
        """Raises ValidationError for a citation of what is no source, or one that was typed."""
        super().clean()
        if problem := citations.problem_of(self.body.get_prep_value() if self.body else []):
            raise ValidationError({"body": problem})

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        people = AuthorPage.objects.listed_below(self).select_related("author")
        made = article.make(self.body, context, CitationSettings.style_for(request))
        return {**context, "article": made, "people": cards(people, self, request)}


class SearchPage(PublicPage):
    """Finds articles, exercises and sources. What was typed is kept nowhere."""

    lead = models.TextField(max_length=400, blank=True)

    here = "search"
    parent_page_types = ["cms.HomePage"]
    subpage_types: ClassVar[list[str]] = []
    max_count_per_parent = 1
    page_description = "The site's search."
    template = "cms/search_page.html"
    content_panels = [*Page.content_panels, FieldPanel("lead")]

    class Meta:
        verbose_name = "search page"

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """A search costs the database more than all else that strangers may ask for."""
        refused: HttpResponse | None = None
        if request.GET.get("q"):
            refused = limits.refusal(request, "search", key=limits.sender(request))
        return refused or super().serve(request, *args, **kwargs)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        return {
            **context,
            "page_address": self.address(request),
            "search": searching.from_query(request.GET, self),
        }
