"""The first pages in another language, each beside the page it translates; made once."""

import re
from pathlib import Path
from typing import Any

from wagtail.models import Locale, Page

from cms.blocks import ArticleBody, StandardBody
from cms.models import (
    ArticleIndexPage,
    ArticlePage,
    HomePage,
    SearchPage,
    StandardPage,
    TopicPage,
)
from cms.starter.stored import read, stored

FOLDER = Path(__file__).parent
_TO_ARTICLE = re.compile(r'<a href="/articles/([-\w]+)/">')
_BODIES: dict[type[Page], type[StandardBody]] = {
    ArticlePage: ArticleBody,
    StandardPage: StandardBody,
}


def load(home: HomePage, language: str, done: list[str]) -> None:
    """Translate each page that stands where the starter put it, unless it is translated already."""
    locale, _ = Locale.objects.get_or_create(language_code=language)
    site = read(FOLDER / language / "site.yaml")
    below: list[tuple[type[Page], dict[str, Any]]] = [
        (ArticleIndexPage, site["index"]),
        (SearchPage, site["search"]),
        *((TopicPage, entry) for entry in _flat(site["topics"])),
        *((StandardPage, entry) for entry in site["pages"]),
        *((ArticlePage, read(file)) for file in files(language)),
    ]
    _translate(home, site["home"], locale, done)
    made = []
    for model, entry in below:
        original = model.objects.descendant_of(home).filter(slug=entry["translates"]).first()
        page = original and _translate(original, entry, locale, done)
        if page and _TO_ARTICLE.search(str(entry.get("body"))):
            made.append((page, entry))
    for page, entry in made:  # only now is there a page at the end of each link
        _fill(page, _linked(entry["body"], home, locale))
        page.save_revision().publish()


def files(language: str) -> list[Path]:
    """Of articles."""
    return sorted(file for file in (FOLDER / language).glob("*.yaml") if file.stem != "site")


def _flat(topic: dict[str, Any]) -> list[dict[str, Any]]:
    """A topic, then those below it: a page is translated after the one it stands under."""
    below = topic.pop("topics", [])
    return [topic, *(found for narrower in below for found in _flat(narrower))]


def _fill(page: Any, body: list[dict[str, Any]]) -> None:
    blocks = _BODIES[type(page)]()
    page.body = [stored(blocks, block) for block in body]


def _linked(value: Any, home: HomePage, locale: Locale) -> Any:
    """Links to articles as links to their translations; those without one stay."""

    def link(found: re.Match[str]) -> str:
        original = ArticlePage.objects.descendant_of(home).filter(slug=found[1]).first()
        page = original and original.get_translation_or_none(locale)
        return f'<a linktype="page" id="{page.pk}">' if page else found[0]

    if isinstance(value, list):
        return [_linked(one, home, locale) for one in value]
    if isinstance(value, dict):
        return {name: _linked(one, home, locale) for name, one in value.items()}
    return _TO_ARTICLE.sub(link, value) if isinstance(value, str) else value


def _translate(original: Any, entry: dict[str, Any], locale: Locale, done: list[str]) -> Any:
    """The page made now, if any."""
    if original.has_translation(locale) or not _stands_under(original, locale):
        return None
    if _is_taken(original, locale, entry["slug"]):
        return None  # by the translation of a page that was there before this one
    page = original.copy_for_translation(locale)
    if isinstance(page, HomePage):
        _ask(page, entry["featured"])
    for name in entry.keys() - {"translates", "tags", "body", "featured"}:
        setattr(page, name, entry[name])
    if type(original) in _BODIES:
        _fill(page, entry["body"])
    if isinstance(page, ArticlePage):
        page.tags.set(entry["tags"])
    page.save_revision().publish()
    done.append(f"added page in {locale}: {page.title}")
    return page


def _ask(home: HomePage, questions: list[str]) -> None:
    """What the copy of a home page leads to, by the translated questions in their order."""
    rows = list(home.featured.all())
    for row, question in zip(rows, questions, strict=False):
        row.question = question
    home.featured = rows


def _is_taken(original: Page, locale: Locale, slug: str) -> bool:
    parent = original.get_parent()
    there = parent if parent.is_root() else parent.get_translation(locale)
    return bool(there.get_children().filter(slug=slug).exists())


def _stands_under(original: Page, locale: Locale) -> bool:
    parent = original.get_parent()
    return bool(parent.is_root() or parent.has_translation(locale))
