"""A therapist's morning: what waits arrives by itself, is worked through, and is found again."""

import datetime as dt
import re
import uuid

import pytest
from django.db import connections
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import User
from accounts.permissions import Role
from patients.actions import patients
from programs.actions import alert_work
from programs.actions.sign_reports import record
from programs.models import Alert
from tests.conftest import give_login, make_episode, make_patient, make_plan, make_user
from tests.e2e.test_education import log_in

pytestmark = pytest.mark.e2e
DESK, PHONE = 1280, 390


@pytest.fixture
def team(therapist):
    """Priya and Colm treat Ana; Nora reads what waits too long."""
    priya = User.objects.get(email=therapist)
    mark = uuid.uuid4().hex[:6]
    colm = make_user(priya.clinic, f"Colm{mark}", Role.THERAPIST)
    nora = make_user(priya.clinic, f"Nora{mark}", Role.THERAPIST)
    priya.clinic.second_reader = nora
    priya.clinic.save()
    ana = make_patient(priya, "Ana", email=f"ana-{mark}@patients.test")
    give_login(ana, priya)
    make_plan(make_episode(ana, priya), priya)
    patients.join_care_team(patient=ana, therapist=colm, by=priya)
    connections.close_all()
    return priya, colm, nora, ana


def tell(patient, *signs):
    record(report_id=uuid.uuid4(), patient=patient, signs=signs, by=patient.user)
    connections.close_all()


def test_a_morning_with_two_therapists(walkers, team):
    priya, colm, nora, ana = team
    first, second = walkers(DESK), walkers(DESK, color_scheme="dark")
    for walker, who in ((first, priya), (second, colm)):
        log_in(walker, who.email)
        walker.go("/workspace/inbox/?kind=ALERT")
        walker.look()
    # It arrives while the page is open.
    ana.refresh_from_db()
    tell(ana, "dizzy")
    first.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(first.page.locator("[data-inbox-said]")).to_have_text(re.compile("New: .* for you"))
    expect(first.page).to_have_title(re.compile(r"^\(\d+\) Needs me"))
    first.follow("Show it")
    # By keyboard: to the first, and into it.
    first.page.keyboard.press("j")
    first.page.keyboard.press("Enter")
    first.page.get_by_role("heading", name="Dizzy or faint").wait_for()
    first.look()
    first.press("I take it")
    first.page.get_by_text("Note what was done so far").click()
    first.page.locator("textarea[name=note-words]").fill("Called her, nobody answered.")
    first.press("Note it")
    first.page.get_by_text("Hand it over", exact=True).first.click()
    first.page.locator("select[name=hand-to]").select_option(str(colm.pk))
    first.press("Hand it over")
    # The colleague has it, and lets it wait too long.
    second.go("/workspace/inbox/?kind=ALERT")
    second.page.get_by_text("mine", exact=False).first.wait_for()
    Alert.objects.update(due_at=timezone.now() - dt.timedelta(hours=1))
    assert len(alert_work.escalate_overdue(priya.clinic)) == 1
    connections.close_all()
    reader = walkers(PHONE)
    log_in(reader, nora.email)
    reader.go("/workspace/inbox/")
    reader.page.get_by_text("overdue since").first.wait_for()
    reader.look()
    # From the list to closed in three acts: open, say what was done, save.
    reader.page.get_by_role("link", name="Ana Reyes").first.click()
    reader.page.locator("textarea[name=response]").fill("She drank too little, and is well.")
    reader.press("Save and close the alert")
    reader.page.get_by_text("is closed").wait_for()
    # A week later the words are found again.
    first.go(f"/workspace/patients/{ana.pk}/record/")
    first.page.get_by_text("She drank too little").first.wait_for()
    first.look()
    first.page.get_by_role("link", name="Dizzy or faint").first.click()
    for words in ("Called her, nobody answered.", "went to the second reader", "closed it"):
        first.page.get_by_text(words).first.wait_for()
