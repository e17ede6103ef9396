"""A whole session on a phone: by touch, by keyboard alone, by the clock, and stopped."""

import datetime as dt
import json
import re
import uuid
from typing import Any

import pytest
from playwright.sync_api import expect

from accounts.permissions import Role
from programs.actions import plans, prescriptions
from programs.models import Exercise, Plan, Session
from tests.conftest import give_login, make_clinic, make_episode, make_patient, make_plan, make_user
from tests.e2e.test_story import choose, log_in

pytestmark = pytest.mark.e2e
PHONE = 360
SMALL_TARGETS = """() => {
  const all = [...document.querySelectorAll("a, button, summary, input, textarea, [data-region]")];
  const size = (one) => (one.closest("label") || one).getBoundingClientRect();
  const counts = (one) => one.checkVisibility() && one.type !== "hidden"
    && !one.matches(".skip-link, .visually-hidden *")
    // A link within a sentence is as high as the sentence (WCAG 2.5.8).
    && !(one.tagName === "A" && getComputedStyle(one).display === "inline");
  return all.filter((one) => counts(one) && Math.min(size(one).width, size(one).height) < 44)
    .map((one) => `${one.outerHTML.slice(0, 90)} ${JSON.stringify(size(one))}`);
}"""


def add_person(program: str = "P1", *, more: str = "", **episode: Any) -> tuple[str, Plan]:
    """A patient with a login and a plan that is due every day; their email and the plan. `more` is
    an exercise of the library that each phase has besides.
    """
    mark = uuid.uuid4().hex[:8]
    by = make_user(make_clinic(f"Steady {mark}"), f"Priya{mark}", Role.THERAPIST)
    patient = make_patient(by, f"Ana{mark}")
    user = give_login(patient, by)
    draft = make_plan(make_episode(patient, by, **episode), by, program, active=False)
    for phase in draft.phases.all() if more else ():
        exercise = Exercise.objects.get(clinic=None, code=more)
        prescriptions.add(phase=phase, exercise=exercise, by=by)
    for row in draft.prescriptions.all():
        prescriptions.change(prescription=row, by=by, days_per_week=7)

    then = dt.datetime.now(dt.UTC) - dt.timedelta(weeks=1)
    return user.email, plans.activate(plan=draft, by=by, at=then)


def begin(walker: Any, email: str) -> None:
    log_in(walker, email)
    walker.page.wait_for_url(re.compile("/portal/"))
    walker.follow("Start")
    walker.page.locator("[data-player-bar]").wait_for()


def look(walker: Any) -> None:
    walker.look()
    assert walker.page.evaluate(SMALL_TARGETS) == []


def tick_all(page: Any) -> None:
    for box in page.locator("[data-safety] input").all():
        box.check()


def set_out(walker: Any) -> None:
    """Past the first screen."""
    tick_all(walker.page)
    choose(walker.page, "Pain in your feet now, before you start", "2")
    walker.press("Next")


def next_step(page: Any) -> None:
    place = page.locator("[data-place]")
    before = place.inner_text()
    page.get_by_role("button", name="Next").click()
    expect(place).not_to_have_text(before)


def pass_exercise(walker: Any) -> None:
    """Without the pacer: 'Next' asks once what was done."""
    page = walker.page
    walker.press("Next")
    page.get_by_role("group", name="Did you do it?").get_by_label("Did it").locator(
        "visible=true"
    ).check()
    next_step(page)


def in_exercise(page: Any) -> bool:
    return bool(page.locator("[data-exercise]:visible").count())


def answer_by_touch(ana: Any) -> None:
    """The form after the exercises."""
    page = ana.page
    choose(page, "Pain in your feet now, after the exercises", "3")
    choose(page, "How hard was it?", "4")
    choose(page, "How long until your feet were as before?", "Within a minute, or nothing came up")
    look(ana)
    page.get_by_role("button", name="Next").tap()
    for region in ("R_sole_big_toe", "L_sole_heel", "L_sole_arch", "L_sole_arch"):
        page.locator(f"[data-region={region}]").tap()
    look(ana)
    page.get_by_role("button", name="Next").tap()
    choose(page, "Did any of these happen?", "None of these")
    page.locator("label:has([name=falls][value='0'])").tap()
    look(ana)
    page.get_by_role("button", name="Next").tap()
    choose(page, "Did you look at the skin of both feet?", "Looked, and it is fine")
    look(ana)
    page.get_by_role("button", name="Save and finish").dblclick()


