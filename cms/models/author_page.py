"""A person's own page: who they are, and what they wrote and reviewed."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case, F, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import JSONObject
from django.http import HttpRequest
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page, PageManager

from cms.models.author import Author
from cms.models.base import PublicPage, PublicQuerySet, cards


class AuthorPage(PublicPage):
    author = models.ForeignKey(
        Author, on_delete=models.PROTECT, related_name="pages", limit_choices_to={"live": True}
    )

    here = "about"
    reads_query = False
    parent_page_types = ["cms.StandardPage"]
    subpage_types: ClassVar[list[str]] = []
    page_description = "An author's or reviewer's page. Its words are the author's own."
    template = "cms/author_page.html"
    content_panels = [*Page.content_panels, FieldPanel("author")]
    objects = PageManager.from_queryset(PublicQuerySet)()

    class Meta:
        verbose_name = "author page"

    def clean(self) -> None:
        """Raises ValidationError for a second page of the same author in a language."""
        super().clean()
        same = AuthorPage.objects.filter(author=self.author_id, locale=self.locale_id)
        if self.author_id and same.exclude(pk=self.pk).exists():
            raise ValidationError({"author": "This author has a page already."})

    @property
    def searchable_text(self) -> str:
        return f"{self.author.credentials}\n{self.author.biography}"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        written = self.author.articles.listed().read_in(self.locale_id)
        reviewed = self.author.reviewed.listed().read_in(self.locale_id)
        return {
            **super().get_context(request, *args, **kwargs),
            "written": cards(written, self, request),
            "reviewed": cards(reviewed, self, request),
        }


# What a byline says of an author.
_TOLD = ("id", "name", "credentials", "biography", "is_organization", "is_invented")


def told(authors: QuerySet[Author], locale: Any) -> QuerySet[Any, Any]:
    """What bylines say, and the `path` of each author's page: in this language, else in another.

    `locale` is a Locale's id or an expression for it.
    """
    pages = AuthorPage.objects.filter(author=OuterRef("pk")).listed()
    place = Case(When(locale=locale, then=Value(0)), default=Value(1))
    path = Subquery(pages.alias(place=place).order_by("place", "path").values("url_path")[:1])
    said = JSONObject(**{name: F(name) for name in _TOLD}, path=path)
    return authors.order_by("name").values(told=said)
