"""A person from the side, facing right: limbs and trunk in their clothes, each in its own frame.

Cloth has no line round it, skin and socks have one in a darker tone of themselves, so that the
palest skin has an edge, too. Inside a leg the order is thigh, foot, ankle, shank, cuff, nerve.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from programs.motion import feet, hands, heads
from programs.motion.body import (
    FOREARM,
    LEG,
    NECK_AT,
    SHANK,
    SHOD,
    SHOULDER,
    SKULL_AT,
    THIGH,
    UPPER_ARM,
    WAIST_AT,
    LegPose,
    SideFrame,
    arm,
    wrap,
)
from programs.motion.clip import Clip, number
from programs.motion.feet import HINGE, Worn, path
from programs.motion.outline import CORNER, Spot, Station, limb, outline
from programs.motion.people import Person
from programs.motion.plane import Point, heading, plus

SLIP = 2.0  # times as far as a leg an arm may be off on its way: no weight stands on it
HEM = SHANK - 8.5  # of the trousers, along the shank
SLEEVE = 18.0  # where a short one ends
CUFF = 22.0  # where a long one ends, along the forearm
NECK_SHARE = 0.45  # of the neck's angle that its base takes; the skull's pivot takes the rest
HELPER_BEHIND = 46.0  # cm behind whom they help

Arm = Callable[[Any], tuple[Point, ...]]


@dataclass(frozen=True, slots=True)
class Marks:
    """What is drawn on top of each segment: the nerve's course, joint marks, arrows."""

    low: str = ""
    high: str = ""
    thigh: str = ""
    shank: str = ""
    foot: str = ""


def _wide(person: Person, *stations: Station) -> tuple[Station, ...]:
    return tuple((y, person.wide(front), person.wide(back)) for y, front, back in stations)


@lru_cache(maxsize=64)
def thigh(person: Person) -> str:
    stations = _wide(
        person, (0, 8.4, 9), (8, 8.8, 9), (20, 8.2, 7.8), (32, 6.7, 6.3), (THIGH, 5.9, 5.9)
    )
    return path("f-cloth", outline(limb(stations)))


@lru_cache(maxsize=64)
def shank(person: Person) -> str:
    stations = _wide(
        person, (0, 5.7, 5.7), (7, 5.4, 6.2), (13, 5.2, 6.9), (23, 5, 6.1), (HEM, 4.8, 5.3)
    )
    return path("f-cloth", outline(limb(stations, end="flat")))


@lru_cache(maxsize=64)
def cuff(person: Person) -> str:
    ahead, behind = person.wide(4.9), person.wide(5.5)
    return path(
        "f-cuff",
        f"M{number(ahead)} {number(HEM - 2.4)}v2.6h{number(-ahead - behind)}v-2.6z",
    )


@lru_cache(maxsize=8)
def _ankle(worn: Worn) -> str:
    """Open below: no line crosses the foot that it joins."""
    spots: tuple[Spot, ...] = (
        (2.9, SHANK), (2.7, SHANK - 4), (3.1, HEM - 1, CORNER), (-3.6, HEM - 1, CORNER),
        (-3, SHANK - 4), (-3.3, SHANK),
    )  # fmt: skip
    return path("f-skin" if worn == "bare" else "f-sock", outline(spots, closed=False))


def draw_leg(
    clip: Clip, name: str, cls: str, person: Person, worn: Worn, marks: Marks | None = None
) -> str:
    marks = marks or Marks()

    def pose(frame: SideFrame) -> LegPose:
        return frame.near if name == "near" else frame.far

    toes, rest = feet.side(worn, toes_turn=any(pose(frame).toe for frame in clip.frames))
    if cls == "f-far":
        rest = rest.replace(feet.LACES, "")
    turning = clip.turn(lambda f: pose(f).toe, HINGE, toes, loose=SLIP)
    foot = clip.turn(lambda f: pose(f).ankle, (0, 0), turning, rest, marks.foot)
    lower = clip.turn(
        lambda f: pose(f).knee,
        (0, 0),
        moved(0, SHANK, foot),
        _ankle(worn),
        shank(person),
        cuff(person) if cls != "f-far" else "",
        marks.shank,
    )
    whole = clip.turn(
        lambda f: pose(f).hip, (0, 0), thigh(person), moved(0, THIGH, lower), marks.thigh
    )
    return f'<g class="{cls}">{whole}</g>'


def moved(x: float, y: float, *inner: str) -> str:
    return f'<g transform="translate({number(x)} {number(y)})">{"".join(inner)}</g>'


