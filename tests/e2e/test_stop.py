"""'Stop: something is wrong' in the middle of a session."""

import re
from typing import Any

import pytest

from programs.models import Alert, Session
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


def test_stop_leads_to_advice_and_is_stored_at_once(walkers: Any, server: str) -> None:
    email, plan = add_person()
    ana = walkers(PHONE)
    begin(ana, email)
    set_out(ana)
    page = ana.page
    ana.press("Start")
    ana.press("Stop: something is wrong")
    look(ana)
    assert_the_emergency_number_is_the_strongest_thing(page)
    ana.press("It was a slip. Go back to the exercises")
    page.get_by_text("Paused").locator("visible=true").wait_for()
    ana.press("Stop: something is wrong")
    choose(page, "Did any of these happen?", "Chest pain, or short of breath at rest")
    ana.press("Tell me what to do")
    page.get_by_text("Stop. Call 911 now.").locator("visible=true").wait_for()
    page.get_by_text("Saved. Your therapist has been told.").wait_for()
    look(ana)
    stored = Session.objects.get(patient=plan.patient)
    assert (stored.stopped, stored.new_signs, stored.pain_before) == (True, ["chest"], 2)
    assert Alert.objects.get(session=stored).severity == "critical"
    ana.go("/portal/")
    assert "Please do no exercises for now." in page.content()
