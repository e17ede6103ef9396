"""Articles and the list of them."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from taggit.models import TaggedItemBase
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    MultiFieldPanel,
    PageChooserPanel,
)
from wagtail.contrib.routable_page.models import path
from wagtail.fields import StreamField
from wagtail.models import Orderable, Page, PageManager

from accounts.doors import whole_number
from cms import around, article, citations, pictures, seo, signing
from cms.admin_panels import ArticleForm, ReadingGradePanel
from cms.blocks import ArticleBody
from cms.models.author import Author
from cms.models.base import PublicPage, PublicQuerySet, RoutedPage, cards
from cms.models.settings import CitationSettings, CitationStyle
from cms.models.source import Source
from cms.models.topic import TopicPage
from cms.paging import paged
from cms.site_menu import Crumb, address, menu


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
        author = whole_number(request.GET.get("author", ""))
        if author:
            articles = articles.filter(authors=author)
        page = paged(articles, request)
        listed = ArticlePage.objects.listed_below(self).order_by()
        return {
            **super().get_context(request, *args, **kwargs),
            "articles": cards(page, self, request),
            "paging": page,
            "chosen_author": author,
            "authors": Author.objects.filter(articles__in=listed).distinct(),
            "topics": cards(TopicPage.objects.first_level(self.get_parent()), self, request),
            "feed": f"{self.address(request)}feed/",
        }

    @path("feed/")
    def feed(self, request: HttpRequest) -> HttpResponse:
        """The newest articles as an Atom feed."""
        from cms.feeds import atom  # noqa: PLC0415 - it reads these models

        articles = ArticlePage.objects.listed_below(self)
        return atom(articles, request, title=self.title, address=self.address(request))


class ArticleTag(TaggedItemBase):
    content_object = ParentalKey(
        "cms.ArticlePage", on_delete=models.CASCADE, related_name="tagged_items"
    )


class RelatedArticle(Orderable):
    """An article that the author wants read next."""

    page = ParentalKey("cms.ArticlePage", on_delete=models.CASCADE, related_name="related_by_hand")
    article = models.ForeignKey("cms.ArticlePage", on_delete=models.CASCADE, related_name="+")

    panels = [PageChooserPanel("article", "cms.ArticlePage")]

    class Meta(Orderable.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["page", "article"],
                name="related_article_once",
                violation_error_message="This article is already in the list.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.page_id} → {self.article_id}"


class ArticlePage(PublicPage):
    lead = models.TextField(
        max_length=400, help_text="What the article answers, in plain words. Shown in lists, too."
    )
    authors = ParentalManyToManyField(Author, related_name="articles")
    topics = ParentalManyToManyField(TopicPage, blank=True, related_name="+")
    tags = ClusterTaggableManager(through=ArticleTag, blank=True)
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

    objects = PageManager.from_queryset(PublicQuerySet)()
    # Nobody has reviewed a copy, nor a translation.
    exclude_fields_in_copy: ClassVar = ["reviewed_by", "last_reviewed", "next_review_due"]

    here = "articles"
    parent_page_types = ["cms.ArticleIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    page_description = "One article with numbered citations, exercises and a reference list."
    template = "cms/article_page.html"
    base_form_class = ArticleForm
    content_panels = [
        *Page.content_panels,
        FieldPanel("lead"),
        ReadingGradePanel(heading="Reading grade"),
        FieldPanel("body"),
        MultiFieldPanel(
            [
                FieldPanel("authors", widget=forms.CheckboxSelectMultiple),
                # Signing off sets these (cms.signing); nobody types a review.
                FieldPanel("reviewed_by", read_only=True),
                FieldRowPanel(
                    [
                        FieldPanel("last_reviewed", read_only=True),
                        FieldPanel("next_review_due", permission=signing.SIGN),
                    ]
                ),
            ],
            heading="Who stands for it",
        ),
        MultiFieldPanel(
            [FieldPanel("topics", widget=forms.CheckboxSelectMultiple), FieldPanel("tags")],
            heading="Where it belongs",
        ),
        InlinePanel("related_by_hand", heading="Read next", label="Article", max_num=4),
    ]

    class Meta:
        verbose_name = "article"
        permissions = [("sign_article", "Can sign off articles as a clinical reviewer")]
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

    def save(self, *args: Any, **kwargs: Any) -> Any:
        saved = super().save(*args, **kwargs)
        if self.live:
            pictures.make_renditions(self.body)
        return saved

    def paths_by_language(self) -> dict[str, str]:
        """Read with the page where it was found by its address (`around.annotated`)."""
        if hasattr(self, "read_paths"):
            return {told["language"]: told["path"] for told in self.read_paths}
        return super().paths_by_language()

    def publish(self, revision: Any, user: Any = None, **kwargs: Any) -> Any:
        """Publishing by a reviewer is signing off."""
        signing.sign(revision, user)
        return super().publish(revision, user=user, **kwargs)

    @property
    def searchable_text(self) -> str:
        return f"{self.lead}\n{article.plain_text(self.body)}"

    def crumbs(self, request: HttpRequest) -> list[Crumb]:
        here = menu(request)
        return [Crumb(_("Home"), here.home), *([here.articles] if here.articles else [])]

    def bylines(self, request: HttpRequest) -> list[Author]:
        """The authors, each with `address`: their own page's, if they have one."""
        if hasattr(self, "read_authors"):  # as stored, not a draft
            told = self.read_authors
        else:
            told = around.told_authors(self.authors.all(), self.locale_id)
        return [_byline(one, request) for one in told]

    def reviewer(self, request: HttpRequest) -> Author | None:
        """Who reviewed it, likewise."""
        if hasattr(self, "read_reviewer"):
            told = self.read_reviewer
        else:
            told = around.told_authors(
                Author.objects.filter(pk=self.reviewed_by_id), self.locale_id
            )
        return next((_byline(one, request) for one in told), None)

    def reference_style(self, request: HttpRequest) -> str:
        """Read with the page where it was found by its address (`around.annotated`)."""
        if hasattr(self, "read_style"):
            return self.read_style or CitationStyle.AMA
        return CitationSettings.style_for(request)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        made = article.make(self.body, context, self.reference_style(request))
        authors, reviewer = self.bylines(request), self.reviewer(request)
        return {
            **context,
            "authors": authors,
            "reviewer": reviewer,
            "article": made,
            "around": around.load(self, request),
            "json_ld": seo.medical_web_page(
                self,
                address=self.address(request),
                authors=authors,
                reviewer=reviewer,
                sources=made.sources,
                crumbs=context["crumbs"],
            ),
        }


def _byline(told: dict[str, Any], request: HttpRequest) -> Author:
    path = told.pop("path")
    author = Author(**told)
    author.address = address(path, request) if path else ""  # type: ignore[attr-defined]
    return author


def citation_problem(body: Any) -> str:
    """What is wrong with the citations of a stored body, for the person who wrote them."""
    if typed := citations.typed_marks("\n".join(citations.texts_in(body))):
        return f"{typed[0]} is only text. Cite with the editor's Cite button."
    keys = citations.keys_of(body)
    known = set(Source.objects.filter(key__in=keys).values_list("key", flat=True))
    unknown = [key for key in keys if key not in known]
    return f"No source has this key: {', '.join(unknown)}." if unknown else ""
