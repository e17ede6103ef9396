"""Measures in the clinic: timed with one thumb, counted by taps, felt on a drawn foot.

What a person does is counted by the browser: every press of a mouse, a finger or a key on a page.
"""

import datetime as dt

import pytest
from django.db import connections
from playwright.sync_api import expect

from accounts.models import User
from programs.models import CheckIn
from tests.conftest import make_episode, make_patient
from tests.e2e.test_education import log_in

pytestmark = pytest.mark.e2e
PHONE, DESK = 390, 1280
COUNTED = """for (const kind of ["pointerdown", "keydown"]) {
  addEventListener(kind, (event) => { if (event.isTrusted) acted(kind); }, { capture: true });
}"""


@pytest.fixture
def bea(therapist):
    """A patient of Priya's at her first visit; nothing was measured yet."""
    priya = User.objects.get(email=therapist)
    bea = make_patient(priya, "Bea", sex="female")
    make_episode(bea, priya)
    connections.close_all()
    return bea


@pytest.fixture
def clinician(walkers, therapist, bea):
    """Makes a therapist's browser with a clock of our own, on the patient's page."""

    def make(width, **options):
        walker = walkers(width, **options)
        walker.acts = []

        def acted(kind):
            walker.acts.append(kind)

        walker.page.context.expose_function("acted", acted)
        walker.page.context.add_init_script(COUNTED)
        walker.page.clock.install(time=dt.datetime.now())
        log_in(walker, therapist)
        open_patient(walker, bea)
        return walker

    return make


def open_patient(walker, patient):
    walker.go(f"/workspace/patients/{patient.pk}/")
    walker.acts.clear()


def seconds(walker, number):
    """So much time passes at once."""
    walker.page.clock.run_for(round(number * 1000))


def hold_time(walker):
    """From now on no time passes by itself; axe, which waits for some, would wait for ever."""
    now = walker.page.evaluate("Date.now()")
    walker.page.clock.pause_at(dt.datetime.fromtimestamp(now / 1000 + 1))


def stored(patient, code):
    taken = CheckIn.objects.filter(patient=patient, versions__has_key=code)
    found = [one.answers[code] for one in taken]
    connections.close_all()
    return found


@pytest.mark.parametrize(("width", "scheme"), [(PHONE, "dark"), (DESK, "light")])
def test_a_tug_by_timer_is_three_acts_from_the_patients_page(clinician, bea, width, scheme):
    priya = clinician(width, color_scheme=scheme)
    page = priya.page
    priya.look()
    priya.follow("Timed Up & Go")
    expect(page.get_by_role("button", name="Start", exact=True)).to_be_in_viewport()
    priya.look()
    priya.press("Start")
    expect(page.get_by_text("Stand close, a hand ready.").last).to_be_in_viewport()
    priya.look()
    priya.press("Throw away")
    # And now in earnest.
    open_patient(priya, bea)
    priya.follow("Timed Up & Go")
    hold_time(priya)
    priya.press("Start")
    seconds(priya, 9.47)
    expect(page.locator("[data-clock]")).to_have_text("9.4")
    priya.press("Stop and save")
    page.get_by_text("Timed Up & Go is saved: 9.4.").wait_for()
    assert len(priya.acts) == 3, priya.acts
    page.clock.resume()
    assert stored(bea, "M7") == [{"seconds": 9.4}]
    # Where it lies, in a picture and in words; and what was wrong is put right at once.
    page.get_by_text("Timed Up & Go: 9.4 s").wait_for()
    page.get_by_text("“under 12 s”").wait_for()
    priya.look()
    page.get_by_role("link", name="Timed Up & Go, newest").click()
    expect(page.get_by_label("How long did it take? (s)")).to_have_value("9.4")
    assert page.get_by_role("button", name="Start").count() == 0
    open_patient(priya, bea)
    expect(page.locator("li.due", has_text="Timed Up & Go")).to_contain_text("again from")


def test_a_slip_is_never_saved(clinician, bea):
    priya = clinician(PHONE)
    page = priya.page
    priya.follow("Timed Up & Go")
    hold_time(priya)
    priya.press("Start")
    seconds(priya, 0.2)
    priya.press("Stop and save")  # the second half of a double tap
    expect(page.locator("dialog")).to_be_visible()
    seconds(priya, 1.1)
    priya.press("Stop and save")
    page.get_by_text("too short to be right").wait_for()
    seconds(priya, 1)
    priya.press("Time it again")
    seconds(priya, 75)
    priya.press("Stop and save")  # what is seldom is asked about
    page.get_by_text("How long did it take? (s): 75").wait_for()
    page.clock.resume()
    priya.look()
    assert stored(bea, "M7") == []
    # Time that was thrown away leaves nothing; stopped only, it waits for the button that saves.
    hold_time(priya)
    page.locator("input[name=M7-seconds]").fill("")
    priya.press("Start")
    seconds(priya, 8)
    priya.press("Throw away")
    page.get_by_text("Nothing was entered").wait_for()
    seconds(priya, 1)
    priya.press("Start")
    seconds(priya, 8.2)
    page.keyboard.press("Escape")
    page.get_by_text("Timed Up & Go: 8.2 s. Not saved yet").wait_for()
    page.clock.resume()
    assert stored(bea, "M7") == []
    priya.press("Save this measure")
    page.get_by_text("Timed Up & Go is saved: 8.2.").wait_for()
    assert stored(bea, "M7") == [{"seconds": 8.2}]


