import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from programs.motion.body import (
    ANKLE,
    FOREARM,
    HEEL,
    SHANK,
    SHOD,
    THIGH,
    UPPER_ARM,
    LegPose,
    arm,
    leg_points,
    leg_to,
)
from programs.motion.clip import sample_times
from programs.motion.hands import GRIP_WRIST, TIPS_WRIST
from programs.motion.lying import BED, SOLVERS, sit
from programs.motion.plane import Point, smoothstep, turned, two_links
from programs.motion.setting import on_one_leg
from programs.motion.standing import COUNTER, seated_reach, stand

degrees = st.floats(-170, 170)
numbers = st.floats(-80, 80)
points = st.builds(Point, numbers, numbers)


def solved(motion):
    if not motion.is_balance and motion.pose in SOLVERS:
        return SOLVERS[motion.pose](motion, sample_times())
    return (seated_reach if motion.pose == "sit" else stand)(motion, sample_times())


@given(points, degrees, st.builds(LegPose, degrees, degrees, degrees, degrees))
def test_segment_lengths_are_kept(root, turn, pose):
    leg = leg_points(root, turn, pose)
    assert math.dist(leg.hip, leg.knee) == pytest.approx(THIGH)
    assert math.dist(leg.knee, leg.ankle) == pytest.approx(SHANK)
    assert math.dist(leg.ankle, leg.sole[0]) == pytest.approx(math.hypot(HEEL, ANKLE))


@given(points, points, st.sampled_from([1, -1]))
def test_two_links_keep_both_lengths(start, target, bend):
    middle = two_links(start, target, 30, 26, bend)
    assert math.dist(start, middle) == pytest.approx(30, abs=1e-3)
    if 4 < math.dist(start, target) < 56:
        assert math.dist(middle, target) == pytest.approx(26, abs=1e-3)


@given(st.floats(-40, 40), st.floats(0, 82), st.floats(-30, 30))
def test_leg_reaches_its_target_with_the_foot_at_its_pitch(x, y, pitch):
    root, target = Point(0, 0), Point(x, y)
    assume(5 < math.hypot(x, y) < THIGH + SHANK - 0.1)
    leg = leg_points(root, 0, leg_to(root, 0, target, pitch))
    assert math.dist(leg.ankle, target) < 1e-3
    assert math.cos(math.radians(leg.foot_turn - pitch)) == pytest.approx(1)


@given(points, points)
def test_arm_is_never_longer_than_an_arm(shoulder, hand):
    drawn = arm(shoulder, hand)
    assert math.dist(drawn[0], drawn[1]) == pytest.approx(UPPER_ARM, abs=1e-3)
    assert math.dist(drawn[1], drawn[2]) == pytest.approx(FOREARM, abs=1e-3)


@given(points, degrees)
def test_turning_back_comes_back(point, angle):
    assert math.dist(turned(turned(point, angle), -angle), point) < 1e-6


@given(st.floats(0, 1), st.floats(0, 1))
def test_easing_is_monotone(t, u):
    early, late = sorted((t, u))
    assert smoothstep(early) <= smoothstep(late) + 1e-12


@pytest.mark.poses("sit", "supine", "sidelying", "longsit")
def test_working_knee_is_drawn_at_its_angle(motion, nerve_exercise):
    for frame, t in zip(solved(motion), sample_times(), strict=True):
        assert frame.near.knee == pytest.approx(motion.nerve_at(t).knee)
        assert frame.near.ankle == pytest.approx(-motion.nerve_at(t).ankle)


@pytest.mark.poses("sit", "stand")
def test_no_foot_goes_through_the_floor(motion, exercise):
    sole = SHOD if motion.is_balance or motion.pose == "stand" else ANKLE
    for frame in solved(motion):
        for pose in (frame.near, frame.far):
            assert leg_points(frame.root, frame.turn, pose, sole).lowest < 0.8


@pytest.mark.poses("supine", "longsit")
def test_no_leg_goes_through_the_bed(motion, nerve_exercise):
    for frame in solved(motion):
        for pose in (frame.near, frame.far):
            leg = leg_points(frame.root, frame.turn, pose)
            assert max(leg.knee.y, leg.lowest) < BED + 1.5


def test_somebody_stands_on_every_frame(motion, balance_exercise):
    for frame in solved(motion):
        lowest = max(
            leg_points(frame.root, frame.turn, pose, SHOD).lowest
            for pose in (frame.near, frame.far)
        )
        assert lowest == pytest.approx(0, abs=0.8)


@pytest.mark.poses("sit")
def test_other_foot_stays_flat_while_sitting(motion, nerve_exercise):
    for frame in sit(motion, sample_times()):
        leg = leg_points(frame.root, frame.turn, frame.far)
        assert leg.foot_turn == pytest.approx(0, abs=1e-6)
        assert leg.lowest == pytest.approx(0, abs=0.8)


@pytest.mark.poses("stand")
def test_hands_hold_on(motion, balance_exercise):
    """At least one wrist is where its hand holds the counter on every frame from the side."""
    wrist = (TIPS_WRIST if on_one_leg(motion) else GRIP_WRIST).y - COUNTER
    for frame in solved(motion):
        heights = [frame.near_arm[-1].y, frame.far_arm[-1].y]
        assert min(abs(height - wrist) for height in heights) < 1
