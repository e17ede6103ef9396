"""A session for busy hands: few taps, what comes is said, and nothing is lost on the way."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from programs.models import Session
from tests.e2e.test_session import (
    PHONE,
    add_person,
    begin,
    in_exercise,
    look,
    next_step,
    set_out,
    tick_all,
)
from tests.e2e.test_story import log_in

pytestmark = pytest.mark.e2e
PLAN = {"program": "P1", "more": "B04"}  # five exercises a day, the last two standing
SPOKEN = """() => {
  window.heard = [];
  window.SpeechSynthesisUtterance = function (text) { this.text = text; };
  Object.defineProperty(window, "speechSynthesis", { value: {
    speaking: false, cancel() {}, speak(said) { window.heard.push(said.text); } } });
}"""


class Taps:
    """Counts what a hand has to do."""

    def __init__(self, page: Page) -> None:
        self.page, self.count = page, 0

    def __call__(self, found: Any) -> None:
        found.click()
        self.count += 1


def walk_through(page: Page, press: Callable[[Any], None]) -> None:
    """All exercises by themselves; onto one's feet nobody is hurried, so there it is pressed."""
    start = page.get_by_role("button", name="Start", exact=True)
    for _ in range(600):
        if not in_exercise(page):
            return
        if start.is_visible():
            assert page.locator("[data-exercise][data-standing]:visible").count() == 1
            press(start)
        page.clock.run_for(5_000)
    raise AssertionError("It never came to the end.")


def set_out_hands_free(walkers: Any, **plan: Any) -> tuple[Any, Any]:
    """Who has just pressed Start after the set-up, and their plan."""
    email, made = add_person(**plan)
    ana = walkers(PHONE)
    page = ana.page
    page.add_init_script(f"({SPOKEN})()")
    page.clock.install(time=dt.datetime.now())
    begin(ana, email)
    page.locator("[data-hands-free] label").click()
    assert page.locator("[data-all-set]").is_hidden()
    tick_all(page)
    ana.press("Start")
    return ana, made


def run_until(page: Page, words: str) -> None:
    """The clock goes on until something is shown."""
    shown = page.get_by_text(words).locator("visible=true")
    for _ in range(400):
        if shown.count():
            return
        page.clock.run_for(3_000)
    raise AssertionError(f"It never came to {words!r}: {page.locator('body').inner_text()}")


def test_five_exercises_in_eight_taps(walkers: Any, server: str) -> None:
    # Once on this device: hands-free is chosen, and each thing ticked by itself.
    ana, plan = set_out_hands_free(walkers, **PLAN)
    page = ana.page
    ana.go("/portal/")
    tap = Taps(page)
    tap(page.get_by_role("link", name=re.compile("^Start")))
    page.locator("[data-player-bar]").wait_for()
    look(ana)
    tap(page.get_by_role("button", name="I have read it: all of it is so today"))
    tap(page.get_by_role("button", name="Start", exact=True))
    assert page.locator("[data-exercise]").count() >= 5
    walk_through(page, tap)
    page.get_by_text("How was it?").locator("visible=true").wait_for()
    look(ana)
    for _ in range(3):
        tap(page.get_by_role("button", name="Next", exact=True))
    tap(page.get_by_role("button", name="Save and finish"))
    page.wait_for_url(re.compile("/done/"))
    assert tap.count <= 8
    logs = Session.objects.get(patient=plan.patient).exercise_logs
    assert set(logs.values_list("done", flat=True)) == {"all"}


def test_what_comes_is_said(walkers: Any, server: str) -> None:
    ana, plan = set_out_hands_free(walkers, **PLAN)
    page = ana.page
    walk_through(page, lambda start: start.click())
    heard = page.evaluate("heard")
    titles = [row.shown.plain_title for row in plan.prescriptions.all()]
    assert any(f"Next: {title}. Get in position." in text for text in heard for title in titles)
    assert any("Take your time to get up and hold on." in text for text in heard)
    assert any(re.match(r"Rest\. Set 2 starts in \d+ seconds", text) for text in heard)
    assert "Set 2 starts in 10 seconds" in heard
    assert heard[-1] == "All exercises are done. Now a few questions."
    # What is asked of a hold is asked now.
    asked = page.locator("[data-ask=held]").count()
    assert page.locator("[data-holds-home] [data-ask=held]:visible").count() == asked


def test_a_press_comes_before_what_goes_on_by_itself(walkers: Any, server: str) -> None:
    ana, _ = set_out_hands_free(walkers)
    page = ana.page
    first = page.locator("[data-exercise]:visible h2").inner_text()
    page.locator("[data-exercise]:visible .pacer__number").get_by_text("15").wait_for()
    ana.press("Pause")
    page.clock.run_for(120_000)
    assert page.locator("[data-exercise]:visible h2").inner_text() == first
    expect(page.locator("[data-main]")).to_have_text("Go on")


def test_next_in_the_middle_asks_how_much_it_was(walkers: Any, server: str) -> None:
    email, plan = add_person()
    ana = walkers(PHONE)
    page = ana.page
    page.clock.install(time=dt.datetime.now())
    begin(ana, email)
    set_out(ana)
    ana.press("Start")
    page.clock.run_for(11_000)
    title = page.locator("[data-exercise]:visible h2").inner_text()
    ana.press("Next")
    page.locator("[data-how-far]").get_by_text("You are at: Set 1 of 2").wait_for()
    assert page.locator("[data-exercise]:visible h2").inner_text() == title
    assert not page.locator("[data-exercise]:visible [data-ask=done] input:checked").count()
    look(ana)
    next_step(page)  # once asked, one may go on
    section = page.locator("[data-exercise]").first
    assert section.locator("[data-ask=done] input[value=some]").is_checked()
    assert not Session.objects.filter(patient=plan.patient).exists()


