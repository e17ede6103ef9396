"""What the body rests on or holds: chair, bed, headboard, counter, step, floor. Units: cm."""

from programs.motion.angles import Motion
from programs.motion.body import SideFrame, leg_points
from programs.motion.clip import number as n
from programs.motion.front import FOAM, RAIL, helper
from programs.motion.lying import BED
from programs.motion.plane import Point, plus, turned
from programs.motion.setting import (
    closes_eyes,
    has_roll,
    in_corner,
    is_beside_counter,
    on_foam,
    steps_forward,
)
from programs.motion.standing import (
    ARMREST,
    COUNTER,
    counter_edge,
)

# The page of each view, 4:3: left, top, width, height.
BOXES = {
    "sit": (-62, -150, 208, 156),
    "supine": (-112, -124, 228, 171),
    "sidelying": (-116, -84, 228, 171),
    "longsit": (-82, -112, 204, 153),
    "stand": (-106, -181, 252, 189),
    "front": (-106, -181, 252, 189),
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
    """Side view, facing right; `seat` is the y of its top, `back` the x of the backrest."""
    legs = f"M{n(back - 1)} {n(seat)}L{n(back - 4)} 0M{n(back + depth - 3)} {n(seat)}V0"
    rest = f"M{n(back - 2)} {n(seat + 2)}L{n(back - 7)} {n(seat - 44)}"
    return line(legs + rest, "f-post") + rect(back - 3, seat, depth, 5)


def armrest(hip: float) -> str:
    """Of the chair of one who reaches out: what the other hand holds."""
    return rect(-20, hip + ARMREST, 56, 4) + line(f"M23 {n(hip + ARMREST)}V{n(hip + 8)}", "f-post")


def behind(motion: Motion, frames: list[SideFrame]) -> str:
    """What is drawn before the body."""
    return _BEHIND[motion.pose](motion, frames)


def _sit(motion: Motion, frames: list[SideFrame]) -> str:
    hip = frames[0].root.y
    return floor(BOXES["sit"]) + chair(hip + 8.2) + (armrest(hip) if motion.is_balance else "")


def _supine(_motion: Motion, _frames: list[SideFrame]) -> str:
    return (
        rect(-104, BED, 212, 14, 5)
        + line(f"M-96 {n(BED + 14)}V44M100 {n(BED + 14)}V44", "f-post")
        + line("M-108 44H112")
        + rect(-92, BED - 6, 34, 8, 4, "f-soft")
    )


def _sidelying(_motion: Motion, frames: list[SideFrame]) -> str:
    middle = frames[len(frames) // 2]
    leg = leg_points(middle.root, middle.turn, middle.near)
    x, y = (leg.knee.x + leg.ankle.x) / 2, (leg.knee.y + leg.ankle.y) / 2
    return (
        rect(-112, -56, 220, 136, 8)
        + rect(54, -28, 42, 64, 10, "f-soft")
        + rect(x - 26, y - 16, 52, 34, 10, "f-soft")
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
    seat = -44.0
    drawn = floor(BOXES["stand"])
    if is_beside_counter(motion):
        left = -70
        return (
            drawn
            + rect(left, -COUNTER, 146, 92, 1, "f-panel")
            + rect(left - 4, -COUNTER, 154, 5)
            + _step(motion, frames)
        )
    first = frames[0]
    sits = first.root.y > -70
    back = first.root.x - 15 if sits else -82
    edge = counter_edge(motion)
    drawn += chair(first.root.y + 8.2 if sits else seat, back)
    drawn += rect(edge + 3, -COUNTER, 40, 92, 1, "f-panel") + rect(edge, -COUNTER, 46, 5)
    return drawn


def _step(motion: Motion, frames: list[SideFrame]) -> str:
    """A low step under a foot that ends up above the floor."""
    if not steps_forward(motion):
        return ""
    last = frames[-1]
    leg = leg_points(last.root, last.turn, last.near)
    if leg.lowest > -6:
        return ""
    return rect(leg.ankle.x - 1, leg.lowest, 34, -leg.lowest, 1)


def behind_front(motion: Motion) -> str:
    """Front view: the chair or the corner behind the person, and the foam underfoot."""
    if in_corner(motion):
        drawn = line("M0-178V-26M0-26L-98 0M0-26L98 0")
        drawn += helper() if closes_eyes(motion) else ""
    else:
        drawn = floor(BOXES["front"]) + line("M-27 0V-88M27 0V-88", "f-post")
        drawn += rect(-29, -90, 58, 22, 4) + rect(-30, -48, 60, 6)
    return drawn + (rect(-46, -FOAM, 92, FOAM, 2, "f-foam") if on_foam(motion) else "")


def before_front(motion: Motion) -> str:
    """Front view: what the hands hold, open so that the legs are seen."""
    if in_corner(motion):
        legs = line("M-31 0V-90M31 0V-90", "f-post")
        return legs + rect(-34, -92, 68, 5) + rect(-31, -72, 62, 4) + rect(-34, -46, 68, 6)
    return line(f"M-70 0V{n(-RAIL)}M70 0V{n(-RAIL)}", "f-post") + rect(-76, -RAIL, 152, 4.5)


_BEHIND = {
    "sit": _sit,
    "supine": _supine,
    "sidelying": _sidelying,
    "longsit": _longsit,
    "stand": _stand,
}
