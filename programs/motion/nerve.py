"""The nerve's course along the body, the marks of what loads it, and the direction arrows."""

import math
from collections.abc import Sequence

from programs.motion.body import (
    ANKLE_AT,
    BALL_AT,
    KNEE_AT,
    NECK_AT,
    SHANK,
    WAIST_AT,
    Marks,
    SideFrame,
    leg_points,
)
from programs.motion.clip import number, numbers
from programs.motion.load import JointLoad
from programs.motion.lying import BED
from programs.motion.plane import Point, heading, mix_points, plus, turned

# Course in the straight leg's own frame, front to the right; schematic (design value), after the
# usual anatomy: which side of the knee, calf and ankle each nerve passes.
_BACK_THIGH = "M0-1C-6 8-4 28-1.4 37"
_COURSES = {
    "sciatic": (_BACK_THIGH, "M-1 38C-5 52-4 70-3 81", "M-3 81L-3 86"),
    "tibial": (_BACK_THIGH, "M-1 38C-5 52-4 70-3 80", "M-3 80C-3 86 2 87 8 87"),
    "plantar": (_BACK_THIGH, "M-1 38C-5 52-4 70-3 80", "M-3 80C-3 87 4 87.4 16 87.4"),
    "common_fibular": (_BACK_THIGH, "M-1 38C-4 46 3 48 3 54C3 66 2 74 1.6 80", "M1.6 80L5 82.6"),
    "superficial_fibular": (
        _BACK_THIGH,
        "M-1 38C-4 46 3 48 2.6 56C2.4 68 2.6 76 2.6 80",
        "M2.6 80C6 82.6 10 84 16 85.4",
    ),
    "deep_fibular": (
        _BACK_THIGH,
        "M-1 38C-4 46 4 47 4 54C4 66 3 74 2.8 80",
        "M2.8 80C7 83 11 84.4 17 86",
    ),
    "sural": (_BACK_THIGH, "M-1 38C-6 50-5 66-2.8 80", "M-2.8 80C-2 85 4 86 13 86"),
    "saphenous": (
        "M3-2C6 10 3 28-1.4 37",
        "M-1 38C-2 52 2 66 2.6 80",
        "M2.6 80C4 83 7 85 10 86",
    ),
}
_LOW_SPINE = "M0-1C-6-6-7-14-6.4-22"
_HIGH_SPINE = "M-6.4-15C-6.4-28-9-36-5-50"
_MARK_AT = {
    "neck": (-5, -49),
    "trunk": (-6.4, WAIST_AT[1]),
    "hip": (0, 0),
    "knee": KNEE_AT,
    "ankle": ANKLE_AT,
    "ever": (6.5, 86.4),
    "toe": BALL_AT,
}
_SEGMENT = {
    "neck": "high",
    "trunk": "high",
    "hip": "thigh",
    "knee": "shank",
    "ankle": "shank",
    "ever": "foot",
    "toe": "foot",
}
# Which joints' load colors which part of the course: the part that crosses or follows the joint.
_ALONG = {
    "high": ("neck",),
    "low": ("trunk",),
    "thigh": ("hip",),
    "shank": ("knee",),
    "foot": ("ankle", "ever", "toe"),
}
ABOVE = 4.0  # cm an arrow keeps from the floor or the bed (design value)
KICK_FROM = 24.0  # degrees of a circle its arrow at least covers (design value)
SHORTEST = 16.0  # cm, an arrow that is still seen (design value)
HOOK = 5.0  # cm by which the halves of an even curve may differ; else a straight arrow is drawn
ARROW_FROM = 20.0  # smallest turn in degrees that gets an arrow at the leg (design value)


def marks(nerve: str | None, loads: Sequence[JointLoad], arrows: dict[str, str]) -> Marks:
    """What to draw on each segment: course, then arrows, then load marks on top."""
    parts: dict[str, list[str]] = {name: [] for name in ("low", "high", "thigh", "shank", "foot")}
    if nerve in _COURSES:
        thigh, shank, foot = _COURSES[nerve]
        lines = {"low": _LOW_SPINE, "high": _HIGH_SPINE, "thigh": thigh, "shank": shank}
        for name, line in {**lines, "foot": foot}.items():
            parts[name].append(f'<path class="f-nerve{_strain(name, loads)}" d="{line}"/>')
    for name, drawn in arrows.items():
        parts[name].append(drawn)
    for load in loads:
        if load.effect != "neutral":
            parts[_SEGMENT[load.joint]].append(_mark(load))
    return Marks(**{name: "".join(found) for name, found in parts.items()})