def test_the_rest_is_as_long_as_one_likes(walkers: Any, server: str) -> None:
    email, _ = add_person()
    ana = walkers(PHONE)
    page = ana.page
    page.clock.install(time=dt.datetime.now())
    begin(ana, email)
    set_out(ana)
    section = page.locator("[data-exercise]:visible")
    section.locator(".options summary").click()
    section.get_by_label("Rest between sets, where your plan says none").select_option("0")
    look(ana)
    ana.press("Start")
    run_until(page, "Rest. Start the next set when you are ready")
    page.clock.run_for(300_000)
    expect(section.locator("[data-word]")).to_contain_text("Rest. Start the next set")
    section.get_by_label("Rest between sets, where your plan says none").select_option("30")
    # What has begun stays as it began.
    ana.press("Next set")
    expect(section.locator("[data-place-set]")).to_contain_text("Set 2 of 2")


KEPT_AT = """rep => new Promise((done) => {
  const open = indexedDB.open("footing", 1);
  open.onsuccess = () => {
    const all = open.result.transaction("answers").objectStore("answers").getAll();
    all.onsuccess = () => {
      open.result.close();
      done(all.result.some((one) => one.isDraft && one.reached.at && one.reached.at.rep === rep));
    };
  };
})"""


def test_it_goes_on_where_the_phone_died(walkers: Any, server: str) -> None:
    email, plan = add_person()
    ana = walkers(PHONE)
    page = ana.page
    page.clock.install(time=dt.datetime.now())
    begin(ana, email)
    set_out(ana)
    page.get_by_role("button", name="Skip it or cut it short").locator("visible=true").click()
    next_step(page)
    title = page.locator("[data-exercise]:visible h2").inner_text()
    ana.press("Start")
    page.clock.run_for(20_000)
    place = page.locator("[data-exercise]:visible [data-place-rep]")
    page.clock.run_for(500)  # what is reached is kept a little later
    number = re.search(r"Repeat (\d+)", place.inner_text())
    assert number
    reached = int(number.group(1))
    assert reached > 1
    page.wait_for_function(KEPT_AT, arg=reached)
    ana.go("/portal/")  # another time, from the beginning
    page.get_by_text("You began a session").locator("visible=true").wait_for()
    look(ana)
    ana.follow("Go on where you were")
    page.locator("[data-player-bar]").wait_for()
    # The set-up first, with nothing ticked: it was then, and not now.
    assert page.locator("[data-set-up]").is_visible()
    assert not page.locator("[data-safety] input:checked").count()
    tick_all(page)
    ana.press("Next")
    assert page.locator("[data-exercise]:visible h2").inner_text() == title
    page.get_by_text("Paused").locator("visible=true").wait_for()
    assert f"Repeat {reached} of" in place.inner_text()
    expect(page.locator("[data-main]")).to_have_text("Go on")
    ana.go("/portal/")
    ana.follow("Start anew")
    page.locator("[data-set-up]:visible").wait_for()
    ana.go("/portal/")
    ana.look()
    assert page.locator("[data-begun]").is_hidden()
    assert not Session.objects.filter(patient=plan.patient).exists()


def test_nobody_is_hurried_onto_their_feet_first(walkers: Any, server: str) -> None:
    """A plan that begins standing, of somebody who fell: a helper is waited for, too."""
    for falls, words in ((0, "Take your time to get up"), (1, "your helper stands beside you")):
        person = {"falls_12_months": falls, "helper_at_home": True}
        ana, _ = set_out_hands_free(walkers, program="P6", **person)
        page = ana.page
        assert page.locator("[data-exercise]:visible").get_attribute("data-pose") == "stand"
        page.clock.run_for(120_000)
        expect(page.locator("[data-main]")).to_have_text("Start")
        expect(page.locator("[data-live]")).to_contain_text(words)


def test_a_finished_answer_is_no_draft_again(walkers: Any, server: str) -> None:
    ana = walkers(PHONE)
    ana.go("/")
    kept = ana.page.evaluate(
        """async () => {
          const { find, keep, keepDraft } = await import("/static/js/portal/queue.js");
          const answer = { id: "a", owner: "o", url: "/", fields: [], finished: 1 };
          await keepDraft({ ...answer, isDraft: true });
          const before = await find("a");
          await keep(answer);
          await keepDraft({ ...answer, isDraft: true, finished: 2 });
          const after = await find("a");
          return [before.isDraft, Boolean(after.isDraft), after.finished];
        }"""
    )
    assert kept == [True, False, 1]


@pytest.mark.parametrize("size", [(360, 740), (390, 844)])
def test_start_is_in_reach_at_once_and_nothing_jumps(
    walkers: Any, server: str, size: tuple[int, int]
) -> None:
    email, _ = add_person("P2")
    ana = walkers(PHONE)
    page = ana.page
    page.set_viewport_size({"width": size[0], "height": size[1]})
    log_in(ana, email)
    page.wait_for_url(re.compile("/portal/"))
    start = page.get_by_role("link", name="Start", exact=True)
    bar = page.get_by_role("navigation", name="Portal").bounding_box()
    box = start.bounding_box()
    assert box is not None
    assert bar is not None
    assert box["y"] + box["height"] <= bar["y"]
    ana.look()
    ana.see_nothing_jump()
    start.click()
    page.locator("[data-player-bar]").wait_for()
    ana.look()
    ana.see_nothing_jump()
