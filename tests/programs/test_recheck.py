"""Findings that change ask the active plan again: does it still fit?"""

import datetime as dt

import pytest

from patients.actions import episodes
from programs import recheck, today
from programs.actions import alerts, phases, plans, prescriptions
from programs.models import Alert, Exercise
from programs.today import State
from tests.conftest import make_plan

pytestmark = pytest.mark.django_db


def open_alerts():
    return list(Alert.objects.open().values_list("rule", "severity"))


def test_lost_feeling_raises_an_alert_about_active_tension_at_once(plan, episode, priya, ana):
    episodes.change_episode(episode=episode, by=priya, sensation="lost")
    assert open_alerts() == [("A18", "high")]
    alert = Alert.objects.get()
    assert alert.plan == plan
    assert "T01" in alert.message
    # An alert of a finding does not stop the plan by itself; the therapist decides.
    assert today.load(ana).state is not State.STOPPED


def test_one_open_alert_a_plan_however_often_findings_change(plan, episode, priya):
    for irritability in ("high", "moderate", "high"):
        episodes.change_episode(episode=episode, by=priya, irritability=irritability)
    assert len(open_alerts()) == 1
    alerts.acknowledge(alert=Alert.objects.get(), response="Adapting.", by=priya)
    episodes.change_episode(episode=episode, by=priya, sensation="lost")
    assert len(open_alerts()) == 1
    assert Alert.objects.count() == 2


def test_findings_that_change_nothing_raise_nothing(plan, episode, priya):
    episodes.change_episode(episode=episode, by=priya, fall_risk="moderate")
    assert open_alerts() == []


def test_a_red_flag_asks_the_plan_again_too(plan, episode, priya):
    episodes.record_screen(episode=episode, present=["foot_lesion"], by=priya)
    assert ("A18", "high") in open_alerts()


def test_a_reason_that_was_given_still_holds(episode, priya, ana):
    draft = make_plan(episode, priya, active=False)
    for row in draft.prescriptions.select_related("exercise").filter(exercise__kind="tension"):
        prescriptions.change(prescription=row, by=priya, gate_reason="Seen with Dr. Lee.")
    plan = plans.activate(plan=draft, by=priya)
    episodes.change_episode(episode=episode, by=priya, irritability="high")
    tension = [row.shown.code for row, _ in recheck.misfits(plan)]
    assert not any(code.startswith("T") for code in tension)


def test_a_draft_or_an_ended_plan_is_not_asked(plan, episode, priya):
    plans.end(plan=plan, by=priya)
    episodes.change_episode(episode=episode, by=priya, sensation="lost")
    assert open_alerts() == []


def test_a_phase_decision_is_kept_with_its_reason(plan, priya):
    second = plan.phases.get(number=2)
    second.plan = plan
    assert phases.start(phase=second, by=priya, reason="Steady now.").move == "progress"
    assert phases.start(phase=second, by=priya).move == "hold"
    first = plan.phases.get(number=1)
    first.plan = plan
    made = phases.start(phase=first, by=priya, reason="Flare.")
    assert (made.move, made.reason) == ("regress", "Flare.")


def test_a_version_that_waits_for_its_successor_is_asked_too(plan, episode, priya):
    draft = plans.adapt(plan=plan, by=priya, reason="After the holiday.")
    for row in draft.prescriptions.filter(exercise__kind="tension"):
        row.delete()
    draft.starts_on = plan.clinic.today() + dt.timedelta(days=4)
    draft.save()
    prescriptions.add(
        phase=draft.phases.get(number=3), exercise=Exercise.objects.get(code="G06"), by=priya
    )
    plans.activate(plan=draft, by=priya)
    episodes.change_episode(episode=episode, by=priya, irritability="high")
    assert plan.alerts.filter(rule="A18").exists()
