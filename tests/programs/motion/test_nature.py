"""What an exercise is follows from its movement, not from what it is called."""

import pytest

from programs.models import Exercise
from programs.motion import Motion
from programs.motion.nature import nature

pytestmark = pytest.mark.django_db


def library(code):
    return Exercise.objects.get(clinic=None, code=code)


def test_the_starter_library_is_what_it_says():
    for exercise in Exercise.objects.filter(clinic=None):
        found = exercise.nature
        assert found.is_standing == (exercise.pose == "stand"), exercise
        assert found.raises_load == (exercise.kind == "tension"), exercise
        assert not found.needs_helper or exercise.needs_helper, exercise
        assert found.is_for_clinic == (not exercise.home_use), exercise


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("B09", {"is_single_leg", "needs_helper"}),
        ("B15", {"is_on_foam", "needs_helper"}),
        ("B16", {"closes_eyes", "needs_helper", "is_for_clinic"}),
        ("B13", {"is_tandem"}),
        ("B01", {"loads_sole"}),
        ("T02", {"uses_strap", "moves_foot", "raises_load"}),
        ("G06", set()),
    ],
)
def test_by_movement(code, names):
    exercise = library(code)
    found = exercise.nature
    standing = {"is_standing", "loads_sole"} if exercise.pose == "stand" else set()
    said = {
        name
        for name in (
            "is_standing",
            "is_single_leg",
            "is_tandem",
            "closes_eyes",
            "is_on_foam",
            "uses_strap",
            "loads_sole",
            "moves_foot",
            "raises_load",
            "needs_helper",
            "is_for_clinic",
        )
        if getattr(found, name)
    }
    assert said == names | standing


@pytest.mark.parametrize("nerve", ["tibial", "many"])
def test_a_tension_called_glide_is_tension(nerve):
    exercise = library("T02")
    exercise.kind, exercise.nerve = "glide", nerve
    assert exercise.is_tension


def test_a_declaration_only_makes_it_stricter():
    exercise = library("B09")
    exercise.needs_helper = False
    assert exercise.asks_helper
    exercise = library("B02")
    exercise.needs_helper = True
    assert exercise.asks_helper


def test_a_glide_stays_one():
    assert not nature("tibial", Motion.from_json(library("G01").motion_data)).raises_load
