"""The body in side view: segment lengths and shapes, facing right, standing straight at (0, 0).

Lengths in cm for a height of 170 cm, after Drillis & Contini (1966) as given in Winter,
Biomechanics and Motor Control of Human Movement: thigh .245 H, shank .246 H, ankle height .039 H,
foot .152 H, hip to shoulder .288 H, upper arm .186 H, forearm with half the hand .165 H; rounded
(design value). Outlines are ours. The origin is the hip joint; the leg goes down to y = 89.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from programs.motion.clip import Clip
from programs.motion.plane import Point, heading, plus, turned, two_links

THIGH = 41.0
SHANK = 41.0
ANKLE = 7.0  # ankle joint above the sole
LEG = THIGH + SHANK
HEEL = -5.5  # along the foot from the ankle
BALL = 13.0
TOE = 20.0
LUMBAR = 22.0  # hip to the middle of the trunk
SLIP = 2.0  # times as far as a leg an arm may be off on its way: no weight stands on it
UPPER_ARM = 30.0
FOREARM = 26.0
THICK = 9.0  # half the trunk's depth, so what a sitting hip stands above the seat

KNEE_AT = (0, THIGH)
ANKLE_AT = (0, LEG)
BALL_AT = (BALL, LEG + 4.6)
WAIST_AT = (0, -LUMBAR)
NECK_AT = (-1.5, -47)
SHOULDER = Point(1, -44)

_THIGH = "M-8.6 0C-9-10 8.6-10 8.6-1 8.8 13 7 29 5.9 41c-.5 6-11.1 6-11.5 0z"
_SHANK = "M5.8 40c0-6.4-11.4-6.4-11.5 1-3 18-1.4 26 2 40 .3 5 7.2 5 7.5 0 0-11 2-25 2-41z"
_FOOT = "M-3.6 80c-2 3-3.6 7-1.8 9l18.4 0c2.2-.4 2-4.4.2-5.2-4.2-1-7.2-2.8-9.4-4.8z"
_WHOLE_FOOT = (
    "M-3.6 80c-2 3-3.6 7-1.8 9l24.4 0c1.4 0 1.5-.8 1.3-1.8-1.4-2.4-4-3.4-7.4-4.2"
    "-4.2-1-6.4-1.8-8.6-3.8z"
)
_TOES = "M12 83.4c4 .2 7.6 2.2 8.3 4.2.2 1.2-.5 1.4-1.3 1.4l-7 0z"
_LOW_TRUNK = "M-9 3c-2.6-7 .4-16 1.2-25 .2-6 16.2-6 16.8 0 .8 9 1 16-.4 23-2.6 8-14.6 9-17.6 2z"
_HIGH_TRUNK = (
    "M-8-20c-1.8-10-3-18-.4-24.4 2.4-5.3 10.2-5.8 13.2-2.8"
    " 5.2 5.4 7.4 13.2 5.4 27.2-2 6-16.4 6-18.2 0z"
)
# The arm hangs straight down from the shoulder at (0, 0), its thumb to the front. The forearm is
# left open at the elbow, so that its outline does not cut it from the sleeve.
_SLEEVE = "M-5.3 0C-5.3-7 5.3-7 5.3 0L4.2 30C4 35.4-4 35.4-4.2 30z"
_FOREARM = "M-4 30L-2.4 49C-4 54-3 63 0 62.4 2 62 2 60 2.6 57.4L4.2 58.4C5.8 57 4.4 52 2.5 49L4 30"
_HEAD = (  # with the neck
    "M-6.4-44l1.2-16 9.4 1c-.6 5-.6 9 .6 13.6z"
    "M-6.4-57.5c-3.6-6-3.2-19 8.4-19.4 7 0 10.2 4.8 10 9.8l2.6 4.4-2.4 1c.4 2.8"
    "-.4 6.2-2.8 7.4-3.8 1.2-6.8 0-8.8-1.8z"
)
_HAIR = (
    "M-6-56.1c-5.6-7.4-4.6-22.8 8.4-22.8 6.6.2 9.8 3.8 10 7.8-4.4-1.8-8.4-1-10.4 3"
    "-1.6 3-3.6 5.6-4.4 11z"
)


@dataclass(frozen=True, slots=True)
class LegPose:
    """Turns in degrees as SVG counts them, each against its parent: hip flexion is negative."""

    hip: float
    knee: float
    ankle: float
    toe: float = 0


@dataclass(frozen=True, slots=True)
class SideFrame:
    """One solved moment in side view. Arms and strap are points on the page."""

    root: Point
    turn: float
    near: LegPose
    far: LegPose
    low: float
    high: float
    neck: float
    near_arm: tuple[Point, ...]
    far_arm: tuple[Point, ...]
    strap: tuple[Point, ...] = ()


@dataclass(frozen=True, slots=True)
class LegPoints:
    """Where one leg's joints are on the page."""

    hip: Point
    knee: Point
    ankle: Point
    foot_turn: float
    sole: tuple[Point, ...]  # heel, ball, toe tip

    @property
    def lowest(self) -> float:
        return max(point.y for point in self.sole)


