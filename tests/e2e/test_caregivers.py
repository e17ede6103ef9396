"""A daughter helps: invited on the phone, with a code by word, and a session together."""

import re
import uuid

import pytest
from django.db import connections
from playwright.sync_api import expect

from accounts.models import User
from patients.models import Caregiver
from tests.conftest import PASSWORD, give_login, make_episode, make_patient, make_plan
from tests.e2e.test_education import log_in

pytestmark = pytest.mark.e2e
PHONE = 390


@pytest.fixture
def ana(therapist):
    priya = User.objects.get(email=therapist)
    patient = make_patient(priya, "Ana", email=f"ana-{priya.pk}@patients.test")
    give_login(patient, priya)
    make_plan(make_episode(patient, priya), priya)
    connections.close_all()
    return patient


def prove(walker):
    walker.page.get_by_label("Password").fill(PASSWORD)
    walker.page.locator("main button[type=submit]").first.click()
    walker.page.wait_for_load_state()


def test_from_the_invitation_to_the_end(walkers, ana):
    patient, daughter = walkers(PHONE), walkers(PHONE, color_scheme="dark")
    log_in(patient, ana.email)
    patient.go("/portal/me/")
    patient.follow(re.compile("^Who helps me"))
    prove(patient)
    patient.look()
    patient.page.get_by_label("Name").fill("Mara Lind")
    patient.page.get_by_label("Email address").fill(f"mara-{ana.pk}@family.test")
    patient.page.get_by_label("Do sessions with me and send them").check()
    patient.press("Send the invitation")
    code = patient.page.locator(".code").inner_text()
    patient.look()
    link = f"/portal/help/{Caregiver.objects.get().token}/"
    connections.close_all()

    daughter.go(link)
    daughter.look()
    daughter.page.locator("input[name=code]").fill(code.lower())
    daughter.page.get_by_label("Choose a password").fill(PASSWORD)
    daughter.page.get_by_label("I have read the privacy notice").check()
    daughter.press("Save and go on")
    daughter.page.get_by_role("heading", name="Today for Ana").wait_for()
    daughter.look()
    expect(daughter.page.get_by_role("link", name="Progress")).to_have_count(0)
    plan = ana.plans.get()
    connections.close_all()
    daughter.go(f"/portal/session/{plan.pk}/{uuid.uuid4()}/")
    daughter.page.get_by_role("heading", name="Before you start").first.wait_for()
    daughter.look()

    patient.go("/portal/me/caregivers/")
    patient.press("End it for Mara Lind")
    patient.page.get_by_text("Mara Lind sees nothing any more.").wait_for()
    patient.go("/portal/me/looks/")
    patient.page.get_by_text("helps you").first.wait_for()
    patient.look()
    daughter.go("/portal/")
    assert "/account/login/" in daughter.page.url
