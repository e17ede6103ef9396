"""Exercises are chosen by eye, and a plan is adapted without scrolling for it."""

import re
import uuid

import pytest

from accounts.permissions import Role
from programs.actions import phases, prescriptions
from programs.models import Exercise, Plan
from tests.conftest import make_clinic, make_episode, make_patient, make_plan, make_user
from tests.e2e.test_story import DESK, PHONE, log_in

pytestmark = pytest.mark.e2e

SEEN = """() => [...document.images].filter((one) => one.classList.contains("still"))
  .filter((one) => one.checkVisibility() && one.getBoundingClientRect().top < innerHeight)
  .every((one) => one.complete && one.naturalWidth > 0)"""
# Whether what has the focus is in sight, and not under what stays at the screen's end.
IN_SIGHT = """() => {
  const [one, bar] = [document.activeElement, document.getElementById("activate-bar")]
    .map((element) => element.getBoundingClientRect());
  return one.top >= 0 && one.bottom <= bar.top && bar.bottom <= innerHeight + 1;
}"""
SCREENS = 3
LONG = ("B04", "B05", "B06", "B07", "B08", "B10", "B11", "B02")  # with the 4 of P6's last phase: 12


@pytest.fixture
def cast(server):
    mark = uuid.uuid4().hex[:8]
    clinic = make_clinic(f"Eyes {mark}")
    priya = make_user(clinic, f"Priya{mark}", Role.THERAPIST)
    ana = make_patient(priya, f"Ana{mark[:4]}")
    make_episode(ana, priya, fall_risk="high", falls_12_months=2)
    return priya, ana


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_the_library_is_looked_through_by_eye(walkers, cast, width):
    priya, _ = cast
    walker = walkers(width)
    log_in(walker, priya.email)
    walker.go("/workspace/library/")
    walker.look()
    page = walker.page
    page.wait_for_function(SEEN)
    page.get_by_role("link", name=re.compile("^Glide")).first.click()
    page.get_by_role("link", name=re.compile("^Sitting 6$")).click()
    page.wait_for_url(re.compile("kind=glide&pose=sit"))
    assert page.locator(".shelf__one").count() == 6
    page.get_by_role("link", name="List", exact=True).click()
    page.wait_for_url(re.compile("look=list"))
    walker.look()
    page.get_by_role("link", name=re.compile("^Glide .take this filter away")).click()
    page.wait_for_url(lambda url: "kind" not in url)
    assert page.locator(".shelf--list .shelf__one").count() == 14
    walker.go("/workspace/library/")
    assert page.locator(".shelf--list").count() == 1


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_a_plan_is_adapted_where_the_patient_is(walkers, cast, width):
    priya, ana = cast
    plan = make_plan(ana.episodes.get(), priya, "P6")
    phases.start(phase=plan.phases.get(number=3), by=priya, reason="She is steady.")
    walker = walkers(width)
    log_in(walker, priya.email)
    walker.go(f"/workspace/patients/{ana.pk}/plan/")
    walker.press("Adapt plan")
    walker.page.wait_for_url(re.compile("#here$"))
    walker.look()
    page = walker.page
    page.wait_for_function(SEEN)
    folds = page.locator("details.phase")
    assert [fold.get_attribute("open") is not None for fold in folds.all()] == [False, False, True]
    assert 0 <= page.locator("#here").bounding_box()["y"] < page.viewport_size["height"] / 2
    activate = page.get_by_role("button", name=re.compile("^Activate the change"))
    for place in (0, 99_999):
        page.evaluate(f"scrollTo(0, {place})")
        box = activate.bounding_box()
        assert box["y"] + box["height"] <= page.viewport_size["height"] or place
    # What was folded by hand stays so, though each save brings new content.
    folds.nth(1).locator("summary").first.click()
    dosage = page.locator("#phase-3").get_by_label("Dosage").last
    dosage.focus()
    assert page.evaluate(IN_SIGHT)
    dosage.fill("2x5")
    with page.expect_response(lambda one: one.request.method == "POST"):
        dosage.press("Tab")
    page.locator(".changes li").first.wait_for()
    assert [fold.get_attribute("open") is not None for fold in folds.all()] == [False, True, True]
    walker.look()


def test_twelve_exercises_are_at_most_three_screens(walkers, cast):
    priya, ana = cast
    plan = make_plan(ana.episodes.get(), priya, "P6")
    phases.start(phase=plan.phases.get(number=3), by=priya, reason="She is steady.")
    walker = walkers(DESK)
    log_in(walker, priya.email)
    walker.go(f"/workspace/patients/{ana.pk}/plan/")
    walker.press("Adapt plan")
    draft = Plan.objects.get(patient=ana, version=2)
    for code in LONG:
        one = Exercise.objects.get(clinic=None, code=code)
        prescriptions.add(phase=draft.phases.get(number=3), exercise=one, by=priya)
    walker.page.reload()
    walker.look()
    assert walker.page.locator("details[open] li.line").count() == 12
    height = walker.page.evaluate("document.documentElement.scrollHeight")
    assert height <= SCREENS * walker.page.viewport_size["height"]
