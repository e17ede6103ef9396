"""A person's own page: who they are, and what they wrote and reviewed."""

from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page, PageManager

from cms.models.article import ArticlePage
from cms.models.author import Author
from cms.models.base import PublicPage, PublicQuerySet, cards


class AuthorPage(PublicPage):
    author = models.OneToOneField(Author, on_delete=models.PROTECT, related_name="page")

    here = "about"
    parent_page_types = ["cms.StandardPage"]
    subpage_types: ClassVar[list[str]] = []
    page_description = "An author's or reviewer's page. Its words are the author's own."
    template = "cms/author_page.html"
    content_panels = [*Page.content_panels, FieldPanel("author")]
    objects = PageManager.from_queryset(PublicQuerySet)()

    class Meta:
        verbose_name = "author page"

    @property
    def searchable_text(self) -> str:
        return f"{self.author.credentials}\n{self.author.biography}"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        written = ArticlePage.objects.filter(authors=self.author).listed()
        reviewed = ArticlePage.objects.filter(reviewed_by=self.author).listed()
        return {
            **super().get_context(request, *args, **kwargs),
            "written": cards(written, request),
            "reviewed": cards(reviewed, request),
        }
