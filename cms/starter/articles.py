"""The public site's first pages, made once: what exists is never touched."""

from pathlib import Path
from typing import Any

import yaml
from django.core.management.base import CommandError
from django.db import transaction
from wagtail.blocks import ListBlock, RichTextBlock, StructBlock
from wagtail.models import Page, Site
from wagtail.snippets.blocks import SnippetChooserBlock

from cms import citations
from cms.blocks import ArticleBody
from cms.models import ArticleIndexPage, ArticlePage, Author, HomePage

FOLDER = Path(__file__).parent
SITE_FILE = FOLDER / "site.yaml"
ARTICLE_FILES = (FOLDER / "numb-feet.yaml",)


def read(file: Path) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return content


@transaction.atomic
def load() -> list[str]:
    """Make what is missing, and say what was made. CommandError when the library is not loaded."""
    done: list[str] = []
    content = read(SITE_FILE)
    home = _home(content["home"], done)
    if home is None:
        return ["The site has a first page of its own; nothing was loaded."]
    index = ArticleIndexPage.objects.child_of(home).first()
    if index is None:
        index = _publish(ArticleIndexPage(**content["index"]), home)
        done.append(f"added list of articles: {index.title}")
    for file in ARTICLE_FILES:
        _article(read(file), index, done)
    return done or ["nothing to add: the first pages exist"]


def _publish(page: Any, parent: Page) -> Any:
    parent.add_child(instance=page)
    page.save_revision().publish()
    return page


def _home(entry: dict[str, Any], done: list[str]) -> HomePage | None:
    """The default site's home page, made in the place of Wagtail's welcome page if need be."""
    site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
    root = site.root_page.specific if site else None
    if isinstance(root, HomePage):
        return root
    if root is not None and not _is_welcome(root):
        return None
    tree = Page.get_first_root_node()
    home: HomePage = _publish(HomePage(**entry), tree)
    site = site or Site(hostname="localhost", is_default_site=True)
    site.root_page, site.site_name = home, "Footing"
    site.save()
    if root is not None:
        Page.objects.get(pk=root.pk).delete()
    done.append(f"added home page: {home.title}")
    return home


def _is_welcome(page: Page) -> bool:
    """Whether this is what Wagtail's own first migration made, still without anything below."""
    return type(page) is Page and page.slug == "home" and page.depth == 2 and page.numchild == 0


def _article(entry: dict[str, Any], index: ArticleIndexPage, done: list[str]) -> None:
    if Page.objects.child_of(index).filter(slug=entry["slug"]).exists():
        return
    people = {name: _author(person) for name, person in entry.pop("people").items()}
    authors = [people[name] for name in entry.pop("authors")]
    page = ArticlePage(
        **{
            **entry,
            "reviewed_by": people[entry["reviewed_by"]],
            "body": [_block(block) for block in entry["body"]],
        }
    )
    page.authors = authors
    _publish(page, index)
    done.append(f"added article: {page.title}")


def _author(person: dict[str, str]) -> Author:
    author, _ = Author.objects.get_or_create(name=person["name"], defaults=person)
    return author


def _block(block: dict[str, Any]) -> tuple[str, Any]:
    """`{paragraph: …}` as the stream wants it, from its stored form."""
    ((name, value),) = block.items()
    child = ArticleBody().child_blocks[name]
    return (name, child.to_python(_stored(child, value)))


def _stored(block: Any, value: Any) -> Any:
    """A value as this block stores it: rich text with its citations, exercises by their number."""
    if isinstance(block, RichTextBlock):
        return citations.rich(value)
    if isinstance(block, StructBlock):
        return {name: _stored(block.child_blocks[name], part) for name, part in value.items()}
    if isinstance(block, ListBlock):
        return [_stored(block.child_block, part) for part in value]
    if isinstance(block, SnippetChooserBlock):
        return _exercise_pk(block, value)
    return value


def _exercise_pk(chooser: Any, code: str) -> int:
    """The library's exercise by its code, through the chooser's own model."""
    exercise = chooser.target_model.objects.filter(code=code, clinic=None).first()
    if exercise is None:
        raise CommandError(f"The library has no exercise {code}: run load_library first.")
    return int(exercise.pk)
