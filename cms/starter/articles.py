"""The public site's first pages, made once: what exists is never touched."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.text import slugify
from wagtail.models import Page, Site

from cms.blocks import ArticleBody, StandardBody
from cms.models import (
    ArticleIndexPage,
    ArticlePage,
    Author,
    AuthorPage,
    FeaturedArticle,
    HomePage,
    RelatedArticle,
    SearchPage,
    SearchSynonyms,
    StandardPage,
    TopicPage,
)
from cms.starter import translations
from cms.starter.stored import read, stored

FOLDER = Path(__file__).parent
SITE_FILE = FOLDER / "site.yaml"
LANGUAGES = ("es",)  # each a folder of its own
SYNONYMS_FILE = FOLDER / "synonyms.yaml"
ARTICLE_FILES = tuple(sorted((FOLDER / "articles_content").glob("*.yaml")))


@transaction.atomic
def load() -> list[str]:
    """Make what is missing, and say what was made. CommandError when the library is not loaded."""
    done: list[str] = []
    content = read(SITE_FILE)
    home = _home(content["home"], done)
    if home is None:
        return ["The site has a first page of its own; nothing was loaded."]
    index = _once(home, ArticleIndexPage, content["index"], done)
    _topics(home, content["topics"], done)
    _once(home, SearchPage, content["search"], done)
    _standard_pages(home, content, done)
    entries = [read(file) for file in ARTICLE_FILES]
    made = [entry["slug"] for entry in entries if _article(entry, index, done)]
    _read_next(entries, index, made)
    if made and not home.featured.exists():
        _feature(home, content["featured"])
    for language in LANGUAGES:
        translations.load(home, language, done)
    _synonyms(done)
    return done or ["nothing to add: the first pages exist"]


def _publish(page: Any, parent: Page) -> Any:
    parent.add_child(instance=page)
    page.save_revision().publish()
    return page


def _once(parent: Page, model: type[Page], entry: dict[str, Any], done: list[str]) -> Any:
    """The page below `parent` with this slug, made if it is missing."""
    below = model.objects.child_of(parent)
    same = below if model is ArticleIndexPage else below.filter(slug=entry["slug"])
    found = same.first()
    if found is not None:
        return found
    if Page.objects.child_of(parent).filter(slug=entry["slug"]).exists():
        return None  # something else stands there
    done.append(f"added page: {entry['title']}")
    return _publish(model(**entry), parent)


def _feature(home: HomePage, entries: list[dict[str, str]]) -> None:
    articles = {page.slug: page for page in ArticlePage.objects.descendant_of(home)}
    home.featured = [
        FeaturedArticle(
            article=articles[entry["article"]], question=entry["question"], drawing=entry["drawing"]
        )
        for entry in entries
        if entry["article"] in articles
    ]
    home.save_revision().publish()


def _synonyms(done: list[str]) -> None:
    """For a language that has none."""
    for language, groups in read(SYNONYMS_FILE).items():
        if not SearchSynonyms.objects.filter(language=language).exists():
            rows = (SearchSynonyms(language=language, words=words) for words in groups)
            SearchSynonyms.objects.bulk_create(rows)
            done.append(f"added search words in {language}")


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


def _topics(parent: Page, entry: dict[str, Any], done: list[str]) -> None:
    below = entry.pop("topics", [])
    topic = _once(parent, TopicPage, entry, done)
    for narrower in below if topic else []:
        _topics(topic, narrower, done)


def _standard_pages(home: HomePage, content: dict[str, Any], done: list[str]) -> None:
    for entry in content["pages"]:
        body = [stored(StandardBody(), block) for block in entry.pop("body")]
        page = _once(home, StandardPage, {**entry, "body": body}, done)
        if page is not None and entry["slug"] == "about":
            _author_page(page, _author(), done)


def _author_page(about: StandardPage, author: Author, done: list[str]) -> None:
    if not AuthorPage.objects.filter(author=author).exists():
        entry = {"title": author.name, "slug": slugify(author.name), "author": author}
        _once(about, AuthorPage, entry, done)


def _author() -> Author:
    """Who stands for the starter articles until a clinician does."""
    entry = read(SITE_FILE)["author"]
    author, _ = Author.objects.get_or_create(name=entry["name"], defaults=entry)
    return author


@transaction.atomic
def take_over(*, writer: Author, reviewer: Any, reviewed: str) -> None:
    """Put `writer` in the starter author's place, as a clinic would; the demo clinic does.

    `reviewer` (a login that may sign) signs off the article with the slug `reviewed`.
    """
    for page in ArticlePage.objects.filter(authors=_author(), alias_of=None):
        page.authors = [writer]
        page.save_revision().publish(user=reviewer if page.slug == reviewed else None)
    about = StandardPage.objects.filter(
        slug="about", locale__language_code=settings.LANGUAGE_CODE
    ).first()
    for author in (writer, Author.of(reviewer)) if about else ():
        _author_page(about, author, [])


def _article(entry: dict[str, Any], index: ArticleIndexPage, done: list[str]) -> bool:
    """Whether it was made now."""
    if Page.objects.child_of(index).filter(slug=entry["slug"]).exists():
        return False
    known = {"title", "slug", "seo_title", "search_description", "lead"}
    page = ArticlePage(
        **{name: value for name, value in entry.items() if name in known},
        body=[stored(ArticleBody(), block) for block in entry["body"]],
    )
    page.authors = [_author()]
    page.topics = list(TopicPage.objects.filter(slug__in=entry.get("topics", [])))
    page.tags.add(*entry.get("tags", []))
    _publish(page, index)
    done.append(f"added article: {page.title}")
    return True


def _read_next(entries: list[dict[str, Any]], index: ArticleIndexPage, made: list[str]) -> None:
    """Of the articles made now; those of earlier loads belong to the editors."""
    pages = {page.slug: page for page in ArticlePage.objects.child_of(index)}
    for entry in entries:
        wanted = [pages[slug] for slug in entry.get("read_next", []) if slug in pages]
        if entry["slug"] in made and wanted:
            page = pages[entry["slug"]]
            page.related_by_hand = [
                RelatedArticle(article=other, sort_order=place)
                for place, other in enumerate(wanted)
            ]
            page.save_revision().publish()
