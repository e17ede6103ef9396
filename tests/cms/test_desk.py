"""The first page of Wagtail's admin: what each person finds there, at one cost."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.documents import get_document_model
from wagtail.images import get_image_model

from accounts.models import User
from cms import teams
from cms.admin import desk
from cms.models import ArticleIndexPage, ArticlePage, Author
from programs.actions import library
from programs.models import Exercise
from tests.cms.conftest import STARTER_AUTHOR, make_article
from tests.cms.every_block import make_image
from tests.conftest import client_of

pytestmark = pytest.mark.django_db
EMPTY = {
    "desk-drafts": "Nothing of yours is unfinished.",
    "desk-reviews": "Nothing waits for your review.",
    "desk-due": "No article is due within two months.",
}


def home(user: User) -> str:
    answer = client_of(user).get("/cms/")
    assert answer.status_code == 200
    return answer.content.decode()


def lines(found: Callable[[User], list[desk.Line]], user: User) -> list[str]:
    return [line.title for line in found(user)]


def make_draft(index: ArticleIndexPage, title: str, by: User, author: str = "") -> ArticlePage:
    page = ArticlePage(title=title, lead="What it says.", live=False, owner=by)
    page.body = [("paragraph", "<p>Plain text.</p>")]
    page.authors = [Author.objects.get(name=author or STARTER_AUTHOR)]
    index.add_child(instance=page)
    page.save_revision(user=by)
    return page


def send_in(page: Any, by: User) -> None:
    page.get_workflow().start(page, by)


def test_an_empty_list_says_so(priya: User, tom: User) -> None:
    for user, panels in ((priya, ["desk-drafts", "desk-due"]), (tom, list(EMPTY))):
        text = home(user)
        for panel, words in EMPTY.items():
            assert (words in text) is (panel in panels), (user, panel)


def test_who_begins_what(priya: User, olive: User, ed: User) -> None:
    """Olive's clinic keeps exercises of its own and does not write the public site."""
    found = {
        user: [start.label for start in (*desk._own_starts(user), *desk._starts[0](user))]
        for user in (priya, olive, ed)
    }
    articles = ["New article", "New article in Spanish"]
    assert found[priya] == [*articles, "Back to the workspace", "New exercise"]
    assert found[olive] == ["Back to the workspace", "New exercise"]
    assert found[ed] == [*articles, "New exercise"]
    text = home(olive)
    assert "Due for review" not in text
    assert "Back to the workspace" in text


def test_my_drafts(index: ArticleIndexPage, priya: User, tom: User, olive: User) -> None:
    make_draft(index, "Mine", priya)
    make_draft(index, "Another's", tom)
    live = make_article(index, "Public")
    live.title = "Public, changed"
    live.save_revision(user=priya)
    glide = Exercise.objects.get(clinic=None, code="G01")
    mine = library.copy_exercise(exercise=glide, by=priya)
    drafts = lines(desk.drafts_of, priya)
    assert drafts == [str(mine), "Public, changed", "Mine"]
    assert lines(desk.drafts_of, tom) == ["Another's"]
    assert lines(desk.drafts_of, olive) == []
    text = home(priya)
    assert "changes not published" in text
    assert "Another&#x27;s" not in text


def test_how_far_a_draft_is(index: ArticleIndexPage, priya: User, tom: User) -> None:
    page = make_draft(index, "Mine", priya)

    def words() -> str:
        [line] = desk.drafts_of(priya)
        return line.what.partition(",")[0]

    assert words() == "not published yet"
    send_in(page, priya)
    assert words() == "with a reviewer"
    state = page.current_workflow_task_state
    state.task.specific.on_action(state, tom, "reject", comment="Shorter.")
    assert words() == "a reviewer asks for changes"


def test_what_waits_for_a_reviewer(index: ArticleIndexPage, priya: User, tom: User) -> None:
    first = make_draft(index, "First", priya)
    send_in(first, priya)
    own = make_draft(index, "Of Tom", priya, author=Author.of(tom).name)
    send_in(own, priya)
    sent = make_draft(index, "Sent by Tom", tom)
    send_in(sent, tom)
    assert lines(desk.reviews_of, tom) == ["First"]
    assert "from Priya" in home(tom)
    assert "Waiting for my review" not in home(priya)


