"""The public site as `load_articles` makes it, and a page cache that starts cold in each test."""

from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from cms.caching import freshness
from cms.models import ArticleIndexPage, ArticlePage, HomePage, Source


@pytest.fixture(autouse=True)
def _cold_cache() -> Iterator[None]:
    """Each test client has a cache of its own; the stamp is the process's."""
    freshness.__init__()
    yield
    freshness.__init__()


@pytest.fixture
def site(db: None) -> HomePage:
    call_command("load_articles", stdout=StringIO())
    return HomePage.objects.get()


@pytest.fixture
def index(site: HomePage) -> ArticleIndexPage:
    return ArticleIndexPage.objects.get()


@pytest.fixture
def numb_feet(site: HomePage) -> ArticlePage:
    return ArticlePage.objects.get()


def make_article(index: ArticleIndexPage, title: str = "Second", **fields: Any) -> ArticlePage:
    """A live article of one paragraph."""
    page = ArticlePage(
        title=title,
        lead="What it says.",
        body=fields.pop("body", [("paragraph", "<p>Plain text.</p>")]),
        **fields,
    )
    page.authors = list(ArticlePage.objects.first().authors.all())
    index.add_child(instance=page)
    page.save_revision().publish()
    return page


def make_source(**fields: Any) -> Source:
    """A complete source, not stored."""
    return Source(
        **{
            "key": "reyes2020",
            "authors": [{"family": "Reyes", "given": "A. B."}],
            "title": "Feet",
            "container": "J Feet",
            "year": 2020,
            "volume": "1",
            "issue": "2",
            "pages": "3-4",
            **fields,
        }
    )
