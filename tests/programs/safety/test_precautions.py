"""Structured precautions and dosage limits as safety gates."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from patients.conditions import ASKED, DERIVED, Condition
from programs.actions import plans, prescriptions
from programs.models import Exercise, Program
from programs.safety import gates, lines
from programs.safety.situation import Situation
from tests.conftest import make_episode, make_patient, make_plan

pytestmark = pytest.mark.django_db


def said(code, episode, **fields):
    """What the gates say about an exercise, by level."""
    for name, value in fields.items():
        setattr(episode, name, value)
    exercise = Exercise.objects.get(clinic=None, code=code)
    found = gates.exercise_findings(exercise, Situation.before_any_plan(episode))
    return {finding.level.value: finding for finding in reversed(found)}


@pytest.mark.parametrize(
    ("days", "words"),
    [(0, "0 weeks"), (7, "1 week "), (13, "1 week "), (14, "2 weeks"), (56, "8 weeks")],
)
def test_how_long_ago_a_nerve_was_operated_is_counted_in_whole_weeks(episode, days, words):
    on = episode.clinic.today() - dt.timedelta(days=days)
    found = said("G02", episode, conditions=["nerve_surgery"], nerve_surgery_on=on)
    assert f"decompression {words}" in found["reason"].message


@pytest.mark.parametrize(
    ("code", "condition", "level"),
    [
        ("G10", "osteoporosis", "blocked"),
        ("T01", "disc", "blocked"),
        ("G02", "hip_knee_surgery", "reason"),
        ("T08", "pressure", "reason"),
        ("G01", "neck", "note"),
        ("B02", "low_pressure", "note"),
        ("B12", "vertigo", "reason"),
        ("G05", "foot_drop", "blocked"),
        ("G04", "foot_drop", "blocked"),
        ("G09", "foot_drop", "blocked"),
        ("T04", "foot_drop", "blocked"),
        ("G02", "foot_drop", "reason"),
        ("B10", "foot_drop", "reason"),
        ("B11", "foot_drop", "reason"),
        ("B13", "foot_drop", "reason"),
        ("B14", "foot_drop", "reason"),
        ("T02", "foot_wound", "blocked"),
        ("T06", "foot_wound", "blocked"),
        ("G11", "foot_wound", "blocked"),
        ("B01", "foot_wound", "blocked"),
        ("G01", "foot_wound", "reason"),
        ("G02", "foot_wound", "reason"),
        ("T09", "forefoot", "blocked"),
        ("B05", "foot_wound", "blocked"),
        ("G06", "low_glucose", "note"),
        ("G06", "charcot", "reason"),
        ("G01", "charcot", "blocked"),
    ],
)
def test_a_condition_does_what_the_precaution_says(episode, code, condition, level):
    assert level not in said(code, episode)
    found = said(code, episode, conditions=[condition])
    assert level in found
    assert found[level].source


def test_what_neither_loads_nor_moves_the_foot_stays_with_a_wound(episode):
    assert said("G06", episode, conditions=["foot_wound"]).keys() <= {"note"}


def draft_of(episode, priya, code):
    return plans.assign(
        program=Program.objects.get(clinic=None, code=code), episode=episode, by=priya
    )


def test_a_program_is_not_begun_with_what_it_excludes(ana, priya):
    episode = make_episode(
        ana, priya, nerves=["common_fibular"], conditions=["foot_drop"], helper_at_home=True
    )
    draft = draft_of(episode, priya, "P5")
    with pytest.raises(ValidationError, match="P5 is not for: new or worsening foot drop"):
        plans.activate(plan=draft, by=priya)
    included = set(
        draft.prescriptions.filter(included=True).values_list("exercise__code", flat=True)
    )
    assert not included & {"G04", "G05", "G09", "T04", "T05", "B10", "B11"}


@pytest.mark.parametrize("code", ["P3", "P4"])
def test_with_an_open_wound_a_plan_leaves_out_what_loads_or_pulls_at_the_foot(ana, priya, code):
    episode = make_episode(ana, priya, conditions=["foot_wound"])
    draft = draft_of(episode, priya, code)
    included = set(
        draft.prescriptions.filter(included=True).values_list("exercise__code", flat=True)
    )
    assert included <= {"G06"}


def test_findings_count_as_conditions_without_being_ticked(episode):
    assert "sensation_reduced" not in episode.all_conditions
    episode.sensation = "lost"
    assert {"sensation_lost", "sensation_reduced"} <= episode.all_conditions
    assert "reason" in said("B15", episode, sensation="lost", helper_at_home=True)
    episode.falls_12_months, episode.walking_aid, episode.helper_at_home = 1, "cane", False
    assert {"fell", "walking_aid", "no_helper"} <= episode.all_conditions


def test_what_follows_from_findings_is_not_asked_again():
    asked = {code for code, _ in ASKED}
    assert not asked & set(DERIVED)
    assert asked | set(DERIVED) == set(Condition)


def test_every_precaution_of_the_starter_library_can_be_met():
    used = {
        rule.condition
        for exercise in Exercise.objects.prefetch_related("precaution_rules")
        for rule in exercise.precaution_rules.all()
    }
    assert used <= set(Condition.values)
    assert len(used) > 12


def test_a_blocked_exercise_starts_off_and_can_not_be_included(priya):
    patient = make_patient(priya, "Osten")
    episode = make_episode(patient, priya, conditions=["foot_wound"])
    draft = make_plan(episode, priya, active=False)
    standing = draft.prescriptions.filter(exercise__pose="stand").first()
    assert not standing.included
    with pytest.raises(ValidationError, match="open wound"):
        prescriptions.change(
            prescription=standing, by=priya, included=True, gate_reason="Doctor said so."
        )


def test_a_condition_ticked_after_drafting_stops_activation(draft, episode, priya):
    episode.conditions = ["neck", "foot_wound"]
    episode.save()
    with pytest.raises(ValidationError, match="open wound"):
        plans.activate(plan=draft, by=priya)


def test_a_long_nerve_hold_needs_a_reason(draft, priya):
    row = draft.prescriptions.get(phase__number=1, exercise__code="G01")
    with pytest.raises(ValidationError, match="2 to 5 s is the ceiling"):
        prescriptions.change(prescription=row, by=priya, hold_seconds=6)
    row.refresh_from_db()
    row.plan = draft
    prescriptions.change(prescription=row, by=priya, hold_seconds=5)
    row.hold_seconds = 0
    prescriptions.change(prescription=row, by=priya, hold_seconds=10, gate_reason="Tested here.")


def test_more_than_the_exercise_allows_is_told(draft):
    row = draft.prescriptions.get(phase__number=1, exercise__code="G01")
    row.times_per_day = 3
    notes = [finding.message for finding in lines.line_findings(row, Situation.of(draft))]
    assert "More or less than the library allows: 3 a day (1-2)." in notes
    row.times_per_day = 2
    assert not lines.line_findings(row, Situation.of(draft))
