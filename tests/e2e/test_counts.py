"""How many acts the commonest things take: each is counted where a person would press or type."""

import pytest
from django.db import connections
from playwright.sync_api import expect

from accounts.models import User
from patients.models import RedFlagScreen
from tests.e2e.test_education import log_in

pytestmark = pytest.mark.e2e


class Acts:
    """A walker whose acts are counted: a field filled, an option chosen, a button pressed."""

    def __init__(self, walker):
        self.walker, self.count = walker, 0

    def fill(self, label, text):
        self.count += 1
        self.walker.page.get_by_label(label).fill(text)

    def choose(self, field, value):
        self.count += 1
        self.walker.page.locator(f"#id_{field}").select_option(value)

    def tick(self, label):
        self.count += 1
        self.walker.page.get_by_label(label, exact=True).first.check()

    def press(self, name, role="button"):
        self.count += 1
        self.walker.press(name, role=role)


def test_a_patient_with_episode_and_screen_in_18(walkers, therapist):
    walker = walkers(390)
    log_in(walker, therapist)
    acts = Acts(walker)
    acts.press("Add a patient", role="link")
    for label, text in (("First name", "Dora"), ("Last name", "Lind"),
                        ("Birth date", "1950-02-03"), ("Email", "dora@x.test")):  # fmt: skip
        acts.fill(label, text)
    acts.press("Add the patient")
    for field, value in (("cause", "entrapment"), ("side", "right"), ("sensation", "reduced"),
                         ("irritability", "low"), ("fall_risk", "low"),
                         ("walking_aid", "none")):  # fmt: skip
        acts.choose(field, value)
    acts.tick("Tibial")
    acts.press("Save and go to the red flags")
    acts.tick("I asked each of these. What has no answer above is a no.")
    acts.press("Save the screen")
    expect(walker.page.get_by_text("The screen is on record")).to_be_visible()
    walker.look()
    assert acts.count <= 18, acts.count
    connections.close_all()
    priya = User.objects.get(email=therapist)
    assert RedFlagScreen.objects.get(screened_by=priya).present == []
