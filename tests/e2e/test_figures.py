"""Figures stand still until somebody asks, can be paused, and stop by themselves."""

from typing import Any

import pytest
from django.db import connections
from playwright.sync_api import Browser, Locator, expect

from programs.models import Exercise
from tests.e2e.test_session import PHONE, add_person, begin, set_out

pytestmark = pytest.mark.e2e
HEM = "film => film.querySelector('.f-near .f-cuff').getBoundingClientRect().top"


@pytest.fixture
def page_of_g01() -> str:
    exercise = Exercise.objects.get(clinic=None, code="G01")
    connections.close_all()
    return f"/exercises/{exercise.uuid}/"


def hem(film: Locator) -> float:
    """Where the hem of the working leg is on the page."""
    return float(film.evaluate(HEM))


def wait_until_moved(film: Locator, before: float) -> None:
    for _ in range(100):
        if abs(hem(film) - before) > 3:
            return
        film.page.wait_for_timeout(100)
    raise AssertionError("It stands still.")


def test_it_moves_when_asked_and_stops_by_itself(walkers: Any, page_of_g01: str) -> None:
    reader = walkers(PHONE)
    reader.go(page_of_g01)
    film = reader.page.locator(".figure__moving")
    play = reader.page.get_by_role("button", name="Show the movement")
    play.wait_for()
    before = hem(film)
    reader.page.wait_for_timeout(600)
    assert hem(film) == before
    play.click()
    wait_until_moved(film, before)
    reader.page.get_by_role("button", name="Pause the movement").click()
    paused = hem(film)
    reader.page.wait_for_timeout(600)
    assert hem(film) == paused
    play.click()
    film.evaluate("film => film.setCurrentTime(1000)")  # three times are over long before
    expect(play).to_be_visible()
    assert hem(film) == pytest.approx(before, abs=0.5)
    reader.look()


def test_without_a_script_start_and_end_are_shown(
    browser: Browser, server: str, page_of_g01: str
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(server + page_of_g01)
    for word in ("Start", "End"):
        expect(page.locator(".figure__caption", has_text=word)).to_be_visible()
    expect(page.get_by_role("button", name="Show the movement")).to_have_count(0)
    context.close()


def test_in_the_session_it_begins_by_itself_and_then_follows_the_count(walkers: Any) -> None:
    email, _ = add_person()
    ana = walkers(PHONE)
    begin(ana, email)
    set_out(ana)
    figure = ana.page.locator("[data-exercise]:visible .figure")
    figure.get_by_role("button", name="Pause the movement").wait_for()
    ana.press("Start")
    film = figure.locator(".figure__moving")
    before = hem(film)
    wait_until_moved(film, before)
    expect(figure.get_by_role("button")).to_have_count(0)
    assert film.evaluate("film => film.animationsPaused()")
    ana.press("Pause")
    ana.look()
