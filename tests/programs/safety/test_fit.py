"""Findings that change ask the active plan again: does it still fit?"""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from patients.actions import episodes
from programs.actions import alerts, phases, plans, prescriptions
from programs.course import today
from programs.course.today import State
from programs.models import Alert, Exercise
from programs.safety import fit, gates, lines
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
    alerts.acknowledge(alert=Alert.objects.get(), response="Adapting the plan.", by=priya)
    episodes.change_episode(episode=episode, by=priya, sensation="lost")
    assert len(open_alerts()) == 1
    assert Alert.objects.count() == 2


def test_findings_that_change_nothing_raise_nothing(plan, episode, priya):
    episodes.change_episode(episode=episode, by=priya, fall_risk="moderate")
    assert open_alerts() == []


def test_a_red_flag_asks_the_plan_again_too(plan, episode, priya):
    episodes.record_screen(episode=episode, present=["foot_lesion"], by=priya)
    assert ("A18", "high") in open_alerts()


def test_a_reason_answers_what_stood_there_and_nothing_later(episode, priya, ana):
    episodes.change_episode(episode=episode, by=priya, irritability="high")
    draft = make_plan(episode, priya, active=False)
    for row in draft.prescriptions.select_related("exercise").filter(exercise__kind="tension"):
        prescriptions.change(
            prescription=row, by=priya, included=True, gate_reason="Seen with Dr. Lee."
        )
    plan = plans.activate(plan=draft, by=priya)
    assert fit.misfits(plan) == []
    episodes.change_episode(episode=episode, by=priya, sensation="lost")
    plan.episode.refresh_from_db()
    assert any("overstretching" in finding.message for _, finding in fit.misfits(plan))
    assert open_alerts() == [("A18", "high")]
    # The next version carries the reason, and asks for a new one.
    draft = plans.adapt(plan=plan, by=priya, reason="New findings.")
    assert any("overstretching" in stop.message for stop in lines.blocking(draft))
    row = draft.prescriptions.filter(exercise__kind="tension").first()
    row.plan = draft
    with pytest.raises(ValidationError, match="came up after your reason"):
        prescriptions.change(prescription=row, by=priya, note="Gently.")
    prescriptions.change(prescription=row, by=priya, gate_reason="Dr. Lee again, 23 Nov.")


def test_what_was_looked_at_is_not_raised_again_by_something_else(plan, episode, priya):
    episodes.change_episode(episode=episode, by=priya, sensation="lost")
    alerts.acknowledge(alert=Alert.objects.get(), response="Adapting on Friday.", by=priya)
    episodes.change_episode(episode=episode, by=priya, fall_risk="moderate")
    assert open_alerts() == []


def test_a_version_that_fits_closes_the_alert(plan, episode, priya):
    episodes.change_episode(episode=episode, by=priya, sensation="lost")
    draft = plans.adapt(plan=plan, by=priya, reason="New findings.")
    for row in draft.prescriptions.filter(included=True):
        row.plan = draft
        if row.exercise.kind != "balance":
            prescriptions.change(prescription=row, by=priya, included=False)
    for phase in draft.phases.all():
        phase.prescriptions.filter(exercise__code="B01").update(included=True)
    plans.activate(plan=draft, by=priya)
    assert open_alerts() == []
    assert Alert.objects.get().response == "A new version took its place."


def test_a_draft_gets_the_angle_limits_and_loses_them_again(episode, priya):
    draft = make_plan(episode, priya, active=False)
    episodes.change_episode(episode=episode, by=priya, sensation="lost")
    draft.refresh_from_db()
    assert draft.caps == gates.INSENSATE_CAPS
    # Entered by mistake: no plan keeps limits that nothing asks for.
    episodes.change_episode(episode=episode, by=priya, sensation="intact")
    draft.refresh_from_db()
    assert draft.caps == {}


def test_a_draft_or_an_ended_plan_is_not_asked(plan, episode, priya):
    plans.end(plan=plan, by=priya)
    episodes.change_episode(episode=episode, by=priya, sensation="lost")
    assert open_alerts() == []


def test_a_phase_decision_is_kept_with_its_reason(plan, priya):
    second = plan.phases.get(number=2)
    second.plan = plan
    assert phases.start(phase=second, by=priya, reason="Steady now.").move == "progress"
    assert phases.start(phase=second, by=priya, reason="Steady in the clinic.").move == "hold"
    first = plan.phases.get(number=1)
    first.plan = plan
    made = phases.start(phase=first, by=priya, reason="A flare at home.")
    assert (made.move, made.reason) == ("regress", "A flare at home.")


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


def test_a_limit_that_comes_is_said_of_what_goes_beyond_it_and_of_nothing_else(
    plan, episode, priya
):
    """Lying slides need no reason for the limit; that it is there now, the plan has to say."""

    def beyond():
        asked = type(plan).objects.select_related("episode__patient__clinic").get(pk=plan.pk)
        return {
            row.exercise.code
            for row, finding in fit.misfits(asked)
            if finding.message == "Angles need a limit now."
        }

    assert beyond() == set()
    type(episode).objects.filter(pk=episode.pk).update(sensation="lost")
    rows = plan.prescriptions.filter(included=True).select_related("exercise")
    expected = {
        row.exercise.code
        for row in rows
        if row.kept.kind != "balance" and row.kept.limited(gates.INSENSATE_CAPS) != row.kept
    }
    within = {row.exercise.code for row in rows} - expected
    assert expected
    assert within
    assert beyond() == expected
    assert not {code for code in beyond() if code.startswith("B")}
