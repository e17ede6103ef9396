"""Hands: each with the wrist at (0, 0) and the fingers towards +y, or where it holds something.

The hand that holds is the clearest thing in a picture that tells somebody to hold on: it is drawn
last, and in full tone.
"""

from programs.motion.outline import CORNER, Spot, outline
from programs.motion.plane import Point

# From a held edge's top corner to the wrist that grips it; of two fingertips, from their tip.
GRIP_WRIST = Point(-6.6, -6.2)
TIPS_WRIST = Point(-9, -9.4)
FRONT_WRIST = Point(0, -8)

REST: tuple[Spot, ...] = (
    (2.6, 2.6), (3.3, 5.6), (4.7, 9), (4.5, 11.2), (3, 11), (2.2, 9.2), (2.2, 12), (1.5, 16.4),
    (0.2, 18.3), (-1.4, 17.4), (-2.2, 13), (-2.9, 7), (-2.6, 2.6),
)  # fmt: skip
REST_LINES = "M.9 12.4l-.2 4M-.7 12.6l-.2 3.4"
_GRIP: tuple[Spot, ...] = (
    (-8, -8, CORNER), (-3.6, -7.2), (1.4, -5.6), (6.6, -3.4), (10.4, -1.4), (11, 0.3), (9, 0.8),
    (4, 0.2), (0.9, 0.4), (0.6, 3), (-0.4, 5.6), (-2.2, 5.8), (-3, 3), (-4.2, -0.4),
    (-6.4, -4.2, CORNER),
)  # fmt: skip
_GRIP_LINES = "M3-1.9q2 1 2.4 2.2M6-1.4q1.4.8 1.8 1.8M-3.2-2q1.6.6 3.4 2"
_TIPS: tuple[Spot, ...] = (
    (-10.4, -11.2, CORNER), (-5.6, -11.4), (-1.4, -9), (0.6, -4.6), (0.8, -0.7), (-0.2, 0.3),
    (-1.2, -0.6), (-1.8, -4), (-3.6, -6), (-3.4, -3.4), (-4.4, -2.4), (-5.6, -4.4),
    (-7.8, -7.2, CORNER),
)  # fmt: skip
_TIPS_LINES = "M-2-8.4q1 1.2 1.2 3"
_FIST: tuple[Spot, ...] = (
    (2.2, 0, CORNER), (3.3, 3), (3.7, 6.6), (2.2, 9.3), (-1.4, 9.5), (-3.5, 7), (-3.2, 3),
    (-2.2, 0, CORNER),
)  # fmt: skip
_FIST_LINES = "M-3.2 5.4h3M-2.9 7.4h2.4M.4 4.2q2.6-.4 2.4 1.8t-2.6 1.8"
_FRONT: tuple[Spot, ...] = (
    (-2.4, -8, CORNER), (-3.6, -4.6), (-4.2, -1), (-4.1, 3), (-3, 4.2), (-1, 4.5), (1.4, 4.4),
    (3.2, 4), (4, 2.6), (4.1, 0.6), (5.8, 1.2), (6.7, 0), (5.6, -2.4), (3.8, -5.2),
    (2.4, -8, CORNER),
)  # fmt: skip
_FRONT_LINES = "M-2.1-.6v4.6M0-.6v4.9M2.1-.6v4.6"


def _drawn(spots: tuple[Spot, ...], lines: str) -> str:
    return (
        f'<path class="f-skin" d="{outline(spots, closed=False)}"/>'
        f'<path class="f-fine" d="{lines}"/>'
    )


def grip() -> str:
    """On an edge from the side: four fingers over it, the thumb under it."""
    return _drawn(_GRIP, _GRIP_LINES)


def tips() -> str:
    """Two fingertips on a surface."""
    return _drawn(_TIPS, _TIPS_LINES)


def fist() -> str:
    """Closed round a strap, which leaves it at (0, 6)."""
    return _drawn(_FIST, _FIST_LINES)


def front_grip() -> str:
    """Over a rail or a worktop towards us; the thumb to +x."""
    return _drawn(_FRONT, _FRONT_LINES)
