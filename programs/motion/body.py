"""The body's lengths and its joints: facing right, standing straight with the hip at (0, 0).

Lengths in cm for a height of 170 cm, as shares of it after Drillis & Contini (1966) as given in
Winter, Biomechanics and Motor Control of Human Movement: thigh .245, shank .246, ankle .039, foot
.152, upper arm .186, forearm .146; the trunk .285 (adults' means); rounded (design value).
"""

from dataclasses import dataclass

from programs.motion import feet
from programs.motion.plane import Point, heading, plus, turned, two_links

THIGH = 41.6
SHANK = 41.8
LEG = THIGH + SHANK
ANKLE = feet.SOLE["bare"]  # ankle joint above the sole
SHOD = feet.SOLE["shoe"]  # and in a shoe
HEEL = -6.2  # along the foot from the ankle
BALL = feet.HINGE.x
TOE = 19.2
LUMBAR = 23.0  # hip to the middle of the trunk
UPPER_ARM = 31.6
FOREARM = 24.8  # to the wrist: a hand is drawn where it holds
SEAT = 9.0  # half the thigh's depth: so far a sitting hip is above the seat
REST = 9.6  # from the thigh's axis to a wrist that lies on it

WAIST_AT = (0, -LUMBAR)
NECK_AT = (-1.2, -51)
SKULL_AT = (1.2, -60.5)
SHOULDER = Point(-0.5, -45.2)


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


def leg_points(root: Point, turn: float, leg: LegPose, ankle_up: float = ANKLE) -> LegPoints:
    """Forward kinematics of one leg; `ankle_up` is how far the ankle is above the sole."""
    thigh = turn + leg.hip
    shank = thigh + leg.knee
    foot = shank + leg.ankle
    knee = plus(root, turned(Point(0, THIGH), thigh))
    ankle = plus(knee, turned(Point(0, SHANK), shank))
    ball = plus(ankle, turned(Point(BALL, ankle_up), foot))
    sole = (
        plus(ankle, turned(Point(HEEL, ankle_up), foot)),
        ball,
        plus(ball, turned(Point(TOE - BALL, 0), foot + leg.toe)),
    )
    return LegPoints(root, knee, ankle, foot, sole)


def leg_to(root: Point, turn: float, ankle: Point, pitch: float = 0, toe: float = 0) -> LegPose:
    """Inverse kinematics: the knee bends forward, the foot has the page angle `pitch`."""
    knee = two_links(root, ankle, THIGH, SHANK, -1)
    thigh = heading(root, knee)
    shank = heading(knee, ankle)
    return LegPose(wrap(thigh - turn), wrap(shank - thigh), wrap(pitch - shank), toe)


def wrap(degrees: float) -> float:
    return (degrees + 180) % 360 - 180


def torso_point(root: Point, turn: float, low: float, high: float, point: Point) -> Point:
    """Where a point of the straight body's upper trunk is on the page."""
    waist = Point(*WAIST_AT)
    above = turned(Point(point.x - waist.x, point.y - waist.y), high)
    return plus(root, turned(turned(plus(waist, above), low), turn))


def arm(shoulder: Point, wrist: Point, bend: int = 1, scale: float = 1) -> tuple[Point, ...]:
    """Shoulder, elbow and wrist; a wrist out of reach is drawn at arm's length towards it."""
    upper, fore = UPPER_ARM * scale, FOREARM * scale
    elbow = two_links(shoulder, wrist, upper, fore, bend)
    return shoulder, elbow, plus(elbow, turned(Point(0, fore), heading(elbow, wrist)))
