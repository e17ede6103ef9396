"""Every way to publish asks about an article without a citation, and takes yes for an answer."""

from typing import Any

import pytest
from django.test import Client
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter
from wagtail.models import Locale, Page, PageLogEntry
from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield

from accounts.models import User
from cms import citations
from cms.admin import uncited
from cms.blocks import CITED_FEATURES
from cms.models import ArticleIndexPage, ArticlePage, Author, TopicPage
from cms.models.article import UNCITED_COPIED, UNCITED_SAID
from tests.cms.conftest import STARTER_AUTHOR, make_article
from tests.conftest import client_of

pytestmark = pytest.mark.django_db
PLAIN = "<p>Plain text.</p>"
CITED = f"<p>Sure {citations.mark(['bhandari2019'])}.</p>"
TICK = {"without_citation": "on"}
ASKED = "It cites no source."
BETWEEN = "Publish without a citation?"


def make_draft(index: ArticleIndexPage, by: User, text: str = PLAIN, **fields: Any) -> ArticlePage:
    page = ArticlePage(title="Draft", lead="What it says.", live=False, **fields)
    page.body = [("paragraph", text)]
    page.authors = [Author.objects.get(name=STARTER_AUTHOR)]
    index.add_child(instance=page)
    page.save_revision(user=by)
    return page


@pytest.fixture
def draft(index: ArticleIndexPage, priya: User) -> ArticlePage:
    return make_draft(index, priya)


@pytest.fixture
def as_tom(tom: User) -> Client:
    return client_of(tom)


def form(text: str = PLAIN, **fields: str) -> dict[str, Any]:
    """Of an article, as the editor posts it."""
    data = {
        "title": "Draft",
        "slug": "draft",
        "lead": "What it says.",
        "body": streamfield([("paragraph", typed(text))]),
        "tags": "",
        "related_by_hand": inline_formset([]),
        "comments": inline_formset([]),
    }
    authors = Author.objects.get(name=STARTER_AUTHOR).pk
    return {**nested_form_data(data), "authors": authors, **fields}


def typed(html: str) -> str:
    """What the editor holds of it."""
    return str(ContentstateConverter(features=CITED_FEATURES).from_database_format(html))


def is_live(page: Page) -> bool:
    return bool(ArticlePage.objects.get(pk=page.pk).live)


PUBLISH = {"action-publish": "action-publish"}


def test_a_new_article(index: ArticleIndexPage, as_tom: Client) -> None:
    address = f"/cms/pages/add/cms/articlepage/{index.pk}/"
    answer = as_tom.post(address, form(**PUBLISH))
    assert ASKED in answer.content.decode()
    assert "Plain text." in answer.content.decode()  # nothing typed is lost
    assert not ArticlePage.objects.filter(slug="draft").exists()
    as_tom.post(address, form(**PUBLISH, **TICK))
    assert is_live(ArticlePage.objects.get(slug="draft"))


def test_an_edited_article(draft: ArticlePage, as_tom: Client) -> None:
    address = f"/cms/pages/{draft.pk}/edit/"
    assert ASKED in as_tom.post(address, form(**PUBLISH)).content.decode()
    assert not is_live(draft)
    as_tom.post(address, form(CITED, **PUBLISH))
    assert is_live(draft)


def test_a_draft_is_saved_without_a_question(draft: ArticlePage, as_tom: Client) -> None:
    assert as_tom.post(f"/cms/pages/{draft.pk}/edit/", form()).status_code == 302


def test_whoever_takes_the_last_citation_out_is_asked_anew(
    draft: ArticlePage, as_tom: Client
) -> None:
    address = f"/cms/pages/{draft.pk}/edit/"
    as_tom.post(address, form(CITED, **PUBLISH, **TICK))
    page = ArticlePage.objects.get(pk=draft.pk)
    assert (page.live, page.without_citation) == (True, False)
    assert ASKED in as_tom.post(address, form(**PUBLISH)).content.decode()


def test_for_later(draft: ArticlePage, as_tom: Client) -> None:
    address, later = f"/cms/pages/{draft.pk}/edit/", {"go_live_at": "2099-01-01 08:00"}
    assert ASKED in as_tom.post(address, form(**PUBLISH, **later)).content.decode()
    assert not draft.revisions.exclude(approved_go_live_at=None).exists()
    as_tom.post(address, form(**PUBLISH, **later, **TICK))
    waiting = draft.revisions.exclude(approved_go_live_at=None).get()
    assert waiting.content["without_citation"] is True


APPROVE = {"action-workflow-action": "true", "workflow-action-name": "approve"}


