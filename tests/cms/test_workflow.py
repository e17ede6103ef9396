"""Two steps: a therapist writes, a reviewer signs off."""

import datetime as dt
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from wagtail.models import Page, TaskState, Workflow, WorkflowState
from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield

from accounts.models import User
from cms import editing, teams
from cms.models import ArticleIndexPage, ArticlePage, Author
from tests.cms.conftest import REVIEWED, STARTER_AUTHOR, make_article
from tests.conftest import PASSWORD, client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(index: ArticleIndexPage, priya: User) -> ArticlePage:
    """Priya's, never published."""
    page = ArticlePage(title="Draft", lead="What it says.", live=False)
    page.body = [("paragraph", "<p>Plain text.</p>")]
    page.authors = [Author.of(priya)]
    index.add_child(instance=page)
    page.save_revision(user=priya)
    return page


def send_in(page: ArticlePage, by: User) -> TaskState:
    workflow = page.get_workflow()
    assert workflow.name == editing.WORKFLOW
    state: WorkflowState = workflow.start(page, by)
    return state.current_task_state


def stored(page: ArticlePage) -> ArticlePage:
    return ArticlePage.objects.get(pk=page.pk)


def test_setting_up_twice_changes_nothing() -> None:
    def now() -> list[int]:
        groups = Group.objects.filter(name__in=[teams.WRITERS, teams.REVIEWERS])
        return [Workflow.objects.count(), *(group.permissions.count() for group in groups)]

    before = now()
    editing.set_up()
    assert now() == before


def test_a_workflow_of_the_clinics_own_stays() -> None:
    own = Workflow.objects.create(name="Ours")
    root = Page.get_first_root_node()
    root.workflowpage.workflow = own
    root.workflowpage.save()
    editing.set_up()
    assert Page.get_first_root_node().workflowpage.workflow == own


def test_a_writer_can_write_and_not_publish(draft: ArticlePage, priya: User, tom: User) -> None:
    writer, reviewer = (draft.permissions_for_user(user) for user in (priya, tom))
    assert (writer.can_edit(), writer.can_publish()) == (True, False)
    assert (reviewer.can_edit(), reviewer.can_publish()) == (True, True)


def test_a_posted_publish_by_a_writer_publishes_nothing(draft: ArticlePage, priya: User) -> None:
    data = {
        "title": "Changed",
        "slug": draft.slug,
        "lead": "What it says.",
        "body": streamfield([("heading", "Feet")]),
        "tags": "",
        "related_by_hand": inline_formset([]),
        "comments": inline_formset([]),
        "action-publish": "action-publish",
    }
    form = {**nested_form_data(data), "authors": Author.of(priya).pk}
    client_of(priya).post(f"/cms/pages/{draft.pk}/edit/", form)
    assert stored(draft).get_latest_revision_as_object().title == "Changed"
    assert not stored(draft).live


def test_approval_publishes_and_signs(
    draft: ArticlePage, priya: User, tom: User, settings: Any
) -> None:
    settings.REVIEW_INTERVAL_DAYS = 100
    task_state = send_in(draft, priya)
    task_state.task.specific.on_action(task_state, tom, "approve")
    page = stored(draft)
    today = timezone.localdate()
    assert page.live
    assert page.reviewed_by == Author.of(tom)
    assert page.last_reviewed == today
    assert page.next_review_due == today + dt.timedelta(days=100)
    again = page.get_latest_revision_as_object()
    assert (again.reviewed_by, again.last_reviewed) == (page.reviewed_by, today)


def test_approval_for_later_keeps_its_signature(draft: ArticlePage, priya: User, tom: User) -> None:
    draft.go_live_at = timezone.now() + dt.timedelta(days=2)
    draft.save_revision(user=priya)
    task_state = send_in(draft, priya)
    task_state.task.specific.on_action(task_state, tom, "approve")
    assert not stored(draft).live
    later = timezone.now() - dt.timedelta(minutes=1)
    revision = draft.revisions.exclude(approved_go_live_at=None).get()
    revision.content["go_live_at"] = later.isoformat()
    revision.approved_go_live_at = later
    revision.save()
    call_command("publish_scheduled")
    page = stored(draft)
    assert page.live
    assert page.reviewed_by == Author.of(tom)


def test_changes_asked_for_publish_nothing(draft: ArticlePage, priya: User, tom: User) -> None:
    task_state = send_in(draft, priya)
    task_state.task.specific.on_action(task_state, tom, "reject", comment="Too long.")
    page = stored(draft)
    assert not page.live
    assert page.reviewed_by is None
    assert page.current_workflow_state.status == WorkflowState.STATUS_NEEDS_CHANGES


def test_nobody_signs_off_what_they_sent_in(draft: ArticlePage, tom: User) -> None:
    task_state = send_in(draft, tom)
    task = task_state.task.specific
    assert task.get_actions(draft, tom) == []
    assert not task.get_task_states_user_can_moderate(tom).exists()
    with pytest.raises(ValueError, match="themselves"):
        task.on_action(task_state, tom, "approve")
    assert not stored(draft).live


