"""Side-lying, seen from the person's front and a little from above: head to the right.

The plane in which the working leg bends lies on the bed, so that the side view's leg serves: turned
by 90 degrees and squashed, with the width that this takes given back.
"""

from dataclasses import replace

from programs.motion import heads
from programs.motion.body import SideFrame, arm, leg_points
from programs.motion.clip import Clip
from programs.motion.clip import number as n
from programs.motion.feet import Worn, path
from programs.motion.lying import SQUASH, UPPER, laid
from programs.motion.outline import CORNER, Spot, outline
from programs.motion.people import Person
from programs.motion.plane import Point
from programs.motion.side import Marks, draw_arm, draw_leg, moved

WIDER = 1.12
LOWER = Point(3, 8)  # the lower hip
BED_FRONT = 34.0  # the near edge of the bed
HEAD_AT = Point(61, 2)

# The trunk from the hips (0, 0) to the neck, its front towards us: seen from the side of the waist.
_SHIRT: tuple[Spot, ...] = (
    (-3, -17.4), (8, -17), (22, -13.6), (36, -17.4), (46, -18.6), (52, -12), (53.6, -4, CORNER),
    (53.6, 6, CORNER), (50, 14), (40, 17), (24, 15.4), (8, 16.6), (-3, 17, CORNER), (-4.6, 0),
)  # fmt: skip
_HIPS: tuple[Spot, ...] = (
    (6, -17.2), (-4, -18.4), (-11, -12), (-12.4, 0), (-9, 13), (0, 17.4), (7, 16.6), (9, 0),
)  # fmt: skip


def behind(frames: list[SideFrame]) -> str:
    """The bed with its headboard, the pillows, and what the body throws a shadow on."""
    where = _foot_way(frames)
    return (
        '<rect class="f-sheet" x="-112" y="-62" width="216" height="96" rx="2"/>'
        f'<rect x="-112" y="{n(BED_FRONT)}" width="218" height="14" rx="2"/>'
        f'<path class="f-post" d="M-106 {n(BED_FRONT + 14)}v12M98 {n(BED_FRONT + 14)}v12"/>'
        '<rect x="102" y="-78" width="9" height="128" rx="3"/>'
        '<rect class="f-soft" x="54" y="-34" width="44" height="60" rx="11"/>'
        '<path class="f-shadow" d="M-84 12q60 12 140 8l-6 8q-80 4-134-4z"/>'
        f'<rect class="f-soft" x="{n(where.x - 25)}" y="{n(where.y - 6)}" '
        'width="50" height="26" rx="11"/>'
    )


def _foot_way(frames: list[SideFrame]) -> Point:
    """Where the cushion lies: under the middle of the way of the shank."""
    middle = frames[len(frames) // 2]
    leg = leg_points(Point(0, 0), 90, middle.near)
    return laid(Point((leg.knee.x + leg.ankle.x) / 2, (leg.knee.y + leg.ankle.y) / 2))


def _laid(hip: Point, leg: str) -> str:
    """A leg of the side view, on the bed."""
    return f'<g transform="translate({n(hip.x)} {n(hip.y)}) scale(1 {SQUASH}) rotate(90)">{leg}</g>'


def draw(clip: Clip, person: Person, worn: Worn, marks: Marks) -> str:
    under = arm(Point(44, 13), Point(74, 20), 1, 0.9)
    on_bed = arm(Point(43, -10), Point(25, 22), -1, 0.9)
    still = Clip([None])
    wider = replace(person, girth=person.girth * WIDER)
    head = heads.front(person, still=heads.eyes() + heads.features(person))
    head = moved(HEAD_AT.x, HEAD_AT.y, f'<g transform="rotate(84)">{head}</g>')
    neck = path("f-shade", "M50-4h12v10h-12z")
    bowed = clip.shift(lambda f: (0, f.neck * 0.1), head)
    rounded = clip.shift(lambda f: (0, (f.low + f.high) * 0.1), neck, bowed)
    return (
        _laid(LOWER, draw_leg(clip, "far", "f-far", wider, worn))
        + f'<g class="f-near">{draw_arm(still, lambda _: under, "f-near", person)}{rounded}'
        + path("f-shirt", outline(_SHIRT))
        + path("f-cloth", outline(_HIPS))
        + "</g>"
        + _laid(UPPER, draw_leg(clip, "near", "f-near", wider, worn, marks))
        + draw_arm(still, lambda _: on_bed, "f-near", person)
    )
