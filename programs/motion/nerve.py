"""The nerve's course along the body, the marks of what loads it, and the direction arrows."""

import math
from collections.abc import Sequence

from programs.motion.body import (
    ANKLE_AT,
    BALL_AT,
    KNEE_AT,
    NECK_AT,
    WAIST_AT,
    Marks,
    SideFrame,
    leg_points,
)
from programs.motion.clip import number, numbers, sample_times
from programs.motion.load import JointLoad
from programs.motion.plane import Point, plus, turned

# Course in the straight leg's own frame, front to the right; schematic (design value), after the
# usual anatomy: which side of the knee, calf and ankle each nerve passes.
_BACK_THIGH = "M0-1C-6 8-4 30-2 41"
_COURSES = {
    "sciatic": (_BACK_THIGH, "M-2 41C-5 52-4 70-3 81", "M-3 81L-3 86"),
    "tibial": (_BACK_THIGH, "M-2 41C-5 52-4 70-3 80", "M-3 80C-3 86 2 87 8 87"),
    "plantar": (_BACK_THIGH, "M-2 41C-5 52-4 70-3 80", "M-3 80C-3 87 4 87.4 16 87.4"),
    "common_fibular": (_BACK_THIGH, "M-2 41C-4 46 3 48 3 54C3 66 2 74 1.6 80", "M1.6 80L5 82.6"),
    "superficial_fibular": (
        _BACK_THIGH,
        "M-2 41C-4 46 3 48 2.6 56C2.4 68 2.6 76 2.6 80",
        "M2.6 80C6 82.6 10 84 16 85.4",
    ),
    "deep_fibular": (
        _BACK_THIGH,
        "M-2 41C-4 46 4 47 4 54C4 66 3 74 2.8 80",
        "M2.8 80C7 83 11 84.4 17 86",
    ),
    "sural": (_BACK_THIGH, "M-2 41C-6 50-5 66-2.8 80", "M-2.8 80C-2 85 4 86 13 86"),
    "saphenous": (
        "M3-2C6 10 3 28-2 41",
        "M-2 41C-2 52 2 66 2.6 80",
        "M2.6 80C4 83 7 85 10 86",
    ),
}
_LOW_SPINE = "M0-1C-6-8-6-16-5-22"
_HIGH_SPINE = "M-5.2-15C-6.4-28-8-38-4-50"
_MARK_AT = {
    "neck": (-5, -49),
    "trunk": (-6, WAIST_AT[1]),
    "hip": (0, 0),
    "knee": KNEE_AT,
    "ankle": ANKLE_AT,
    "ever": (1, 86),
    "toe": BALL_AT,
}
_SEGMENT = {
    "neck": "high",
    "trunk": "high",
    "hip": "thigh",
    "knee": "thigh",
    "ankle": "shank",
    "ever": "foot",
    "toe": "foot",
}
ARROW_FROM = 20.0  # smallest turn in degrees that gets an arrow at the leg (design value)


def marks(nerve: str | None, loads: Sequence[JointLoad], arrows: dict[str, str]) -> Marks:
    """What to draw on each segment: course, then arrows, then load marks on top."""
    parts: dict[str, list[str]] = {name: [] for name in ("low", "high", "thigh", "shank", "foot")}
    if nerve in _COURSES:
        thigh, shank, foot = _COURSES[nerve]
        lines = {"low": _LOW_SPINE, "high": _HIGH_SPINE, "thigh": thigh, "shank": shank}
        for name, line in {**lines, "foot": foot}.items():
            parts[name].append(f'<path class="f-nerve" d="{line}"/>')
    for name, drawn in arrows.items():
        parts[name].append(drawn)
    for load in loads:
        if load.effect != "neutral":
            parts[_SEGMENT[load.joint]].append(_mark(load))
    return Marks(**{name: "".join(found) for name, found in parts.items()})


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


def arrow(points: Sequence[Point], passed: float = 0.5) -> str:
    """A curved arrow through three points; `passed` is the share of the way at the second."""
    a, through, b = points
    near, far, both = (1 - passed) ** 2, passed**2, 2 * passed * (1 - passed)
    control = Point(
        (through.x - near * a.x - far * b.x) / both, (through.y - near * a.y - far * b.y) / both
    )
    angle = math.degrees(math.atan2(b.y - control.y, b.x - control.x))
    wings = [plus(b, turned(Point(-5.5, side), angle)) for side in (-3.6, 3.6)]
    head = f"M{numbers(wings[0])}L{numbers(b)} {numbers(wings[1])}"
    return f'<path class="f-arrow" d="M{numbers(a)}Q{numbers(control)} {numbers(b)}{head}"/>'


def leg_arrow(frames: Sequence[SideFrame], deltas: dict[str, float], *, clears_floor: bool) -> str:
    """Where the working leg goes: along the path of a point beyond the sole.

    `clears_floor` takes the later part of the path, which is not under the floor.
    """
    if max(abs(deltas.get("hip", 0)), abs(deltas.get("knee", 0))) < ARROW_FROM:
        return ""
    points_down = deltas.get("ankle", 0) < 0  # pointing toes come nearer to the arrow
    reach = 30.0 if points_down else 22.0
    later = (4, 5, 6) if points_down else (3, 4, 6)
    first, middle, last = later if clears_floor else (1, 3, 5)
    times = sample_times()
    passed = (times[middle] - times[first]) / (times[last] - times[first])

    def beyond(frame: SideFrame) -> Point:
        leg = leg_points(frame.root, frame.turn, frame.near)
        shank = frame.turn + frame.near.hip + frame.near.knee
        return plus(leg.ankle, turned(Point(0, reach), shank))

    return arrow([beyond(frames[moment]) for moment in (first, middle, last)], passed)