def test_approving_in_the_form(draft: ArticlePage, priya: User, as_tom: Client) -> None:
    draft.get_workflow().start(draft, priya)
    address = f"/cms/pages/{draft.pk}/edit/"
    assert ASKED in as_tom.post(address, form(**APPROVE)).content.decode()
    assert not is_live(draft)
    as_tom.post(address, form(**APPROVE, **TICK))
    assert is_live(draft)


@pytest.mark.parametrize("by_script", [True, False])
def test_approving_elsewhere_leads_to_the_form(
    draft: ArticlePage, priya: User, as_tom: Client, by_script: bool
) -> None:
    state = draft.get_workflow().start(draft, priya).current_task_state
    address = f"/cms/pages/workflow/action/{draft.pk}/approve/{state.pk}/"
    headers = {"X-Requested-With": "XMLHttpRequest"} if by_script else {}
    answer = as_tom.post(address, headers=headers)
    edit = f"/cms/pages/{draft.pk}/edit/"
    assert (answer.json()["redirect"] if by_script else answer["Location"]) == edit
    assert "Not approved yet." in as_tom.get(edit).content.decode()
    assert not is_live(draft)
    uncited.accept(articles=uncited.of([draft]), by=priya)
    as_tom.post(address)
    assert is_live(draft)


def test_asking_for_changes_asks_nothing(draft: ArticlePage, priya: User, as_tom: Client) -> None:
    state = draft.get_workflow().start(draft, priya).current_task_state
    as_tom.post(
        f"/cms/pages/workflow/action/{draft.pk}/reject/{state.pk}/", {"comment": "Cite something."}
    )
    draft.refresh_from_db()
    assert draft.current_workflow_state.status == "needs_changes"


def test_others_are_told_nothing_by_that_address(
    draft: ArticlePage, priya: User, olive: User
) -> None:
    state = draft.get_workflow().start(draft, priya).current_task_state
    address = f"/cms/pages/workflow/action/{draft.pk}/approve/{state.pk}/"
    answer = client_of(olive).post(address)
    assert answer.status_code in {302, 403, 404}
    assert "/edit/" not in answer.get("Location", "")
    assert not is_live(draft)


def test_a_selection(index: ArticleIndexPage, draft: ArticlePage, tom: User) -> None:
    cited = make_draft(index, tom, CITED, slug="cited")
    address = f"/cms/bulk/wagtailcore/page/publish/?id={draft.pk}&id={cited.pk}&next=/cms/"
    client = client_of(tom)
    asked = client.post(address).content.decode()
    assert BETWEEN in asked
    assert "This article cites" in asked
    assert not is_live(draft)
    assert not is_live(cited)
    client.post(address, TICK)
    assert is_live(draft)
    assert is_live(cited)


def test_a_selection_with_what_is_below(
    index: ArticleIndexPage, draft: ArticlePage, as_tom: Client
) -> None:
    address = f"/cms/bulk/wagtailcore/page/publish/?id={index.pk}&next=/cms/"
    asked = as_tom.post(address, {"include_descendants": "on"}).content.decode()
    assert BETWEEN in asked
    assert 'name="include_descendants" value="on"' in asked
    assert not is_live(draft)
    as_tom.post(address, {"include_descendants": "on", **TICK})
    assert is_live(draft)


@pytest.mark.parametrize("way", ["publish_copies", "alias"])
def test_a_public_copy(index: ArticleIndexPage, as_tom: Client, way: str) -> None:
    page = make_article(index, "Original")
    address = f"/cms/pages/{page.pk}/copy/"
    sent = {"new_title": "Copy", "new_slug": "copy", "new_parent_page": index.pk, way: "on"}
    asked = as_tom.post(address, sent).content.decode()
    assert BETWEEN in asked
    assert 'name="new_title" value="Copy"' in asked
    assert not ArticlePage.objects.filter(slug="copy").exists()
    as_tom.post(address, {**sent, **TICK})
    assert ArticlePage.objects.get(slug="copy").live


def word_of(page: Page) -> tuple[bool, list[Any]]:
    """Of the page, and of its revisions."""
    stored = ArticlePage.objects.get(pk=page.pk)
    said = stored.revisions.order_by("pk").values_list("content__without_citation", flat=True)
    return stored.without_citation, list(said)


def who_said(page: Page, action: str = UNCITED_SAID) -> list[User]:
    entries = PageLogEntry.objects.filter(page=page.pk, action=action)
    return [entry.user for entry in entries.select_related("user")]


