"""Front view of standing tasks: the person faces us, so their right is on our left."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from programs.motion import feet, hands, heads
from programs.motion.angles import BalanceKeyframe, Motion
from programs.motion.body import LEG, SHOD, SKULL_AT
from programs.motion.body import arm as reaching
from programs.motion.clip import Clip, number
from programs.motion.feet import path
from programs.motion.hands import FRONT_WRIST
from programs.motion.outline import CORNER, Spot, outline
from programs.motion.people import Person
from programs.motion.plane import Point, mix, mix_points, plus, turned
from programs.motion.setting import on_foam
from programs.motion.side import draw_arm, moved

HIP_HALF = 8.6  # cm from the middle to a hip joint
HIP_UP = SHOD + LEG
RAIL = 92.0
SLAB = 5.0  # how thick a worktop is
ARM = 0.9  # the arms are drawn shorter than they are: they reach towards us
FINGERTIPS = 4.0  # by which a hand rises from its grip until only these touch
HOLDS = 20.0  # from the middle to a hand on the rail
FEET = {"feet-together": 5.2, "semi-tandem": 5.2, "tandem": 2.0}
HIP_WIDTH = 9.6
WIDE = 26.0  # the stepping foot from the middle
SHIFT = 8.0  # cm the pelvis moves over a foot (design value)
FOAM = 7.0
SHOULDER = Point(15.3, -45.2)

_LEG: tuple[Spot, ...] = (
    (-8, -5), (-8.4, 6), (-7.7, 20), (-6.1, 36), (-5.8, 43), (-6.3, 53), (-5.5, 66),
    (-5.1, 75, CORNER), (5.1, 75, CORNER), (5.5, 66), (6.3, 53), (5.8, 43), (6.3, 36), (8, 20),
    (8.7, 6), (8, -5),
)  # fmt: skip
_NECK = "M-4.7-48v-12h9.4v12z"
_COLLAR = (4.9, -52.6, CORNER)
HELPER_AT = Point(-58, 0)


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
        return math.hypot(self.ankle.x - self.hip.x, self.ankle.y - self.hip.y) / LEG


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
    if {"tandem", "semi-tandem", "single-leg"} & bases:
        return False
    sideways = {"L", "R"} & {start.com, end.com} and max(end.L.hip, end.R.hip) < 20
    still = start.L == end.L and start.R == end.R
    return bool(sideways or still or len(bases) > 1)


def _stance(frame: BalanceKeyframe, on_foam: bool) -> _Stance:
    half = FEET.get(frame.base, HIP_WIDTH)
    floor = -FOAM if on_foam else 0
    left, right = Point(half, floor - SHOD), Point(-half, floor - SHOD)
    shift = SHIFT * (("L" in frame.com) - ("R" in frame.com))
    if frame.base == "wide":
        near = FEET["feet-together"]
        left_steps = frame.L.hip_abd > frame.R.hip_abd
        left = Point(WIDE if left_steps else near, left.y)
        right = Point(-near if left_steps else -WIDE, right.y)
    return _Stance(shift, left, right, -frame.trunk_side, floor)


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
    raised = FINGERTIPS * t if on_foam(motion) else 0
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
    shoulder = plus(pelvis, turned(Point(SHOULDER.x * side, SHOULDER.y), lean))
    grip = Point(HOLDS * side + pelvis.x * 0.5, -RAIL - raised)
    return reaching(shoulder, plus(grip, FRONT_WRIST), -side, ARM)


@lru_cache(maxsize=64)
def _half_shirt(person: Person) -> tuple[Spot, ...]:
    w, out, hip = person.trunk, person.belly * 0.45, person.hip
    return (
        _COLLAR, (10.4, -50.6), (15.8, -48), (18, -43.6), (w(16), -36), (w(14.2) + out, -23),
        (w(15.4) + out + hip / 2, -12), (w(16.4) + out + hip, -2.6, CORNER),
    )  # fmt: skip


def both_halves(half: tuple[Spot, ...]) -> tuple[Spot, ...]:
    """The right half and its mirror image."""
    other: list[Spot] = [(-spot[0], spot[1], *spot[2:]) for spot in reversed(half)]
    return (*half, *other)


@lru_cache(maxsize=64)
def _pelvis(person: Person) -> str:
    w, hip = person.trunk, person.hip
    half: tuple[Spot, ...] = (
        (w(14.6), -12), (w(16.2) + hip, -4), (w(16.6) + hip, 2), (12, 7), (3, 8),
    )  # fmt: skip
    return path("f-cloth", outline(both_halves(half)))


@lru_cache(maxsize=64)
def _shirt(person: Person) -> str:
    return path("f-shirt", outline(both_halves(_half_shirt(person))))


@lru_cache(maxsize=64)
def _trousers(person: Person) -> str:
    spots = tuple((person.wide(x), y, *edge) for x, y, *edge in _LEG)
    half = person.wide(5.2)
    cuff = f"M{number(-half)} 72.6h{number(2 * half)}v2.6h{number(-2 * half)}z"
    return path("f-cloth", outline(spots)) + path("f-cuff", cuff)


def trunk(person: Person, head: str) -> str:
    """Standing straight at (0, 0), with a head whose pivot is at (0, 0)."""
    neck = path("f-shade", _NECK)
    return neck + moved(0, SKULL_AT[1], head) + _shirt(person)


def draw(clip: Clip, person: Person) -> str:
    """The person without arms."""
    head = heads.front(person, moving=clip.shift(lambda f: f.face, _face(clip, person)))
    whole = clip.turn(lambda f: f.side_lean, (0, 0), _pelvis(person), trunk(person, head))
    return (
        '<g class="f-near">'
        + _leg(clip, "left", person)
        + _leg(clip, "right", person)
        + clip.shift(lambda f: f.pelvis, whole)
        + "</g>"
    )


def draw_arms(clip: Clip, person: Person) -> str:
    """Both arms and hands, over what they hold; the left ones are the right ones' mirror image."""
    return "".join(_one_arm(clip, person, way) for way in (-1, 1))


