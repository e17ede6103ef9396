"""What a patient or a test says binds: on the next day's page, in the plan, on a day of rest."""

import datetime as dt
import re
import uuid
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.permissions import Role
from patients.models import ProposedFinding
from programs.actions import phases, plans, prescriptions
from programs.models import Alert, Plan
from programs.safety.lines import needs_reason
from programs.safety.situation import Situation
from tests.conftest import give_login, make_clinic, make_episode, make_patient, make_plan, make_user
from tests.e2e.conftest import rest
from tests.e2e.test_session import add_person, begin, in_exercise, pass_exercise, set_out
from tests.e2e.test_story import DESK, PHONE, choose, log_in, unfold

pytestmark = pytest.mark.e2e


def overview(walker: Any, plan: Plan, page: str = "") -> Any:
    walker.go(f"/workspace/patients/{plan.patient_id}/{page}")
    walker.look()
    return walker.page


def finish(walker: Any, *, pain_after: str) -> None:
    """The form after the exercises."""
    page = walker.page
    choose(page, "Pain in your feet now, after the exercises", pain_after)
    choose(page, "How hard was it?", "4")
    choose(page, "How long until your feet were as before?", "Too early to say")
    walker.press("Next")
    walker.press("Next")
    choose(page, "Did any of these happen?", "None of these")
    walker.press("Next")
    choose(page, "Did you look at the skin of both feet?", "Looked, and it is fine")
    walker.press("Save and finish")
    page.wait_for_url(re.compile("/done/"))


