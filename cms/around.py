"""What stands around an article: its topics, its tags, and what to read next."""

from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Count, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import JSONObject
from django.http import HttpRequest

MOST_RELATED = 4


@dataclass(frozen=True)
class Around:
    topics: list[tuple[str, str]]  # title, address
    tags: list[str]
    related: list[dict[str, Any]]


def annotated(articles: QuerySet[Any], site: Any) -> QuerySet[Any]:
    """The same articles, with their surroundings read in the same query, and how the site writes
    references.
    """
    topic, link = apps.get_model("cms", "TopicPage"), articles.model.topics.through
    wanted = link.objects.filter(articlepage=OuterRef(OuterRef("pk"))).values("topicpage")
    topics = topic.objects.filter(pk__in=wanted).listed().order_by("path")
    tags = apps.get_model("cms", "ArticleTag").objects.filter(content_object=OuterRef("pk"))
    hand = apps.get_model("cms", "RelatedArticle").objects.filter(page=OuterRef("pk"))
    settings = apps.get_model("cms", "CitationSettings").objects.filter(site=site)
    told = JSONObject(pk="pk", title="title", path="url_path")
    return articles.annotate(
        read_topics=ArraySubquery(topics.values(told=told)),
        read_tags=ArraySubquery(tags.order_by("tag__name").values("tag__name")),
        read_style=Subquery(settings.values("style")[:1]),
        read_hand=ArraySubquery(hand.order_by("sort_order").values("article")),
    )


def load(page: Any, request: HttpRequest) -> Around:
    """One query after `annotated`; four for a draft. What isn't public is named nowhere."""
    from cms.models.base import address, cards  # noqa: PLC0415 - pages are made of this module

    topics, tags, hand = _read(page)
    return Around(
        topics=[(topic["title"], address(topic["path"], request)) for topic in topics],
        tags=tags,
        related=cards(related(page, [topic["pk"] for topic in topics], hand), request),
    )


def _read(page: Any) -> tuple[list[dict[str, Any]], list[str], list[int]]:
    if hasattr(page, "read_topics"):
        return page.read_topics, page.read_tags, page.read_hand
    topics = [
        {"pk": topic.pk, "title": topic.title, "path": topic.url_path}
        for topic in page.topics.all()
        if topic.live
    ]
    hand = [row.article_id for row in page.related_by_hand.all()]
    return topics, sorted(page.tags.names()), hand


def related(page: Any, topics: list[int], hand: list[int]) -> Any:
    """Chosen by hand first, in their order; then those that share the most topics."""
    order = [When(pk=pk, then=Value(place)) for place, pk in enumerate(hand)]
    articles = apps.get_model("cms", "ArticlePage").objects.listed().exclude(pk=page.pk)
    shared = Count("topics", filter=Q(topics__in=topics))
    return (
        articles.annotate(
            by_hand=Case(*order, default=Value(len(hand)), output_field=IntegerField()),
            shared=shared,
        )
        .filter(Q(pk__in=hand) | Q(shared__gt=0))
        .order_by("by_hand", "-shared", "-first_published_at", "-pk")[:MOST_RELATED]
    )
