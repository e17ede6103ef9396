"""The patient's pages around the session: what they say at once, and what is in reach."""

import datetime as dt
import re
import uuid
from typing import Any

import pytest
from playwright.sync_api import expect

from accounts.permissions import Role
from patients.actions import invitations
from programs.actions import sessions
from programs.models import Session
from tests.conftest import make_clinic, make_patient, make_user
from tests.e2e.test_session import PHONE, add_person, begin, look
from tests.e2e.test_story import log_in

pytestmark = pytest.mark.e2e
TEXT_IN_CHART = """() => Math.min(...[...document.querySelectorAll(".chart text")].map((one) => {
  const picture = one.ownerSVGElement;
  const scale = picture.getBoundingClientRect().width / picture.viewBox.baseVal.width;
  return parseFloat(getComputedStyle(one).fontSize) * scale;
}))"""
CLIPPED = """() => [...document.querySelectorAll(".chart text")].filter((one) => {
  const box = one.getBoundingClientRect(), card = one.closest(".card").getBoundingClientRect();
  return box.left < card.left || box.right > card.right || box.bottom > card.bottom;
}).map((one) => one.textContent)"""


def test_the_morning_after_is_asked_and_the_therapist_sees_what_came_of_it(
    walkers: Any, server: str
) -> None:
    email, plan = add_person()
    by = plan.activated_by
    first = sessions.record(
        session_id=uuid.uuid4(),
        plan=plan,
        done={},
        by=plan.patient.user,
        at=dt.datetime.now(dt.UTC) - dt.timedelta(days=1),
        pain_before=2,
        pain_after=5,
        numb_regions=["L_sole_heel"],
    )
    ana, priya = walkers(PHONE), walkers(1280)
    log_in(ana, email)
    look(ana)
    ana.press("Longer, but by the next morning")
    ana.page.wait_for_url(re.compile("/done/"))
    look(ana)
    assert "It was a bit much" in ana.page.content()
    assert "sessions of this week are done" in ana.page.content()
    newest = Session.objects.current().get(patient=plan.patient)
    assert (newest.settled, newest.replaces_id) == ("by_morning", first.pk)
    ana.go("/portal/progress/")
    assert "After your sessions" in ana.page.content()
    log_in(priya, by.email)
    priya.go(f"/workspace/patients/{plan.patient_id}/sessions/")
    priya.look()
    words = priya.page.locator("main").inner_text()
    assert "Completed the next morning" in words
    assert "Left heel" in words
    assert "It was: pain 2 before, 5 after" in words


@pytest.mark.parametrize("width", [320, PHONE, 1280])
def test_the_head_is_low_and_all_is_in_reach(walkers: Any, server: str, width: int) -> None:
    email, _ = add_person()
    ana = walkers(width)
    log_in(ana, email)
    ana.page.wait_for_url(re.compile("/portal/"))
    if width > 320:
        assert ana.page.locator(".top").bounding_box()["height"] <= 56
    for name in ("Something is wrong", "Settings", "Log out"):
        assert ana.page.get_by_role("link", name=name).is_visible()
    ana.follow("Settings")
    ana.look()
    for name in ("Reminders and calendar", "Change password"):
        assert ana.page.get_by_role("link", name=name).is_visible()
    assert ana.page.get_by_role("group", name="Text size").is_visible()


def test_a_chart_can_be_read(walkers: Any, server: str) -> None:
    email, plan = add_person()
    for days in (5, 4, 3):
        sessions.record(
            session_id=uuid.uuid4(),
            plan=plan,
            done={},
            by=plan.patient.user,
            at=dt.datetime.now(dt.UTC) - dt.timedelta(days=days),
            pain_before=days + 1,
            pain_after=2,
        )
    ana = walkers(PHONE)
    log_in(ana, email)
    ana.page.wait_for_url(re.compile("/portal/"))
    ana.go("/portal/progress/")
    look(ana)
    assert "Your pain before a session was 6 at first and 4 last time." in ana.page.content()
    assert ana.page.evaluate(TEXT_IN_CHART) >= 14
    assert ana.page.evaluate(CLIPPED) == []
    ana.page.evaluate("document.documentElement.style.fontSize = '150%'")
    assert ana.page.evaluate(TEXT_IN_CHART) >= 20


