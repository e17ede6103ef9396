import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from programs.motion import Motion, joint_loads, rule
from programs.motion.load import SIGNS
from tests.programs.motion.strategies import nerve_motions

# "A to B" rows of brief 2.5, read by hand: + loads, - unloads, 0 moves without a known effect.
EXPECTED = {
    "G01": {"neck": "-", "knee": "+", "ankle": "+"},
    "G02": {"knee": "+", "ankle": "-"},
    "G03": {"knee": "+", "ankle": "-", "toe": "-"},
    "G04": {"knee": "+", "ankle": "-", "ever": "-"},
    "G05": {"neck": "-", "knee": "+"},
    "G06": {"hip": "-", "knee": "+"},
    "G07": {"knee": "+", "ankle": "-", "ever": "-"},
    "G08": {"hip": "+", "knee": "-", "ever": "-"},
    "G09": {"knee": "+", "ankle": "-", "toe": "-"},
    "G10": {"neck": "-", "trunk": "-", "knee": "+", "ankle": "+"},
    "G11": {"hip": "+", "ankle": "-"},
    "T01": {"neck": "+", "trunk": "+", "knee": "+", "ankle": "+"},
    "T02": {"hip": "+", "knee": "+", "ankle": "+", "ever": "+"},
    "T03": {"knee": "+", "ankle": "+", "toe": "+"},
    "T04": {"hip": "0", "knee": "+", "ankle": "+", "ever": "+"},
    "T05": {"neck": "+", "trunk": "+", "knee": "+", "ankle": "+", "ever": "+"},
    "T06": {"hip": "+", "knee": "+", "ankle": "+", "ever": "+"},
    "T07": {"hip": "+", "knee": "+", "ever": "+"},
    "T08": {"neck": "+", "hip": "+", "knee": "+", "ankle": "+"},
    "T09": {"knee": "+", "ankle": "+", "toe": "+"},
}
WORDS = {"+": "load", "-": "unload", "0": "neutral"}


def moved(start, end, pose="supine"):
    return Motion.from_json({"pose": pose, "A": start, "B": end})


def test_loads_are_those_of_the_brief(motion, nerve_exercise):
    found = {load.joint: load.effect for load in joint_loads(nerve_exercise["nerve"], motion)}
    expected = EXPECTED[nerve_exercise["id"]]
    assert found == {joint: WORDS[sign] for joint, sign in expected.items()}


def test_rule_agrees_with_the_kind(motion, nerve_exercise):
    assert rule(nerve_exercise["nerve"], motion) == nerve_exercise["kind"]


def test_load_carries_degrees_and_certainty():
    (load,) = joint_loads("tibial", moved({"ankle": -10}, {"ankle": 10}))
    assert (load.joint, load.delta, load.effect, load.certainty) == ("ankle", 20, "load", "high")


@pytest.mark.parametrize(
    ("nerve", "joint", "certainty"),
    [
        ("plantar", "neck", "low"),
        ("superficial_fibular", "hip", "high"),
        ("common_fibular", "ankle", "medium"),
        ("sural", "ever", "medium"),
        ("saphenous", "knee", "low"),
        ("saphenous", "ankle", "disputed"),
    ],
)
def test_certainty_is_kept_cell_by_cell(nerve, joint, certainty):
    assert SIGNS[nerve][joint][1] == certainty


def test_every_nerve_has_every_joint():
    joints = {"neck", "trunk", "hip", "knee", "ankle", "ever", "toe"}
    assert all(set(row) == joints for row in SIGNS.values())


def test_going_back_turns_every_load_round(motion, nerve_exercise):
    nerve = nerve_exercise["nerve"]
    back = Motion(motion.pose, motion.end, motion.start)
    turned = {"load": "unload", "unload": "load", "neutral": "neutral"}
    assert [turned[load.effect] for load in joint_loads(nerve, motion)] == [
        load.effect for load in joint_loads(nerve, back)
    ]


@given(nerve_motions, st.sampled_from(sorted(SIGNS)))
@settings(max_examples=60, deadline=None)
def test_side_makes_no_difference_and_a_limit_never_turns_a_load_round(motion, nerve):
    loads = {load.joint: load.effect for load in joint_loads(nerve, motion)}
    assert rule(nerve, motion.mirrored()) == rule(nerve, motion)
    capped = motion.capped({"hip_max": 60, "knee_min": 10, "ankle_max": 5}).motion
    for load in joint_loads(nerve, capped):
        assert loads[load.joint] == load.effect


@pytest.mark.parametrize(
    ("start", "end", "answer"),
    [
        ({"knee": 60}, {"knee": 10}, None),
        ({"knee": 60}, {"knee": 10, "ankle": 5}, "tension"),
        ({"knee": 60, "ankle": 5}, {"knee": 10}, "glide"),
        ({"knee": 10, "ankle": 5}, {"knee": 60}, None),
        ({}, {}, None),
    ],
)
def test_rule_needs_two_ends_or_two_loads(start, end, answer):
    assert rule("tibial", moved(start, end)) == answer


@pytest.mark.parametrize("nerve", [None, "", "many"])
def test_without_one_nerve_there_is_no_rule(nerve):
    motion = moved({"knee": 60}, {"knee": 10, "ankle": 5})
    assert joint_loads(nerve, motion) == []
    assert rule(nerve, motion) is None


def test_balance_has_no_nerve_rule(motion, balance_exercise):
    assert rule("tibial", motion) is None
