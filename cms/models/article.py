"""Articles, the topics they belong to, and what stands around an article.

An article keeps its topics and what its author wants read next as they were chosen; readers get
each in the article's language, where there is such a page.
"""

from dataclasses import fields
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Count, F, Func, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import JSONObject
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
from wagtail.log_actions import log
from wagtail.models import Orderable, Page, PageManager, Revision, Site

from accounts.compiled import compiled
from cms import article, citations, pictures, seo, signing
from cms.admin_panels import ArticleForm, ReadingGradePanel
from cms.blocks import ArticleBody, media
from cms.feeds import atom
from cms.models import author_page
from cms.models.around import Around, Surroundings, byline
from cms.models.author import Author
from cms.models.base import PublicPage, PublicQuerySet, RoutedPage, cards
from cms.models.settings import CitationSettings, CitationStyle
from cms.paging import paged
from cms.site_menu import Crumb, address, menu

MOST_RELATED = 4
# Wagtail's names of what stands in an article's history.
UNCITED_SAID, UNCITED_COPIED = "footing.uncited_said", "footing.uncited_copied"


class TopicQuerySet(PublicQuerySet):
    def first_level(self, home: Page) -> "TopicQuerySet":
        """The topics below the first topic page, which only gathers them."""
        return self.descendant_of(home).filter(depth=home.depth + 2).listed().order_by("path")


class TopicPage(RoutedPage):
    lead = models.TextField(max_length=400, blank=True)
    picture = models.CharField(
        max_length=40,
        choices=media.DRAWINGS,
        blank=True,
        db_default="",
        help_text="Shown beside it on lists and on its own page, without its words.",
    )

    here = "topics"
    parent_page_types = ["cms.HomePage", "cms.TopicPage"]
    subpage_types = ["cms.TopicPage"]
    page_description = "A category: its articles, and the narrower topics below it."
    template = "cms/topic_page.html"
    content_panels: ClassVar = [*Page.content_panels, FieldPanel("lead"), FieldPanel("picture")]
    objects = PageManager.from_queryset(TopicQuerySet)()

    class Meta:
        verbose_name = "topic"

    @property
    def drawing(self) -> str:
        """For lists; empty where it has none."""
        return media.drawn_by(self.picture) if self.picture else ""

    def articles(self) -> Any:
        """Those of this topic and of the topics below it, each once, in its language."""
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
        return atom(self.articles(), request, title=self.title, address=self.address(request))


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


def found_at(url_path: str, site: Site | None) -> "ArticlePage | None":
    """The live article of an address with its surroundings, in one query."""
    for found in _at(url_path, site.pk if site else None):
        told = {name: getattr(found, f"read_{name}") for name in _READ}
        found.surroundings = Surroundings(**told | {"style": told["style"] or CitationStyle.AMA})
        return found
    return None


@compiled
def _at(url_path: str, site: int | None) -> "QuerySet[ArticlePage]":
    through = ArticlePage.topics.through.objects
    chosen = through.filter(articlepage=OuterRef(OuterRef("pk")))
    topics = _topics(chosen.values("topicpage__translation_key"), OuterRef("locale"))
    tags = ArticleTag.objects.filter(content_object=OuterRef("pk"))
    hand = RelatedArticle.objects.filter(page=OuterRef("pk"))
    style = CitationSettings.objects.filter(site=site)
    same = ArticlePage.objects.filter(translation_key=OuterRef("translation_key"))
    language = JSONObject(language="locale__language_code", path="url_path")
    locale = OuterRef(OuterRef("locale"))
    wrote = Author.objects.filter(articles=OuterRef("pk"), live=True)
    reviewed = Author.objects.filter(pk=OuterRef("reviewed_by"))
    page: QuerySet[ArticlePage] = ArticlePage.objects.live().filter(url_path=url_path)
    told = page.select_related("reviewed_by").annotate(
        read_topics=ArraySubquery(topics.values(told=_TOPIC)),
        read_tags=ArraySubquery(tags.order_by("tag__name").values("tag__name")),
        read_by_hand=ArraySubquery(hand.order_by("sort_order").values("article__translation_key")),
        read_style=Subquery(style.values("style")[:1]),
        read_paths=ArraySubquery(same.listed().order_by().values(told=language)),
        read_authors=ArraySubquery(author_page.told(wrote, locale)),
        read_reviewer=ArraySubquery(author_page.told(reviewed, locale)),
    )
    return told.order_by("pk")[:1]


@compiled
def _beside(
    locale: int, key: UUID, topics: list[UUID], by_hand: list[UUID] | None
) -> "QuerySet[ArticlePage]":
    """Chosen by hand first, in their order; then those that share the most topics."""
    shared = Count("topics", filter=Q(topics__translation_key__any_of=topics))
    others: QuerySet[ArticlePage] = ArticlePage.objects.listed().read_in(locale)
    found = others.exclude(translation_key=key).annotate(shared=shared)
    order = ("-shared", "-first_published_at", "-pk")
    if by_hand is None:
        return found.filter(shared__gt=0).order_by(*order)[:MOST_RELATED]
    chosen = Value(by_hand, output_field=ArrayField(models.UUIDField()))
    place = Func(
        chosen, F("translation_key"), function="array_position", output_field=IntegerField()
    )
    wanted = found.filter(Q(translation_key__any_of=by_hand) | Q(shared__gt=0))
    return wanted.order_by(place.asc(nulls_last=True), *order)[:MOST_RELATED]


