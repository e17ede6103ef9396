"""Front view of standing tasks: the person faces us, so their right is on our left."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from programs.motion.angles import BalanceKeyframe, Motion
from programs.motion.body import arm as reaching
from programs.motion.body import draw_arm
from programs.motion.clip import Clip
from programs.motion.plane import Point, mix, mix_points, plus, turned
from programs.motion.setting import on_foam

HIP_HALF = 8.5  # cm from the middle to a hip joint, drawn
HIP_UP = 89.0
ANKLE_UP = 6.0
SPAN = HIP_UP - ANKLE_UP
RAIL = 92.0
ARM = 0.77  # the arms are drawn shorter than they are: they reach towards us
FEET = {"feet-together": 5.0, "semi-tandem": 5.0, "tandem": 2.0}
HIP_WIDTH = 10.0
WIDE = 26.0  # the stepping foot from the middle
SHIFT = 8.0  # cm the pelvis moves over a foot (design value)
FOAM = 7.0

_LEG = (
    "M-7.4-3c-1.2 17 1.4 35 2.4 45-1.6 12 .4 30 1.4 41l7.2 0c1-11 3-29 1.4-41 1-10 3.6-28 2.4-45z"
)
_FOOT = "M-3.8-7c-1.6 4-2.6 9-1.6 12 .8 1.2 10 1.2 10.8 0 1-3 0-8-1.6-12z"
_SHIRT = (
    "M-16.6 4C-17-8-14-15-14.2-24-14.4-32-18-38-19.6-43-18-49-9-50-4.8-52.4H4.8C9-50 18-49 19.6-43"
    " 18-38 14.4-32 14.2-24 14-15 17-8 16.6 4 8 7-8 7-16.6 4z"
)
_SKULL = "M-8.6-70c-.2 10 4 15 8.6 15 4.6 0 8.8-5 8.6-15-.2-12-17-12-17.2 0z"
_HEAD = (  # with neck and ears
    "M5-50l-.6-10-8.8 0-.6 10q5 4 10 0zM-9-70.5a1.6 3 0 1 0 1 5M9-70.5a1.6 3 0 1 1-1 5" + _SKULL
)
_HAIR = "M-9-67c-3.4-18 21.4-18 18 0-.4-7-4-9-9-9-5 0-8.6 2-9 9z"
_EYES = "M-3.4-69v1.6M3.4-69v1.6"
_LIDS = "M-5-68q1.6 1.6 3.2 0M1.8-68q1.6 1.6 3.2 0"
_NOSE_AND_MOUTH = "M0-67v3.4M-2.4-60q2.4 1.4 4.8 0"
_HELPER = (
    "M-5-152V-142C-12-139-20-139-21-131L-25-106-21-83-17-84-18-106-14-120C-13-108-17-100-17-88"
    "L-13-44-12-4-15 0H-5L-4-44 0-82 4-44 5 0H15L12-4 13-44 17-88C17-100 13-108 14-120L21-131"
    "C20-139 12-139 5-142V-152z"
)
HELPER_AT = Point(-64, 0)


@dataclass(frozen=True, slots=True)
class FrontLeg:
    hip: Point
    ankle: Point

    @property
    def turn(self) -> float:
        return math.degrees(math.atan2(self.hip.x - self.ankle.x, self.ankle.y - self.hip.y))

    @property
    def stretch(self) -> float:
        """Share of the leg's length seen from the front."""
        return math.hypot(self.ankle.x - self.hip.x, self.ankle.y - self.hip.y) / SPAN


@dataclass(frozen=True, slots=True)
class FrontFrame:
    pelvis: Point
    side_lean: float
    left: FrontLeg
    right: FrontLeg
    left_arm: tuple[Point, ...]
    right_arm: tuple[Point, ...]
    face: Point
    eyes_open: float


@dataclass(frozen=True, slots=True)
class _Stance:
    pelvis_x: float
    left: Point
    right: Point
    lean: float
    floor: float


def shows_best(motion: Motion) -> bool:
    """Whether the task is seen from the front: sideways weight, width, single leg, head, foam."""
    if motion.pose != "stand" or not motion.is_balance:
        return False
    start, end = motion.balance_ends()
    bases = {start.base, end.base}
    if start.neck_rot != end.neck_rot:
        return True
    if {"tandem", "semi-tandem"} & bases:
        return False
    sideways = {"L", "R"} & {start.com, end.com} and max(end.L.hip, end.R.hip) < 20
    still = start.L == end.L and start.R == end.R
    return bool(sideways or still or len(bases) > 1)


def _stance(frame: BalanceKeyframe, on_foam: bool) -> _Stance:
    half = FEET.get(frame.base, HIP_WIDTH)
    floor = -FOAM if on_foam else 0
    left, right = Point(half, floor - ANKLE_UP), Point(-half, floor - ANKLE_UP)
    shift = SHIFT * (("L" in frame.com) - ("R" in frame.com))
    if frame.base == "wide":
        near = FEET["feet-together"]
        left_steps = frame.L.hip_abd > frame.R.hip_abd
        left = Point(WIDE if left_steps else near, left.y)
        right = Point(-near if left_steps else -WIDE, right.y)
    if frame.base == "single-leg":
        lifted = "R" if frame.R.knee > frame.L.knee else "L"
        rise = SPAN / 2 * (2 - _cos(getattr(frame, lifted).hip) - _foreshort(frame, lifted))
        if lifted == "R":
            right, shift = Point(-6, right.y - rise), SHIFT
        else:
            left, shift = Point(6, left.y - rise), -SHIFT
    return _Stance(shift, left, right, -frame.trunk_side, floor)


