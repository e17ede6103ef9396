"""Feet: bare, in a sock or in a shoe, from the side and from the front; a bare sole.

From the side in the ankle's own frame: its axis at (0, 0), the toes towards +x. Shares of a foot's
length after general anthropometry (adults' means): axis .27 from the back of the heel, the toes'
hinge at .72. What is worn: shoes to stand (brief 1.6: never bare, never in socks), socks with a
strap, bare to sit and lie, where the skin is looked at.
"""

from typing import Literal

from programs.motion.clip import number
from programs.motion.outline import CORNER, Spot, outline
from programs.motion.plane import Point

Worn = Literal["bare", "sock", "shoe"]

SOLE = {"bare": 6.6, "sock": 6.7, "shoe": 8.3}  # below the ankle's axis, cm
HINGE = Point(11.6, 4.4)  # of the toes
FRONT_TURN = 1.4  # 15 degrees at the sole are not seen: drawn so many times as far (design value)


def path(cls: str, d: str) -> str:
    return f'<path class="{cls}" d="{d}"/>'


_FOOT: tuple[Spot, ...] = (
    (0, -3.3), (-2.5, -2.3), (-3.6, 0.2), (-5.7, 2), (-7, 4.3), (-6.2, 6.3), (-3.6, 6.7),
    (0.4, 6.1), (4.4, 5.4), (8, 6.2), (11.2, 6.7), (13.2, 5.8), (13.5, 3.6), (11.6, 2), (8.2, 0.5),
    (5.2, -1.1), (2.8, -2.2),
)  # fmt: skip
_TOES: tuple[Spot, ...] = (
    (10.4, 2.5, CORNER), (12.8, 2.2), (15.6, 2.9), (18, 3.1), (19.2, 4.8), (18.2, 6.5),
    (15.4, 6.3), (13.4, 6.7), (10.8, 6.7, CORNER),
)  # fmt: skip
_TOE_LINES = "M15.6 4.7q1.6-.6 3 .2M17.4 3.9q.8.1 1.2.7"
_SHOE: tuple[Spot, ...] = (
    (-3.9, -4.2, CORNER), (-5.5, -1), (-6.3, 2.6), (-7, 6.6, CORNER), (12.4, 6.6, CORNER),
    (13.2, 4), (12.2, 1.7), (9, 0), (6, -2.4), (4.3, -4.6, CORNER), (0, -3.2),
)  # fmt: skip
_SHOE_SOLE: tuple[Spot, ...] = (
    (-7.2, 5.9, CORNER), (-7.4, 7.5), (-6.3, 8.3), (3, 8), (12.3, 8.3, CORNER),
    (12.3, 5.9, CORNER),
)  # fmt: skip
_CAP: tuple[Spot, ...] = (
    (10.6, 1.4, CORNER), (14.4, 2), (18, 3.4), (20, 5), (20, 6.6, CORNER), (11, 6.6, CORNER),
)  # fmt: skip
_CAP_SOLE: tuple[Spot, ...] = (
    (11.4, 5.9, CORNER), (20.2, 5.9, CORNER), (20.4, 7.3), (19.2, 8.3), (11.4, 8.3, CORNER),
)  # fmt: skip
# In one piece, where the toes do not turn.
_WHOLE_SHOE: tuple[Spot, ...] = (
    (-3.9, -4.2, CORNER), (-5.5, -1), (-6.3, 2.6), (-7, 6.6, CORNER), (20, 6.6, CORNER), (20, 5),
    (18, 3.4), (14.4, 2), (9, 0), (6, -2.4), (4.3, -4.6, CORNER), (0, -3.2),
)  # fmt: skip
_TREAD = "M-7.2 5.9h27.4l.2 1.4q-.4 1-1.2 1h-7l-9.2-.3-9.3.3q-1.1-.2-1.1-.8z"
LACES = path("f-lace", "M5.2.2l2.4-2M7.8 1.2l2.4-1.9")