_READ = [field.name for field in fields(Surroundings)]
_TOPIC = JSONObject(key="translation_key", title="title", path="url_path")


def _topics(keys: Any, locale: Any) -> QuerySet[Any]:
    """The public pages of these topics in a language."""
    found: PublicQuerySet = TopicPage.objects.filter(translation_key__in=keys, locale=locale)
    return found.listed().order_by("path")


class ArticlePage(PublicPage):
    lead = models.TextField(
        max_length=400, help_text="What the article answers, in plain words. Shown in lists, too."
    )
    authors = ParentalManyToManyField(
        Author, related_name="articles", limit_choices_to={"live": True}
    )
    topics = ParentalManyToManyField(TopicPage, blank=True, related_name="+")
    tags = ClusterTaggableManager(through=ArticleTag, blank=True)
    reviewed_by = models.ForeignKey(
        Author,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="reviewed",
        verbose_name="medically reviewed by",
    )
    last_reviewed = models.DateField(null=True, blank=True)
    next_review_due = models.DateField(null=True, blank=True)
    body = StreamField(
        ArticleBody(),
        help_text="Cite with the Cite button above a text, or type /cite in it; numbers and list"
        " build themselves.",
    )

    without_citation = models.BooleanField(
        "publish without a citation",
        default=False,
        help_text="Only for a text that says nothing which needs a source.",
    )

    objects = PageManager.from_queryset(PublicQuerySet)()
    surroundings: Surroundings | None = None  # of a live page that was found by its address
    # Nobody has reviewed a copy, nor a translation, or said that it needs no source.
    exclude_fields_in_copy: ClassVar = [
        "reviewed_by",
        "last_reviewed",
        "next_review_due",
        "without_citation",
    ]

    here = "articles"
    reads_query = False
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
        FieldPanel("without_citation"),
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
        if problem := citations.problem_of(self.body.get_prep_value() if self.body else []):
            raise ValidationError({"body": problem})
        if "[@" in self.lead:
            raise ValidationError({"lead": "Cite in the text below; the lead stands in lists too."})

    @property
    def is_uncited(self) -> bool:
        """No source is cited, and nobody said that none is needed: publishing asks."""
        return not self.without_citation and self.cites_nothing

    @property
    def cites_nothing(self) -> bool:
        return not citations.keys_of(self.body.get_prep_value())

    def save_revision(self, *args: Any, **kwargs: Any) -> Any:
        """Who says that it needs no citation is in its history."""
        before = Revision.objects.filter(pk=self.latest_revision_id)
        was = before.values_list("content__without_citation", flat=True).first()
        revision = super().save_revision(*args, **kwargs)
        if self.without_citation and not was:
            by = kwargs.get("user")
            log(instance=self, action=UNCITED_SAID, user=by, revision=revision)
        return revision

    def save(self, *args: Any, **kwargs: Any) -> Any:
        saved = super().save(*args, **kwargs)
        if self.live:
            pictures.make_renditions(self.body)
        return saved

    def paths_by_language(self) -> dict[str, str]:
        if self.surroundings is None:
            return super().paths_by_language()
        return {told["language"]: told["path"] for told in self.surroundings.paths}

    def publish(self, revision: Any, user: Any = None, **kwargs: Any) -> Any:
        """Publishing by a reviewer is signing off."""
        signing.sign(revision, user)
        return super().publish(revision, user=user, **kwargs)

    @property
    def drawing(self) -> str:
        """For lists; empty where it has none."""
        return media.first_drawing(self.body)

    def crumbs(self, request: HttpRequest) -> list[Crumb]:
        here = menu(request)
        return [Crumb(_("Home"), here.home), *([here.articles] if here.articles else [])]

    def read_surroundings(self, request: HttpRequest) -> Surroundings:
        """Of a draft or a copy: seven queries instead of one."""
        if self.surroundings is not None:
            return self.surroundings
        chosen = [topic.translation_key for topic in self.topics.all()]
        authors, reviewer = (
            author_page.told(Author.objects.filter(pk__in=pks), Value(self.locale_id))
            for pks in ([author.pk for author in self.authors.all()], [self.reviewed_by_id])
        )
        return Surroundings(
            topics=list(_topics(chosen, self.locale_id).values_list(_TOPIC, flat=True)),
            tags=sorted(self.tags.names()),
            by_hand=[row.article.translation_key for row in self.related_by_hand.all()],
            style=CitationSettings.style_for(request),
            paths=[],
            authors=[row["told"] for row in authors],
            reviewer=[row["told"] for row in reviewer],
        )

    def around(self, told: Surroundings, request: HttpRequest) -> Around:
        keys = [UUID(str(topic["key"])) for topic in told.topics]
        read_next = _beside(self.locale_id, self.translation_key, keys, told.by_hand or None)
        return Around(
            topics=[(topic["title"], address(topic["path"], request)) for topic in told.topics],
            tags=told.tags,
            related=cards(read_next, self, request),
        )

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        told = self.read_surroundings(request)
        made = article.make(self.body, context, told.style)
        authors = [byline(one, request) for one in told.authors]
        reviewer = next((byline(one, request) for one in told.reviewer), None)
        return {
            **context,
            "authors": authors,
            "reviewer": reviewer,
            "article": made,
            "around": self.around(told, request),
            "json_ld": seo.medical_web_page(
                self,
                address=self.address(request),
                authors=authors,
                reviewer=reviewer,
                sources=made.sources,
                crumbs=context["crumbs"],
            ),
        }
