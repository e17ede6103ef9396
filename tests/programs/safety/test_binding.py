"""Situations × places: what a patient's state forbids reaches nobody silently, whichever the way.

An exercise passes silently when it is included without a reason although a gate speaks, and no
restriction keeps it from the patient.
"""

import datetime as dt
import uuid
from dataclasses import replace

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from patients.actions import episodes
from patients.models import Episode
from programs.actions import alerts, bulk, copying, plans, prescriptions, restrictions, sessions
from programs.actions.bulk import BulkChange, What
from programs.course import today
from programs.models import Exercise, Plan, Program
from programs.models.restriction import Kind
from programs.safety import gates, holding
from programs.safety.lines import line_findings
from programs.safety.situation import Situation
from tests.conftest import make_episode, make_patient, make_plan

pytestmark = pytest.mark.django_db

# name: findings, and an exercise that they speak against.
SITUATIONS = {
    "feeling lost": ({"sensation": "lost"}, "T02"),
    "high irritability": ({"irritability": "high"}, "G01"),
    "irritable, tension": ({"irritability": "high"}, "T01"),
    "wound, strap": ({"conditions": ["foot_wound"]}, "T02"),
    "wound, weight": ({"conditions": ["foot_wound"]}, "B02"),
    "wound, seated": ({"conditions": ["foot_wound"]}, "B01"),
    "foot drop": ({"conditions": ["foot_drop"]}, "G04"),
    "weakness": ({"conditions": ["weakness"]}, "G02"),
    "clot": ({"conditions": ["clot"]}, "G06"),
    "charcot": ({"conditions": ["charcot"]}, "B02"),
    "cord": ({"conditions": ["cord"]}, "G06"),
    "mass": ({"conditions": ["mass"]}, "B02"),
    "nerve surgery": ({"conditions": ["nerve_surgery"]}, "G02"),
    "fell, no helper": ({"falls_12_months": 1, "helper_at_home": False}, "B02"),
    "high fall risk": ({"fall_risk": "high", "helper_at_home": False}, "B02"),
}


@pytest.fixture(params=SITUATIONS)
def found(request, ana, priya):
    """An episode in a situation, and the exercise it speaks against."""
    fields, code = SITUATIONS[request.param]
    return make_episode(ana, priya, **fields), library(code)


def library(code):
    return Exercise.objects.get(clinic=None, code=code)


def silent(plan):
    """Codes of what is included though a gate speaks, unanswered and not held back."""
    plan = Plan.objects.select_related("clinic", "program", "second_program").get(pk=plan.pk)
    plan.episode = Episode.objects.select_related("clinic").get(pk=plan.episode_id)
    situation = replace(Situation.of(plan), caps=gates.caps_for(plan.episode, plan.program_caps))
    rows = plan.prescriptions.filter(included=True).select_related("exercise")
    return [
        row.exercise.code
        for row in rows
        if gates.blocked_or_unreasoned(line_findings(row, situation), row)
        and not holding.holds_back(situation.held, row.kept)
    ]


def with_it(episode, exercise, by):
    """A plan that has the exercise, included before the finding came."""
    calm = {"sensation": "intact", "irritability": "low", "conditions": [], "falls_12_months": 0}
    calm |= {"fall_risk": "low", "helper_at_home": True}
    was = {name: getattr(episode, name) for name in calm}
    episodes.change_episode(episode=episode, by=by, **calm)
    draft = make_plan(episode, by, "P6", active=False)
    phase = draft.phases.first()
    for row in phase.prescriptions.filter(exercise=exercise):
        row.delete()
    row = prescriptions.add(phase=phase, exercise=exercise, by=by)
    assert row.included
    plan = plans.activate(plan=draft, by=by)
    return plan, was


@pytest.mark.parametrize("program", ["P1", "P2", "P3", "P4", "P5", "P6"])
def test_assigning(found, priya, program):
    episode, _ = found
    draft = make_plan(episode, priya, program, active=False)
    assert silent(draft) == []


def test_combining(found, priya):
    episode, _ = found
    first, second = Program.objects.filter(clinic=None, code__in=["P4", "P6"]).order_by("code")
    draft = plans.assign(program=first, second_program=second, episode=episode, by=priya)
    assert silent(draft) == []


