"""The front door and the pages about the site."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel, PageChooserPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Orderable, Page, PageManager, Site
from wagtail.url_routing import RouteResult

from accounts import limits
from cms import article, citations
from cms.blocks import TEXT_FEATURES, StandardBody
from cms.blocks.media import DRAWINGS, drawn_by
from cms.models.article import ArticlePage, TopicPage, found_at
from cms.models.author_page import AuthorPage
from cms.models.base import PublicPage, PublicQuerySet, cards
from cms.models.settings import CitationSettings
from cms.search import searching
from cms.site_menu import menu

NEWEST = 9
MOST_FEATURED = 6


class FeaturedArticle(Orderable):
    """An article that the home page leads to by a question, with a picture."""

    page = ParentalKey("cms.HomePage", on_delete=models.CASCADE, related_name="featured")
    article = models.ForeignKey(
        ArticlePage,
        on_delete=models.CASCADE,
        related_name="+",
        help_text="Readers get it in the language of their home page, where it is translated.",
    )
    question = models.CharField(
        max_length=80, help_text="As a reader would ask it: Why are my feet numb?"
    )
    drawing = models.CharField(max_length=40, choices=DRAWINGS)

    panels: ClassVar = [
        FieldPanel("question"),
        PageChooserPanel("article", "cms.ArticlePage"),
        FieldPanel("drawing"),
    ]

    class Meta(Orderable.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["page", "article"],
                name="featured_article_once",
                violation_error_message="This article is already in the list.",
            )
        ]

    def __str__(self) -> str:
        return self.question

    @property
    def template(self) -> str:
        return drawn_by(self.drawing)


class HomePage(PublicPage):
    lead = models.TextField(max_length=400, help_text="What this site is, in two sentences.")
    about = RichTextField(features=TEXT_FEATURES, blank=True)

    here = "home"
    reads_query = False
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = [
        "cms.ArticleIndexPage",
        "cms.TopicPage",
        "cms.StandardPage",
        "cms.SearchPage",
    ]
    page_description = "The front door: what this is, the newest articles, the login."
    template = "cms/home_page.html"
    content_panels = [
        *Page.content_panels,
        FieldPanel("lead"),
        InlinePanel("featured", heading="Questions that lead to an article", max_num=MOST_FEATURED),
        FieldPanel("about"),
    ]

    class Meta:
        verbose_name = "home page"

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """An article is found by its whole address in one query, instead of two a step."""
        if len(path_components) == 2:
            wanted = f"{self.url_path}{'/'.join(path_components)}/"
            if found := found_at(wanted, Site.find_for_request(request)):
                return RouteResult(found)
        return super().route(request, path_components)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        rows = {row.article.translation_key: row for row in self._featured()}
        public = ArticlePage.objects.listed().read_in(self.locale_id)
        found = {page.translation_key: page for page in public.filter(translation_key__in=rows)}
        shown = [key for key in rows if key in found]
        featured = cards([found[key] for key in shown], self, request)
        newest = public.exclude(translation_key__in=rows)[:NEWEST]
        return {
            **super().get_context(request, *args, **kwargs),
            "featured": [
                {**card, "row": rows[key]} for key, card in zip(shown, featured, strict=True)
            ],
            "articles": cards(newest, self, request),
            "topics": cards(TopicPage.objects.first_level(self), self, request),
            "menu": menu(request),
        }

    def _featured(self) -> Any:
        """In their order, also those that a preview has not stored yet."""
        return self.featured.all().select_related("article")


class StandardPage(PublicPage):
    """About us, the disclaimer, privacy, accessibility, how content is reviewed."""

    lead = models.TextField(max_length=400, blank=True)
    body = StreamField(StandardBody(), blank=True)
    last_changed = models.DateField(null=True, blank=True, help_text="Shown below the text.")

    here = "about"
    reads_query = False
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