@pytest.mark.parametrize("by", ["taps", "keys"])
def test_a_chair_stand_is_counted(clinician, bea, by):
    priya = clinician(PHONE if by == "taps" else DESK)
    page = priya.page
    priya.follow("30-second chair stand")
    hold_time(priya)
    priya.press("Start")
    main = page.locator("[data-main]")
    for _ in range(8):
        seconds(priya, 3)
        if by == "taps":
            main.click()
        else:
            page.keyboard.press("Space")
    expect(page.locator("[data-count]")).to_have_text("8")
    priya.press("One less")
    expect(page.locator("[data-count]")).to_have_text("7")
    seconds(priya, 6.1)
    page.locator("[data-word]", has_text="Time is up").wait_for()
    expect(main).to_be_disabled()  # the last taps still come
    seconds(priya, 1.1)
    page.clock.resume()
    priya.look()
    priya.press("One more")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_label("Full stands in 30 seconds (stands)")).to_have_value("8")
    page.clock.resume()
    for question in ("More than half-way", "Did you push"):
        group = page.locator("fieldset.question", has_text=question.split()[-1])
        group.get_by_label("No", exact=True).check()
    priya.look()
    priya.press("Save this measure")
    page.get_by_text("30-second chair stand is saved: 8.").wait_for()
    page.get_by_text("“under 10”").wait_for()
    priya.look()
    assert stored(bea, "M5") == [{"stands": 8, "over_half_way": False, "arms_used": False}]


def test_a_count_that_was_cut_short_says_so(clinician, bea):
    priya = clinician(PHONE)
    page = priya.page
    priya.follow("30-second chair stand")
    hold_time(priya)
    priya.press("Start")
    seconds(priya, 5)
    page.locator("[data-main]").click()
    seconds(priya, 7)
    priya.press("Stop")
    seconds(priya, 1.1)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_label("Note")).to_have_value("Stopped after 12 s of 30.")


def test_stages_end_at_the_first_that_is_not_held(clinician, bea):
    priya = clinician(PHONE)
    page = priya.page
    priya.follow("4-stage balance")
    hold_time(priya)
    for held in (10.5, 10.5, 6.29):
        seconds(priya, 1)
        page.locator("[data-start]").click()
        seconds(priya, held)
        if held < 10:
            priya.press("Stop")
    page.get_by_text("not held for 10 s. The test ends here").wait_for()
    page.clock.resume()
    priya.look()
    priya.press("Save this measure")
    page.get_by_text("4-stage balance is saved: 2 of 4.").wait_for()
    assert stored(bea, "M6") == [
        {"side_by_side": 10, "semi_tandem": 10, "tandem": 6.2, "one_leg": None}
    ]


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_a_filament_on_the_drawn_foot(clinician, bea, width):
    priya = clinician(width)
    page = priya.page
    priya.follow("10-g filament")
    page.locator("[data-site=M9-left_big_toe]").click()
    expect(page.locator("[data-site-now]")).to_have_text("Left foot, big toe")
    priya.press("1")
    expect(page.locator("[data-site-now]")).to_contain_text("Left foot, ball of the foot")
    for _ in range(5):
        priya.press("3")
    lost = page.locator("[data-site=M9-left_big_toe]")
    assert "is-lost" in (lost.get_attribute("class") or "")
    assert lost.locator("text").text_content() == "1"
    priya.look()
    # The same as a list, by keyboard; the drawing follows.
    page.get_by_text("The same as a list").click()
    page.get_by_label("Right foot, big toe (correct of 3)").fill("2")
    assert page.locator("[data-site=M9-right_big_toe] text").text_content() == "2"
    priya.look()
    priya.press("Save this measure")
    page.get_by_text("10-g filament is saved: 5 of 6.").wait_for()
    page.get_by_text("loss of protective sensation").first.wait_for()
    priya.look()
    [answers] = stored(bea, "M9")
    assert (answers["left_big_toe"], answers["right_big_toe"]) == (1, 2)


def test_toes_are_felt_or_not(clinician, bea):
    priya = clinician(PHONE, color_scheme="dark")
    page = priya.page
    priya.follow("Toe touch (Ipswich)")
    for _ in range(5):
        priya.press("Felt")
    priya.press("Not felt")
    priya.look()
    priya.press("Save this measure")
    page.get_by_text("Toe touch (Ipswich) is saved: 5 of 6.").wait_for()
    [answers] = stored(bea, "M10")
    assert answers["left_toe_5"] is False


def test_it_is_the_form_it_is_without_javascript(walkers, therapist, bea):
    priya = walkers(PHONE, java_script_enabled=False)
    log_in(priya, therapist)
    priya.go(f"/workspace/patients/{bea.pk}/")
    priya.follow("10-g filament")
    assert priya.page.locator("[data-live]").is_hidden()
    priya.page.get_by_label("Right foot, big toe (correct of 3)").fill("3")
    priya.press("Save this measure")
    priya.page.get_by_text("saved without a total").wait_for()
    priya.go(f"/workspace/patients/{bea.pk}/")
    priya.follow("Timed Up & Go")
    assert priya.page.locator("#timer").is_hidden()
    priya.page.get_by_label("How long did it take? (s)").fill("11")
    priya.press("Save this measure")
    priya.page.get_by_text("Timed Up & Go is saved: 11.").wait_for()


def test_what_is_due_waits_in_needs_me(clinician, bea):
    priya = clinician(PHONE)
    priya.go("/workspace/inbox/?kind=MEASURE")
    priya.look()
    priya.follow("Bea Reyes")
    expect(priya.page.get_by_role("heading", name="Measures due")).to_be_in_viewport()