def test_a_fault_of_the_clinic_is_not_told_as_no_connection(walkers: Any, server: str) -> None:
    email, _ = add_person()
    ana = walkers(PHONE)
    begin(ana, email)
    page = ana.page
    page.route("**/portal/connection/", lambda route: route.fulfill(status=500))
    ana.press("Stop: something is wrong")
    ana.press("Tell me what to do")
    page.get_by_text("has a problem just now").locator("visible=true").wait_for()
    assert not page.get_by_text("No connection").locator("visible=true").count()
    page.unroute("**/portal/connection/")
    ana.page.context.clear_cookies()
    ana.go("/account/login/")
    page.get_by_text("Answers wait on this device.").locator("visible=true").wait_for()


def test_what_is_typed_as_a_password_can_be_looked_at(walkers: Any, server: str) -> None:
    ana = walkers(PHONE)
    ana.go("/account/login/")
    typed = ana.page.locator("input[name=password]")
    typed.fill("steady feet")
    ana.press("Show")
    expect(typed).to_have_attribute("type", "text")
    ana.look()
    ana.press("Hide")
    expect(typed).to_have_attribute("type", "password")


def test_a_birth_date_is_typed_in_three_boxes(walkers: Any, server: str) -> None:
    ana = walkers(PHONE)
    ana.go("/portal/join/")
    page = ana.page
    page.get_by_label("Code").fill("2222-2222")
    page.get_by_label("Month (1 to 12)").fill("3")
    page.get_by_label("Year", exact=True).fill("1956")
    ana.press("Go on")
    page.get_by_text("That is no date.").wait_for()
    ana.look()
    assert page.get_by_label("Year", exact=True).input_value() == "1956"
    page.get_by_label("Day", exact=True).fill("14")
    ana.press("Go on")
    ana.look()
    assert "That is no date." not in page.content()


def test_what_is_wrong_with_a_box_has_the_whole_width(walkers: Any, server: str) -> None:
    by = make_user(make_clinic("Wide"), "Priya", Role.THERAPIST)
    invitation = invitations.make(patient=make_patient(by, "Dora"), by=by)
    reader = walkers(PHONE)
    reader.go(f"/portal/join/{invitation.token}/")
    reader.press("Save and go on")
    said = reader.page.get_by_text("Please read the privacy notice and tick the box.")
    assert said.bounding_box()["width"] > 240
    reader.look()


@pytest.mark.parametrize("path", ["/portal/", "/portal/progress/", "/portal/plan/"])
def test_large_text_leaves_room(walkers: Any, server: str, path: str) -> None:
    """200 % on a small phone: the bar takes no third of the screen, and nothing is cut off."""
    email, _ = add_person()
    ana = walkers(PHONE)
    log_in(ana, email)
    ana.page.wait_for_url(re.compile("/portal/"))
    ana.page.set_viewport_size({"width": 360, "height": 740})
    ana.go(path)
    ana.page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert ana.page.locator(".bar").bounding_box()["height"] <= 0.15 * 740
    ana.look()
    for link in ana.page.locator(".top a, .bar a").all():
        box = link.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 360
    assert ana.page.get_by_role("link", name="Messages").is_visible()


def test_the_sheet_of_paper_fits_a_phone(walkers: Any, server: str) -> None:
    email, _ = add_person()
    ana = walkers(PHONE)
    log_in(ana, email)
    ana.page.wait_for_url(re.compile("/portal/"))
    ana.go("/portal/plan/print/")
    ana.look()
    table = ana.page.locator(".handout__week table")
    assert table.evaluate("one => one.scrollWidth <= one.parentElement.clientWidth")