@lru_cache(maxsize=64)
def pelvis(person: Person) -> str:
    w, out = person.trunk, person.hip / 2
    spots: tuple[Spot, ...] = (
        (w(8.4), -12), (w(8.9), -4), (w(8.6), 3), (w(4.4), 8.2), (w(-4), 8.8), (w(-9) - out, 4),
        (w(-9.4) - out, -4), (w(-8.4), -12),
    )  # fmt: skip
    return path("f-cloth", outline(spots))


@lru_cache(maxsize=64)
def _low_trunk(person: Person) -> str:
    w, belly = person.trunk, person.belly
    spots: tuple[Spot, ...] = (
        (w(8.4) + 0.86 * belly, -25), (w(8.8) + belly, -14), (w(9.3) + 0.72 * belly, -4.6, CORNER),
        (w(-9.8) - person.hip / 2, -1.4, CORNER), (w(-9.1), -12), (w(-8.4), -25), (0, -31),
    )  # fmt: skip
    return path("f-shirt", outline(spots))


@lru_cache(maxsize=64)
def _high_trunk(person: Person) -> str:
    w, belly, bust = person.trunk, person.belly, person.bust
    spots: tuple[Spot, ...] = (
        (w(8.4) + 0.86 * belly, -21), (w(9.4) + 0.52 * belly, -30),
        (w(10) + 0.14 * belly + bust, -38), (w(8.2) + bust / 2, -45), (4.6, -50),
        (3, -52.4, CORNER), (-5.6, -52.6, CORNER), (w(-8.6), -48), (w(-10.3), -39), (w(-9.6), -30),
        (w(-8.4), -21), (0, -14.6),
    )  # fmt: skip
    return path("f-shirt", outline(spots))


_NECK = path("f-shade", "M-5.8-48l1-16 10.6 2-2 9.2-.6 6z")


def draw_trunk(clip: Clip, person: Person) -> str:
    head = clip.turn(lambda f: f.neck * (1 - NECK_SHARE), (0, 0), heads.profile(person))
    neck = clip.turn(lambda f: f.neck * NECK_SHARE, NECK_AT, _NECK, moved(*SKULL_AT, head))
    high = clip.turn(lambda f: f.high, WAIST_AT, neck, _high_trunk(person))
    return clip.turn(lambda f: f.low, (0, 0), _low_trunk(person), high)


def draw_spine(clip: Clip, marks: Marks) -> str:
    """The nerve's course in the back, on top of an arm that hangs before it."""
    if not marks.low and not marks.high:
        return ""
    high = clip.turn(lambda f: f.high, WAIST_AT, marks.high)
    return clip.turn(lambda f: f.low, (0, 0), marks.low, high)


@lru_cache(maxsize=64)
def _upper_arm(person: Person) -> str:
    if person.has_long_sleeves:
        stations = _wide(person, (0, 5, 5), (18, 4.3, 4.5), (UPPER_ARM, 3.7, 3.7))
        return path("f-sleeve", outline(limb(stations)))
    skin = _wide(person, (SLEEVE - 4, 3.7, 3.9), (25, 3.4, 3.5), (UPPER_ARM, 3, 3))
    sleeve = _wide(person, (0, 5, 5), (9, 5, 5.1), (SLEEVE, 4.7, 4.9))
    return path("f-skin", outline(limb(skin, start="open"), closed=False)) + path(
        "f-sleeve", outline(limb(sleeve, end="flat"))
    )


@lru_cache(maxsize=128)
def _forearm(person: Person, *, has_hand: bool) -> str:
    """With a hand at rest in one piece, else open at the wrist."""
    stations = _wide(person, (-1, 3, 3), (6, 3.4, 3.4), (15, 2.8, 2.8))
    wrist = FOREARM
    front: list[Spot] = [*((ahead, y) for y, ahead, _ in stations), (2.3, wrist)]
    back: list[Spot] = [(-2.3, wrist), *((-behind, y) for y, _, behind in reversed(stations))]
    if has_hand:
        front += [(spot[0], spot[1] + wrist) for spot in hands.REST]
    # Begun and ended at the elbow, whose chord is not drawn; the hand covers the wrist's.
    drawn = path("f-skin", outline((*front, *back), closed=False))
    if has_hand:
        drawn += moved(0, wrist, path("f-fine", hands.REST_LINES))
    if person.has_long_sleeves:
        sleeve = _wide(person, (0, 3.7, 3.7), (8, 3.9, 3.9), (CUFF, 3.1, 3.1))
        drawn += path("f-sleeve", outline(limb(sleeve, end="flat")))
    return drawn


