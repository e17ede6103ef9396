"""A change of an author waits for a reviewer who is somebody else."""

from typing import Any

import pytest
from wagtail.models import TaskState

from accounts.models import User
from cms import editing, signing
from cms.models import ArticleIndexPage, Author
from tests.cms.conftest import make_article
from tests.conftest import client_of

pytestmark = pytest.mark.django_db
AUTHORS = "/cms/snippets/cms/author/"


# Authors


def edit(by: User, author: Author, **fields: Any) -> Any:
    told = {"name": author.name, "credentials": author.credentials, "user": author.user_id or ""}
    return client_of(by).post(f"{AUTHORS}edit/{author.pk}/", {**told, **fields})


def sent_in(by: User, author: Author, **fields: Any) -> TaskState:
    edit(by, author, **fields, **{"action-submit": "1"})
    state = Author.objects.get(pk=author.pk).current_workflow_state
    assert state.workflow.name == editing.WORKFLOW
    task: TaskState = state.current_task_state
    return task


def approve(task: TaskState, by: User) -> None:
    task.task.specific.on_action(task, by, "approve")


def public(author: Author) -> tuple[str, str]:
    """As readers see it."""
    stored = Author.objects.get(pk=author.pk)
    return stored.name, stored.credentials


def test_nobody_publishes_a_change_of_an_author_by_the_form(
    priya: User, tom: User, root: User
) -> None:
    author = Author.of(priya)
    before = public(author)
    for user in (priya, tom):
        edit(user, author, credentials="MD", **{"action-publish": "1"})
        assert public(author) == before
    edit(root, author, credentials="PT", **{"action-publish": "1"})
    assert public(author) == ("Priya Therapist", "PT")


def test_a_change_of_an_author_is_approved_by_a_reviewer_who_is_somebody_else(
    priya: User, tom: User
) -> None:
    author = Author.of(priya)
    task = sent_in(priya, author, name="P. Nair", credentials="PhD")
    assert public(author)[0] == "Priya Therapist"
    with pytest.raises(ValueError, match="themselves"):
        approve(task, priya)
    approve(task, tom)
    assert public(author) == ("P. Nair", "PhD")


def test_a_reviewer_approves_no_change_of_their_own_byline(tom: User, priya: User) -> None:
    author = Author.of(tom)
    task = sent_in(priya, author, name="T. Becker, MD")
    assert not task.task.specific.get_actions(Author.objects.get(pk=author.pk), tom)
    with pytest.raises(ValueError, match="themselves"):
        approve(task, tom)
    assert public(author)[0] == "Colm Therapist"
    unpublish = f"/cms/snippets/cms/author/unpublish/{author.pk}/"
    assert client_of(tom).post(unpublish).url == "/cms/"
    assert Author.objects.get(pk=author.pk).live


def test_a_reviewer_who_would_take_an_author_as_theirs_is_it_already(
    tom: User, priya: User
) -> None:
    """Who a byline was linked to in any draft approves nothing of it."""
    Author.objects.filter(user=tom).delete()
    author = Author.objects.create(name="Nobody yet")
    edit(tom, author, user=tom.pk)
    task = sent_in(priya, author, name="Somebody")
    with pytest.raises(ValueError, match="themselves"):
        approve(task, tom)
    assert public(author)[0] == "Nobody yet"


def test_who_wrote_any_part_of_a_change_approves_none_of_it(tom: User, priya: User) -> None:
    author = Author.of(priya)
    edit(tom, author, credentials="MD")
    author = Author.objects.get(pk=author.pk).get_latest_revision_as_object()
    task = sent_in(priya, author, biography="A comma, mended.")
    with pytest.raises(ValueError, match="themselves"):
        approve(task, tom)


def test_an_author_who_is_not_public_is_offered_on_no_page(
    priya: User, index: ArticleIndexPage
) -> None:
    client_of(priya).post(f"{AUTHORS}add/", {"name": "New Person"})
    assert not Author.objects.get(name="New Person").live
    form = client_of(priya).get(f"/cms/pages/add/cms/articlepage/{index.pk}/")
    assert "New Person" not in form.content.decode()


def test_one_rule_says_what_is_ones_own(
    index: ArticleIndexPage, tom: User, priya: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the list of what waits and where it is approved."""
    author, page = Author.of(priya), make_article(index)
    assert signing.may_publish(author, tom)
    assert not signing.is_author(page, tom)
    monkeypatch.setattr(signing, "changed_by", lambda authors, user: set(authors))
    monkeypatch.setattr(signing, "written_by", lambda pages, user: set(pages))
    assert not signing.may_publish(author, tom)
    assert signing.is_author(page, tom)


def test_a_byline_in_an_older_draft_stays_ones_own(priya: User, tom: User) -> None:
    author = Author.of(priya)
    author.user = tom
    author.save_revision(user=priya, clean=False)
    author.user = priya
    author.save_revision(user=priya, clean=False)
    assert signing.changed_by([author.pk], tom) == {author.pk}
    assert not signing.may_publish(Author.objects.get(pk=author.pk), tom)
