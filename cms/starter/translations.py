"""The first pages in another language, each beside the page it translates; made once."""

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
    for model, entry in below:
        original = model.objects.descendant_of(home).filter(slug=entry["translates"]).first()
        if original is not None:
            _translate(original, entry, locale, done)


def files(language: str) -> list[Path]:
    """Of articles."""
    return sorted(file for file in (FOLDER / language).glob("*.yaml") if file.stem != "site")


def _flat(topic: dict[str, Any]) -> list[dict[str, Any]]:
    """A topic, then those below it: a page is translated after the one it stands under."""
    below = topic.pop("topics", [])
    return [topic, *(found for narrower in below for found in _flat(narrower))]


def _translate(original: Any, entry: dict[str, Any], locale: Locale, done: list[str]) -> None:
    if original.has_translation(locale) or not _stands_under(original, locale):
        return
    if _is_taken(original, locale, entry["slug"]):
        return  # by the translation of a page that was there before this one
    page = original.copy_for_translation(locale)
    for row, question in zip(_featured(page), entry.get("featured", ()), strict=False):
        row.question = question
    for name in entry.keys() - {"translates", "tags", "body", "featured"}:
        setattr(page, name, entry[name])
    if body := _BODIES.get(type(original)):
        page.body = [stored(body(), block) for block in entry["body"]]
    if isinstance(page, ArticlePage):
        page.tags.set(entry["tags"])
    page.save_revision().publish()
    done.append(f"added page in {locale}: {page.title}")


def _featured(page: Any) -> list[Any]:
    """What a copy of the home page leads to: the questions are translated, in their order."""
    return list(page.featured.all()) if isinstance(page, HomePage) else []


def _is_taken(original: Page, locale: Locale, slug: str) -> bool:
    parent = original.get_parent()
    there = parent if parent.is_root() else parent.get_translation(locale)
    return bool(there.get_children().filter(slug=slug).exists())


def _stands_under(original: Page, locale: Locale) -> bool:
    parent = original.get_parent()
    return bool(parent.is_root() or parent.has_translation(locale))
