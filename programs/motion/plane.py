"""Plane geometry of the drawing: lengths in cm of a person 170 cm tall, y down, floor at y = 0."""

import math
from typing import NamedTuple


class Point(NamedTuple):
    x: float
    y: float


def turned(point: Point, degrees: float) -> Point:
    """The point turned about the origin as SVG's rotate() does (clockwise on screen)."""
    angle = math.radians(degrees)
    cos, sin = math.cos(angle), math.sin(angle)
    return Point(point.x * cos - point.y * sin, point.x * sin + point.y * cos)


def plus(a: Point, b: Point) -> Point:
    return Point(a.x + b.x, a.y + b.y)


def mix(a: float, b: float, t: float) -> float:
    return a + (b - a) * t


def mix_points(a: Point, b: Point, t: float) -> Point:
    return Point(mix(a.x, b.x, t), mix(a.y, b.y, t))


def smoothstep(t: float) -> float:
    """3t² - 2t³: slow, fast, slow; exactly the cubic Bézier (1/3, 0, 2/3, 1) of `keySplines`."""
    return t * t * (3 - 2 * t)


def two_links(start: Point, target: Point, first: float, second: float, bend: int) -> Point:
    """The middle joint of a chain of two links from `start` to `target`, both lengths kept.

    `bend` +1 or -1 picks the side. A target out of reach is approached along the straight line.
    """
    dx, dy = target.x - start.x, target.y - start.y
    far = math.hypot(dx, dy)
    reach = min(max(far, abs(first - second) + 1e-6), first + second - 1e-6)
    along = (first * first - second * second + reach * reach) / (2 * reach)
    off = math.sqrt(max(first * first - along * along, 0)) * bend
    ux, uy = (dx / far, dy / far) if far > 1e-9 else (0.0, 1.0)
    return Point(start.x + ux * along - uy * off, start.y + uy * along + ux * off)


def heading(start: Point, end: Point) -> float:
    """The rotate() angle in degrees that points a segment drawn downwards from start to end."""
    return math.degrees(math.atan2(start.x - end.x, end.y - start.y))
