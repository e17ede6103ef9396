"""Direction arrows of balance tasks: which way the weight, the foot or the head goes."""

import math
from collections.abc import Sequence

from programs.motion.angles import Motion
from programs.motion.body import SideFrame, leg_points, torso_point
from programs.motion.front import FrontFrame
from programs.motion.nerve import along, arrow
from programs.motion.plane import Point, plus
from programs.motion.setting import rises, tilts_feet

_HEAD = Point(4, -78)


def side(motion: Motion, frames: Sequence[SideFrame]) -> str:
    """Arrows of the side view."""
    if not motion.is_balance:
        return _step_back(frames[-1])
    start, end = motion.balance_ends()
    if rises(start, end):
        return _up(Point(-36, -100), 40)
    if tilts_feet(start) and tilts_feet(end):
        return _up(Point(-16, -2), 16) + _up(Point(27, -2), 16)
    if motion.pose == "sit":
        hand = [frame.near_arm[-1] for frame in frames]
        return along([plus(point, Point(4, -15)) for point in hand])
    foot = [leg_points(f.root, f.turn, f.near) for f in frames]
    if math.dist(foot[0].ankle, foot[-1].ankle) > 5:
        return along([plus(leg.sole[2], Point(4, -8)) for leg in foot])
    head = [torso_point(f.root, f.turn, f.low, f.high, _HEAD) for f in frames]
    sways = math.dist(head[0], head[-1]) >= 4
    return along([plus(point, Point(0, -8)) for point in head]) if sways else ""


def _step_back(last: SideFrame) -> str:
    heel = leg_points(last.root, last.turn, last.near).sole[0]
    return along([plus(heel, Point(x, -8)) for x in (2, -7, -16)])


def front(frames: Sequence[FrontFrame]) -> str:
    """Arrows of the front view."""
    first, last = frames[0], frames[-1]
    if math.dist(first.face, last.face) > 4:
        way = math.copysign(1, last.face.x - first.face.x)
        top = first.pelvis.y - 90
        return arrow([Point(-17 * way, top + 8), Point(0, top + 1), Point(17 * way, top + 8)])
    drawn = ""
    for name, out in (("left", 1), ("right", -1)):
        a, b = getattr(first, name).ankle, getattr(last, name).ankle
        if math.dist(a, b) > 4:
            away = 14 if (b.x - a.x) * out >= 0 else 22
            drawn += along([plus(getattr(f, name).ankle, Point(away * out, 0)) for f in frames])
    if not drawn and abs(last.pelvis.x - first.pelvis.x) > 4:
        drawn = along([Point(f.pelvis.x * 1.6, f.pelvis.y - 87) for f in frames])
    return drawn


def _up(foot: Point, by: float) -> str:
    return arrow([foot, plus(foot, Point(0, -by / 2)), plus(foot, Point(0, -by))])
