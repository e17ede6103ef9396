"""The nerve's course along the body, the marks of what loads it, and the direction arrows."""

import math
from collections.abc import Sequence

from programs.motion.body import LUMBAR, NECK_AT, SHANK, THIGH, SideFrame, leg_points
from programs.motion.clip import number, numbers
from programs.motion.feet import HINGE
from programs.motion.load import JointLoad
from programs.motion.lying import BED, laid
from programs.motion.plane import Point, heading, mix_points, plus, turned
from programs.motion.side import Marks

# Course in each segment's own frame, front to the right; schematic (design value), after the usual
# anatomy: which side of the knee, calf and ankle each nerve passes. Each begins and ends on the
# joints' axes, so that it does not break where they bend.
_KNEE, _HEEL = f"0 {number(THIGH)}", f"0 {number(SHANK)}"
_BACK_THIGH = f"M0 0C-6 8-4.5 28 {_KNEE}"
_COURSES = {
    "sciatic": (_BACK_THIGH, f"M0 0C-5 14-4 32 {_HEEL}", "M0 0L-1.6 4"),
    "tibial": (_BACK_THIGH, f"M0 0C-5 14-4 32 {_HEEL}", "M0 0C-1.4 4.4 2 5 8 4.6"),
    "plantar": (_BACK_THIGH, f"M0 0C-5 14-4 32 {_HEEL}", "M0 0C-1.4 5 4 4.6 16.4 5"),
    "common_fibular": (_BACK_THIGH, f"M0 0C-5 6 3 8 3.2 15C3.2 27 1.6 34 {_HEEL}", "M0 0L5 1.4"),
    "superficial_fibular": (
        _BACK_THIGH,
        f"M0 0C-5 6 3 8 2.8 17C2.6 29 2.6 36 {_HEEL}",
        "M0 0C5 .6 9 2 16 3.6",
    ),
    "deep_fibular": (
        _BACK_THIGH,
        f"M0 0C-5 6 4 7 4 15C4 27 3 35 {_HEEL}",
        "M0 0C6-.2 10 1.8 16.6 3.6",
    ),
    "sural": (_BACK_THIGH, f"M0 0C-7 12-5.4 30 {_HEEL}", "M0 0C-.4 3.4 4 4.2 13 4.4"),
    "saphenous": (
        f"M0 0C7 10 4 28 {_KNEE}",
        f"M0 0C-3 10 3 28 {_HEEL}",
        "M0 0C4 1 7 2.8 10 3.8",
    ),
}
_LOW_SPINE = f"M0 0C-6-5-6-13-3-{number(LUMBAR)}"
_HIGH_SPINE = f"M-3-{number(LUMBAR)}C-7-31-8-42-4.6-50.6"
_MARK_AT = {
    "neck": (-4.6, -50.6),
    "trunk": (-3, -LUMBAR),
    "hip": (0, 0),
    "knee": (0, 0),
    "ankle": (0, 0),
    "ever": (5, 3),
    "toe": (HINGE.x, HINGE.y - 0.4),
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
KICK = 63.0  # cm from the knee: the toes' reach, and what an arrow keeps from them
KICK_FROM = 24.0  # degrees of a circle its arrow at least covers (design value)
SHORTEST = 16.0  # cm, an arrow that is still seen (design value)
HOOK = 5.0  # cm by which the halves of an even curve may differ; else a straight arrow is drawn
ARROW_FROM = 20.0  # smallest turn in degrees that gets an arrow at the leg (design value)


def has_course(nerve: str | None) -> bool:
    """Whether it is one line, and not many nerves at once."""
    return nerve in _COURSES


def marks(nerve: str | None, loads: Sequence[JointLoad], arrows: dict[str, str]) -> Marks:
    """What to draw on each segment: course, then arrows, then load marks on top."""
    parts: dict[str, list[str]] = {name: [] for name in ("low", "high", "thigh", "shank", "foot")}
    if nerve in _COURSES:
        thigh, shank, foot = _COURSES[nerve]
        lines = {"low": _LOW_SPINE, "high": _HIGH_SPINE, "thigh": thigh, "shank": shank}
        for name, line in {**lines, "foot": foot}.items():
            parts[name].append(_course(line, _strain(name, loads)))
    for name, drawn in arrows.items():
        parts[name].append(drawn)
    for load in loads:
        if load.effect != "neutral":
            parts[_SEGMENT[load.joint]].append(_mark(load))
    return Marks(**{name: "".join(found) for name, found in parts.items()})


def _course(line: str, strain: str) -> str:
    """In a dark case, so that it is seen on cloth and on any skin."""
    return f'<path class="f-case" d="{line}"/><path class="f-nerve{strain}" d="{line}"/>'


def _strain(segment: str, loads: Sequence[JointLoad]) -> str:
    """A class for the part of the course that is loaded or let go; both at once say nothing."""
    effects = {load.effect for load in loads if load.joint in _ALONG[segment]}
    if {"load", "unload"} <= effects:
        return ""
    return " f-taut" if "load" in effects else " f-slack" if "unload" in effects else ""


def _mark(load: JointLoad) -> str:
    """A full dot where the nerve is loaded, a ring where it is let go."""
    x, y = _MARK_AT[load.joint]
    return f'<circle class="f-{load.effect}" cx="{number(x)}" cy="{number(y)}" r="2.8"/>'


def segment_arrows(deltas: dict[str, float], frame: SideFrame) -> dict[str, str]:
    """Arrows that ride on a segment: the foot's on the shank, the head's on the upper trunk."""
    arrows = {}
    if abs(deltas.get("ankle", 0)) >= 8 and not _kicks(deltas):
        start, by = -frame.near.ankle, deltas["ankle"]
        arrows["shank"] = _arc(Point(0, SHANK), 27, 86 + start, 86 + start + by)
    if abs(deltas.get("neck", 0)) >= 8:
        start, by = frame.neck, deltas["neck"]
        arrows["high"] = _arc(Point(*NECK_AT), 37, 165 - start, 165 - start - by)
    return arrows


def _kicks(deltas: dict[str, float]) -> bool:
    """The leg has an arrow of its own: three are the most that are read."""
    return max(abs(deltas.get("hip", 0)), abs(deltas.get("knee", 0))) >= ARROW_FROM


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
    if not _kicks(deltas):
        return ""
    if pose == "sit":
        return _kick(frames, KICK)
    points_down = deltas.get("ankle", 0) < 0  # pointing toes come nearer to the arrow
    reach = 29.0 if points_down else 20.0

    def beyond(frame: SideFrame) -> Point:
        leg = leg_points(frame.root, frame.turn, frame.near)
        at = plus(leg.ankle, turned(Point(0, reach), heading(leg.knee, leg.ankle)))
        if pose == "sidelying":
            return laid(at)
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
