"""An administrator sets the clinic up, and a therapist leaves: nobody's patients stay alone."""

import uuid

import pytest
from django.db import connections
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import User
from accounts.permissions import Role
from patients.models import Patient
from tests.conftest import PASSWORD, make_episode, make_patient, make_plan, make_user
from tests.e2e.test_education import log_in

pytestmark = pytest.mark.e2e


@pytest.fixture
def ruth(therapist):
    clinic = User.objects.get(email=therapist).clinic
    email = make_user(clinic, f"Ruth{uuid.uuid4().hex[:6]}", Role.CLINIC_ADMIN).email
    connections.close_all()
    return email


def prove(walker):
    walker.page.get_by_label("Password").fill(PASSWORD)
    walker.press("Go on")


@pytest.mark.parametrize("width", [390, 1280])
def test_the_clinic_is_set_up(walkers, ruth, width):
    walker = walkers(width)
    log_in(walker, ruth)
    walker.go("/workspace/clinic/")
    walker.look()
    page = walker.page
    page.get_by_label("Country").select_option("United States")
    page.locator("#id_phone").fill("2135550134")
    page.locator("#id_office_hours").fill("always")
    walker.press("Save")
    prove(walker)
    walker.press("Put it back")
    walker.press("Save")
    expect(page.get_by_text("Write office hours like")).to_be_visible()
    walker.look()
    page.locator("#id_office_hours").fill("Mon-Fri 8:00-17:00")
    walker.press("Save")
    expect(page.get_by_text("The settings are saved.")).to_be_visible()
    expect(page.locator("#id_phone")).to_have_value("(213) 555-0134")
    expect(page.get_by_text("Public holidays of the next year there")).to_be_visible()


def test_a_therapist_leaves_and_nobody_is_lost(walkers, ruth, therapist):
    priya = User.objects.get(email=therapist)
    ana = make_patient(priya, "Ana")
    make_plan(make_episode(ana, priya), priya)
    colm = make_user(priya.clinic, "Colm", Role.THERAPIST)
    User.objects.filter(pk=priya.pk).update(last_login=timezone.now())
    connections.close_all()
    walker = walkers(390)
    page = walker.page
    log_in(walker, ruth)
    walker.go("/workspace/people/")
    walker.look()
    walker.follow(f"{priya.last_name}, {priya.first_name}")
    walker.look()
    walker.press("End the login")
    prove(walker)
    walker.press("End the login")
    expect(page.get_by_text("nobody else has these patients").first).to_be_visible()
    walker.look()
    page.get_by_label("Who takes over").last.select_option(label=str(colm))
    walker.press("End the login")
    expect(page.get_by_text("can no longer log in")).to_be_visible()
    walker.look()
    connections.close_all()
    assert Patient.objects.visible_to(User.objects.get(pk=colm.pk)).filter(pk=ana.pk).exists()
    walker.go("/workspace/people/invite/")
    page.get_by_label("First name").fill("Nils")
    page.get_by_label("Last name").fill("Berg")
    page.get_by_label("Email").fill(f"nils-{uuid.uuid4().hex[:6]}@clinic.test")
    walker.look()
    page.get_by_role("button", name="Invite", exact=True).dblclick()
    expect(page.get_by_text("Nils Berg is invited")).to_be_visible()
    connections.close_all()
    assert User.objects.filter(clinic=priya.clinic, first_name="Nils").count() == 1