def test_changes_of_authors_wait_too(priya: User, tom: User, olive: User) -> None:
    """Not one's own, not what one wrote, and no byline of another clinic's staff."""
    shared = Author.objects.create(name="A Clinic", is_organization=True)
    others = Author.objects.create(name="Olive O", user=olive)
    for author, by in ((shared, priya), (others, olive), (Author.of(tom), priya)):
        author.biography = "New."
        author.save_revision(user=by)
        send_in(author, by)
    assert lines(desk.reviews_of, tom) == ["A Clinic"]
    shared.save_revision(user=tom)
    assert lines(desk.reviews_of, tom) == []


def test_what_is_due(index: ArticleIndexPage, priya: User, olive: User) -> None:
    today = timezone.localdate()
    for title, days in (("Late", -3), ("Soon", 30), ("Later", 90)):
        page = make_article(index, title)
        ArticlePage.objects.filter(pk=page.pk).update(
            next_review_due=today + dt.timedelta(days=days)
        )
    found = desk.due_for(priya)
    assert [(line.title, line.is_late) for line in found] == [("Late", True), ("Soon", False)]
    assert found[0].what.startswith("overdue since ")
    assert desk.due_for(olive) == []


def test_the_page_costs_the_same_for_more(index: ArticleIndexPage, priya: User, tom: User) -> None:
    """A row of each kind, then four."""

    def add(number: int) -> None:
        send_in(make_draft(index, f"Sent {number}", priya), priya)
        make_draft(index, f"Draft {number}", tom)
        page = make_article(index, f"Due {number}")
        ArticlePage.objects.filter(pk=page.pk).update(next_review_due=timezone.localdate())
        author = Author.objects.create(name=f"Author {number}")
        author.save_revision(user=priya)
        send_in(author, priya)
        draft = Author.objects.create(name=f"Mine {number}")
        draft.biography = "New."
        draft.save_revision(user=tom)

    client = client_of(tom)
    add(0)
    client.get("/cms/")
    with CaptureQueriesContext(connection) as one:
        client.get("/cms/")
    for number in (1, 2, 3):
        add(number)
    with CaptureQueriesContext(connection) as four:
        text = client.get("/cms/").content.decode()
    assert "Sent 3" in text
    assert "Author 3" in text
    assert "Mine 3" in text
    assert len(four) == len(one)


def test_a_long_list_is_cut_and_counted(index: ArticleIndexPage, priya: User) -> None:
    for number in range(desk.MOST + 2):
        make_draft(index, f"Draft {number}", priya)
    text = home(priya)
    assert "And 2 more" in text
    assert "Draft 0<" not in text


def test_our_sign_and_no_news(as_priya: Client) -> None:
    text = as_priya.get("/cms/").content.decode()
    assert "desk-brand" in text
    assert 'href="/static/icons/footing.svg" type="image/svg+xml"' in text
    for news in ("favicon.ico", "What's new in Wagtail", "editor guide", "Editor Guide"):
        assert news not in text
    assert "/cms/account/" not in text
    assert "/account/email/" in text


def test_menus_of_files_where_there_are_any(priya: User, olive: User) -> None:
    assert not get_document_model().objects.exists()
    for path in ('"/cms/images/"', '"/cms/documents/"'):
        assert path not in home(priya)
    image = make_image()
    image.collection = teams.files_of(olive.clinic).collection
    image.save()
    assert '"/cms/images/"' in home(olive)
    assert '"/cms/images/"' not in home(priya)
    assert get_image_model().objects.count() == 1


def test_no_list_loads_the_texts_of_drafts(index: ArticleIndexPage, priya: User, tom: User) -> None:
    send_in(make_draft(index, "First", priya), priya)
    Author.of(priya).save_revision(user=priya)
    send_in(Author.of(priya), priya)
    for find, user in ((desk.drafts_of, priya), (desk.reviews_of, tom)):
        with CaptureQueriesContext(connection) as asked:
            assert find(user)
        loaded = '"wagtailcore_revision"."content",'
        assert not any(loaded in query["sql"] for query in asked), find
