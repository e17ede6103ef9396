"""Articles, other pages and sources, as the public search finds them."""

import re
from collections.abc import Iterator
from typing import Any

from django.db.models import CharField
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from cms import article, names
from cms.models.article import ArticlePage, TopicPage
from cms.models.author_page import AuthorPage
from cms.models.base import PublicPage
from cms.models.home import StandardPage
from cms.models.source import Source
from cms.restrictions import unrestricted
from cms.search import findable
from cms.search.findable import Entry, Heading, Kind
from cms.site_menu import address_in

ARTICLE, PAGE, SOURCE = "article", "page", "source"
# Where a citation stood.
_BEFORE_A_STOP = re.compile(r"\s+(?=[.,;:!?])")
_KIND_OF: dict[type[Page], str] = {
    ArticlePage: ARTICLE,
    TopicPage: PAGE,
    StandardPage: PAGE,
    AuthorPage: PAGE,
}


def register() -> None:
    findable.register(Kind(ARTICLE, _("Articles"), _articles, lambda: _keys(ArticlePage), 1))
    findable.register(Kind(PAGE, _("Other pages"), _pages, lambda: _keys(Page), 3))
    findable.register(Kind(SOURCE, _("Sources"), _sources, _source_keys, 4, is_apart=True))


def _keys(model: type[Page]) -> Any:
    text = Cast("pk", CharField())
    return unrestricted(model.objects.live()).annotate(key=text).values("key")


def _source_keys() -> Any:
    return Source.objects.annotate(text_key=Cast("key", CharField())).values("text_key")


def _articles() -> Iterator[Entry]:
    for page in ArticlePage.objects.listed().select_related("locale"):
        yield of_page(page)


def _pages() -> Iterator[Entry]:
    for model in (TopicPage, StandardPage, AuthorPage):
        for page in model.objects.listed().select_related("locale"):
            yield of_page(page)


def _sources() -> Iterator[Entry]:
    return map(of_source, Source.objects.all())


def of_page(page: Any) -> Entry:
    topics = page.topics.all() if isinstance(page, ArticlePage) else []
    language = page.locale.language_code
    text, headings = _with_headings(page)
    return Entry(
        key=str(page.pk),
        title=page.title,
        lead=getattr(page, "lead", ""),
        text=text,
        headings=headings,
        address=address_in(page.url_path, language),
        language=language,
        topics=[topic.translation_key for topic in topics],
    )


def _with_headings(page: Any) -> tuple[str, list[Heading]]:
    """A page's text, and where its parts begin; the words of a block are a line or more."""
    body = getattr(page, "body", None)
    if not body:
        return page.searchable_text, []
    lines: list[str] = []
    found: list[Heading] = []
    coming = iter(article.headings(body))
    for block in body:
        if block.block_type in article.HEADINGS:
            heading = next(coming)
            found.append((len(lines), heading.anchor, heading.text))
        words = "\n".join(block.block.get_searchable_content(block.value))
        lines += [_BEFORE_A_STOP.sub("", line) for line in words.splitlines() if line.strip()]
    return "\n".join(lines), found


def of_source(source: Source) -> Entry:
    """What readers see of it in a reference list; what it is cited for stays with the editors."""
    people = ", ".join(names.short(name) for name in source.authors)
    said = ". ".join(part for part in (people, source.container, str(source.year or "")) if part)
    return Entry(
        key=source.key,
        title=f"Retracted: {source.title}" if source.is_retracted else source.title,
        text=said,
        address=source.doi_url or source.pubmed_url or source.url,
    )


def page_changed(page: Page) -> None:
    """Write the page's entry anew, or take it out."""
    specific = page if isinstance(page, PublicPage) else page.specific
    kind = _KIND_OF.get(type(specific))
    if kind is None:
        return
    if unrestricted(Page.objects.filter(pk=page.pk, alias_of=None).live()).exists():
        findable.write(kind, of_page(specific))
    else:
        findable.remove(kind, str(page.pk))


def branch_moved(page: Page) -> None:
    """A page got another address, and all below it."""
    for below in Page.objects.descendant_of(page, inclusive=True).specific():
        page_changed(below)
