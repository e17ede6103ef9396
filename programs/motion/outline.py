"""Smooth outlines through points: every shape of the figures is a list of points and this.

The closed uniform Catmull-Rom curve: the tangent at a point runs between its neighbors, and is no
longer than `REACH` of the way to the nearer one, so that no curve makes a loop. Both sides of a
point have the same tangent, so that SVG's `s` says it in one pair of numbers less. Units: cm.
"""

import math
from collections.abc import Sequence
from functools import lru_cache

from programs.motion.clip import number

REACH = 0.42  # share of the way to the nearer neighbor (design value)
CORNER = True  # as the third of a point: the curve has an edge there

Spot = tuple[float, float] | tuple[float, float, bool]
Station = tuple[float, float, float]  # along the limb; half its width to the front and to the back


@lru_cache(maxsize=1024)
def outline(spots: tuple[Spot, ...], *, closed: bool = True) -> str:
    """Path data through `spots`; open, it begins at the first and ends at the last one."""
    tangents = [_tangent(spots, at, closed=closed) for at in range(len(spots))]
    way = _Way(spots[0][0], spots[0][1])
    path = f"M{number(way.x)}{_signed(number(way.y))}"
    last = len(spots) if closed else len(spots) - 1
    for at in range(last):
        a, b = spots[at], spots[(at + 1) % len(spots)]
        out, into = tangents[at], tangents[(at + 1) % len(spots)]
        handles = [(a[0] + out[0], a[1] + out[1])] if at == 0 else []
        handles += [(b[0] - into[0], b[1] - into[1]), (b[0], b[1])]
        path += ("c" if at == 0 else "s") + way.to(handles)
    return path + ("z" if closed else "")


class _Way:
    """Where the pen is, as far as the rounded numbers have brought it: errors don't add up."""

    def __init__(self, x: float, y: float) -> None:
        self.x, self.y = round(x, 1), round(y, 1)

    def to(self, points: Sequence[tuple[float, float]]) -> str:
        steps = [round(n, 1) for x, y in points for n in (x - self.x, y - self.y)]
        self.x, self.y = self.x + steps[-2], self.y + steps[-1]
        first, *rest = map(number, steps)
        return first + "".join(map(_signed, rest))


def _signed(text: str) -> str:
    """A minus parts two numbers by itself."""
    return text if text.startswith("-") else f" {text}"


def _tangent(spots: Sequence[Spot], at: int, *, closed: bool) -> tuple[float, float]:
    is_end = not closed and at in (0, len(spots) - 1)
    if is_end or len(spots[at]) == 3:
        return 0, 0
    before, here, after = spots[at - 1], spots[at], spots[(at + 1) % len(spots)]
    x, y = (after[0] - before[0]) / 6, (after[1] - before[1]) / 6
    longest = REACH * min(math.dist(before[:2], here[:2]), math.dist(here[:2], after[:2]))
    length = math.hypot(x, y)
    share = min(1, longest / length) if length else 1
    return x * share, y * share


def limb(
    stations: Sequence[Station], *, start: str = "round", end: str = "round"
) -> tuple[Spot, ...]:
    """Spots round a limb that runs down from its joint: its front, its end, its back, its start.

    An end is `round`, so that it joins the next segment at any angle; `flat`, as a hem; or `open`:
    of the start, from where the outline then begins and where it stops.
    """
    front: list[Spot] = [(ahead, y) for y, ahead, _ in stations]
    back: list[Spot] = [(-behind, y) for y, _, behind in reversed(stations)]
    if end == "round":
        y, ahead, behind = stations[-1]
        front.append(((ahead - behind) / 2, y + (ahead + behind) / 2))
    elif end == "flat":
        front[-1], back[0] = (*front[-1][:2], CORNER), (*back[0][:2], CORNER)
    if start == "round":
        y, ahead, behind = stations[0]
        back.append(((ahead - behind) / 2, y - (ahead + behind) / 2))
    elif start == "flat":
        front[0], back[-1] = (*front[0][:2], CORNER), (*back[-1][:2], CORNER)
    return (*front, *back)