def _cos(degrees: float) -> float:
    return math.cos(math.radians(degrees))


def _foreshort(frame: BalanceKeyframe, side: str) -> float:
    leg = getattr(frame, side)
    return _cos(leg.hip - leg.knee)


def frames(motion: Motion, times: Sequence[float]) -> list[FrontFrame]:
    foam = on_foam(motion)
    a, b = (_stance(end, foam) for end in motion.balance_ends())
    return [_frame(motion, a, b, t) for t in times]


def _frame(motion: Motion, a: _Stance, b: _Stance, t: float) -> FrontFrame:
    at = motion.balance_at(t)
    x = mix(a.pelvis_x, b.pelvis_x, t)
    pelvis = Point(x, a.floor - HIP_UP)
    feet = [_foot(a.left, b.left, t), _foot(a.right, b.right, t)]
    hips = [plus(pelvis, Point(HIP_HALF, 0)), plus(pelvis, Point(-HIP_HALF, 0))]
    lean = mix(a.lean, b.lean, t)
    raised = 7 * t if on_foam(motion) else 0
    arms = [_arm(pelvis, lean, side, raised) for side in (1, -1)]
    start, end = motion.balance_ends()
    closed = mix(start.eyes == "closed", end.eyes == "closed", t)
    turn = math.radians(at.neck_rot)
    return FrontFrame(
        pelvis,
        lean,
        FrontLeg(hips[0], feet[0]),
        FrontLeg(hips[1], feet[1]),
        arms[0],
        arms[1],
        Point(-6.6 * math.sin(turn), -abs(at.neck) * 0.1),
        1 - closed,
    )


def _foot(a: Point, b: Point, t: float) -> Point:
    stepped = abs(b.x - a.x) > 3 and a.y == b.y
    return plus(mix_points(a, b, t), Point(0, -16 * t * (1 - t) if stepped else 0))


def _arm(pelvis: Point, lean: float, side: int, raised: float) -> tuple[Point, ...]:
    shoulder = plus(pelvis, turned(Point(17 * side, -43), lean))
    hand = Point(27 * side + pelvis.x * 0.5, -RAIL - 2 - raised)
    return reaching(shoulder, hand, -side, ARM)


def draw(clip: Clip, moving: str) -> str:
    """The person; `moving` names the leg in the stronger tone: left, right, both or none."""
    face = clip.shift(lambda f: f.face, _face(clip))
    head = f'<path class="f-skin" d="{_HEAD}"/>{face}<path class="f-hair" d="{_HAIR}"/>'
    shirt = f'<path class="f-shirt" d="{_SHIRT}"/>'
    trunk = clip.turn(lambda f: f.side_lean, (0, 0), shirt, head)
    return (
        _leg(clip, "left", moving)
        + _leg(clip, "right", moving)
        + f'<g class="f-body">{clip.shift(lambda f: f.pelvis, trunk)}</g>'
    )


def draw_arms(clip: Clip) -> str:
    """Both arms, over what the hands hold; the left one is the right one's mirror image."""

    def right(frame: FrontFrame) -> tuple[Point, ...]:
        return tuple(Point(p.x / ARM, p.y / ARM) for p in frame.right_arm)

    def left(frame: FrontFrame) -> tuple[Point, ...]:
        return tuple(Point(-p.x / ARM, p.y / ARM) for p in frame.left_arm)

    return "".join(
        f'<g transform="scale({"-" * (side is left)}{ARM} {ARM})">'
        f"{draw_arm(clip, side, 'f-body')}</g>"
        for side in (right, left)
    )


def helper() -> str:
    """Somebody who stands by with a hand near the person's back."""
    return (
        f'<g class="f-far" transform="translate({HELPER_AT.x:.0f})"><path d="{_HELPER}"/>'
        f'<path transform="translate(0 {-HIP_UP:.0f})" d="{_SKULL}"/>'
        '<path class="f-reach" d="M17-129 34-108 52-118"/></g>'
    )


def _face(clip: Clip) -> str:
    if all(frame.eyes_open == 1 for frame in clip.frames):
        return _features(_EYES + _NOSE_AND_MOUTH)
    return (
        clip.fade(lambda f: f.eyes_open, _features(_EYES))
        + clip.fade(lambda f: 1 - f.eyes_open, _features(_LIDS))
        + _features(_NOSE_AND_MOUTH)
    )


def _features(d: str) -> str:
    return f'<path class="f-face" d="{d}"/>'


def _leg(clip: Clip, name: str, moving: str) -> str:
    cls = "f-move" if moving in (name, "both") else "f-body"
    shape = f'<path d="{_LEG}"/>'
    stretched = clip.scale(lambda f: (1, getattr(f, name).stretch), shape)
    turned_ = clip.turn(lambda f: getattr(f, name).turn, (0, 0), stretched)
    leg = clip.shift(lambda f: getattr(f, name).hip, turned_)
    foot = clip.shift(lambda f: getattr(f, name).ankle, f'<path d="{_FOOT}"/>')
    return f'<g class="{cls}">{leg}{foot}</g>'