def test_a_whole_session_by_touch(walkers: Any, server: str) -> None:
    email, plan = add_person()
    ana = walkers(PHONE, has_touch=True, is_mobile=True)
    log_in(ana, email)
    look(ana)
    ana.follow("Start")
    page = ana.page
    look(ana)
    page.get_by_role("button", name="Next").tap()
    # Standing exercises wait for the set-up.
    page.get_by_text("Standing exercises need all of it.").wait_for()
    set_out(ana)
    look(ana)
    page.get_by_role("button", name="Skip it or cut it short").tap()
    page.get_by_role("radio", name="It hurts").tap()
    look(ana)
    next_step(page)
    while in_exercise(page):
        page.get_by_role("button", name="Next").tap()
        page.locator("[data-exercise]:visible [data-ask=done] label").first.tap()
        next_step(page)
    answer_by_touch(ana)
    page.wait_for_url(re.compile("/done/"))
    look(ana)
    assert "took it well" in page.content()
    stored = Session.objects.get(patient=plan.patient)
    assert sorted(stored.numb_regions) == ["L_sole_heel", "R_sole_big_toe"]
    assert 0 <= stored.took_seconds < 300
    logs = list(stored.exercise_logs.values_list("done", "why_not"))
    assert sorted(logs) == [("all", "")] * (len(logs) - 1) + [("none", "hurts")]
    # A wrong entry is put right, and today shows what counts.
    ana.follow("Something is wrong in my answers")
    look(ana)
    choose(page, "Pain in your feet now, after the exercises", "2")
    ana.press("Save the new answers")
    page.wait_for_url(re.compile("/done/"))
    look(ana)
    corrected = Session.objects.current().get(patient=plan.patient)
    assert (corrected.pain_after, corrected.took_seconds) == (2, stored.took_seconds)
    ana.follow("Back to today")
    look(ana)
    assert "That was one session" in page.content()


def test_a_whole_session_by_keyboard(walkers: Any, server: str) -> None:
    email, plan = add_person()
    ana = walkers(PHONE)
    begin(ana, email)
    page, keys = ana.page, ana.page.keyboard

    def reach(words: str) -> None:
        """Tab until what has the focus says so."""
        for _ in range(60):
            keys.press("Tab")
            said = page.evaluate(
                "(() => { const one = document.activeElement;"
                " return (one.closest('label') || one).innerText.trim() })()"
            )
            assert not page.evaluate("Boolean(document.activeElement.closest('[hidden]'))")
            if said == words:
                return
        raise AssertionError(f"Tab does not reach {words!r}")

    for label in page.locator("[data-safety] label").all_inner_texts():
        reach(label.strip())
        keys.press("Space")
    reach("Next")
    keys.press("Enter")
    heading = "() => document.activeElement.tagName === 'H2'"
    page.wait_for_function(heading)
    while in_exercise(page):
        reach("Next")
        keys.press("Enter")
        # The question has the focus now.
        assert page.evaluate("document.activeElement.value") == "all"
        keys.press("Space")
        keys.press("Enter")
        page.wait_for_function(heading)
    reach("0")
    keys.press("Space")
    keys.press("Enter")
    reach("The same as a list")
    keys.press("Enter")
    reach("Left heel")
    keys.press("Space")
    reach("Next")
    keys.press("Enter")
    reach("None of these")
    keys.press("Space")
    reach("Next")
    keys.press("Enter")
    reach("Save and finish")
    keys.press("Enter")
    page.wait_for_url(re.compile("/done/"))
    stored = Session.objects.get(patient=plan.patient)
    assert (stored.pain_after, stored.numb_regions, stored.new_signs) == (0, ["L_sole_heel"], [])
    assert set(stored.exercise_logs.values_list("done", flat=True)) == {"all"}
    assert ana.faults == []


