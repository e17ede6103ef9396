"""The public site's pages. None of them knows who is reading."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page, PageManager, Site
from wagtail.query import PageQuerySet
from wagtail.url_routing import RouteResult

from cms import article, citations
from cms.blocks import TEXT_FEATURES, ArticleBody
from cms.models.author import Author
from cms.models.settings import CitationSettings
from cms.models.source import Source

NEWEST = 6


class PublicPage(Page):
    """A page that is the same for every reader, so that it may be kept (cms.caching)."""

    class Meta:
        abstract = True

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Marks the answer. Restricted pages never get here without a session (Wagtail's hook)."""
        response: HttpResponseBase = super().serve(request, *args, **kwargs)
        response.publicly_cacheable = not request.is_preview  # type: ignore[attr-defined]
        return response

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        return {**context, "index_address": self.index_address(request)}

    def index_address(self, request: HttpRequest) -> str:
        """Where the articles are listed, for the page's head."""
        raise NotImplementedError


def address(url_path: str, request: HttpRequest) -> str:
    """A page's address on this site. Wagtail's own `url` would ask the database."""
    site = Site.find_for_request(request)
    root = site.root_page.url_path if site else "/"
    return "/" + url_path.removeprefix(root)


class ArticleQuerySet(PageQuerySet):
    def listed(self) -> "ArticleQuerySet":
        """What everyone may read, the newest first."""
        return self.live().public().order_by("-first_published_at", "-pk")


class HomePage(PublicPage):
    lead = models.TextField(max_length=400, help_text="What this site is, in two sentences.")
    about = RichTextField(features=TEXT_FEATURES, blank=True)

    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["cms.ArticleIndexPage"]
    page_description = "The front door: what this is, the newest articles, the login."
    template = "cms/home_page.html"
    content_panels = [*Page.content_panels, FieldPanel("lead"), FieldPanel("about")]

    class Meta:
        verbose_name = "home page"

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """An article is found by its whole address in one query, instead of two a step."""
        if len(path_components) > 1:
            wanted = f"{self.url_path}{'/'.join(path_components)}/"
            live = ArticlePage.objects.live().select_related("reviewed_by")
            if found := live.filter(url_path=wanted).first():
                return RouteResult(found)
        return super().route(request, path_components)

    def index_address(self, request: HttpRequest) -> str:
        paths = ArticleIndexPage.objects.child_of(self).live().values_list("url_path", flat=True)
        path = paths.first()
        return address(path, request) if path else ""

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        newest = ArticlePage.objects.descendant_of(self).listed()[:NEWEST]
        context = super().get_context(request, *args, **kwargs)
        return {**context, "here": "home", "articles": cards(newest, request)}


class ArticleIndexPage(PublicPage):
    lead = models.TextField(max_length=400, blank=True)

    parent_page_types = ["cms.HomePage"]
    subpage_types = ["cms.ArticlePage"]
    page_description = "Lists all articles, the newest first."
    template = "cms/article_index_page.html"
    content_panels = [*Page.content_panels, FieldPanel("lead")]

    class Meta:
        verbose_name = "list of articles"

    def index_address(self, request: HttpRequest) -> str:
        return address(self.url_path, request)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        articles = ArticlePage.objects.child_of(self).listed()
        context = super().get_context(request, *args, **kwargs)
        return {**context, "here": "articles", "articles": cards(articles, request)}


def cards(articles: Any, request: HttpRequest) -> list[dict[str, Any]]:
    """Articles as lists show them, with their addresses."""
    return [{"page": page, "address": address(page.url_path, request)} for page in articles]


class ArticlePage(PublicPage):
    lead = models.TextField(
        max_length=400, help_text="What the article answers, in plain words. Shown in lists, too."
    )
    authors = ParentalManyToManyField(Author, related_name="articles")
    reviewed_by = models.ForeignKey(
        Author,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name="medically reviewed by",
    )
    last_reviewed = models.DateField(null=True, blank=True)
    next_review_due = models.DateField(null=True, blank=True)
    body = StreamField(
        ArticleBody(), help_text="Cite with the Cite button; numbers and list build themselves."
    )

    objects = PageManager.from_queryset(ArticleQuerySet)()

    parent_page_types = ["cms.ArticleIndexPage"]
    subpage_types: list[str] = []
    page_description = "One article with numbered citations, exercises and a reference list."
    template = "cms/article_page.html"
    content_panels = [
        *Page.content_panels,
        FieldPanel("lead"),
        MultiFieldPanel(
            [
                FieldPanel("authors", widget=forms.CheckboxSelectMultiple),
                FieldPanel("reviewed_by"),
                FieldRowPanel([FieldPanel("last_reviewed"), FieldPanel("next_review_due")]),
            ],
            heading="Who stands for it",
        ),
        FieldPanel("body"),
    ]

    class Meta:
        verbose_name = "article"
        constraints = [
            models.CheckConstraint(
                condition=Q(reviewed_by=None, last_reviewed=None)
                | Q(reviewed_by__isnull=False, last_reviewed__isnull=False),
                name="article_review_has_person_and_date",
                violation_error_message="A review needs both a reviewer and a date.",
            ),
            models.CheckConstraint(
                condition=Q(next_review_due=None) | Q(next_review_due__gt=F("last_reviewed")),
                name="article_next_review_after_last",
                violation_error_message="The next review is due after the last one.",
            ),
        ]

    def clean(self) -> None:
        """Raises ValidationError for a citation of what is no source, or one that was typed."""
        super().clean()
        if problem := citation_problem(self.body.get_prep_value() if self.body else []):
            raise ValidationError({"body": problem})
        if "[@" in self.lead:
            raise ValidationError({"lead": "Cite in the text below; the lead stands in lists too."})

    def index_address(self, request: HttpRequest) -> str:
        parent, _, _ = self.url_path.rstrip("/").rpartition("/")
        return address(f"{parent}/", request)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        return {
            **context,
            "here": "articles",
            "authors": list(self.authors.all()),
            "article": article.make(self.body, context, CitationSettings.style_for(request)),
        }


def citation_problem(body: Any) -> str:
    """What is wrong with the citations of a stored body, for the person who wrote them."""
    if typed := citations.typed_marks("\n".join(citations.texts_in(body))):
        return f"{typed[0]} is only text. Cite with the editor's Cite button."
    keys = citations.keys_of(body)
    known = set(Source.objects.filter(key__in=keys).values_list("key", flat=True))
    unknown = [key for key in keys if key not in known]
    return f"No source has this key: {', '.join(unknown)}." if unknown else ""
