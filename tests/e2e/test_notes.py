"""From a patient's page to a saved progress note, and to a letter, in a real browser."""

import re
from typing import Any

import pytest
from django.db import connections

from accounts.models import User
from patients.actions import episodes
from programs.models import ClinicalNote, Letter
from tests.conftest import give_login, make_episode, make_patient, make_plan
from tests.e2e.test_story import DESK, PHONE, log_in
from tests.programs.notes.conftest import do, quiet

pytestmark = pytest.mark.e2e


@pytest.fixture
def ana(therapist: str) -> Any:
    priya = User.objects.get(email=therapist)
    patient = make_patient(priya, "Ana", email=f"ana-{priya.pk}@patients.test")
    give_login(patient, priya)
    patient.refresh_from_db()
    episode = make_episode(patient, priya)
    plan = make_plan(episode, priya)
    for days_ago, pain in ((9, 6), (7, 5), (5, 5), (3, 4)):
        do(plan, patient, days_ago, **quiet(pain, pain))
    episodes.record_screen(episode=episode, present=["new_weakness"], by=priya)
    connections.close_all()
    return patient


class Counted:
    """A walker whose presses are counted: what somebody does for it, after the patient's page."""

    def __init__(self, walker: Any) -> None:
        self.walker, self.actions = walker, 0

    def press(self, name: str, role: str) -> None:
        self.walker.press(name, role=role)
        self.actions += 1


def test_a_progress_note_takes_two_actions(walkers: Any, therapist: str, ana: Any) -> None:
    priya = walkers(DESK)
    log_in(priya, therapist)
    priya.page.wait_for_url(re.compile("/workspace/"))
    priya.go(f"/workspace/patients/{ana.pk}/")
    hand = Counted(priya)
    hand.press("Progress note", "link")
    priya.look()
    assert "4 sessions were sent" in priya.page.get_by_label("Text of the note").input_value()
    hand.press("Save", "button")
    priya.page.wait_for_url(re.compile(r"/notes/[0-9a-f-]{36}/$"))
    priya.look()
    assert hand.actions <= 2
    note = ClinicalNote.objects.get(patient=ana)
    assert "4 sessions were sent" in note.text
    # A number leads to its rows.
    priya.page.locator(".note a", has_text=re.compile("^4$")).first.click()
    priya.page.wait_for_url(re.compile("/sessions/"))
    priya.look()
    assert priya.page.locator("article.card").count() == 4
    connections.close_all()


def test_a_letter_with_an_open_red_flag_on_a_phone(walkers: Any, therapist: str, ana: Any) -> None:
    priya = walkers(PHONE)
    log_in(priya, therapist)
    priya.page.wait_for_url(re.compile("/workspace/"))
    priya.go(f"/workspace/patients/{ana.pk}/notes/")
    priya.look()
    priya.follow("Discharge note")
    priya.look()
    priya.press("Save")
    priya.look()
    priya.follow("Make a letter to the physician")
    priya.look()
    page = priya.page
    assert page.get_by_text("Open red flag since").is_visible()
    page.locator("#id_name").fill("Dr. Lee")
    priya.press("Make the letter")
    page.wait_for_url(re.compile("/letters/"))
    priya.look()
    assert page.get_by_text("To a physician.").first.is_visible()
    address = page.get_by_role("link", name="PDF, A4").get_attribute("href")
    answer = page.request.get(f"{priya.server}{address}")
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.body().startswith(b"%PDF")
    assert Letter.objects.get(patient=ana).warning.startswith("Open red flag since ")
    connections.close_all()
