import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programs.motion import Motion
from programs.motion.angles import RANGES, Keyframe
from tests.programs.motion.strategies import (
    BODY_JOINTS,
    LEG_JOINTS,
    NERVE_JOINTS,
    keyframes,
    motions,
    tasks,
)


def sitting(**joints):
    return {"pose": "sit", "A": {}, "B": joints}


def test_json_comes_back_as_it_went_in(exercise):
    assert Motion.from_json(exercise["motion"]).to_json() == exercise["motion"]


@given(motions)
def test_any_motion_survives_json(motion):
    assert Motion.from_json(motion.to_json()) == motion


@given(st.sampled_from(NERVE_JOINTS), st.floats(0.5, 500), st.booleans())
def test_angle_outside_range_is_refused_by_name_value_and_range(joint, beyond, above):
    low, high = RANGES[joint]
    value = high + beyond if above else low - beyond
    with pytest.raises(ValueError, match=joint) as caught:
        Motion.from_json(sitting(**{joint: value}))
    assert f"{value}°" in str(caught.value)
    assert f"{low}° to {high}°" in str(caught.value)


@given(st.sampled_from(LEG_JOINTS + BODY_JOINTS), st.floats(0.5, 500), st.booleans())
def test_balance_angle_outside_range_is_refused_by_name_and_range(joint, beyond, above):
    low, high = RANGES[joint]
    value = high + beyond if above else low - beyond
    task = {"L": {joint: value}} if joint in LEG_JOINTS else {"L": {}, joint: value}
    with pytest.raises(ValueError, match=f"^{joint}: ") as caught:
        Motion.from_json({"pose": "stand", "A": task, "B": task})
    assert f"{low}° to {high}°" in str(caught.value)


@pytest.mark.parametrize("value", [math.nan, math.inf, True, "30", None])
def test_what_is_not_an_angle_is_refused(value):
    with pytest.raises(ValueError, match="knee"):
        Motion.from_json(sitting(knee=value))


@pytest.mark.parametrize(
    ("data", "word"),
    [
        ({"pose": "hang", "A": {}, "B": {}}, "pose"),
        ({"pose": "sit", "A": {}, "B": {}, "side": "both"}, "side"),
        ({"pose": "sit", "A": {"elbow": 3}, "B": {}}, "elbow"),
        ({"pose": "sit", "A": {"hip_abd": 3}, "B": {}}, "hip_abd"),
        ({"pose": "sit", "A": {}, "B": {"L": {}}}, "both"),
        ({"pose": "supine", "A": {"L": {}}, "B": {"L": {}}}, "pose"),
        ({"pose": "stand", "A": {"L": {}, "base": "rope"}, "B": {"L": {}}}, "base"),
        ({"pose": "stand", "A": {"L": {}, "com": "up"}, "B": {"L": {}}}, "com"),
    ],
)
def test_unknown_words_and_shapes_are_refused(data, word):
    with pytest.raises(ValueError, match=word):
        Motion.from_json(data)


@pytest.mark.parametrize("missing", ["pose", "A", "B"])
def test_missing_part_is_an_error(missing):
    data = {"pose": "sit", "A": {}, "B": {}}
    del data[missing]
    with pytest.raises(KeyError):
        Motion.from_json(data)


@given(motions)
def test_mirror_twice_is_the_same(motion):
    assert motion.mirrored().mirrored() == motion


def test_mirror_swaps_the_legs_the_lean_and_the_weight():
    ends = {"L": {"hip": 45}, "R": {"knee": 9}, "trunk_side": 10, "neck_rot": -35, "com": "fwd-R"}
    _, end = Motion.from_json({"pose": "stand", "A": ends, "B": ends}).mirrored().balance_ends()
    assert (end.L.knee, end.R.hip) == (9, 45)
    assert (end.trunk_side, end.neck_rot, end.com) == (-10, 35, "fwd-L")


def test_mirror_of_a_nerve_movement_is_the_other_side():
    assert Motion.from_json(sitting(knee=20)).mirrored().side == "left"


