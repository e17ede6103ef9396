"""A clinician's way through Wagtail's admin: first page, motion editor, Cite while typing."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from accounts.models import User
from programs.actions import library
from programs.models import Exercise
from tests.e2e.conftest import RULES
from tests.e2e.test_education import add_block, log_in

pytestmark = pytest.mark.e2e
WIDTHS = (390, 834, 1280, 1600)
# Fields of the table that anything else lies over, or that the table's own box cuts off.
COVERED = """() => {
  const shown = (one) => one.checkVisibility();
  const preview = document.querySelector("[data-motion-preview]").getBoundingClientRect();
  const box = document.querySelector(".motion-editor__controls").getBoundingClientRect();
  return [...document.querySelectorAll(".motion-editor__joints :is(input, select)")]
    .filter(shown)
    .filter((field) => {
      const at = field.getBoundingClientRect();
      const apart = at.right <= preview.left || at.bottom <= preview.top
        || at.left >= preview.right || at.top >= preview.bottom;
      return !apart || at.right > box.right + 1;
    })
    .map((field) => field.ariaLabel);
}"""


def look_at(walker, selector):
    """Wagtail's own frame is Wagtail's; what we put into it has no violation."""
    found = Axe().run(walker.page, context=selector, options=RULES)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("width", [390, 1280])
def test_the_first_page_leads_on_and_back(walkers, therapist, width):
    priya = walkers(width)
    log_in(priya, therapist)
    page = priya.page
    priya.go("/cms/")
    look_at(priya, ".desk")
    wider = page.evaluate("document.documentElement.scrollWidth - document.body.clientWidth")
    assert wider <= 0
    page.get_by_role("link", name="New exercise").click()
    expect(page).to_have_url(re.compile("/exercise/add/"))
    page.go_back()
    page.get_by_role("link", name="Back to the workspace").click()
    expect(page).to_have_url(re.compile("/workspace/"))
    assert priya.faults == []


def test_the_preview_lies_over_no_field(walkers, therapist):
    glide, balance = (Exercise.objects.get(clinic=None, code=code) for code in ("G01", "B01"))
    by = User.objects.get(email=therapist)
    mine = [library.copy_exercise(exercise=one, by=by) for one in (glide, balance)]
    priya = walkers(1280)
    log_in(priya, therapist)
    page = priya.page
    for exercise in mine:
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            priya.go(f"/cms/snippets/programs/exercise/edit/{exercise.pk}/")
            page.get_by_role("tab", name="Motion").click()
            expect(page.locator("[data-motion-preview] svg").first).to_be_visible()
            assert page.evaluate(COVERED) == [], (exercise.code, width)
    # With Wagtail's own panel beside it there is less room on the same screen.
    page.set_viewport_size({"width": 1280, "height": 900})
    page.get_by_role("button", name="Toggle preview").click()
    page.wait_for_timeout(500)
    assert page.evaluate(COVERED) == []


def test_sources_of_an_exercise_are_chosen_by_author_and_year(walkers, therapist):
    glide = Exercise.objects.get(clinic=None, code="G01")
    mine = library.copy_exercise(exercise=glide, by=User.objects.get(email=therapist))
    priya = walkers(1280)
    log_in(priya, therapist)
    page = priya.page
    priya.go(f"/cms/snippets/programs/exercise/edit/{mine.pk}/")
    page.get_by_role("tab", name="Evidence").click()
    listed = page.locator(".cite-field__listed")
    expect(listed).to_contain_text("Boyd et al 2013")
    page.get_by_role("button", name="Change the sources").click()
    dialog = page.get_by_role("dialog", name="Choose sources")
    page.keyboard.type("bhandari 2019")
    page.keyboard.press("Enter")
    dialog.get_by_role("button", name="Take out Bhandari 2019").wait_for()
    look_at(priya, ".cite-dialog")
    dialog.get_by_role("button", name="Take out Boyd et al 2013").click()
    dialog.get_by_role("button", name=re.compile("Choose these")).click()
    expect(listed).to_contain_text("Bhandari 2019: Management of peripheral nerve injury")
    expect(listed).not_to_contain_text("Boyd et al 2013")
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_text(re.compile("saved|updated")).first).to_be_visible()
    draft = Exercise.objects.get(pk=mine.pk).get_latest_revision_as_object()
    keys = {source.key for source in draft.citations.all()}
    assert "bhandari2019" in keys
    assert "boyd2013" not in keys
    assert priya.faults == []


def test_cite_is_seen_while_typing(walkers, therapist):
    priya = walkers(1280)
    log_in(priya, therapist)
    page = priya.page
    priya.go("/cms/")
    page.get_by_role("link", name="New article", exact=True).click()
    add_block(page, "Paragraph")
    text = page.locator(".public-DraftEditor-content").first
    text.click()
    page.keyboard.type("Sure")
    cite = page.get_by_role("button", name="Cite").first
    expect(cite).to_be_visible()
    expect(cite).to_be_in_viewport()
    page.keyboard.type(" and")
    expect(cite).to_be_in_viewport()
    expect(page.get_by_text("or type /cite in it")).to_be_visible()
    cite.click()
    expect(page.get_by_role("dialog", name="Cite sources")).to_be_visible()
    page.keyboard.press("Escape")