def test_a_flare_today_is_on_tomorrows_page(
    walkers: Any, server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    email, plan = add_person("P4")
    ana = walkers(PHONE)
    begin(ana, email)
    set_out(ana)
    while in_exercise(ana.page):
        pass_exercise(ana)
    finish(ana, pain_after="8")
    ana.look()
    assert "Leave out slides and stretches" in ana.page.content()

    tomorrow = timezone.now() + dt.timedelta(days=1)
    monkeypatch.setattr(timezone, "now", lambda: tomorrow)
    ana.page.context.clear_cookies()
    log_in(ana, email)
    ana.page.wait_for_url(re.compile("/portal/"))
    ana.look()
    page = ana.page
    words = "Leave out slides and stretches until your therapist has looked at this."
    expect(page.get_by_text(words).filter(visible=True).first).to_be_visible()
    expect(page.get_by_text("Left out for now").filter(visible=True).first).to_be_visible()
    ana.follow("Start")
    titles = " ".join(page.locator("[data-exercise] h2").all_inner_texts())
    assert "Stand up, sit down" in titles
    assert "Knee out, toes away" not in titles

    priya = walkers(DESK)
    log_in(priya, plan.activated_by.email)
    shown = overview(priya, plan)
    expect(shown.get_by_role("heading", name=re.compile("leaves out now"))).to_be_visible()
    priya.page.get_by_role("link", name=re.compile("^Allow again")).first.click()
    priya.page.get_by_label("Why it may be done again").fill(
        "Looked at the foot: it has settled again."
    )
    priya.look()
    priya.press("Allow it again")
    ana.go("/portal/")
    assert not page.get_by_text(words).filter(visible=True).count()


def with_a_stretch() -> tuple[str, Plan]:
    """A patient in the third phase of P4, where T02 is."""
    mark = uuid.uuid4().hex[:8]
    by = make_user(make_clinic(f"Feel {mark}"), f"Priya{mark}", Role.THERAPIST)
    patient = make_patient(by, f"Ana{mark}")
    user = give_login(patient, by)
    draft = make_plan(make_episode(patient, by), by, "P4", active=False)
    for row in draft.prescriptions.all():
        prescriptions.change(prescription=row, by=by, days_per_week=7)
    then = dt.datetime.now(dt.UTC) - dt.timedelta(weeks=1)
    plan = plans.activate(plan=draft, by=by, at=then)
    phases.start(phase=plan.phases.get(number=3), by=by, reason="Did these before, all well.")
    return user.email, plan


def leave_out_what_asks(draft: Plan) -> None:
    """The other lines, as the therapist would one by one."""
    for row in draft.prescriptions.filter(included=True).select_related("exercise"):
        if needs_reason(row.exercise, Situation.of(draft)):
            prescriptions.change(prescription=row, by=draft.created_by, included=False)


def test_a_filament_test_changes_the_plan(walkers: Any, server: str) -> None:
    email, plan = with_a_stretch()
    ana, priya = walkers(PHONE), walkers(DESK)
    log_in(priya, plan.activated_by.email)
    page = overview(priya, plan, "measures/")
    page.get_by_role("link", name=re.compile("10-g filament")).click()
    priya.look()
    for _ in range(6):
        priya.press("0")  # the next spot follows by itself
    priya.press("Save this measure")
    priya.look()
    page = overview(priya, plan)
    expect(page.get_by_text("Protective sensation: lost", exact=True)).to_be_visible()
    assert Alert.objects.filter(patient=plan.patient_id, rule="A18").exists()

    # The stretch is held back at once, before anybody confirms.
    log_in(ana, email)
    ana.page.wait_for_url(re.compile("/portal/"))
    ana.look()
    misfit = ana.page.get_by_text("Some exercises no longer suit you.").filter(visible=True)
    expect(misfit.first).to_be_visible()

    priya.page.get_by_role("button", name=re.compile("^Confirm")).click()
    priya.look()
    assert not ProposedFinding.objects.filter(patient=plan.patient_id, decided_at=None).exists()
    priya.press("Adapt plan")
    priya.look()
    unfold(page)
    for line in page.locator("li.line", has_text="T02 ").all():
        ticked = line.get_by_label("In the plan")
        if ticked.is_checked():
            with page.expect_response(lambda answer: answer.request.method == "POST"):
                ticked.uncheck()
            rest(page)
    # Limits of lost feeling are in the draft already.
    assert plan.patient.plans.drafts().get().caps == {"hip_max": 60, "knee_min": 10, "ankle_max": 5}
    activate = page.get_by_role("button", name=re.compile("^Activate the change"))
    expect(activate).to_be_disabled()  # slides that no longer fit either wait for a word
    leave_out_what_asks(plan.patient.plans.drafts().get())
    page.reload()
    page.get_by_label("Why it changes, for the record").fill("No feeling by the filament test.")
    activate.click()
    page.wait_for_load_state()
    priya.look()
    assert "The plan is active" in page.content()
    kept = plan.patient.plans.active().get().prescriptions.filter(included=True)
    assert "T02" not in kept.values_list("exercise__code", flat=True)
    ana.go("/portal/")
    ana.look()
    assert (
        not ana.page.get_by_text("Some exercises no longer suit you.").filter(visible=True).count()
    )


def test_a_wound_told_on_a_day_of_rest(walkers: Any, server: str) -> None:
    mark = uuid.uuid4().hex[:8]
    by = make_user(make_clinic(f"Rest {mark}"), f"Priya{mark}", Role.THERAPIST)
    patient = make_patient(by, f"Ana{mark}")
    email = give_login(patient, by).email
    draft = make_plan(make_episode(patient, by), by, "P1", active=False)
    today = patient.clinic.today().weekday()
    plans.change(plan=draft, by=by, weekdays=[day for day in range(7) if day != today])
    for row in draft.prescriptions.all():
        prescriptions.change(prescription=row, by=by, days_per_week=5)
    then = dt.datetime.now(dt.UTC) - dt.timedelta(weeks=1)
    plan = plans.activate(plan=draft, by=by, at=then)

    ana, priya = walkers(PHONE), walkers(DESK)
    log_in(ana, email)
    ana.page.wait_for_url(re.compile("/portal/"))
    ana.look()
    assert not ana.page.get_by_role("link", name="Start", exact=True).count()
    ana.follow("Something is wrong")
    ana.look()
    ana.page.get_by_label(re.compile("sore, blister, redness")).check()
    expect(ana.page.locator("[data-advice]")).to_contain_text("Keep weight off the foot")
    ana.press("Tell my therapist")
    ana.page.wait_for_url(re.compile("/wrong/.+"))
    ana.look()

    log_in(priya, by.email)
    page = overview(priya, plan)
    expect(page.get_by_role("heading", name="Open alerts")).to_be_visible()
    expect(page.get_by_text("(alert: skin changed)").first).to_be_visible()
    ana.go("/portal/")
    ana.look()
    assert not ana.page.get_by_role("link", name="Start", exact=True).count()
