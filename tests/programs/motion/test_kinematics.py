"""What holds for the drawn body whatever the angles: bones keep their length, sides mirror."""

import itertools
import math
import re

import pytest
from hypothesis import assume, example, given, settings

from programs.motion import Motion, figure_svg
from programs.motion import front as front_view
from programs.motion.angles import BalanceKeyframe, Leg
from programs.motion.body import (
    ANKLE,
    BALL,
    FOREARM,
    LUMBAR,
    SHANK,
    SHOULDER,
    THIGH,
    TOE,
    UPPER_ARM,
    WAIST_AT,
    leg_points,
    torso_point,
)
from programs.motion.clip import sample_times
from programs.motion.lying import SOLVERS
from programs.motion.plane import Point
from programs.motion.standing import near_side, seated_reach, stand
from tests.programs.motion.strategies import balance_motions, motions, nerve_motions

TIMES = sample_times()
TURNED = r"translate\([^)]*\) scale\(-1 1\)"  # the whole figure
quick = settings(max_examples=60, deadline=None)
bone = pytest.approx


def rise(*, left, right):
    """From a chair to standing with one knee bent a little more than the other."""
    legs = {"hip_abd": 0, "ankle": 0}
    rest = {"trunk": 0, "trunk_side": 0, "neck": 0, "neck_rot": 0}
    rest |= {"base": "hip-width", "com": "mid", "eyes": "open"}
    seat = Leg(hip=60, knee=60, **legs)
    end = {"L": Leg(hip=0, knee=left, **legs), "R": Leg(hip=0, knee=right, **legs)}
    return Motion(
        pose="stand",
        start=BalanceKeyframe(L=seat, R=seat, **rest),
        end=BalanceKeyframe(**end, **rest),
        side="right",
    )


ONE_KNEE_BENT = rise(left=0, right=1)


def solved(motion):
    """In side view."""
    if not motion.is_balance and motion.pose in SOLVERS:
        return SOLVERS[motion.pose](motion, TIMES)
    return (seated_reach if motion.pose == "sit" else stand)(motion, TIMES)


def arms_of(motion, frame):
    """None where one lies on the side, whose arms do not follow from the angles."""
    return [] if motion.pose == "sidelying" else [frame.near_arm, frame.far_arm]


@given(motions)
@quick
def test_legs_and_arms_keep_their_lengths_in_every_pose(motion):
    for frame in solved(motion):
        for leg in (frame.near, frame.far):
            at = leg_points(frame.root, frame.turn, leg)
            assert math.dist(at.hip, at.knee) == bone(THIGH)
            assert math.dist(at.knee, at.ankle) == bone(SHANK)
            assert math.dist(at.ankle, at.sole[1]) == bone(math.hypot(BALL, ANKLE))
            assert math.dist(at.sole[1], at.sole[2]) == bone(TOE - BALL)
        for shoulder, elbow, hand in arms_of(motion, frame):
            assert math.dist(shoulder, elbow) == bone(UPPER_ARM, abs=1e-3)
            assert math.dist(elbow, hand) == bone(FOREARM, abs=1e-3)


@given(motions)
@quick
def test_trunk_keeps_its_lengths_and_carries_the_arms(motion):
    for frame in solved(motion):
        waist, shoulder = (
            torso_point(frame.root, frame.turn, frame.low, frame.high, at)
            for at in (Point(*WAIST_AT), SHOULDER)
        )
        assert math.dist(frame.root, waist) == bone(LUMBAR)
        assert math.dist(waist, shoulder) == bone(math.dist(WAIST_AT, SHOULDER))
        for held in arms_of(motion, frame):
            assert math.dist(shoulder, held[0]) < 1e-6


@given(balance_motions)
@quick
def test_arms_seen_from_the_front_keep_their_lengths(motion):
    for frame in front_view.frames(motion, TIMES):
        for shoulder, elbow, hand in (frame.left_arm, frame.right_arm):
            assert math.dist(shoulder, elbow) == bone(UPPER_ARM * front_view.ARM, abs=1e-3)
            assert math.dist(elbow, hand) == bone(FOREARM * front_view.ARM, abs=1e-3)


@given(nerve_motions)
@quick
def test_joint_that_is_drawn_at_its_angle_goes_straight_to_its_end(motion):
    assume(motion.pose in SOLVERS)
    frames = solved(motion)
    for turns in ([frame.near.knee for frame in frames], [-frame.near.ankle for frame in frames]):
        way = math.copysign(1, turns[-1] - turns[0])
        steps = [b - a for a, b in itertools.pairwise(turns)]
        assert all(way * step >= -1e-9 for step in steps)


@given(nerve_motions)
@quick
def test_other_side_is_solved_alike_and_drawn_turned_over(motion):
    other = motion.mirrored()
    assert solved(other) == solved(motion)
    drawn = [figure_svg(one, kind="glide", animated=False) for one in (motion, other)]
    assert sorted(bool(re.search(TURNED, text)) for text in drawn) == [False, True]


@given(balance_motions)
@example(ONE_KNEE_BENT)
@quick
def test_side_view_of_the_mirrored_task_is_the_mirror_image(motion):
    other = motion.mirrored()
    assume(near_side(motion) != near_side(other))  # else both legs do the same
    assert solved(other) == solved(motion)


@given(balance_motions)
@quick
def test_front_view_of_the_mirrored_task_is_the_mirror_image(motion):
    start, end = motion.balance_ends()
    # Where both legs could be the one that steps or is lifted, it is the same one for both.
    assume(all(f.L.hip_abd != f.R.hip_abd and f.L.knee != f.R.knee for f in (start, end)))
    for one, two in zip(
        front_view.frames(motion, TIMES),
        front_view.frames(motion.mirrored(), TIMES),
        strict=True,
    ):
        assert mirrored(one.pelvis) == bone(two.pelvis)
        assert one.side_lean == bone(-two.side_lean)
        assert mirrored(one.face) == bone(two.face)
        for side, other in (("left", "right"), ("right", "left")):
            assert mirrored(getattr(one, side).ankle) == bone(getattr(two, other).ankle)
            assert mirrored(getattr(one, side).hip) == bone(getattr(two, other).hip)
            arm, mirror = getattr(one, f"{side}_arm"), getattr(two, f"{other}_arm")
            assert [mirrored(point) for point in arm] == [bone(point) for point in mirror]


def mirrored(point):
    return Point(-point.x, point.y)


def test_mirrored_step_is_drawn_the_other_way_round(by_code):
    motion = Motion.from_json(by_code["B11"]["motion"])
    texts = [figure_svg(one, kind="balance", animated=False) for one in (motion, motion.mirrored())]
    assert [bool(re.search(TURNED, text)) for text in texts] == [True, False]
