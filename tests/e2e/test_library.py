"""The library's story: a new glide from an old one, a program by keyboard alone, its preview."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from accounts.models import User
from programs.actions import programs
from programs.models import Exercise, Program
from tests.e2e.conftest import RULES
from tests.e2e.test_story import DESK, PHONE, log_in

pytestmark = pytest.mark.e2e


def look_at(walker, selector):
    """Wagtail's own frame is Wagtail's; what we put into it has no violation."""
    found = Axe().run(walker.page, context=selector, options=RULES)
    assert found.violations_count == 0, found.generate_report()


def copy_a_glide(walker):
    walker.go("/workspace/library/?q=G01")
    walker.look()
    walker.follow(re.compile("G01"))
    walker.look()
    walker.follow("Make a copy")
    walker.press("Copy G01")
    walker.page.wait_for_url(re.compile("/edit/"))


def make_it_wrong_then_right(walker):
    page = walker.page
    page.get_by_role("tab", name="Motion").click()
    preview = page.locator("[data-motion-preview]")
    expect(preview).to_contain_text("head lifts by 40°")
    look_at(walker, ".motion-editor")
    chin = page.get_by_role("spinbutton", name="Neck, chin down, start, degrees")
    chin.fill("-15")
    expect(preview).to_contain_text("The label does not match")
    look_at(walker, ".motion-editor")
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator("body")).to_contain_text(
        "A glide loads the nerve at one joint and unloads it at another"
    )
    page.get_by_role("tab", name=re.compile("Motion")).click()
    assert chin.input_value() == "-15"
    page.get_by_role("slider", name="Neck, chin down, start, slider").fill("20")
    expect(preview).to_contain_text("head lifts by 35°")
    expect(preview).not_to_contain_text("does not match")
    page.get_by_role("button", name="Mirror left and right").click()
    assert page.get_by_label("Working side").input_value() == "left"


def publish_it(walker):
    page = walker.page
    page.get_by_role("button", name=re.compile("More actions|Actions")).last.click()
    page.get_by_role("button", name="Publish").click()
    page.wait_for_url(re.compile("/programs/exercise/$"))


def tab_to(page, selector, *, most=160):
    """Press Tab until the element has the focus; nothing else is used to get there."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
    raise AssertionError(f"Tab does not reach {selector}")


def type_into(page, selector, text):
    tab_to(page, selector)
    page.keyboard.press("Control+a")
    page.keyboard.type(text)


def add_by_keyboard(page, phase, code):
    """Search, Tab to the first hit, Enter; the focus is in the search box again afterwards."""
    page.keyboard.press("Control+a")
    page.keyboard.type(code)
    hit = page.locator(f"#phase-{phase}-found button", has_text=code).first
    hit.wait_for()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.locator(f"#row-{phase}-{code}").wait_for()
    expect(page.locator(f"#phase-{phase}-search")).to_be_focused()


def build_by_keyboard(walker, code):
    page = walker.page
    walker.go("/workspace/programs/")
    walker.look()
    type_into(page, "#id_title", "Ankle first")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/edit/"))
    walker.look()
    for phase, codes in enumerate([(code, "B01"), ("G02", "B02"), ("B03",)]):
        tab_to(page, "#add-phase")
        page.keyboard.press("Enter")
        page.locator(f"#phase-{phase}").wait_for()
        tab_to(page, f"#phase-{phase}-search")
        for one in codes:
            add_by_keyboard(page, phase, one)
    page.evaluate("document.activeElement.blur()")
    type_into(page, f"#row-0-{code}-dosage", "2x8 hold 2, twice a day, left")
    page.keyboard.press("Tab")
    expect(page.locator(f"#row-0-{code}-dosage")).to_have_value(
        re.compile("^2×8, hold 2 s, .*twice a day, .*left$")
    )
    tab_to(page, "#row-0-B01-up")
    page.keyboard.press("Enter")
    expect(page.locator("[data-lines='0'] li").first).to_contain_text("B01")


def preview_and_publish(walker):
    page = walker.page
    walker.look()
    tab_to(page, "a[href$='/preview/']")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/preview/"))
    walker.look()
    assert page.locator("article .figure").count() == 5
    walker.follow(re.compile("Back to the editor"))
    walker.press("Publish version 1")
    page.wait_for_url(re.compile(r"/programs/[0-9a-f-]+/$"))
    walker.look()


@pytest.mark.parametrize("width", [DESK])
def test_a_new_glide_and_a_program_by_keyboard(walkers, therapist, width):
    priya = walkers(width)
    log_in(priya, therapist)
    copy_a_glide(priya)
    code = priya.page.get_by_label("Code", exact=False).first.input_value()
    make_it_wrong_then_right(priya)
    publish_it(priya)
    made = Exercise.objects.get(code=code, clinic__users__email=therapist)
    assert (made.live, made.motion.side, made.motion.start.neck) == (True, "left", 20)
    build_by_keyboard(priya, code)
    preview_and_publish(priya)
    program = Program.objects.get(title="Ankle first", owner__email=therapist)
    assert (program.version, program.weeks, program.phases.count()) == (1, 6, 3)
    first = program.phases.get(number=1).exercises.select_related("exercise")
    assert [row.exercise.code for row in first] == ["B01", code]


def drag(page, line, *, onto):
    """By its heading, with the mouse, as a person does."""
    page.locator(onto).evaluate("line => line.scrollIntoView({block: 'start'})")
    start, end = (page.locator(f"{one} .line__head strong").bounding_box() for one in (line, onto))
    page.mouse.move(start["x"] + 20, start["y"] + 8)
    page.mouse.down()
    page.mouse.move(start["x"] + 30, start["y"] - 20, steps=5)
    page.mouse.move(end["x"] + 20, end["y"] + 8, steps=10)
    page.mouse.up()


def test_a_line_is_dragged_and_a_lost_connection_is_said(walkers, therapist):
    by = User.objects.get(email=therapist)
    starter = Program.objects.get(clinic=None, code="P1")
    program = programs.copy(program=starter, by=by)
    priya = walkers(DESK)
    log_in(priya, therapist)
    priya.go(f"/workspace/programs/{program.uuid}/edit/")
    page = priya.page
    drag(page, "#row-0-G03", onto="#row-0-G01")
    expect(page.locator("[data-lines='0'] li").first).to_contain_text("G03")
    page.context.set_offline(True)
    dosage = page.locator("#row-0-G01-dosage")
    dosage.fill("3x8")
    dosage.press("Tab")
    expect(page.get_by_role("alert")).to_contain_text("Not saved: no connection")
    assert dosage.input_value() == "3x8"
    page.context.set_offline(False)


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_pages_of_the_library(walkers, therapist, width):
    priya = walkers(width)
    priya.go("/exercises/")
    priya.look()
    priya.page.get_by_role("main").get_by_role("link").first.click()
    priya.page.wait_for_load_state()
    priya.look()
    log_in(priya, therapist)
    starter = Program.objects.get(clinic=None, code="P3")
    for page in ("", "versions/", "edit/", "preview/"):
        priya.go(f"/workspace/programs/{starter.uuid}/{page}")
        priya.look()
    priya.go("/workspace/programs/import/")
    priya.look()
    priya.go("/cms/exercises/figures/")
    look_at(priya, ".contact-sheet")