def _strain(segment: str, loads: Sequence[JointLoad]) -> str:
    """A class for the part of the course that is loaded or let go; both at once say nothing."""
    effects = {load.effect for load in loads if load.joint in _ALONG[segment]}
    if {"load", "unload"} <= effects:
        return ""
    return " f-taut" if "load" in effects else " f-slack" if "unload" in effects else ""


def _mark(load: JointLoad) -> str:
    """A full dot where the nerve is loaded, a ring where it is let go."""
    x, y = _MARK_AT[load.joint]
    return f'<circle class="f-{load.effect}" cx="{number(x)}" cy="{number(y)}" r="2.7"/>'


def segment_arrows(deltas: dict[str, float], frame: SideFrame) -> dict[str, str]:
    """Arrows that ride on a segment: the foot's on the shank, the head's on the upper trunk."""
    arrows = {}
    if abs(deltas.get("ankle", 0)) >= 8:
        start, by = -frame.near.ankle, deltas["ankle"]
        arrows["shank"] = _arc(Point(*ANKLE_AT), 27, 86 + start, 86 + start + by)
    if abs(deltas.get("neck", 0)) >= 8:
        start, by = frame.neck, deltas["neck"]
        arrows["high"] = _arc(Point(*NECK_AT), 39, 165 - start, 165 - start - by)
    return arrows


def _arc(center: Point, radius: float, start: float, end: float) -> str:
    """An arrow along a circle; degrees from straight down towards the front."""
    if abs(end - start) < 22:
        middle, half = (start + end) / 2, math.copysign(11, end - start)
        start, end = middle - half, middle + half

    def at(degrees: float) -> Point:
        return plus(center, turned(Point(0, radius), -degrees))

    return arrow([at(start), at((start + end) / 2), at(end)])


def arrow(points: Sequence[Point]) -> str:
    """A curved arrow that passes half-way through the second of three points."""
    a, through, b = points
    control = Point(2 * through.x - (a.x + b.x) / 2, 2 * through.y - (a.y + b.y) / 2)
    angle = math.degrees(math.atan2(b.y - control.y, b.x - control.x))
    wings = [plus(b, turned(Point(-5.5, side), angle)) for side in (-3.6, 3.6)]
    head = f"M{numbers(wings[0])}L{numbers(b)} {numbers(wings[1])}"
    return f'<path class="f-arrow" d="M{numbers(a)}Q{numbers(control)} {numbers(b)}{head}"/>'


def along(points: Sequence[Point]) -> str:
    """Through the path, at least long enough to be seen; nothing for a path without a way."""
    a, middle, b = points[0], points[len(points) // 2], points[-1]
    length = math.dist(a, b)
    if length < 1:
        return ""
    if length < SHORTEST:
        middle = mix_points(a, b, 0.5)
        unit = Point((b.x - a.x) / length, (b.y - a.y) / length)
        more = (SHORTEST - length) / 2
        a = Point(a.x - unit.x * more, a.y - unit.y * more)
        b = Point(b.x + unit.x * more, b.y + unit.y * more)
    return arrow([a, middle, b])


def leg_arrow(pose: str, frames: Sequence[SideFrame], deltas: dict[str, float]) -> str:
    """Where the working leg goes: along the path of a point beyond the sole."""
    if max(abs(deltas.get("hip", 0)), abs(deltas.get("knee", 0))) < ARROW_FROM:
        return ""
    points_down = deltas.get("ankle", 0) < 0  # pointing toes come nearer to the arrow
    reach = 31.0 if points_down else 22.0
    if pose == "sit":
        return _kick(frames, SHANK + reach)

    def beyond(frame: SideFrame) -> Point:
        leg = leg_points(frame.root, frame.turn, frame.near)
        at = plus(leg.ankle, turned(Point(0, reach), heading(leg.knee, leg.ankle)))
        return Point(at.x, min(at.y, BED - ABOVE)) if pose == "longsit" else at

    start, middle, end = (beyond(frames[moment]) for moment in (1, 3, 5))
    hooks = abs(math.dist(start, middle) - math.dist(middle, end)) > HOOK
    return along([start, mix_points(start, end, 0.5) if hooks else middle, end])


def _kick(frames: Sequence[SideFrame], radius: float) -> str:
    """On a circle round the knee of one who sits, above the floor and long enough to be seen."""
    knee = leg_points(frames[0].root, frames[0].turn, frames[0].near).knee
    floor = math.degrees(math.acos(max(-1, min(1, (-ABOVE - knee.y) / radius))))
    start, end = (-(frame.near.hip + frame.near.knee) for frame in (frames[0], frames[-1]))
    low = max(min(start, end), floor)
    high = max(start, end, low + KICK_FROM)
    return _arc(knee, radius, low, high) if end > start else _arc(knee, radius, high, low)