def _one_arm(clip: Clip, person: Person, way: int) -> str:
    def points(frame: FrontFrame) -> tuple[Point, ...]:
        held = frame.left_arm if way > 0 else frame.right_arm
        return tuple(Point(-p.x * way / ARM, p.y / ARM) for p in held)

    def hand(frame: FrontFrame) -> tuple[float, float]:
        wrist = (frame.left_arm if way > 0 else frame.right_arm)[-1]
        return -way * wrist.x - FRONT_WRIST.x, wrist.y - FRONT_WRIST.y

    arm = draw_arm(clip, points, "f-near", person, "front")
    sign = "-" if way > 0 else ""
    return (
        f'<g transform="scale({sign}{ARM} {ARM})">{arm}</g>'
        f'<g class="f-near" transform="scale({sign}1 1)">{clip.shift(hand, hands.front_grip())}</g>'
    )


def helper(person: Person) -> str:
    """A whole second person, who stands beside with an arm behind the other's back. Not moving."""
    still = Clip([None])
    shoulder = SHOULDER
    hangs = reaching(Point(-shoulder.x, shoulder.y), Point(-19.5, 9), 1, 1)
    behind = reaching(shoulder, Point(45, -26), -1, 1)
    legs = "".join(
        moved(x, 0, _trousers(person)) + moved(x + out, LEG, feet.front_shoe())
        for x, out in ((-HIP_HALF, -0.8), (HIP_HALF, 0.8))
    )
    head = heads.front(person, still=heads.eyes() + heads.features(person))
    mirrored = tuple(Point(-p.x, p.y) for p in behind)
    far = draw_arm(still, lambda _: mirrored, "f-near", person)
    near = draw_arm(still, lambda _: hangs, "f-near", person)
    whole = (
        f'<g transform="scale(-1 1)">{far}</g>{legs}{_pelvis(person)}{trunk(person, head)}{near}'
    )
    return f'<g class="f-helper {person.looks}">{moved(HELPER_AT.x, -HIP_UP, whole)}</g>'


def _face(clip: Clip, person: Person) -> str:
    if all(frame.eyes_open == 1 for frame in clip.frames):
        return heads.eyes() + heads.features(person)
    return (
        clip.fade(lambda f: f.eyes_open, heads.eyes())
        + clip.fade(lambda f: 1 - f.eyes_open, heads.eyes(are_open=False))
        + heads.features(person)
    )


def _leg(clip: Clip, name: str, person: Person) -> str:
    stretched = clip.scale(lambda f: (1, getattr(f, name).stretch), _trousers(person))
    leg = clip.turn(lambda f: getattr(f, name).turn, (0, 0), stretched)
    foot = clip.shift(lambda f: getattr(f, name).ankle, feet.front_shoe())
    return foot + clip.shift(lambda f: getattr(f, name).hip, leg)
