"""What the body rests on or holds: chair, bed, headboard, counter, step, floor. Units: cm."""

from programs.motion.angles import Motion
from programs.motion.body import SEAT, SHOD, SideFrame, leg_points
from programs.motion.clip import number as n
from programs.motion.front import FOAM, RAIL, SLAB
from programs.motion.lying import BED
from programs.motion.plane import Point, plus, turned
from programs.motion.setting import (
    has_roll,
    in_corner,
    is_beside_counter,
    on_foam,
    steps_forward,
)
from programs.motion.standing import ARMREST, COUNTER, counter_edge

STANDING_SEAT = -44.0  # of a chair that stands behind
BEHIND_AT = -80.0  # where its back is

# The page of each view: left, top, width, height. Square to sit and stand, 4:3 to lie: the person
# is as large as the page lets it.
BOXES = {
    "sit": (-50, -155, 162, 162),
    "supine": (-112, -118, 224, 168),
    "sidelying": (-112, -112, 224, 168),
    "longsit": (-82, -116, 208, 156),
    "stand": (-104, -186, 194, 194),
    "front": (-97, -186, 194, 194),
}


def rect(x: float, y: float, width: float, height: float, radius: float = 2, cls: str = "") -> str:
    named = f' class="{cls}"' if cls else ""
    return (
        f'<rect{named} x="{n(x)}" y="{n(y)}" width="{n(width)}" height="{n(height)}" '
        f'rx="{n(radius)}"/>'
    )


def line(d: str, cls: str = "f-edge") -> str:
    return f'<path class="{cls}" d="{d}"/>'


def floor(box: tuple[float, float, float, float], y: float = 0) -> str:
    left, _, width, _ = box
    return line(f"M{n(left + 4)} {n(y)}h{n(width - 8)}")


def chair(seat: float, back: float = -15, depth: float = 40) -> str:
    """Side view, facing right; `seat` is the y of its top, `back` the x of the backrest.

    Two steps paler than people: nobody holds it.
    """
    legs = f"M{n(back - 1)} {n(seat)}L{n(back - 4)} 0M{n(back + depth - 3)} {n(seat)}V0"
    rest = f"M{n(back - 2)} {n(seat + 2)}L{n(back - 7)} {n(seat - 44)}"
    return line(legs + rest, "f-post") + rect(back - 3, seat, depth, 5)


def armrest(hip: float) -> str:
    """Of the chair of one who reaches out: what the other hand lies on."""
    post = line(f"M26 {n(hip + ARMREST + 3)}V{n(hip + SEAT)}", "f-post")
    return post + rect(-20, hip + ARMREST, 54, 4, 2, "f-held")


def behind(motion: Motion, frames: list[SideFrame]) -> str:
    """What is drawn before the body."""
    return _BEHIND[motion.pose](motion, frames)


def _sit(motion: Motion, frames: list[SideFrame]) -> str:
    hip = frames[0].root.y
    return floor(BOXES["sit"]) + chair(hip + SEAT) + (armrest(hip) if motion.is_balance else "")


def _supine(_motion: Motion, _frames: list[SideFrame]) -> str:
    return (
        rect(-104, BED, 212, 14, 5)
        + line(f"M-96 {n(BED + 14)}V44M100 {n(BED + 14)}V44", "f-post")
        + line("M-108 44H112")
        + rect(-92, BED - 6, 34, 8, 4, "f-soft")
    )


def _longsit(_motion: Motion, frames: list[SideFrame]) -> str:
    return (
        rect(-72, -70, 6, 102, 2)
        + rect(-66, BED, 182, 14, 4)
        + line("M-62 23V38M110 23V38", "f-post")
        + line("M-78 38H118")
        + _wedge(frames[0])
    )


def between(motion: Motion, frames: list[SideFrame]) -> str:
    """What lies between the legs: the towel roll under the working knee."""
    if not has_roll(motion):
        return ""
    first = frames[0]
    leg = leg_points(first.root, first.turn, first.near)
    top = plus(leg.knee, turned(Point(-5.6, -3), first.turn + first.near.hip))
    roll = max((BED - top.y) / 2, 2.5)
    circle = f'<circle class="f-soft" cx="{n(top.x)}" cy="{n(BED - roll)}" r="{n(roll)}"/>'
    return f'<g transform="rotate({n(-first.turn)})">{circle}</g>'


def _wedge(frame: SideFrame) -> str:
    """The pillows between a leaning back and the headboard."""
    top_x = -0.8 * (-frame.turn) - 12
    return line(f"M-66 {n(BED)}H-5L{n(top_x - 8)} -46Q{n(top_x - 12)} -54 -66 -54Z", "f-soft")


def _stand(motion: Motion, frames: list[SideFrame]) -> str:
    drawn = floor(BOXES["stand"])
    if is_beside_counter(motion):
        left = BOXES["stand"][0] + 4
        doors = "".join(f"M{n(left + x)} {n(SLAB - COUNTER)}V0" for x in (48, 122))
        panels = line(doors, "f-seam")
        return (
            drawn
            + rect(left, -COUNTER, 186, COUNTER, 0, "f-panel")
            + panels
            + rect(left, -COUNTER, 186, SLAB, 2, "f-held")
            + _step(motion, frames)
        )
    first = frames[0]
    sits = first.root.y > -70
    back = first.root.x - 15 if sits else BEHIND_AT
    edge = counter_edge(motion)
    seat = first.root.y + SEAT if sits else STANDING_SEAT
    return (
        drawn
        + chair(seat, back)
        + rect(edge + 4, -COUNTER, 46, COUNTER, 0, "f-panel")
        + line(f"M{n(edge + 27)} {n(SLAB - COUNTER)}V0", "f-seam")
    )


def worktop(motion: Motion) -> str:
    """What is held in front of somebody who stands: over the far arm."""
    if motion.pose != "stand" or is_beside_counter(motion):
        return ""
    return rect(counter_edge(motion), -COUNTER, 54, SLAB, 2, "f-held")


def _step(motion: Motion, frames: list[SideFrame]) -> str:
    """A low step under a foot that ends up above the floor."""
    if not steps_forward(motion):
        return ""
    last = frames[-1]
    leg = leg_points(last.root, last.turn, last.near, SHOD)
    if leg.lowest > -6:
        return ""
    return rect(leg.ankle.x - 9, leg.lowest, 40, -leg.lowest, 1)


def behind_front(motion: Motion) -> str:
    """Front view: the floor, a corner, the foam underfoot."""
    drawn = floor(BOXES["front"])
    if in_corner(motion):
        drawn += line("M0-182V-28M0-28L-92-2M0-28L92-2", "f-floor")
    return drawn + (rect(-42, -FOAM, 84, FOAM, 2, "f-foam") if on_foam(motion) else "")


def before_front(motion: Motion) -> str:
    """Front view: only what the hands hold, so that nothing cages the legs."""
    if in_corner(motion):
        stubs = line("M-28-87V-62M28-87V-62", "f-post")
        return stubs + rect(-36, -RAIL, 72, 5, 2, "f-held")
    mug = line("M-60-92v-11h10v11zM-50-100h3q2 0 2 2v2q0 2-2 2h-3", "f-mug")
    return mug + rect(-76, -RAIL, 152, 5, 2, "f-held")


_BEHIND = {
    "sit": _sit,
    "supine": _supine,
    "longsit": _longsit,
    "stand": _stand,
}
