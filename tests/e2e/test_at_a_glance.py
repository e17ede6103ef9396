"""What is seen at a glance: little of a phone is header, and a chart is read without a pointer."""

import datetime as dt
from typing import Any

import pytest
from django.db import connections
from playwright.sync_api import expect

from accounts.models import User
from tests.conftest import give_login, make_episode, make_patient, make_plan
from tests.e2e.test_education import log_in
from tests.programs.notes.conftest import do, quiet

pytestmark = pytest.mark.e2e
DESK, PHONE = 1280, 390
HIGHEST = 64  # px of a phone's screen


def test_the_header_of_a_phone_is_one_line(walkers: Any, therapist: str) -> None:
    walker = walkers(PHONE)
    log_in(walker, therapist)
    walker.go("/workspace/")
    walker.look()
    box = walker.page.locator("#rail").bounding_box()
    assert 0 < box["height"] <= HIGHEST
    assert box["y"] == 0
    # The rest of it is one press away.
    walker.press("Menu")
    expect(walker.page.get_by_role("link", name="Log out")).to_be_visible()


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_a_chart_is_read_by_keyboard(walkers: Any, therapist: str, width: int) -> None:
    priya = User.objects.get(email=therapist)
    ana = make_patient(priya, "Ana", email=f"ana-{priya.pk}@patients.test")
    give_login(ana, priya)
    ana.refresh_from_db()
    plan = make_plan(make_episode(ana, priya), priya)
    for days_ago, before, after in ((9, 6, 5), (7, 5, 4), (5, 5, 3)):
        do(plan, ana, days_ago, **quiet(before, after))
    days = [f"{ana.clinic.today() - dt.timedelta(days=one):%a %-d %b}" for one in (9, 7, 5)]
    connections.close_all()
    walker = walkers(width)
    log_in(walker, therapist)
    walker.go(f"/workspace/patients/{ana.pk}/")
    figure = walker.page.locator("figure[data-chart]").first
    picture, words = figure.locator("svg.chart"), figure.get_by_role("status")
    picture.focus()
    expect(picture).to_be_focused()
    expect(words).to_be_empty()
    keys = walker.page.keyboard
    pains = ("Before 6, After 5", "Before 5, After 4", "Before 5, After 3")
    said = [f"{day}: {pain}" for day, pain in zip(days, pains, strict=True)]
    for key, index in (("ArrowRight", 0), ("ArrowRight", 1), ("ArrowRight", 2), ("ArrowRight", 2),
                       ("ArrowLeft", 1), ("Home", 0), ("ArrowLeft", 0), ("End", 2)):  # fmt: skip
        keys.press(key)
        expect(words).to_have_text(said[index])
        expect(figure.locator(".chart__cursor")).to_have_count(1)
    walker.look()
