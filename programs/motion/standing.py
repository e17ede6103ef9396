"""Side-view frames of standing: feet are planted, the pelvis follows, the knees are solved."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from programs.motion.angles import BalanceKeyframe, Keyframe, Leg, Motion
from programs.motion.body import (
    BALL,
    HEEL,
    REST,
    SHANK,
    SHOD,
    SHOULDER,
    THIGH,
    SideFrame,
    arm,
    leg_to,
    torso_point,
)
from programs.motion.hands import GRIP_WRIST, TIPS_WRIST
from programs.motion.plane import Point, mix, mix_points, plus, turned
from programs.motion.setting import (
    goes_heel_to_toe,
    is_beside_counter,
    on_one_leg,
    reaches,
    rises,
    tilts_feet,
)

COUNTER = 92.0  # top of the counter, cm: hip height (brief 1.6)
COUNTER_AT = 33.0  # its edge in front of the ankles
HOLDS_AHEAD = 28.0  # of the trunk's middle, where the far hand holds on beside a counter
TIPS_IN = Point(7, 0)  # from the edge to where two fingertips touch
FAR_HAND = Point(5, -0.8)  # from the near one, which is before it
FAR_AHEAD = 2.6  # by which a far leg is seen beside a near one (design value)
FOOT_LENGTH = 26.0
ARMREST = -11.0  # a chair's armrest, from the hip joint (design value)
BASE_STEP = {"tandem": FOOT_LENGTH, "semi-tandem": FOOT_LENGTH / 2}
NEAR_FLOOR = 6.0  # a foot this little above the floor is drawn on it (design value)
STEP_UP = 5.0  # how high a stepping foot is lifted (design value)
RISE_LEAN = 22.0  # extra trunk lean in the middle of a sit to stand, degrees (design value)
RISE_SHIN = 14.0  # and how far the shins tip forward then


@dataclass(frozen=True, slots=True)
class Stance:
    """One solved end of a standing task."""

    pelvis: Point
    near: Point  # ankles
    far: Point
    near_pitch: float
    far_pitch: float
    trunk: float


def near_side(motion: Motion) -> str:
    """The leg that does more is drawn nearest to us; in tandem the one that ends up ahead."""
    if not motion.is_balance:
        return "R"
    start, end = motion.balance_ends()

    def work(side: str) -> float:
        a, b = getattr(start, side), getattr(end, side)
        return abs(b.hip - a.hip) + abs(b.knee - a.knee)

    if goes_heel_to_toe(start, end) or BASE_STEP.get(end.base, 0):
        return _ahead(end, start)
    return "L" if work("L") > work("R") else "R"


def _pelvis_over(leg: Leg) -> Point:
    """The hip above a flat foot at x = 0, from the ankle and the knee."""
    shin = math.radians(leg.ankle)
    thigh = math.radians(leg.ankle - leg.knee)
    x = SHANK * math.sin(shin) + THIGH * math.sin(thigh)
    return Point(x, -SHOD - SHANK * math.cos(shin) - THIGH * math.cos(thigh))


def _ankle_below(pelvis: Point, leg: Leg) -> Point:
    thigh, shin = math.radians(leg.hip), math.radians(leg.hip - leg.knee)
    x = pelvis.x + THIGH * math.sin(thigh) + SHANK * math.sin(shin)
    return Point(x, pelvis.y + THIGH * math.cos(thigh) + SHANK * math.cos(shin))


def _heel_raise(pitch: float) -> float:
    """Ankle height in cm when the foot stands on its ball, heel up by `pitch` degrees."""
    angle = math.radians(pitch)
    return SHOD * math.cos(angle) + BALL * math.sin(angle)


def _pitch_to_floor(height: float) -> float:
    return next((float(p) for p in range(40) if _heel_raise(p) >= height), 40.0)


def _stance(frame: BalanceKeyframe, near: str, ahead: str) -> Stance:
    legs = {"near": getattr(frame, near), "far": frame.R if near == "L" else frame.L}
    if tilts_feet(frame):
        return _tilted(legs["near"].ankle)
    step = BASE_STEP.get(frame.base, 0)
    if step:
        front, back = Point(step / 2, -SHOD), Point(-step / 2, -SHOD)
        near_at, far_at = (front, back) if ahead == near else (back, front)
        top = -SHOD - math.sqrt((THIGH + SHANK - 0.3) ** 2 - (step / 2) ** 2)
        return Stance(Point(0, top), near_at, far_at, 0, 0, frame.trunk)
    return _by_angles(frame, legs)


def _tilted(ankle: float) -> Stance:
    """Up on the toes, or toes up: both feet tip about the ball or the heel, which stays where it
    is; shins upright.
    """
    pivot = Point(BALL if ankle < 0 else HEEL, SHOD)
    from_pivot = turned(pivot, -ankle)
    at = Point(pivot.x - from_pivot.x, -from_pivot.y)
    return Stance(Point(at.x, at.y - THIGH - SHANK), at, at, -ankle, -ankle, 0)


def _by_angles(frame: BalanceKeyframe, legs: dict[str, Leg]) -> Stance:
    standing = min(legs, key=lambda name: (legs[name].hip + legs[name].knee, name))
    pelvis = _pelvis_over(legs[standing])
    found = {}
    for name, leg in legs.items():
        same = leg == legs[standing]
        ankle = Point(0, -SHOD) if same else _ankle_below(pelvis, leg)
        on_floor = ankle.y > -SHOD - NEAR_FLOOR
        found[name] = Point(ankle.x, -SHOD) if on_floor else ankle
    leans = frame.com.startswith(("fwd", "back")) and legs[standing].knee < 10
    trunk = frame.trunk + (legs[standing].ankle if leans else 0)
    return Stance(pelvis, found["near"], found["far"], 0, 0, trunk)


def _ends(motion: Motion) -> tuple[Stance, Stance]:
    if not motion.is_balance:
        before, after = motion.nerve_ends()
        return _stepped(before), _stepped(after)
    start, end = motion.balance_ends()
    near = near_side(motion)
    a = _stance(start, near, _ahead(start, end))
    b = _stance(end, near, _ahead(end, start))
    if BASE_STEP.get(end.base, 0):
        a, b = _over_far_foot(a), _over_far_foot(b)
    return a, b


def _ahead(frame: BalanceKeyframe, other: BalanceKeyframe) -> str:
    by_hip = frame.L.hip - frame.R.hip or other.L.hip - other.R.hip
    return "L" if by_hip > 0 else "R"


def _over_far_foot(stance: Stance) -> Stance:
    """Moved along so that the far foot stays where it is, at x = 0, while the near one steps."""
    by = Point(-stance.far.x, 0)
    return Stance(
        plus(stance.pelvis, by), plus(stance.near, by), plus(stance.far, by), 0, 0, stance.trunk
    )


def _stepped(frame: Keyframe) -> Stance:
    """The working leg of a nerve movement, by its angles; the other stands under the pelvis."""
    pelvis = Point(0, -SHOD - THIGH - SHANK + 0.2)
    ankle = _ankle_below(pelvis, Leg(hip=frame.hip, knee=frame.knee))
    pitch = _pitch_to_floor(-ankle.y)
    return Stance(pelvis, ankle, Point(0, -SHOD), pitch, 0, frame.trunk)


def _foot_at(a: Point, b: Point, t: float) -> Point:
    stepped = math.hypot(b.x - a.x, b.y - a.y) > NEAR_FLOOR
    lift = STEP_UP * 4 * t * (1 - t) if stepped else 0
    return plus(mix_points(a, b, t), Point(0, -lift))


def stand(motion: Motion, times: Sequence[float]) -> list[SideFrame]:
    """Frames facing right, with both hands on the counter or, in tandem, one beside."""
    if motion.is_balance and all(map(tilts_feet, motion.balance_ends())):
        tilted = [_tilted(_near_leg(motion, t).ankle) for t in times]
        return [_frame(motion, stance, stance, t) for stance, t in zip(tilted, times, strict=True)]
    a, b = _ends(motion)
    return [_frame(motion, a, b, t) for t in times]


def _frame(motion: Motion, a: Stance, b: Stance, t: float) -> SideFrame:
    pelvis, trunk = mix_points(a.pelvis, b.pelvis, t), mix(a.trunk, b.trunk, t)
    if _is_rise(motion):
        pelvis, trunk = _rising(motion, t)
    near_pitch, far_pitch = mix(a.near_pitch, b.near_pitch, t), mix(a.far_pitch, b.far_pitch, t)
    near = leg_to(pelvis, 0, _foot_at(a.near, b.near, t), near_pitch, -max(near_pitch, 0))
    far_at = _foot_at(a.far, b.far, t)
    if _is_hidden(a) or _is_hidden(b):
        apart = mix(_is_hidden(a), _is_hidden(b), t) * FAR_AHEAD
        far_at = plus(far_at, Point(apart, 0))
    far = leg_to(pelvis, 0, far_at, far_pitch, -max(far_pitch, 0))
    low, high = trunk * 0.8, trunk * 0.2
    shoulder = torso_point(pelvis, 0, low, high, SHOULDER)
    near_hand, far_hand = _hands(motion, pelvis, shoulder)
    return SideFrame(
        pelvis,
        0,
        near,
        far,
        low,
        high,
        mix(motion.start.neck, motion.end.neck, t) - trunk * 0.5,
        arm(shoulder, near_hand),
        arm(shoulder, far_hand),
    )


def _is_hidden(stance: Stance) -> bool:
    """The far leg is right behind the near one."""
    return math.dist(stance.near, stance.far) < FAR_AHEAD


def _hands(motion: Motion, pelvis: Point, shoulder: Point) -> tuple[Point, Point]:
    if is_beside_counter(motion):
        hangs = Point(pelvis.x + 4, shoulder.y + 54)
        return hangs, Point(pelvis.x + HOLDS_AHEAD + GRIP_WRIST.x, -COUNTER + GRIP_WRIST.y)
    held, wrist = Point(counter_edge(motion), -COUNTER), GRIP_WRIST
    if on_one_leg(motion):
        held, wrist = plus(held, TIPS_IN), TIPS_WRIST
    at = plus(held, wrist)
    return at, plus(at, FAR_HAND)


def counter_edge(motion: Motion) -> float:
    """Where the counter begins, in cm before the ankles."""
    return COUNTER_AT - 6 if _is_rise(motion) else COUNTER_AT


def _is_rise(motion: Motion) -> bool:
    return motion.is_balance and rises(*motion.balance_ends())


def _rising(motion: Motion, t: float) -> tuple[Point, float]:
    """Nose over toes first, then up: pelvis and trunk on the way from the chair."""
    near, trunk = _near_leg(motion, t), motion.balance_at(t).trunk
    middle = 4 * t * (1 - t)
    shin = near.ankle + RISE_SHIN * middle
    return _pelvis_over(Leg(knee=near.knee, ankle=shin)), trunk + RISE_LEAN * middle


def _near_leg(motion: Motion, t: float) -> Leg:
    """By which both are drawn: the other side's task is then its mirror image."""
    leg: Leg = getattr(motion.balance_at(t), near_side(motion))
    return leg


def seated_reach(motion: Motion, times: Sequence[float]) -> list[SideFrame]:
    """Sitting with both feet flat; the near hand reaches forward as the trunk leans (B01)."""
    start, _ = motion.balance_ends()
    thigh = math.radians(max(start.L.hip, start.R.hip))
    root = Point(0, -SHOD - SHANK - THIGH * math.cos(thigh))
    near, far = leg_to(root, 0, Point(THIGH, -SHOD)), leg_to(root, 0, Point(THIGH + 4, -SHOD))
    rest, held = plus(root, Point(20, -REST)), plus(root, Point(14, ARMREST - 2.5))
    frames = []
    for t in times:
        at = motion.balance_at(t)
        low, high = at.trunk * 0.8, at.trunk * 0.2
        shoulder = torso_point(root, 0, low, high, SHOULDER)
        hand = mix_points(rest, plus(shoulder, Point(54, 4)), t) if reaches(motion) else rest
        frames.append(
            SideFrame(
                root,
                0,
                near,
                far,
                low,
                high,
                at.neck - at.trunk * 0.5,
                arm(shoulder, hand),
                arm(shoulder, plus(held, Point(8 * t, 0))),
            )
        )
    return frames
