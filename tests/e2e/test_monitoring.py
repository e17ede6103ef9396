"""Remote monitoring in the browser: consent, a timer started and stopped by hand, a live talk."""

import datetime as dt

import pytest
from django.db import connections
from playwright.sync_api import expect

from accounts.models import User
from accounts.permissions import Role
from patients.actions import patients
from programs.models import LiveTalk, MonitoringEntry
from tests.conftest import give_login, make_episode, make_patient, make_plan, make_user
from tests.e2e.test_education import log_in
from tests.programs.actions.test_monitoring import log, switch_on

pytestmark = pytest.mark.e2e
DESK, PHONE = 1280, 390


@pytest.fixture
def ana(therapist):
    """A patient of a clinic that has switched it on; she has sent sessions on three days."""
    priya = User.objects.get(email=therapist)
    switch_on(priya.clinic)
    patient = make_patient(priya, "Ana", email=f"ana-{priya.pk}@patients.test")
    give_login(patient, priya)
    patient.refresh_from_db()
    plan = make_plan(make_episode(patient, priya), priya)
    for days in (1, 2, 3):
        log(plan, patient.clinic.today() - dt.timedelta(days=days))
    connections.close_all()
    return patient


def in_view(walker, name):
    return walker.page.locator(f"[data-timer-{name}]").filter(visible=True)


def says(page, code, words):
    """In the line of the code."""
    line = page.locator("tr").filter(has=page.locator("th", has_text=code))
    expect(line.first).to_contain_text(words)


def consent(walker, patient):
    """Three days ago, by telephone; what the plan treats is named."""
    page = walker.page
    walker.go(f"/workspace/patients/{patient.pk}/monitoring/")
    walker.look()
    expect(page.get_by_text("This is not billing advice.")).to_be_visible()
    walker.follow("Enter")
    walker.look()
    day = patient.clinic.today() - dt.timedelta(days=3)
    page.get_by_label("Consent given on").fill(day.isoformat())
    page.get_by_label("How it was given").select_option("spoken")
    page.get_by_label("What the plan treats", exact=True).select_option("msk")
    page.get_by_label("Musculoskeletal impairment or diagnosis").fill("R26.81 unsteadiness")
    walker.press("Begin the monitoring")
    says(page, "98985", "meets the count for 98985 so far")
    says(page, "98977", "13 more days")
    walker.look()


def test_a_timer_that_is_started_seen_and_stopped_by_hand(walkers, therapist, ana):
    priya = walkers(DESK)
    page = priya.page
    log_in(priya, therapist)
    consent(priya, ana)
    # By keyboard. It never begins by itself.
    page.clock.install()
    page.reload()
    expect(in_view(priya, "clock")).to_have_text("0:00")
    page.clock.fast_forward("10:00")
    expect(in_view(priya, "clock")).to_have_text("0:00")
    page.get_by_role("button", name="Start the timer").focus()
    page.keyboard.press("Enter")
    page.clock.fast_forward("02:10")
    expect(in_view(priya, "clock")).to_have_text("2:10")
    # Nothing is sent while it runs, and it goes on over a reload and on another page, in sight.
    page.get_by_label("What was done").fill("Read the answers of three days.")
    priya.press("Save the minutes")
    expect(page.get_by_text("Stop the timer first")).to_be_visible()
    page.reload()
    priya.follow("Sessions")
    page.clock.fast_forward("02:00")
    expect(page.get_by_text("The timer of monitoring runs")).to_be_visible()
    priya.look()
    in_view(priya, "stop").click()
    expect(page.get_by_text("The timer of monitoring was stopped")).to_be_visible()
    priya.follow("To its form")
    expect(page.locator("#id_minutes")).to_have_value("4")
    assert not MonitoringEntry.objects.exists()
    page.get_by_label("What was done").fill("Read the answers of three days.")
    priya.look()
    priya.press("Save the minutes")
    expect(page.get_by_text("Entered: 4 minutes")).to_be_visible()
    expect(in_view(priya, "clock")).to_have_text("0:00")  # it was saved
    connections.close_all()
    assert MonitoringEntry.objects.get().minutes == 4


def test_a_talk_on_the_phone_and_the_clinics_list(walkers, therapist, ana):
    priya = walkers(PHONE, color_scheme="dark")
    page = priya.page
    log_in(priya, therapist)
    consent(priya, ana)
    page.get_by_text("By telephone or video, in real time").click()
    page.locator("#id_talk-time").fill("00:05")
    page.locator("#id_talk-minutes").fill("21")
    page.locator("#id_talk-what").fill("Talked about the new stretch.")
    priya.look()
    priya.press("Save the talk")
    says(page, "98980", "meets the count for 98980 so far")
    page.get_by_text("Answer the four questions").click()
    for one in page.get_by_label("No", exact=True).all():
        one.check()
    priya.look()
    priya.press("Save the answers")
    expect(page.get_by_text("Answered for")).to_be_visible()
    priya.go("/workspace/monitoring/")
    priya.look()
    expect(page.get_by_text("The month is not over.")).to_be_visible()
    connections.close_all()
    assert LiveTalk.objects.get().minutes == 21


def timers(page):
    kept = "Object.keys(sessionStorage).filter((name) => name.startsWith('footing-timer'))"
    return page.evaluate(kept)


def start_timer(walker, patient):
    """It came to three minutes when its page was left."""
    page = walker.page
    walker.go(f"/workspace/patients/{patient.pk}/monitoring/")
    page.clock.install()
    page.reload()
    page.get_by_role("button", name="Start the timer").click()
    page.clock.fast_forward("03:00")
    expect(in_view(walker, "clock")).to_have_text("3:00")


def test_a_timer_is_of_who_started_it_and_ends_with_their_login(walkers, therapist, ana):
    priya = User.objects.get(email=therapist)
    colleague = make_user(priya.clinic, f"Colm{priya.pk}", Role.THERAPIST)
    patients.join_care_team(patient=ana, therapist=colleague, by=priya)
    connections.close_all()
    walker = walkers(DESK)
    page = walker.page
    log_in(walker, therapist)
    start_timer(walker, ana)
    # The login is over without a word; somebody else goes on in this window.
    page.context.clear_cookies()
    log_in(walker, colleague.email)
    walker.go("/workspace/")
    expect(page.locator("[data-timer-strip]")).to_be_hidden()
    walker.go(f"/workspace/patients/{ana.pk}/monitoring/")
    expect(in_view(walker, "clock")).to_have_text("0:00")
    expect(page.locator("#id_minutes")).to_have_value("")
    assert len(timers(page)) == 1
    walker.go("/account/logout/")
    walker.press("Log out")
    assert timers(page) == []
    log_in(walker, therapist)
    walker.go("/workspace/")
    expect(page.locator("[data-timer-strip]")).to_be_hidden()
