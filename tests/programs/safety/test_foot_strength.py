"""Foot strength: no nerve exercise, and no way round what holds for nerve exercises."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from patients.models.episode import FootRisk, Irritability, Sensation
from programs.actions import plans
from programs.models import Exercise, Program
from programs.models.restriction import Kind
from programs.plans import suggestions
from programs.safety import gates, holding
from programs.safety.situation import Situation
from tests.conftest import make_episode

pytestmark = pytest.mark.django_db
TENSION = {
    "pose": "sit",
    "A": {"hip": 80, "knee": 80, "ankle": 0},
    "B": {"hip": 80, "knee": 20, "ankle": 10},
}


def levels(code, episode):
    found = gates.exercise_findings(
        Exercise.objects.get(code=code), Situation.before_any_plan(episode)
    )
    return {finding.level.value for finding in found}


@pytest.mark.parametrize(
    ("findings", "expected"),
    [
        ({}, set()),
        ({"conditions": ["charcot"]}, {"blocked"}),
        ({"conditions": ["foot_wound"]}, {"reason"}),
        ({"conditions": ["foot_drop"]}, {"reason"}),
        ({"conditions": ["weakness"]}, {"reason"}),
        ({"conditions": ["nerve_surgery"]}, {"reason"}),
        ({"conditions": ["clot"]}, {"blocked"}),
        ({"irritability": Irritability.HIGH}, {"reason"}),
    ],
)
def test_what_a_finding_says_of_it(ana, priya, findings, expected):
    assert levels("F02", make_episode(ana, priya, **findings)) == expected


def test_a_tension_move_called_strength_is_refused_and_would_count_as_tension(ana, priya):
    one = Exercise.objects.get(code="F02")
    one.motion_data = TENSION
    assert one.is_tension
    with pytest.raises(ValidationError, match="only the ankle"):
        one.full_clean()


def test_it_has_neither_nerve_nor_level():
    with pytest.raises(IntegrityError), transaction.atomic():
        Exercise.objects.filter(code="F01").update(nerve="tibial")
    with pytest.raises(IntegrityError), transaction.atomic():
        Exercise.objects.filter(code="F01").update(level=1)


@pytest.mark.parametrize(
    ("kind", "held"), [("nerve", False), ("tension", False), ("standing", False), ("all", True)]
)
def test_which_restrictions_leave_it_out(kind, held, ana, priya):
    one = holding.Held(Kind(kind), make_episode(ana, priya).clinic.today())
    assert one.leaves_out(Exercise.objects.get(code="F01")) is held


def test_lost_feeling_limits_its_angles_and_keeps_its_hold(ana, priya):
    episode = make_episode(
        ana, priya, sensation=Sensation.LOST, foot_risk=FootRisk.LOW, side="right"
    )
    plan = plans.assign(episode=episode, program=Program.objects.get(code="P7"), by=priya)
    row = plan.prescriptions.get(phase__number=1, exercise__code="F02")
    assert row.kept.motion["B"]["ankle"] == 5
    assert (row.hold_seconds, row.side) == (2, "both")


@pytest.mark.parametrize(
    ("risk", "fits"), [(None, False), (0, False), (1, True), (2, True), (3, False)]
)
def test_its_program_is_for_low_to_moderate_risk(ana, priya, risk, fits):
    episode = make_episode(ana, priya, foot_risk=risk)
    [fit] = suggestions.fits(Program.objects.filter(code="P7"), episode)
    assert fit.fits is fits
