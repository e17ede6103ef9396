"""Nothing typed is lost: not by a login that ended, not by a closed tab; nobody else reads it."""

import re
import uuid

import pytest
from django.db import connections
from playwright.sync_api import expect

from accounts.models import User
from patients.models import Message
from tests.conftest import PASSWORD, give_login, make_episode, make_patient, make_plan
from tests.e2e.test_education import log_in

pytestmark = pytest.mark.e2e
KEPT = "Object.entries(localStorage).filter(([name]) => name.startsWith('footing.kept.'))"


@pytest.fixture
def ana(therapist):
    priya = User.objects.get(email=therapist)
    ana = make_patient(priya, "Ana", email=f"ana-{priya.uuid.hex[:6]}@patients.test")
    give_login(ana, priya)
    make_plan(make_episode(ana, priya), priya)
    connections.close_all()
    return ana


def log_out_behind_her_back(walker):
    walker.page.context.clear_cookies(name=re.compile("sessionid"))


def kept(walker, count):
    """So many entries: name and what is kept under it. They are written a moment after typing."""
    for _ in range(50):
        entries = walker.page.evaluate(KEPT)
        if len(entries) == count:
            return entries
        walker.page.wait_for_timeout(100)
    raise AssertionError(entries)


def test_a_message_survives_a_login_that_has_ended(walkers, therapist, ana):
    walker = walkers(390)
    log_in(walker, therapist)
    walker.go(f"/workspace/patients/{ana.pk}/messages/")
    words = "Ease off for two days, then call me."
    walker.page.get_by_label("Your message").fill(words)
    [[_, sealed]] = kept(walker, 1)
    assert "Ease" not in sealed
    log_out_behind_her_back(walker)
    walker.press("Send")
    expect(walker.page.get_by_text("nothing was stored")).to_be_visible()
    walker.page.get_by_label("Email").fill(therapist)
    walker.page.get_by_label("Password").fill(PASSWORD)
    walker.press("Log in")
    expect(walker.page.get_by_text("It is still on this device")).to_be_visible()
    walker.look()
    walker.press("Put it back")
    expect(walker.page.get_by_label("Your message")).to_have_value(words)
    walker.press("Send")
    expect(walker.page.get_by_text("Sent. Ana reads it")).to_be_visible()
    kept(walker, 0)
    connections.close_all()
    assert Message.objects.filter(patient=ana, text=words).count() == 1


def test_findings_survive_a_closed_tab_and_go_with_the_login(walkers, therapist, ana):
    walker = walkers(1280)
    log_in(walker, therapist)
    address = f"/workspace/patients/{ana.pk}/episode/"
    walker.go(address)
    walker.page.get_by_label("Protective sensation").select_option("lost")
    walker.page.get_by_label("Other precautions").fill("Warfarin")
    kept(walker, 1)
    other = walker.page.context.new_page()
    walker.page.close()
    walker.page = other
    walker.go(address)
    walker.press("Put it back")
    expect(walker.page.get_by_label("Protective sensation")).to_have_value("lost")
    walker.go(address)
    walker.press("Throw it away")
    expect(walker.page.get_by_label("Other precautions")).to_have_value("")
    walker.page.get_by_label("Other precautions").fill("Insulin")
    kept(walker, 1)
    walker.go("/account/logout/")
    walker.press("Log out")
    assert walker.page.evaluate(KEPT) == []


def test_a_note_is_kept_though_its_address_is_new_each_time(walkers, therapist, ana):
    walker = walkers(1280)
    log_in(walker, therapist)
    address = f"/workspace/patients/{ana.pk}/notes/write/"
    walker.go(f"{address}progress/{uuid.uuid4()}/")
    text = walker.page.locator("textarea[name=text]")
    text.fill("Walks to the shop again.")
    kept(walker, 1)
    walker.go(f"{address}discharge/{uuid.uuid4()}/")
    expect(walker.page.get_by_role("button", name="Put it back")).to_have_count(0)
    walker.go(f"{address}progress/{uuid.uuid4()}/")
    walker.press("Put it back")
    expect(text).to_have_value("Walks to the shop again.")


def test_what_is_typed_about_one_exercise_is_not_offered_for_another(walkers, therapist, ana):
    draft = make_plan(ana.episodes.get(), User.objects.get(email=therapist), active=False)
    connections.close_all()
    walker = walkers(1280)
    log_in(walker, therapist)
    address = f"/workspace/plans/{draft.pk}/"
    walker.go(address)
    dosages = walker.page.locator("input[name=dosage]").filter(visible=True)
    place = dosages.nth(1).get_attribute("id")
    dosages.nth(1).press_sequentially("slowly ")
    kept(walker, 1)
    walker.go(address)
    expect(walker.page.get_by_role("button", name="Put it back")).to_have_count(1)
    walker.press("Put it back")
    expect(walker.page.locator(f"#{place}")).to_have_value(re.compile("^slowly "))
    expect(dosages.first).not_to_have_value(re.compile("^slowly "))


def test_on_a_device_that_others_use_nothing_is_kept(walkers, therapist, ana):
    walker = walkers(390)
    walker.go("/account/login/")
    walker.page.get_by_label("Email").fill(therapist)
    walker.page.get_by_label("Password").fill(PASSWORD)
    walker.page.get_by_label("Other people use this device too").check()
    walker.press("Log in")
    walker.go(f"/workspace/patients/{ana.pk}/messages/")
    walker.page.get_by_label("Your message").fill("Ease off for two days.")
    walker.page.wait_for_timeout(1000)
    assert walker.page.evaluate(KEPT) == []


def test_an_impatient_double_click_adds_one_patient(walkers, therapist):
    walker = walkers(1280)
    log_in(walker, therapist)
    walker.go("/workspace/patients/add/")
    walker.page.get_by_label("First name").fill("Dora")
    walker.page.get_by_label("Last name").fill("Lind")
    walker.page.get_by_label("Birth date").fill("1950-02-03")
    walker.page.get_by_label("Email").fill("dora@x.test")
    walker.page.get_by_role("button", name="Add the patient").dblclick()
    walker.page.wait_for_url("**/episode/")
    connections.close_all()
    assert User.objects.get(email=therapist).clinic.patients.count() == 1
