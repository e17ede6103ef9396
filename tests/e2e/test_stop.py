"""'Stop: something is wrong' in the middle of a session."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from programs.alerts import of_answers
from programs.models import Alert, Session
from programs.models.session import NewSign
from tests.e2e.test_session import PHONE, add_person, begin, look, set_out
from tests.e2e.test_story import choose

pytestmark = pytest.mark.e2e


def assert_the_emergency_number_is_the_strongest_thing(page: Any) -> None:
    """Filled, first and widest on the screen for what is wrong; what leads back keeps apart."""
    screen = page.locator("[data-stop-screen]")
    call, clinic = screen.locator(".button--call").all()
    assert "911" in call.inner_text()
    filled = "one => getComputedStyle(one).backgroundColor"
    red, plain, ground = (one.evaluate(filled) for one in (call, clinic, page.locator("body")))
    assert red not in {plain, ground}
    top, other = call.bounding_box(), clinic.bounding_box()
    assert top["y"] + top["height"] <= other["y"]
    assert top["width"] >= other["width"]
    send = screen.get_by_role("button", name="Tell me what to do").bounding_box()
    back = screen.get_by_role("button", name=re.compile("It was a slip")).bounding_box()
    assert back["y"] - send["y"] - send["height"] >= 16


EMERGENCIES = "Is it one of these? Then call now."
CHEST = "Chest pain, or short of breath at rest"
TIRED = "New weakness, or my foot drops or trips"  # needs the clinic the same day


def stop(walkers: Any) -> tuple[Any, Any]:
    """Who pressed Stop in the middle of the first exercise, and their plan."""
    email, plan = add_person()
    ana = walkers(PHONE)
    begin(ana, email)
    set_out(ana)
    ana.press("Start")
    ana.press("Stop: something is wrong")
    return ana, plan


def test_stop_leads_to_advice_and_is_stored_at_once(walkers: Any, server: str) -> None:
    ana, plan = stop(walkers)
    page = ana.page
    look(ana)
    assert_the_emergency_number_is_the_strongest_thing(page)
    ana.press("It was a slip. Go back to the exercises")
    page.get_by_text("Paused").locator("visible=true").wait_for()
    ana.press("Stop: something is wrong")
    choose(page, "Did any of these happen?", TIRED)
    ana.press("Tell me what to do")
    page.get_by_text("Saved. Your therapist has been told.").wait_for()
    look(ana)
    stored = Session.objects.get(patient=plan.patient)
    assert (stored.stopped, stored.new_signs, stored.pain_before) == (True, ["weakness"], 2)
    assert Alert.objects.get(session=stored).severity == "urgent"
    ana.go("/portal/")
    assert "Please do no exercises for now." in page.content()


def test_emergencies_come_first_and_are_answered_at_once(walkers: Any, server: str) -> None:
    ana, plan = stop(walkers)
    page = ana.page
    first = page.get_by_role("group", name=EMERGENCIES)
    # All of them, those of 'More signs' too, before any other question.
    critical = {sign for sign, by in of_answers.SIGNS.items() if by.severity == "critical"}
    values = "all => all.map(one => one.value)"
    assert set(first.locator("input").evaluate_all(values)) == critical - {NewSign.LOW_SUGAR}
    assert page.locator("[data-stop-questions] input").evaluate_all(values).count("chest") == 0
    choose(page, EMERGENCIES, CHEST)
    advice = page.locator("[data-stop-advice]")
    advice.get_by_text("Stop. Call 911 now.").wait_for()
    box = advice.bounding_box()
    assert box is not None
    assert 0 <= box["y"] < 400  # brought before one's eyes
    look(ana)
    first.get_by_label(CHEST, exact=True).uncheck(force=True)
    expect(advice).to_be_empty()
    # A slip: nothing was sent, nothing stays ticked, each sign is back where it belongs.
    choose(page, EMERGENCIES, CHEST)
    ana.press("It was a slip. Go back to the exercises")
    assert first.locator("input").count() == 0
    ana.press("Stop: something is wrong")
    assert not page.locator("[data-stop-screen] input:checked").count()
    expect(advice).to_be_empty()
    assert not Session.objects.filter(patient=plan.patient).exists()


def test_an_emergency_is_told_when_the_page_goes(walkers: Any, server: str) -> None:
    """Whoever dials on the telephone itself leaves the page."""
    ana, plan = stop(walkers)
    choose(ana.page, EMERGENCIES, CHEST)
    ana.page.evaluate("window.dispatchEvent(new Event('pagehide'))")
    ana.page.get_by_text("Saved. Your therapist has been told.").wait_for()
    assert Session.objects.get(patient=plan.patient).new_signs == ["chest"]


def test_an_emergency_is_before_ones_eyes_after_the_page_was_lost(
    walkers: Any, server: str
) -> None:
    ana, plan = stop(walkers)
    page = ana.page
    choose(page, EMERGENCIES, CHEST)
    page.wait_for_timeout(600)  # kept as a draft meanwhile
    address = page.url.split("#")[0]
    other = page.context.new_page()
    other.goto(address)
    other.get_by_text("Stop. Call 911 now.").locator("visible=true").wait_for()
    other.get_by_text("Saved. Your therapist has been told.").wait_for()
    assert Session.objects.get(patient=plan.patient).new_signs == ["chest"]


def test_who_calls_needs_not_press_more(walkers: Any, server: str) -> None:
    ana, plan = stop(walkers)
    page = ana.page
    choose(page, EMERGENCIES, CHEST)
    call = page.locator("[data-stop-advice] a[href='tel:911']")
    call.evaluate("one => one.addEventListener('click', event => event.preventDefault())")
    call.click()
    page.get_by_text("Saved. Your therapist has been told.").wait_for()
    stored = Session.objects.get(patient=plan.patient)
    assert (stored.stopped, stored.new_signs) == (True, ["chest"])
    assert Alert.objects.get(session=stored).severity == "critical"
    assert page.get_by_text("Stop. Call 911 now.").locator("visible=true").count() == 1


def test_a_tick_that_stays_was_no_slip(walkers: Any, server: str) -> None:
    email, plan = add_person()
    ana = walkers(PHONE)
    ana.page.clock.install()
    begin(ana, email)
    set_out(ana)
    ana.press("Stop: something is wrong")
    choose(ana.page, EMERGENCIES, CHEST)
    ana.page.clock.run_for(9_000)
    assert not Session.objects.filter(patient=plan.patient).exists()
    ana.page.clock.run_for(2_000)
    ana.page.get_by_text("Saved. Your therapist has been told.").wait_for()
    assert Session.objects.get(patient=plan.patient).new_signs == ["chest"]