def test_adding_and_including(found, priya):
    episode, exercise = found
    draft = make_plan(episode, priya, "P6", active=False)
    phase = draft.phases.last()
    phase.prescriptions.filter(exercise=exercise).delete()
    row = prescriptions.add(phase=phase, exercise=exercise, by=priya)
    assert not row.included
    for words in ("", "1", "x", "ok", "ok ok ok ok"):
        with pytest.raises(ValidationError):
            prescriptions.change(prescription=row, by=priya, included=True, gate_reason=words)


def test_swapping(found, priya):
    episode, exercise = found
    draft = make_plan(episode, priya, "P6", active=False)
    others = draft.prescriptions.filter(exercise__kind=exercise.kind)
    others.filter(exercise=exercise).delete()
    other = others.first()
    if other is None:
        other = prescriptions.add(phase=draft.phases.first(), exercise=library("G08"), by=priya)
    other.alternative_codes = [exercise.code]
    other.save()
    assert not prescriptions.swap(prescription=other, exercise=exercise, by=priya).included


def test_the_finding_comes_while_the_plan_runs(found, ana, priya):
    """Held back at once, today and in the session; the therapist is told."""
    episode, exercise = found
    plan, was = with_it(episode, exercise, priya)
    episodes.change_episode(episode=episode, by=priya, **was)
    assert silent(plan) == []
    [raised] = plan.alerts.open()
    assert raised.rule == "A18"
    assert exercise.code not in {row.shown.code for row in today.load(ana).due}


def test_adapting_and_activating_what_is_frozen(found, priya):
    episode, exercise = found
    plan, was = with_it(episode, exercise, priya)
    episodes.change_episode(episode=episode, by=priya, **was)
    draft = plans.adapt(plan=plan, by=priya, reason="A step on, as planned.")
    assert exercise.code in {row.exercise.code for row in draft.prescriptions.all()}
    with pytest.raises(ValidationError):
        plans.activate(plan=draft, by=priya)


def test_copying_to_another(found, priya):
    episode, exercise = found
    theirs = make_episode(make_patient(priya, "Cleo"), priya)
    plan, _ = with_it(theirs, exercise, priya)
    assert silent(copying.copy_to(plan=plan, episode=episode, by=priya)) == []


def test_a_bulk_change(found, priya):
    episode, exercise = found
    draft = make_plan(episode, priya, "P6", active=False)
    draft.prescriptions.update(included=False)
    for phase in draft.phases.all():
        row = phase.prescriptions.first()
        row.exercise, row.included, row.snapshot = library("B01"), True, None
        row.gate_reason = "Seated, and the foot hangs free."
        row.save()
        situation = Situation.of(draft)
        row.reason_for = gates.asks_for_reason(line_findings(row, situation))
        row.save()
    try:
        plan = plans.activate(plan=draft, by=priya)
    except ValidationError:
        return  # not even the calmest is allowed: nothing can be changed for many either
    change = BulkChange(what=What.ADD, exercise=exercise, reason="One more for all of them.")
    (result,) = bulk.preview([plan], change, by=priya)
    assert not result.is_possible


@pytest.mark.parametrize("kind", ["glide", "balance"])
def test_a_library_that_calls_it_something_else_changes_nothing(ana, priya, kind):
    """The frozen copy is judged, by its load."""
    episode = make_episode(ana, priya)
    plan, _ = with_it(episode, library("T02"), priya)
    Exercise.objects.filter(code="T02").update(
        kind=kind,
        nerve="" if kind == "balance" else "tibial",
        level=1 if kind == "balance" else None,
    )
    episodes.change_episode(episode=episode, by=priya, irritability="high")
    assert silent(plan) == []
    assert "T02" not in {row.shown.code for row in today.load(ana).due}


# Restrictions and alerts