def test_nobody_signs_off_what_they_wrote(draft: ArticlePage, priya: User, tom: User) -> None:
    draft.authors = [Author.of(priya), Author.of(tom)]
    draft.save_revision(user=priya)
    task_state = send_in(draft, priya)
    task = task_state.task.specific
    assert task.get_actions(draft, tom) == []
    with pytest.raises(ValueError, match="themselves"):
        task.on_action(task_state, tom, "approve")
    assert not stored(draft).live


def test_publishing_ones_own_article_is_no_review(index: ArticleIndexPage, tom: User) -> None:
    page = make_article(index, "Own")
    page.authors = [Author.of(tom)]
    page.save_revision(user=tom).publish(user=tom)
    assert stored(page).reviewed_by is None


def test_an_edit_nobody_else_read_loses_the_review(numb_feet: ArticlePage, tom: User) -> None:
    numb_feet.authors = [Author.of(tom)]
    numb_feet.save_revision(user=tom).publish(user=tom)
    assert stored(numb_feet).last_reviewed == REVIEWED  # who wrote it is no claim of the text
    numb_feet.lead = "Something new."
    numb_feet.save_revision(user=tom).publish(user=tom)
    page = stored(numb_feet)
    assert (page.reviewed_by, page.last_reviewed, page.next_review_due) == (None, None, None)


def test_taking_ones_own_name_off_makes_no_reviewer_of_it(
    index: ArticleIndexPage, draft: ArticlePage, tom: User
) -> None:
    draft.authors = [Author.of(tom)]
    draft.save_revision(user=tom)
    draft.authors = [Author.objects.get(name=STARTER_AUTHOR)]
    draft.save_revision(user=tom).publish(user=tom)
    assert stored(draft).live
    assert stored(draft).reviewed_by is None


def test_rights_alone_make_no_reviewer(numb_feet: ArticlePage, draft: ArticlePage) -> None:
    root = User.objects.create_superuser(email="root@riverside.test", password=PASSWORD)
    numb_feet.save_revision(user=root).publish(user=root)
    assert stored(numb_feet).last_reviewed == REVIEWED
    draft.save_revision(user=root).publish(user=root)
    assert stored(draft).reviewed_by is None
    assert not Author.objects.filter(user=root).exists()


def test_a_reviewer_may_choose_the_next_review(numb_feet: ArticlePage, tom: User) -> None:
    soon = timezone.localdate() + dt.timedelta(days=30)
    numb_feet.next_review_due = soon
    numb_feet.save_revision(user=tom).publish(user=tom)
    assert stored(numb_feet).next_review_due == soon
    # The next one leaves the date alone, and gets the usual interval.
    stored(numb_feet).save_revision(user=tom).publish(user=tom)
    assert stored(numb_feet).next_review_due > soon


def test_a_form_can_not_forge_a_review(draft: ArticlePage, priya: User, tom: User) -> None:
    for user, may_set_next in ((priya, False), (tom, True)):
        html = client_of(user).get(f"/cms/pages/{draft.pk}/edit/").content.decode()
        assert 'name="last_reviewed"' not in html
        assert 'name="reviewed_by"' not in html
        assert ('name="next_review_due"' in html) is may_set_next


def test_a_new_article_starts_with_its_writer(index: ArticleIndexPage, priya: User) -> None:
    html = client_of(priya).get(f"/cms/pages/add/cms/articlepage/{index.pk}/").content.decode()
    author = Author.objects.get(user=priya)
    assert author.credentials == "PT, DPT"
    assert f'value="{author.pk}"' in html.split('id="id_authors"')[1].split("checked")[0]


def test_editors_may_comment_and_compare(draft: ArticlePage, priya: User) -> None:
    client = client_of(priya)
    assert b"comments" in client.get(f"/cms/pages/{draft.pk}/edit/").content
    first = draft.revisions.first()
    draft.title = "Second"
    second = draft.save_revision(user=priya)
    address = f"/cms/pages/{draft.pk}/revisions/compare/{first.pk}...{second.pk}/"
    assert client.get(address).status_code == 200


def test_the_command_names_reviewers(priya: User) -> None:
    call_command("set_up_editing", reviewer=[priya.email], verbosity=0)
    assert priya.groups.filter(name=teams.REVIEWERS).exists()
    for wrong in ("nobody@riverside.test", "ruth@riverside.test"):
        with pytest.raises(CommandError, match="no account"):
            call_command("set_up_editing", reviewer=[wrong], verbosity=0)


def test_a_byline_is_taken_over_by_its_name(site: Any, colm: User) -> None:
    byline = Author.objects.create(name=str(colm), credentials="PT")
    assert editing.make_reviewer(user=colm) == byline
    assert Client().get("/").status_code == 200
