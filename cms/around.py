"""What stands around an article: its languages, authors, topics, tags, and what to read next.

An article keeps its topics and what its author wants read next as they were chosen; readers get
each in the article's language, where there is such a page.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.apps import apps
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    Case,
    Count,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import JSONObject
from django.http import HttpRequest

from cms.site_menu import address

MOST_RELATED = 4
_AUTHOR = ("id", "name", "credentials", "biography", "is_organization")


@dataclass(frozen=True)
class Around:
    topics: list[tuple[str, str]]  # title, address
    tags: list[str]
    related: list[dict[str, Any]]


def annotated(articles: QuerySet[Any], site: Any) -> QuerySet[Any]:
    """The same articles, with their surroundings read in the same query, and how the site writes
    references.
    """
    model = articles.model
    chosen = model.topics.through.objects.filter(articlepage=OuterRef(OuterRef("pk")))
    topics = _topics(chosen.values("topicpage__translation_key"), OuterRef("locale"))
    tags = apps.get_model("cms", "ArticleTag").objects.filter(content_object=OuterRef("pk"))
    hand = apps.get_model("cms", "RelatedArticle").objects.filter(page=OuterRef("pk"))
    settings = apps.get_model("cms", "CitationSettings").objects.filter(site=site)
    same = model.objects.filter(translation_key=OuterRef("translation_key")).listed().order_by()
    language = JSONObject(language="locale__language_code", path="url_path")
    people = apps.get_model("cms", "Author").objects
    authors, reviewer = (
        people.filter(articles=OuterRef("pk")),
        people.filter(pk=OuterRef("reviewed_by")),
    )
    return articles.annotate(
        read_topics=ArraySubquery(topics.values(told=_TOPIC)),
        read_tags=ArraySubquery(tags.order_by("tag__name").values("tag__name")),
        read_style=Subquery(settings.values("style")[:1]),
        read_hand=ArraySubquery(hand.order_by("sort_order").values("article__translation_key")),
        read_paths=ArraySubquery(same.values(told=language)),
        read_authors=ArraySubquery(_with_paths(authors, OuterRef(OuterRef("locale")))),
        read_reviewer=ArraySubquery(_with_paths(reviewer, OuterRef(OuterRef("locale")))),
    )


_TOPIC = JSONObject(key="translation_key", title="title", path="url_path")


def _topics(keys: Any, locale: Any) -> QuerySet[Any]:
    topics = apps.get_model("cms", "TopicPage").objects
    found: QuerySet[Any] = topics.filter(translation_key__in=keys, locale=locale).listed()
    return found.order_by("path")


def told_authors(authors: QuerySet[Any], locale: Any) -> list[dict[str, Any]]:
    """What a byline says of each, and the `path` of their own page if they have one."""
    pks = [author.pk for author in authors]
    found = apps.get_model("cms", "Author").objects.filter(pk__in=pks)
    return [row["told"] for row in _with_paths(found, Value(locale))]


def _with_paths(authors: QuerySet[Any], locale: Any) -> QuerySet[Any]:
    """Their page in this language first, else in another."""
    pages = apps.get_model("cms", "AuthorPage").objects.filter(author=OuterRef("pk")).listed()
    place = Case(When(locale=locale, then=Value(0)), default=Value(1))
    path = Subquery(pages.alias(place=place).order_by("place", "path").values("url_path")[:1])
    told = JSONObject(**{name: F(name) for name in _AUTHOR}, path=path)
    return authors.order_by("name").values(told=told)


def load(page: Any, request: HttpRequest) -> Around:
    """One query after `annotated`; four for a draft. What isn't public is named nowhere."""
    from cms.models.base import cards  # noqa: PLC0415 - pages are made of this module

    topics, tags, hand = _read(page)
    read_next = related(page, [topic["key"] for topic in topics], hand)
    return Around(
        topics=[(topic["title"], address(topic["path"], request)) for topic in topics],
        tags=tags,
        related=cards(read_next, page, request),
    )


def _read(page: Any) -> tuple[list[dict[str, Any]], list[str], list[Any]]:
    if hasattr(page, "read_topics"):
        return page.read_topics, page.read_tags, page.read_hand
    chosen = [topic.translation_key for topic in page.topics.all()]
    topics = _topics(chosen, page.locale_id).values_list(_TOPIC, flat=True)
    hand = [row.article.translation_key for row in page.related_by_hand.all()]
    return list(topics), sorted(page.tags.names()), hand


def related(page: Any, topics: list[str], hand: list[UUID]) -> Any:
    """Chosen by hand first, in their order; then those that share the most topics."""
    order = [When(translation_key=key, then=Value(place)) for place, key in enumerate(hand)]
    articles = apps.get_model("cms", "ArticlePage").objects.listed().read_in(page.locale_id)
    shared = Count("topics", filter=Q(topics__translation_key__in=topics))
    return (
        articles.exclude(translation_key=page.translation_key)
        .annotate(
            by_hand=Case(*order, default=Value(len(hand)), output_field=IntegerField()),
            shared=shared,
        )
        .filter(Q(translation_key__in=hand) | Q(shared__gt=0))
        .order_by("by_hand", "-shared", "-first_published_at", "-pk")[:MOST_RELATED]
    )
