"""Side-view frames of the nerve movements that are done sitting or lying.

Both hands do the same, but on the side: the far arm is then right behind the near one.
"""

import math
from collections.abc import Callable, Sequence

from programs.motion.angles import FOOT_JOINTS, Keyframe, Motion
from programs.motion.body import (
    ANKLE,
    LEG,
    REST,
    SHANK,
    SHOULDER,
    THIGH,
    LegPose,
    SideFrame,
    arm,
    leg_points,
    leg_to,
    torso_point,
)
from programs.motion.plane import Point, heading, mix, plus, turned
from programs.motion.setting import uses_strap

SLUMP_LOW = 0.4  # share of a slump that the lower back does (design value)
BED = 9.0  # bed under the hip joint of one who lies or long-sits
HEEL_UP = 7.0  # ankle above the bed when the heel rests on it
TOP_SEAT = 5.0  # cm a chair is drawn higher so that pointed toes clear the floor (design value)
BENT_HEEL_UP = 8.4  # and when the knee is bent, so that the heel's corner is lower
PILLOW = 12.0  # degrees the pillow lifts the head
ON_THIGH = 20.0  # cm along it, where the wrist of one who sits tall lies
SLUMPED_ON_THIGH = 27.0  # and of one who slumps
FIST = 6.0  # from the wrist to where the strap leaves the hand
ROLL_GIVES = 0.6  # how far the roll lets the knee down, as a share (design value)
STANDS_FROM = 80.0  # degrees of the knee from which a sitting foot stands on the floor
SQUASH = 0.72  # how much is seen of what lies away from us, side-lying
UPPER = Point(0, -8)  # the upper hip there
RECLINE = (14.0, 32.0)  # degrees a supported back leans


def _working(frame: Keyframe, hip_turn: float) -> LegPose:
    return LegPose(hip_turn, frame.knee, -frame.ankle, -frame.toe)


def _shoulder(root: Point, turn: float, low: float, high: float) -> Point:
    return torso_point(root, turn, low, high, SHOULDER)


def sit_hip(motion: Motion, times: Sequence[float]) -> tuple[Point, float]:
    """The hip above the floor, and degrees the working thigh is raised, to clear the floor."""
    frames = [motion.nerve_at(t) for t in ((0.0,) if _on_floor(motion) else times)]
    hip_angle = max(math.radians(frame.hip) for frame in frames)
    base = -(ANKLE + SHANK + THIGH * max(math.cos(hip_angle), 0))
    low = max(leg_points(Point(0, base), 0, _working(frame, -frame.hip)).lowest for frame in frames)
    seat = min(max(low, 0), TOP_SEAT)
    rest = max(low - seat, 0)
    return Point(0, base - seat), math.degrees(math.asin(min(rest / THIGH, 1)))


def _on_floor(motion: Motion) -> bool:
    """A foot that stands there and moves by itself: the floor lifts the heel, and the thigh."""
    bent = min(end.knee for end in motion.nerve_ends()) >= STANDS_FROM
    return bent and motion.deltas().keys() <= FOOT_JOINTS


def _lifted(root: Point, leg: LegPose) -> float:
    """Degrees by which the floor lifts the thigh, so that the foot does not go into it."""
    low = max(leg_points(root, 0, leg).lowest, 0)
    return math.degrees(math.asin(min(low / THIGH, 1)))


def sit(motion: Motion, times: Sequence[float]) -> list[SideFrame]:
    root, raised = sit_hip(motion, times)
    stands = _on_floor(motion)
    far = leg_to(root, 0, Point(THIGH + 3, -ANKLE))
    slumps = any(end.trunk for end in motion.nerve_ends())
    frames = []
    for t in times:
        at = motion.nerve_at(t)
        near = _working(at, -at.hip - raised)
        if stands:
            near = _working(at, near.hip - _lifted(root, near))
        low, high = at.trunk * SLUMP_LOW, at.trunk * (1 - SLUMP_LOW)
        shoulder = _shoulder(root, 0, low, high)
        along = SLUMPED_ON_THIGH if slumps else ON_THIGH
        both = arm(shoulder, plus(root, turned(Point(REST, along), near.hip)))
        frames.append(SideFrame(root, 0, near, far, low, high, at.neck, both, both))
    return frames