def draw_arm(clip: Clip, get: Arm, cls: str, person: Person, hand: str = "rest") -> str:
    """Upper arm and forearm through the shoulder, elbow and wrist that `get` gives.

    A hand that holds an edge is drawn apart (`draw_hand`): it does not turn with the arm.
    """

    def upper(frame: Any) -> float:
        shoulder, elbow, _ = get(frame)
        return heading(shoulder, elbow)

    def fore(frame: Any) -> float:
        _, elbow, wrist = get(frame)
        return wrap(heading(elbow, wrist) - upper(frame))

    lower = _forearm(person, has_hand=hand == "rest")
    if hand == "fist":
        lower += moved(0, FOREARM, hands.fist())
    bent = moved(0, UPPER_ARM, clip.turn(fore, (0, 0), lower, loose=SLIP))
    both = clip.turn(upper, (0, 0), _upper_arm(person), bent, loose=SLIP)
    return f'<g class="{cls}">{clip.shift(lambda f: get(f)[0], both)}</g>'


_HOLDS = {"grip": (hands.grip, hands.GRIP_WRIST), "tips": (hands.tips, hands.TIPS_WRIST)}


def draw_hand(clip: Clip, get: Arm, cls: str, hand: str) -> str:
    """A hand on an edge or a surface, upright whatever the arm does."""
    if hand not in _HOLDS:
        return ""
    drawn, wrist = _HOLDS[hand]

    def at(frame: Any) -> tuple[float, float]:
        end = get(frame)[-1]
        return end.x - wrist.x, end.y - wrist.y

    return f'<g class="{cls}">{clip.shift(at, drawn())}</g>'


_STANDING_LEG: tuple[Station, ...] = (
    (0, 8.4, 9), (20, 8, 7.6), (THIGH, 5.8, 5.8), (THIGH + 13, 5.2, 6.9), (THIGH + HEM, 4.8, 5.3),
)  # fmt: skip


_STANDING_SHIRT: tuple[Spot, ...] = (
    (9.2, -4.6, CORNER), (8.4, -22), (10, -38), (8.2, -45), (3, -52.4, CORNER),
    (-5.6, -52.6, CORNER), (-10.3, -39), (-8.4, -22), (-9.6, -1.4, CORNER),
)  # fmt: skip


def _beside(frame: SideFrame) -> tuple[Point, tuple[Point, ...]]:
    """The hip of somebody who stands a step behind, and their arm to the other's hip."""
    root = Point(frame.root.x - HELPER_BEHIND, -SHOD - LEG + 0.6)
    return root, arm(plus(root, SHOULDER), plus(frame.root, Point(-2, -8)))


def side_helper(frame: SideFrame, person: Person) -> str:
    """All of the helper but the arm that is in front of whom they help. Not moving."""
    root, _ = _beside(frame)
    body = (
        f'<g class="f-far">{_standing_leg(person, -6)}</g>'
        + pelvis(person)
        + _standing_leg(person, 9)
        + _standing_trunk(person)
    )
    return f'<g class="f-helper {person.looks}">{moved(*root, body)}</g>'


def _standing_trunk(person: Person) -> str:
    """In one piece, the head a little bowed."""
    shirt = outline(_STANDING_SHIRT)
    head = f'<g transform="rotate(4)">{heads.profile(person)}</g>'
    return _NECK + moved(*SKULL_AT, head) + path("f-shirt", shirt)


def _standing_leg(person: Person, ahead: float) -> str:
    """In one piece, the foot flat so far before the hip."""
    stations = _wide(person, *_STANDING_LEG)
    leg = path("f-cloth", outline(limb(stations, end="flat")))
    turn = number(-math.degrees(math.atan2(ahead, LEG)))
    _, shoe = feet.side("shoe", toes_turn=False)
    sock = path("f-sock", "M2.9 0l.2-11h-6.2l-.2 11")
    return moved(ahead, LEG - 0.4, sock, shoe) + f'<g transform="rotate({turn})">{leg}</g>'


def helping_hand(frame: SideFrame, person: Person) -> str:
    """Open, at the other's hip."""
    _, reaching = _beside(frame)
    drawn = draw_arm(Clip([None]), lambda _: reaching, "f-near", person)
    return f'<g class="f-helper {person.looks}">{drawn}</g>'