# The toes one by one, for a close-up: big toe first; center and radii.
_SIDE_TOES = (
    (16.1, 4.5, 3.1, 2), (15.9, 5.3, 2.1, 1.35), (14.7, 5.5, 1.9, 1.25), (13.4, 5.65, 1.7, 1.1),
    (12, 5.8, 1.5, 1),
)  # fmt: skip
# From the front, the right foot: the little toe at -x, the ankle's axis at (0, 0).
_FRONT: tuple[Spot, ...] = (
    (-1.6, -3.2, CORNER), (-3.4, -1.8), (-3.7, 0.2), (-4.6, 2.8), (-5.4, 5.6), (-3.4, 6.4),
    (3.6, 6.4), (5, 4.2), (4.2, 1.6), (3.9, -0.8), (3, -2.4), (1.6, -3.2, CORNER),
)  # fmt: skip
_FRONT_TOES = (
    (-4.5, 5.7, 1, 1), (-3, 5.5, 1.1, 1.25), (-1.3, 5.2, 1.2, 1.5), (0.7, 5, 1.3, 1.7),
    (3.1, 4.6, 1.95, 2.1),
)  # fmt: skip
_FRONT_SHOE: tuple[Spot, ...] = (
    (-3.2, -4.4, CORNER), (-3.9, 0), (-4.9, 4.2), (-5.1, 6.6, CORNER), (5.1, 6.6, CORNER),
    (4.9, 4.2), (3.9, 0), (3.2, -4.4, CORNER),
)  # fmt: skip
# Of a shoe, as it is seen from above.
PRINT = "M0-12c4 0 5 5 4.4 11-.4 5 0 13-4.4 13.4-4 0-3.6-7.4-4-12.4-1-6 0-11 4-12z"
# From below, a sole as one sees it: length 24 cm, its middle at (0, 0).
_SOLE: tuple[Spot, ...] = (
    (-0.2, 12), (-2.8, 11), (-3.6, 8), (-3.4, 3), (-3.8, -1.6), (-4.6, -5), (-3.4, -7.6),
    (0.6, -8), (4.2, -6.6), (4.4, -3.4), (3, 0.4), (2.8, 5), (3.2, 9), (2.2, 11.4),
)  # fmt: skip
_SOLE_TOES = (
    (3.2, -9.4, 1.6, 2.3), (0.5, -9.7, 1.1, 1.7), (-1.5, -9.1, 1, 1.5), (-3.1, -8.1, 0.9, 1.3),
    (-4.5, -6.7, 0.8, 1.1),
)  # fmt: skip


def ellipses(toes: tuple[tuple[float, float, float, float], ...]) -> str:
    """As path data: an outline takes half the bytes of an element each."""
    return "".join(
        f"M{number(x - a)} {number(y)}a{number(a)} {number(b)} 0 1 1 0 .1z" for x, y, a, b in toes
    )


def side(worn: Worn, *, toes_turn: bool = True) -> tuple[str, str]:
    """The toes, which turn about their hinge and lie under the rest; and the rest."""
    if worn == "shoe" and not toes_turn:
        whole = path("f-shoe", outline(_WHOLE_SHOE)) + path("f-tread", _TREAD)
        return "", whole + LACES
    if worn == "shoe":
        cap = path("f-shoe", outline(_CAP)) + path("f-tread", outline(_CAP_SOLE))
        upper = path("f-shoe", outline(_SHOE)) + path("f-tread", outline(_SHOE_SOLE))
        return cap, upper + LACES
    if worn == "sock":
        return path("f-sock", outline(_TOES)), path("f-sock", outline(_FOOT))
    toes = path("f-skin", outline(_TOES)) + path("f-fine", _TOE_LINES)
    return toes, path("f-skin", outline(_FOOT))


def close_side() -> tuple[str, str]:
    """For a close-up: five toes, malleolus and sole line."""
    toes = [path("f-skin", ellipses((toe,))) for toe in reversed(_SIDE_TOES)]
    nail = path("f-fine", "M17.6 3.1q1.2.3 1.3 1.4")
    lines = path("f-fine", "M-1.7 1.2a1.9 1.9 0 0 1 3.6 0M-4.6 6q4-1.4 7.4-1.5")
    return "".join(toes) + nail, path("f-skin", outline(_FOOT)) + lines


def close_front(worn: Worn) -> str:
    """The right foot, its little toe to the left."""
    if worn == "shoe":
        return front_shoe()
    if worn == "sock":
        toes = "".join(path("f-sock", ellipses((toe,))) for toe in _FRONT_TOES)
        return path("f-sock", outline(_FRONT)) + toes
    bones = path("f-fine", "M-1.6 2.8l-.8-2.6M.6 2.4l.2-2.8M2.6 1.8l1-2.6")
    toes = "".join(path("f-skin", ellipses((toe,))) for toe in _FRONT_TOES)
    nails = path("f-fine", "M1.9 3.6q1.2-.9 2.4 0M.1 4.2q.6-.5 1.2 0M-1.8 4.5q.5-.4 1 0")
    return path("f-skin", outline(_FRONT)) + bones + toes + nails


def front_shoe() -> str:
    """From the front, standing; the sock above it."""
    return (
        path("f-sock", "M-2.9-10.5l-.3 7h6.4l-.3-7")
        + path("f-shoe", outline(_FRONT_SHOE))
        + path("f-tread", "M-5.3 6h10.6l.2 1.4q0 .9-.8.9h-9.4q-.8 0-.8-.9z")
        + path("f-lace", "M-2-1.4h4M-2.3.8h4.6")
    )


def sole() -> str:
    """Path data of a sole and its toes: 24 cm long, toes up, big toe on the right."""
    return outline(_SOLE) + ellipses(_SOLE_TOES)