def test_a_restriction_reaches_every_plan(ana, plan, priya):
    restrictions.impose(
        episode=plan.episode, kind=Kind.NERVE, why="Surgeon asked for two weeks.", by=priya
    )
    kinds = {row.shown.kind for row in today.load(ana).due}
    assert kinds <= {"balance"}
    draft = plans.adapt(plan=plan, by=priya, reason="A step on, as planned.")
    with pytest.raises(ValidationError, match="Surgeon asked"):
        plans.activate(plan=draft, by=priya)
    newer = plans.activate(plan=draft, by=priya, gate_reason="The hold stays, only balance grows.")
    assert newer.reason_for == ["Held back (slides and stretches): Surgeon asked for two weeks."]
    assert {row.shown.kind for row in today.load(ana).due} <= {"balance"}


def test_a_reason_for_the_plan_answers_no_later_alert(ana, plan, priya):
    session = log(plan, pain_before=1, pain_after=6)
    draft = plans.adapt(plan=plan, by=priya, reason="A step back after the flare.")
    draft.gate_reason = "The flare is known, and this is gentler."
    situation = Situation.of(draft)
    draft.reason_for = [one.message for one in gates.change_findings(situation)]
    draft.save()
    assert session.alerts.filter(rule="A10").exists()
    log(plan, falls=1)
    with pytest.raises(ValidationError, match=r"[Ff]all without injury"):
        plans.activate(plan=draft, by=priya)


def test_a_bulk_change_over_an_open_alert_asks_each_patient_for_words(plan, priya):
    log(plan, falls=1)
    change = BulkChange(
        what=What.REMOVE, exercise=library("B01"), reason="Fewer exercises for all."
    )
    (seen,) = bulk.preview([plan], change, by=priya)
    assert any("all without injury" in words for words in seen.asks)
    expected = {str(plan.pk): seen.words}
    (refused,) = bulk.apply([plan], change, by=priya, previewed=expected)
    assert not refused.is_possible
    said = {str(plan.pk): "Called her: no injury, seated only."}
    (made,) = bulk.apply([plan], change, by=priya, previewed=expected, reasons=said)
    assert made.is_possible, made.problems


def test_an_old_red_flag_screen_is_asked_again(episode, priya):
    episode.screens.update(screened_at=timezone.now() - dt.timedelta(days=200))
    draft = make_plan(episode, priya, active=False)
    with pytest.raises(ValidationError, match="200 days old"):
        plans.activate(plan=draft, by=priya)
    episodes.record_screen(episode=episode, present=[], by=priya)
    fresh = Plan.objects.get(pk=draft.pk)
    assert plans.activate(plan=fresh, by=priya).is_active


def log(plan, days_ago=0, **answers):
    return sessions.record(
        session_id=uuid.uuid4(),
        plan=plan,
        done={},
        by=plan.patient.user,
        at=timezone.now() - dt.timedelta(days=days_ago),
        **answers,
    )


ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        "pain_before": st.integers(0, 10),
        "pain_after": st.integers(0, 10),
        "falls": st.integers(0, 2),
        "near_falls": st.integers(0, 3),
        "settled": st.sampled_from(["minute", "next_morning"]),
        "skin_check": st.sampled_from(["fine", "changed"]),
        "stopped": st.booleans(),
        "new_signs": st.lists(st.sampled_from(["dizzy", "numb_area", "weakness"]), unique=True),
    },
)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=st.lists(st.tuples(st.integers(0, 9), ANSWERS, st.booleans()), max_size=5))
def test_no_history_leaves_a_restricted_exercise_due(history, plan, ana, priya):
    with transaction.atomic():  # each history begins anew
        _live(history, plan, ana, priya)
        transaction.set_rollback(True)


def _live(history, plan, ana, priya):
    for days_ago, answers, looked_at in history:
        session = log(plan, days_ago, **answers)
        if looked_at:
            for alert in session.alerts.open().filter(severity="high"):
                alerts.acknowledge(alert=alert, response="Called, all is well.", by=priya)
    day = today.load(ana)
    held = holding.of_restrictions(plan.episode.restrictions.in_force(plan.clinic.today()))
    assert day.held == held or day.state == today.State.STOPPED
    assert not any(holding.holds_back(held, row.kept) for row in day.due)
    if Kind.ALL in holding.kinds(held):
        assert day.state == today.State.STOPPED
