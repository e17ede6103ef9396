"""The public site as the session's database has it."""

import datetime as dt
from typing import Any

import pytest
from wagtail.models import Page, Site

from accounts.models import User
from cms import editing
from cms.models import ArticleIndexPage, ArticlePage, Author, HomePage, Source
from tests.stage import kept

STARTER_AUTHOR = "The Footing project"
REVIEWED = dt.date(2026, 11, 20)


@kept
def site(db: None) -> HomePage:
    return HomePage.objects.get(locale__language_code="en")


@kept
def index(site: HomePage) -> ArticleIndexPage:
    return ArticleIndexPage.objects.get(locale__language_code="en")


@kept
def numb_feet(site: HomePage) -> ArticlePage:
    """The first starter article, reviewed."""
    page: ArticlePage = ArticlePage.objects.get(slug="numb-feet")
    page.reviewed_by = Author.objects.create(name="Tom Becker", credentials="PT, PhD")
    page.last_reviewed, page.next_review_due = REVIEWED, REVIEWED + dt.timedelta(days=365)
    page.save_revision().publish()
    return ArticlePage.objects.get(pk=page.pk)


@kept
def bare(db: None) -> Page:
    """A database as Wagtail's first migration leaves it: one welcome page."""
    for page in Page.objects.filter(depth=2):
        page.specific.delete()
    root = Page.get_first_root_node()
    welcome = root.add_child(title="Welcome to your new Wagtail site!", slug="home")
    Site.objects.update_or_create(
        hostname="localhost", defaults={"root_page": welcome, "is_default_site": True}
    )
    return welcome


@pytest.fixture
def tom(colm: User) -> User:
    """Colm, who may sign off."""
    editing.make_reviewer(user=colm)
    return User.objects.get(pk=colm.pk)


def make_article(index: ArticleIndexPage, title: str = "Second", **fields: Any) -> ArticlePage:
    """A live article of one paragraph."""
    page = ArticlePage(
        title=title,
        lead="What it says.",
        body=fields.pop("body", [("paragraph", "<p>Plain text.</p>")]),
        **fields,
    )
    page.authors = [Author.objects.get(name=STARTER_AUTHOR)]
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
