"""Citing as a therapist does it, and reading what was cited, in a real browser."""

from typing import Any

import pytest

from cms import citations
from cms.models import ArticleIndexPage, ArticlePage
from tests.e2e.test_story import log_in

pytestmark = pytest.mark.e2e
ADDRESS = "/articles/numb-feet/"


def test_a_reader_meets_the_reference_where_it_is_cited(walkers: Any) -> None:
    reader = walkers(1280)
    reader.go(ADDRESS)
    page = reader.page
    note, mark = page.locator(".cite-note"), page.locator(".cite").nth(4)
    mark.scroll_into_view_if_needed()
    mark.hover()
    note.wait_for()
    number = mark.get_attribute("href").removeprefix("#ref-")
    listed = page.locator(f"#ref-{number} .reference__text").inner_text()
    assert listed in note.inner_text()
    reader.look()
    note.hover()
    page.wait_for_timeout(400)
    assert note.count() == 1  # the pointer may go into it
    page.keyboard.press("Escape")
    assert note.count() == 0
    # With the keyboard: focus shows it, Tab goes into it, Escape comes back.
    page.locator(".contents a").last.focus()
    page.keyboard.press("Tab")
    page.evaluate("document.querySelectorAll('.cite')[0].focus({focusVisible: true})")
    note.wait_for()
    page.keyboard.press("Tab")
    assert page.evaluate("Boolean(document.activeElement.closest('.cite-note'))")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.id") == "cite-1"
    assert note.count() == 0


def test_a_tap_opens_the_note_and_stays_on_the_sentence(walkers: Any) -> None:
    reader = walkers(390, has_touch=True, is_mobile=True)
    reader.go(ADDRESS)
    page = reader.page
    mark = page.locator(".cite").nth(6)
    mark.scroll_into_view_if_needed()
    mark.tap()
    note = page.locator(".cite-note")
    note.wait_for()
    assert "#" not in page.url
    box = note.bounding_box()
    assert box["width"] == 390
    reader.look()
    page.get_by_role("link", name="In the list").tap()
    assert page.url.endswith(mark.get_attribute("href"))
    assert note.count() == 0


def test_without_script_a_mark_is_a_link_to_the_list(walkers: Any) -> None:
    reader = walkers(1280, java_script_enabled=False)
    reader.go(ADDRESS)
    mark = reader.page.locator(".cite").first
    mark.click()
    assert reader.page.url.endswith("#ref-1")


def test_a_therapist_cites_two_sources_by_keyboard(
    server: str, therapist: str, walkers: Any
) -> None:
    article = ArticlePage(
        title="Mine", slug="mine", lead="Lead.", body=[("paragraph", "<p>Sure</p>")]
    )
    article.authors = list(ArticlePage.objects.first().authors.all())
    ArticleIndexPage.objects.first().add_child(instance=article)
    article.save_revision()
    author = walkers(1280)
    log_in(author, therapist)
    page = author.page
    author.go(f"/cms/pages/{article.pk}/edit/")
    page.locator(".public-DraftEditor-content").first.click()
    page.keyboard.press("End")
    page.keyboard.type(" /cite")
    page.locator("[role=option]").first.wait_for()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Cite sources")
    dialog.wait_for()
    for words in ("bhandari 2019", "schmid 2013"):
        page.keyboard.type(words)
        page.keyboard.press("Enter")
        dialog.get_by_role("button", name="Take out").nth(
            0 if words == "bhandari 2019" else 1
        ).wait_for()
    dialog.get_by_role("button", name="Cite these 2").press("Enter")
    mark = page.locator(".cite-mark")
    mark.wait_for()
    assert mark.inner_text() == "[Bhandari 2019; Schmid et al 2013]"
    # The Cite button beside a mark changes it instead of adding a second one.
    page.keyboard.type("/cite")
    page.locator("[role=option]").first.wait_for()
    page.keyboard.press("Enter")
    dialog.get_by_role("button", name="Take out Bhandari 2019").click()
    dialog.get_by_role("button", name="Cite", exact=True).press("Enter")
    page.wait_for_function(
        "document.querySelector('.cite-mark').innerText === '[Schmid et al 2013]'"
    )
    page.wait_for_timeout(600)  # Draftail hands its text to the form a moment after typing
    page.get_by_role("button", name="Save draft").click()
    page.get_by_text("has been updated").wait_for()
    draft = ArticlePage.objects.get(pk=article.pk).get_latest_revision_as_object()
    assert citations.keys_of(draft.body.get_prep_value()) == ["schmid2013"]
    assert author.faults == []