@pytest.mark.parametrize("way", ["publish_copies", "alias"])
def test_a_copy_says_nothing_of_what_is_copied(
    index: ArticleIndexPage, tom: User, priya: User, way: str
) -> None:
    page = make_article(index, "Original")
    page.lead = "A colleague's draft."
    page.save_revision(user=priya)
    before = word_of(page)
    sent = {"new_title": "Copy", "new_slug": "copy", "new_parent_page": index.pk, way: "on"}
    client_of(tom).post(f"/cms/pages/{page.pk}/copy/", {**sent, **TICK})
    assert word_of(page) == before
    assert (before[0], any(before[1])) == (False, False)
    copy = ArticlePage.objects.get(slug="copy")
    assert who_said(copy, UNCITED_COPIED) == [tom]
    assert who_said(page) == who_said(copy) == []


def test_a_copy_or_translation_begins_without_the_word(
    index: ArticleIndexPage, draft: ArticlePage, tom: User
) -> None:
    uncited.accept(articles=uncited.of([draft]), by=tom)
    draft = ArticlePage.objects.get(pk=draft.pk)
    draft.latest_revision.publish(user=tom)
    copy = draft.copy(update_attrs={"slug": "again"}, user=tom)
    spanish = draft.copy_for_translation(Locale.objects.get(language_code="es"))
    for one in (copy, spanish):
        is_said, said = word_of(one)
        assert (is_said, any(said)) == (False, False)
    sent = {"new_title": "C", "new_slug": "c", "new_parent_page": index.pk, "publish_copies": "on"}
    asked = client_of(tom).post(f"/cms/pages/{draft.pk}/copy/", sent).content.decode()
    assert BETWEEN in asked


def test_a_selection_says_it_of_no_page_that_one_may_not_publish(
    draft: ArticlePage, priya: User
) -> None:
    address = f"/cms/bulk/wagtailcore/page/publish/?id={draft.pk}&next=/cms/"
    client_of(priya).post(address, TICK)
    assert word_of(draft) == (False, [False])
    assert not is_live(draft)


def test_who_said_it_is_on_record(draft: ArticlePage, tom: User, priya: User) -> None:
    client_of(tom).post(f"/cms/bulk/wagtailcore/page/publish/?id={draft.pk}&next=/cms/", TICK)
    assert who_said(draft) == [tom]
    client_of(priya).post(f"/cms/pages/{draft.pk}/edit/", form("<p>Rewritten.</p>", **TICK))
    assert who_said(draft) == [tom]
    assert word_of(draft)[1][-1] is True  # it stays with a text that is rewritten
    history = client_of(tom).get(f"/cms/pages/{draft.pk}/history/").content.decode()
    assert "Said that it may be public without a citation" in history


def test_who_ticks_it_in_the_form_is_on_record(index: ArticleIndexPage, tom: User) -> None:
    address = f"/cms/pages/add/cms/articlepage/{index.pk}/"
    client_of(tom).post(address, form(**PUBLISH, **TICK))
    assert who_said(ArticlePage.objects.get(slug="draft")) == [tom]


def test_a_copy_that_is_a_draft_asks_nothing(index: ArticleIndexPage, as_tom: Client) -> None:
    page = make_article(index, "Original")
    sent = {"new_title": "Copy", "new_slug": "copy", "new_parent_page": index.pk}
    as_tom.post(f"/cms/pages/{page.pk}/copy/", sent)
    assert not ArticlePage.objects.get(slug="copy").live


# --- topics of the page's language --------------------------------------------------------------


def topics_in(page: ArticlePage, client: Client) -> tuple[list[str], list[str]]:
    """The languages of the topics on offer, and the slugs of those ticked."""
    field = client.get(f"/cms/pages/{page.pk}/edit/").context["form"]["topics"]
    languages = {row.locale.language_code for row in field.field.queryset}
    chosen = field.value()
    return sorted(languages), sorted(getattr(one, "slug", str(one)) for one in chosen)


def test_topics_of_the_articles_language(as_priya: Client) -> None:
    english = ArticlePage.objects.get(slug="numb-feet")
    spanish = english.get_translations().get()
    assert topics_in(english, as_priya)[0] == ["en"]
    languages, chosen = topics_in(spanish, as_priya)
    same = {topic.translation_key for topic in spanish.topics.all()}
    here = TopicPage.objects.filter(translation_key__in=same)
    has_all = {t.translation_key for t in here if t.locale_id == spanish.locale_id} == same
    assert languages == (["es"] if has_all else ["en", "es"])
    assert len(chosen) == len(same)