def test_the_pacer_follows_the_dosage_by_the_clock(walkers: Any, server: str) -> None:
    email, plan = add_person("P1")
    ana = walkers(PHONE)
    page = ana.page
    page.clock.install(time=dt.datetime.now())
    begin(ana, email)
    set_out(ana)
    part = page.locator("[data-exercise]:visible .pacer")
    row = plan.prescriptions.get(
        pk=page.locator("[data-exercise]:visible").get_attribute("data-exercise")
    )
    assert (int(row.timing["out"]), int(row.timing["back"]), row.sets) == (2, 2, 2)
    word, number = part.locator("[data-word]"), part.locator("[data-number]")

    def says(expected: str, repeat: int, of_set: int = 1) -> None:
        page.wait_for_function(
            "([part, text]) => part.innerText.includes(text)", arg=[part.element_handle(), expected]
        )
        assert word.inner_text() == expected
        assert part.locator("[data-place-rep]").inner_text() == f"Repeat {repeat} of {row.reps}"
        assert f"Set {of_set} of 2" in part.locator("[data-place-set]").inner_text()

    page.clock.pause_at(dt.datetime.now() + dt.timedelta(minutes=1))
    ana.press("Start")
    says("Get ready", 1)
    assert number.inner_text() == "5"
    page.clock.run_for(5_100)
    says("Out", 1)
    page.clock.run_for(2_000)
    says("Back", 1)
    page.clock.run_for(2_000)
    says("Out", 2)
    ana.press("Pause")
    page.clock.run_for(60_000)  # a pause is no exercise
    says("Paused", 2)
    ana.press("Go on")
    # The tab slept: timers did not run, the time went on.
    page.clock.fast_forward(12_000)
    page.clock.run_for(200)
    says("Out", 5)
    page.clock.fast_forward(4_000 * (row.reps - 4))
    page.clock.run_for(200)
    says("Rest", 1, of_set=2)
    assert number.inner_text() == "20"  # where none is prescribed
    ana.press("Rest 20 s longer")
    page.clock.run_for(30_000)
    says("Rest", 1, of_set=2)
    ana.press("Next set")
    says("Get ready", 1, of_set=2)
    live, section = page.locator("[data-live]"), page.locator("[data-exercise]:visible")
    assert "Set 2 of 2" in (told := live.inner_text())
    page.clock.run_for(3_000)
    assert live.inner_text() == told  # not each second
    page.clock.fast_forward(2_000 + 4_000 * row.reps)
    page.clock.run_for(200)
    page.wait_for_function("() => document.querySelector('[data-live]').textContent === 'Done'")
    assert section.get_by_label("Did it").is_checked()
    assert page.locator("[data-main]").is_hidden()


def test_sides_and_holds_are_counted(walkers: Any, server: str) -> None:
    """By the plain timeline: what comes after what, and for how long."""
    ana = walkers(PHONE)
    ana.go("/")
    found = ana.page.evaluate(
        """async () => {
          const { timeline, place, filmTime } = await import("/static/js/session/timeline.js");
          const tempo = { out: 2, back: 2, heldShown: 3 };
          const dose = { ...tempo, sets: 2, reps: 1, hold: 20, rest: 30, side: "both" };
          const moments = timeline(dose);
          const easy = timeline({ ...dose, sets: 1, reps: 2, hold: 3, side: "left" });
          return {
            whole: moments.map((one) => `${one.kind} ${one.seconds} ${one.set} ${one.side}`),
            easy: easy.map((one) => `${one.kind} ${one.seconds} ${one.rep}`),
            third: place(moments, 26).moment.kind,
            film: [0, 5, 6, 7, 8.5, 9.9, 11].map((at) => filmTime(dose, place(easy, at))),
            end: place(moments, 1000).index,
          };
        }"""
    )
    one_set = ["ready 5 {0} left", "hold 20 {0} left", "change 5 {0} right", "hold 20 {0} right"]
    first, second = ([text.format(number) for text in one_set] for number in (1, 2))
    assert found["whole"] == [*first, "rest 30 2 left", *second]
    assert found["easy"] == [
        "ready 5 1", "out 2 1", "hold 3 1", "back 2 1", "out 2 2", "hold 3 2", "back 2 2"
    ]  # fmt: skip
    assert found["third"] == "change"
    assert found["film"] == pytest.approx([0, 0, 1, 2, 3.5, 4.9, 6])
    assert found["end"] == 9