@given(keyframes, keyframes, st.floats(0, 1), st.floats(0, 1))
def test_interpolation_is_monotone_and_stays_between_the_ends(a, b, t, u):
    motion = Motion.from_json({"pose": "supine", "A": a, "B": b})
    early, late = (motion.nerve_at(share) for share in sorted((t, u)))
    for joint in NERVE_JOINTS:
        way = math.copysign(1, b[joint] - a[joint])
        first, second = getattr(early, joint), getattr(late, joint)
        assert way * (second - first) >= -1e-9
        assert min(a[joint], b[joint]) - 1e-9 <= first <= max(a[joint], b[joint]) + 1e-9


@given(tasks, tasks, st.floats(0, 1), st.floats(0, 1))
def test_interpolation_of_a_balance_task_is_monotone_too(a, b, t, u):
    motion = Motion.from_json({"pose": "stand", "A": a, "B": b})
    early, late = (motion.balance_at(share) for share in sorted((t, u)))
    for get in (
        *(lambda f, j=j: getattr(f, j) for j in BODY_JOINTS),
        *(lambda f, j=j, s=s: getattr(getattr(f, s), j) for s in "LR" for j in LEG_JOINTS),
    ):
        way = math.copysign(1, get(motion.end) - get(motion.start))
        assert way * (get(late) - get(early)) >= -1e-9


def test_interpolation_meets_both_ends(motion, exercise):
    at = motion.balance_at if motion.is_balance else motion.nerve_at
    assert at(0) == motion.start
    assert at(1) == motion.end


CAPS = {"hip_max": 60, "knee_min": 10, "ankle_max": 5}  # protective sensation lost, brief 2.4


def test_caps_clamp_both_ends_and_name_the_joints():
    motion = Motion.from_json(
        {"pose": "supine", "A": {"hip": 75, "knee": 20}, "B": {"hip": 80, "knee": 0, "ankle": 12}}
    )
    capped = motion.capped(CAPS)
    assert capped.changed == ("hip", "knee", "ankle")
    assert capped.uncappable == ()
    assert capped.motion.nerve_ends() == (
        Keyframe(hip=60, knee=20),
        Keyframe(hip=60, knee=10, ankle=5),
    )


@pytest.mark.parametrize("pose", ["sit", "longsit"])
def test_hip_that_the_position_holds_is_reported_not_clamped(pose):
    motion = Motion.from_json({"pose": pose, "A": {"hip": 85}, "B": {"hip": 85, "ankle": 10}})
    capped = motion.capped(CAPS)
    assert capped.uncappable == ("hip",)
    assert capped.changed == ("knee", "ankle")
    assert capped.motion.end.hip == 85


def test_caps_may_be_pairs():
    motion = Motion.from_json({"pose": "supine", "A": {"ankle": -30}, "B": {"ankle": 20}})
    capped = motion.capped({"ankle": (-10, 5)}).motion
    assert (capped.start.ankle, capped.end.ankle) == (-10, 5)


@given(keyframes, keyframes)
def test_nothing_is_beyond_its_cap_afterwards(a, b):
    capped = Motion.from_json({"pose": "supine", "A": a, "B": b}).capped(CAPS)
    assert all(e.hip <= 60 and e.knee >= 10 and e.ankle <= 5 for e in capped.motion.nerve_ends())
    assert capped.motion.capped(CAPS).changed == ()


def test_caps_leave_balance_tasks_alone(motion, balance_exercise):
    assert motion.capped(CAPS).motion is motion


def test_cap_on_an_unknown_joint_is_an_error():
    with pytest.raises(ValueError, match="elbow_max"):
        Motion.from_json(sitting()).capped({"elbow_max": 3})


def test_wrong_kind_of_ends_is_an_error(motion, exercise):
    wrong = motion.nerve_ends if motion.is_balance else motion.balance_ends
    with pytest.raises(TypeError):
        wrong()