def supine(motion: Motion, times: Sequence[float]) -> list[SideFrame]:
    root, turn = Point(0, 0), -90.0
    far = leg_to(root, turn, Point(LEG - 0.6, BED - HEEL_UP), -82)
    strap = uses_strap(motion)
    frames = []
    for t in times:
        at = motion.nerve_at(t)
        near = _working(at, -at.hip)
        low, high = at.trunk * SLUMP_LOW, at.trunk * (1 - SLUMP_LOW)
        shoulder = _shoulder(root, turn, low, high)
        points = leg_points(root, turn, near)
        behind_thigh = plus(root, turned(Point(-9, 10), turn + near.hip))
        both = arm(shoulder, Point(-12, -24) if strap else behind_thigh)
        frames.append(
            SideFrame(
                root,
                turn,
                near,
                far,
                low,
                high,
                at.neck + PILLOW,
                both,
                both,
                _strap(both, points.ankle, points.foot_turn) if strap else (),
            )
        )
    return frames


def _strap(held: tuple[Point, ...], ankle: Point, foot_turn: float) -> tuple[Point, ...]:
    """From the fist over the top of the foot, round the ball."""
    _, elbow, wrist = held
    hand = plus(wrist, turned(Point(0, FIST), heading(elbow, wrist)))
    over, under = (
        plus(ankle, turned(point, foot_turn)) for point in (Point(9.8, 0.6), Point(10.4, 7))
    )
    return hand, over, under


def sidelying(motion: Motion, times: Sequence[float]) -> list[SideFrame]:
    """Head to the right, facing us; the working leg on top. `bedside` draws it, with its arms."""
    root, turn = Point(0, 0), 90.0
    far = LegPose(-30, 52, 8)
    frames = []
    for t in times:
        at = motion.nerve_at(t)
        low, high = at.trunk * SLUMP_LOW, at.trunk * (1 - SLUMP_LOW)
        near = _working(at, -at.hip)
        frames.append(SideFrame(root, turn, near, far, low, high, at.neck + 6, (), ()))
    return frames


def laid(at: Point) -> Point:
    """Where a point of the upper leg is on the page, which sees the bed from a little above."""
    return Point(UPPER.x + at.x, UPPER.y + at.y * SQUASH)


def thigh_rise(knee: float) -> float:
    """Degrees the thigh stands above the bed when the knee is bent so and the heel rests."""
    low, high = 0.0, 80.0
    for _ in range(20):
        rise = (low + high) / 2
        ankle = SHANK * math.sin(math.radians(knee - rise)) - THIGH * math.sin(math.radians(rise))
        low, high = (rise, high) if ankle > BED - BENT_HEEL_UP else (low, rise)
    return low


def longsit(motion: Motion, times: Sequence[float]) -> list[SideFrame]:
    """The back leans on a headboard; the knee presses down what it rests on as it straightens."""
    start, end = motion.nerve_ends()
    rise = thigh_rise(max(start.knee, end.knee))
    recline = min(max(90 + rise - start.hip, RECLINE[0]), RECLINE[1])
    root, turn = Point(0, 0), -recline
    far = leg_to(root, turn, Point(LEG - 0.6, BED - HEEL_UP), -80)
    strap = uses_strap(motion)
    frames = []
    for t in times:
        at = motion.nerve_at(t)
        pressed = mix(rise, thigh_rise(at.knee), 1 if strap else ROLL_GIVES)
        near = _working(at, recline - 90 - pressed)
        low, high = at.trunk * SLUMP_LOW, at.trunk * (1 - SLUMP_LOW)
        shoulder = _shoulder(root, turn, low, high)
        points = leg_points(root, turn, near)
        both = arm(shoulder, Point(22, -26) if strap else Point(2, BED - 4))
        frames.append(
            SideFrame(
                root,
                turn,
                near,
                far,
                low,
                high,
                at.neck + recline * 0.7,
                both,
                both,
                _strap(both, points.ankle, points.foot_turn) if strap else (),
            )
        )
    return frames


SOLVERS: dict[str, Callable[[Motion, Sequence[float]], list[SideFrame]]] = {
    "sit": sit,
    "supine": supine,
    "sidelying": sidelying,
    "longsit": longsit,
}