def test_choices_of_sound_and_ring_stay_on_the_device(walkers: Any, server: str) -> None:
    email, _ = add_person()
    ana = walkers(PHONE)
    begin(ana, email)
    set_out(ana)
    page = ana.page
    page.locator("[data-exercise]:visible .options summary").click()
    for name in ("Sound", "Ring"):
        page.locator("[data-exercise]:visible").get_by_label(name, exact=True).uncheck()
    look(ana)
    assert page.locator("[data-exercise]:visible .pacer__ring svg").is_hidden()
    owner = page.locator("form[data-session]").get_attribute("data-owner")
    keys = page.evaluate("Object.keys(localStorage).sort()")
    assert keys == [f"footing.session.{owner}", f"footing.set-up.{owner}"]
    kept = page.evaluate("key => localStorage.getItem(key)", keys[0])
    assert json.loads(kept) == {
        "sound": False, "vibration": True, "ring": False, "voice": False, "auto": False, "rest": 20
    }  # fmt: skip
    page.reload()
    page.locator("[data-player-bar]").wait_for()
    assert not page.locator("[data-option=sound]").first.is_checked()


def test_numb_feet_are_looked_at_first_and_last(walkers: Any, server: str) -> None:
    email, plan = add_person("P3", sensation="lost")
    ana = walkers(PHONE)
    begin(ana, email)
    page = ana.page
    look(ana)
    ana.press("Next")
    page.get_by_text("Please look at both feet first").locator("visible=true").wait_for()
    choose(page, "How does the skin of both feet look?", "Looked, and it is fine")
    ana.press("Next")
    # Without the set-up, what needs standing is left out, and only that.
    ana.press("Next")
    ana.press("Leave out the standing exercises today")
    while in_exercise(page):
        assert not page.locator("[data-standing]:visible").count()
        pass_exercise(ana)
    # An unsteady hand's second press doesn't pass a screen nobody read.
    page.get_by_role("button", name="Next", exact=True).dblclick()
    ana.press("Next")
    ana.press("Next")
    page.get_by_text("Last, look at your feet again").locator("visible=true").wait_for()
    choose(page, "Did you look at the skin of both feet?", "Looked, and it is fine")
    ana.press("Save and finish")
    page.wait_for_url(re.compile("/done/"))
    stored = Session.objects.get(patient=plan.patient)
    assert (stored.skin_before, stored.skin_check) == ("fine", "fine")
    left_out = stored.exercise_logs.filter(why_not="not_safe", done="none")
    assert left_out.count() == sum(
        log.prescription.shown.is_standing for log in stored.exercise_logs.all()
    )


def test_one_can_always_leave(walkers: Any, server: str) -> None:
    email, _ = add_person()
    ana = walkers(PHONE)
    begin(ana, email)
    set_out(ana)
    page = ana.page
    ana.follow("Leave")
    page.get_by_role("dialog", name="Leave the session?").wait_for()
    look(ana)
    ana.press("Stay here")
    ana.follow("Leave")
    ana.press("Go to the end and save it")
    page.get_by_text("How was it?").locator("visible=true").wait_for()
    ana.follow("Leave")
    ana.follow("Leave without saving")
    page.wait_for_url(re.compile("/portal/$"))
    assert not Session.objects.exists()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_large_text_fits_and_covers_nothing(walkers: Any, server: str, scheme: str) -> None:
    """200 % text on the smallest phone."""
    email, _ = add_person()
    ana = walkers(PHONE, color_scheme=scheme)
    begin(ana, email)
    page = ana.page
    page.set_viewport_size({"width": 320, "height": 568})
    look(ana)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    page.set_viewport_size({"width": 360, "height": 640})
    # A browser lays out anew a moment after its window has another size.
    expect(page.locator(".player-bar")).to_have_css("position", "static")
    look(ana)
    set_out(ana)
    look(ana)
    assert page.locator("[data-main]").is_visible()