def leg_points(root: Point, turn: float, leg: LegPose) -> LegPoints:
    """Forward kinematics of one leg."""
    thigh = turn + leg.hip
    shank = thigh + leg.knee
    foot = shank + leg.ankle
    knee = plus(root, turned(Point(0, THIGH), thigh))
    ankle = plus(knee, turned(Point(0, SHANK), shank))
    ball = plus(ankle, turned(Point(BALL, ANKLE), foot))
    sole = (
        plus(ankle, turned(Point(HEEL, ANKLE), foot)),
        ball,
        plus(ball, turned(Point(TOE - BALL, 0), foot + leg.toe)),
    )
    return LegPoints(root, knee, ankle, foot, sole)


def leg_to(root: Point, turn: float, ankle: Point, pitch: float = 0, toe: float = 0) -> LegPose:
    """Inverse kinematics: the knee bends forward, the foot has the page angle `pitch`."""
    knee = two_links(root, ankle, THIGH, SHANK, -1)
    thigh = heading(root, knee)
    shank = heading(knee, ankle)
    return LegPose(_wrap(thigh - turn), _wrap(shank - thigh), _wrap(pitch - shank), toe)


def _wrap(degrees: float) -> float:
    return (degrees + 180) % 360 - 180


def torso_point(root: Point, turn: float, low: float, high: float, point: Point) -> Point:
    """Where a point of the straight body's upper trunk is on the page."""
    waist = Point(*WAIST_AT)
    above = turned(Point(point.x - waist.x, point.y - waist.y), high)
    return plus(root, turned(turned(plus(waist, above), low), turn))


def arm(shoulder: Point, hand: Point, bend: int = 1, scale: float = 1) -> tuple[Point, ...]:
    """Shoulder, elbow and hand; a hand out of reach is drawn at arm's length towards it."""
    upper, fore = UPPER_ARM * scale, FOREARM * scale
    elbow = two_links(shoulder, hand, upper, fore, bend)
    return shoulder, elbow, plus(elbow, turned(Point(0, fore), heading(elbow, hand)))


def draw_leg(clip: Clip, name: str, cls: str, marks: "Marks") -> str:
    def pose(frame: SideFrame) -> LegPose:
        return frame.near if name == "near" else frame.far

    foot = clip.turn(lambda f: pose(f).ankle, ANKLE_AT, _foot(clip, pose), marks.foot)
    shank = clip.turn(lambda f: pose(f).knee, KNEE_AT, foot, _path(_SHANK), marks.shank)
    inner = clip.turn(lambda f: pose(f).hip, (0, 0), _path(_THIGH), marks.thigh, shank)
    return f'<g class="{cls}">{inner}</g>'


def _foot(clip: Clip, pose: Callable[[SideFrame], LegPose]) -> str:
    """In one piece unless the toes turn somewhere on the way."""
    if not any(pose(frame).toe for frame in clip.frames):
        return _path(_WHOLE_FOOT)
    return clip.turn(lambda f: pose(f).toe, BALL_AT, _path(_TOES)) + _path(_FOOT)


def draw_arm(clip: Clip, get: Callable[[Any], tuple[Point, ...]], cls: str) -> str:
    """Upper arm, forearm and hand through the shoulder, elbow and hand that `get` gives."""

    def upper(frame: Any) -> float:
        shoulder, elbow, _ = get(frame)
        return heading(shoulder, elbow)

    def fore(frame: Any) -> float:
        _, elbow, hand = get(frame)
        return _wrap(heading(elbow, hand) - upper(frame))

    bent = clip.turn(fore, (0, UPPER_ARM), f'<path class="f-skin" d="{_FOREARM}"/>', loose=SLIP)
    both = clip.turn(upper, (0, 0), _path(_SLEEVE), bent, loose=SLIP)
    return f'<g class="f-arm {cls}">{clip.shift(lambda f: get(f)[0], both)}</g>'


def draw_torso(clip: Clip, marks: "Marks") -> str:
    hair = f'<path class="f-hair" d="{_HAIR}"/>'
    head = f'<path class="f-skin" d="{_HEAD}"/>'
    neck = clip.turn(lambda f: f.neck, NECK_AT, head, hair)
    high = clip.turn(lambda f: f.high, WAIST_AT, neck, _path(_HIGH_TRUNK), marks.high)
    low = clip.turn(lambda f: f.low, (0, 0), _path(_LOW_TRUNK), marks.low, high)
    return f'<g class="f-body">{low}</g>'


@dataclass(frozen=True, slots=True)
class Marks:
    """What is drawn on top of each segment: the nerve's course, joint marks, arrows."""

    low: str = ""
    high: str = ""
    thigh: str = ""
    shank: str = ""
    foot: str = ""


def _path(d: str) -> str:
    return f'<path d="{d}"/>'
