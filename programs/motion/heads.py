"""Heads: the skull's pivot at (0, 0), in profile facing right, and from the front.

Eyes, nose, mouth and chin stand at the same heights in both, which makes them one person.
"""

from programs.motion.outline import CORNER, Spot, outline
from programs.motion.people import Person

_HEAD: tuple[Spot, ...] = (
    (-5.6, 1.6), (-8.8, -3.4), (-9.6, -9.6), (-6.9, -16.4), (-0.4, -19.2), (6.2, -17),
    (9, -13), (9.4, -9.9), (8.9, -8.3), (10.4, -6), (11.7, -4.2), (10.4, -3), (9.9, -2.2),
    (10.2, -1.5), (9.6, -0.8), (9.7, 0.3), (9.1, 2.7), (6.6, 3.9), (2.6, 2.9), (-1.4, 0.2),
)  # fmt: skip
_EAR = "M1.5-7.6c-.4-2-3-1.8-3 .6 0 1.6 1 3 2.2 2.8 1-.2.8-1.4.6-1.9"
_EYE = "M6.6-9.3v1.5"
_BROW = "M5-11.8q1.6-.9 3.2-.3"
_MOUTH = "M9.8-.8q-1.4.3-2.6-.4"
_GLASSES = "M4.6-10.4h4.6v3.2h-4.6zM4.6-9.4L-.6-8.6"
_AGE = "M5-5.6q1 .4 1.6 1.2M4.2-7.4q1.2.7 2.2.3"
_BEARD: tuple[Spot, ...] = (
    (1.2, -4.4, CORNER), (5, -3), (10, -3, CORNER), (10.4, -1.4), (10.2, 1.4), (9.4, 4.6),
    (6, 5.8), (2, 3.6), (0.2, 0),
)  # fmt: skip
_HAIR: dict[str, tuple[Spot, ...]] = {
    "short": ((-5.2, 0.6, CORNER), (-9.4, -3.6), (-10.4, -10), (-7.4, -17.2), (-0.4, -20.2),
              (6.6, -18.4), (9.2, -13.4, CORNER), (5.6, -14.6), (3.2, -13), (2.2, -9.4, CORNER),
              (-1.2, -10, CORNER), (-2.6, -6), (-3.4, -3)),
    "crop": ((-4.8, -1, CORNER), (-9.2, -4), (-10, -10), (-7.2, -16.8), (-0.4, -19.8),
             (6.2, -17.8), (8, -15, CORNER), (4.2, -14.8), (2.6, -12.4), (1.8, -9.6, CORNER),
             (-1.2, -10, CORNER), (-2.6, -6)),
    "bob": ((-7, 4.6, CORNER), (-10.6, 0), (-11.4, -8), (-9, -17), (-0.6, -20.8), (7, -18.6),
            (9.6, -12.4, CORNER), (5.4, -13.6), (3.2, -9), (2.6, -2), (1.6, 4.2, CORNER)),
    "bun": ((-5.6, 0, CORNER), (-9.2, -4), (-10.2, -10), (-7.4, -17), (-0.4, -20), (6.4, -18),
            (8.6, -14.2, CORNER), (4, -13), (1.4, -9.6, CORNER), (-1.6, -10), (-3, -5)),
    "curls": ((-6.4, 1, CORNER), (-9.8, -1.6), (-10.4, -5), (-12, -8.4), (-10.6, -11.6),
              (-11.2, -15), (-8, -17.2), (-6.6, -20.2), (-2.8, -20.4), (0.4, -22), (3.4, -20.2),
              (7, -20), (8.2, -17.2), (10, -14.4, CORNER), (6, -14.2), (3.4, -12.6),
              (2.2, -9.4, CORNER), (-1.4, -10), (-3, -4)),
    "rim": ((-5.2, 0.8, CORNER), (-9.4, -3.6), (-9.9, -9.4), (-7.6, -12.4, CORNER), (-4, -11.4),
            (-1.4, -9.6, CORNER), (-2.2, -5), (-3, -2)),
}  # fmt: skip
_BUN = "M-16.4-11.8a4.2 4.2 0 1 1 8.4 0a4.2 4.2 0 1 1-8.4 0z"

_FACE: tuple[Spot, ...] = (
    (0, 3.9), (4, 2.9), (7.2, -1.4), (8.5, -8), (8, -13.8), (4.8, -18.2), (0, -19.2),
    (-4.8, -18.2), (-8, -13.8), (-8.5, -8), (-7.2, -1.4), (-4, 2.9),
)  # fmt: skip
_EARS = "M8-9.6c2.6-1.4 2.6 4.4-.4 4.6M-8-9.6c-2.6-1.4-2.6 4.4.4 4.6"
_EYES = "M-3.4-8.8v1.5M3.4-8.8v1.5"
_LIDS = "M-4.8-8.2q1.4 1.3 2.8 0M2-8.2q1.4 1.3 2.8 0"
_BROWS = "M-5-11.5q1.5-.9 3-.3M5-11.5q-1.5-.9-3-.3"
_NOSE = "M.4-7.6l1 3.2q-.6.7-1.6.3"
_SMILE = "M-2.4-1.2q2.4 1.5 4.8 0"
_FRONT_GLASSES = (
    "M-5.6-10.2h4.2v3.4h-4.2zM1.4-10.2h4.2v3.4h-4.2zM-1.4-9.2h2.8M-5.6-9.6l-2.6.4M5.6-9.6l2.6.4"
)
_FRONT_AGE = "M-5-5.6q1 .8 2.2.6M5-5.6q-1 .8-2.2.6"
_FRONT_BEARD: tuple[Spot, ...] = (
    (-7.9, -4, CORNER), (-4.4, -3), (0, -3.2), (4.4, -3), (7.9, -4, CORNER), (7.6, 0), (4.6, 4.8),
    (0, 6.2), (-4.6, 4.8), (-7.6, 0),
)  # fmt: skip
_FRONT_HAIR: dict[str, tuple[Spot, ...]] = {
    "short": ((-8.8, -8, CORNER), (-9.2, -14), (-5.4, -19.6), (0, -20.6), (5.4, -19.6), (9.2, -14),
              (8.8, -8, CORNER), (7.4, -12.6), (4, -14.2), (0, -14), (-4, -14.2), (-7.4, -12.6)),
    "crop": ((-8.6, -9, CORNER), (-8.8, -14), (-5.2, -19.2), (0, -20.2), (5.2, -19.2), (8.8, -14),
             (8.6, -9, CORNER), (7, -14), (0, -15.6), (-7, -14)),
    "bob": ((-8.4, 4, CORNER), (-10.4, 0), (-10.6, -10), (-6.4, -19.8), (0, -21.2), (6.4, -19.8),
            (10.6, -10), (10.4, 0), (8.4, 4, CORNER), (7.4, -2), (7.6, -11), (3, -15), (-3, -14),
            (-7.6, -11), (-7.4, -2)),
    "bun": ((-8.8, -9, CORNER), (-9, -14.4), (-5.2, -19.4), (0, -20.4), (5.2, -19.4), (9, -14.4),
            (8.8, -9, CORNER), (6.4, -13.4), (0, -15.4), (-6.4, -13.4)),
    "curls": ((-8.8, -7, CORNER), (-10.6, -10), (-9.8, -14), (-10, -17.4), (-6.6, -19),
              (-4.4, -21.8), (0, -21.2), (4.4, -21.8), (6.6, -19), (10, -17.4), (9.8, -14),
              (10.6, -10), (8.8, -7, CORNER), (7.2, -12.4), (3.6, -13.6), (0, -13),
              (-3.6, -13.6), (-7.2, -12.4)),
}  # fmt: skip
_FRONT_RIM = "M-8.8-4.6c-1.4-4-.6-7.4.8-9l.4 5zM8.8-4.6c1.4-4 .6-7.4-.8-9l-.4 5z"
_FRONT_BUN = "M-4.4-23a4.4 4.4 0 1 1 8.8 0a4.4 4.4 0 1 1-8.8 0z"


def profile(person: Person) -> str:
    drawn = '<path class="f-hair" d="' + _BUN + '"/>' if person.hair == "bun" else ""
    drawn += f'<path class="f-skin" d="{outline(_HEAD)}"/>'
    lines = _BROW + _EYE + (_AGE if person.is_old else "")
    if person.has_beard:
        drawn += f'<path class="f-hair" d="{outline(_BEARD)}"/><path class="f-gap" d="{_MOUTH}"/>'
    else:
        lines += _MOUTH
    drawn += f'<path class="f-hair" d="{outline(_HAIR[person.hair])}"/>'
    drawn += f'<path class="f-ear" d="{_EAR}"/><path class="f-face" d="{lines}"/>'
    return drawn + (f'<path class="f-glasses" d="{_GLASSES}"/>' if person.has_glasses else "")


def front(person: Person, *, still: str = "", moving: str = "") -> str:
    """The head without the face's features in the middle, which may turn: `moving`."""
    drawn = f'<path class="f-hair" d="{_FRONT_BUN}"/>' if person.hair == "bun" else ""
    drawn += f'<path class="f-ear" d="{_EARS}"/><path class="f-skin" d="{outline(_FACE)}"/>'
    if person.has_beard:
        drawn += f'<path class="f-hair" d="{outline(_FRONT_BEARD)}"/>'
    hair = _FRONT_RIM if person.hair == "rim" else outline(_FRONT_HAIR[person.hair])
    return drawn + moving + f'<path class="f-hair" d="{hair}"/>' + still


def eyes(*, are_open: bool = True) -> str:
    return f'<path class="f-face" d="{_EYES if are_open else _LIDS}"/>'


def features(person: Person) -> str:
    """All but the eyes."""
    lines = _BROWS + _NOSE + (_FRONT_AGE if person.is_old else "")
    if person.has_beard:
        drawn = f'<path class="f-gap" d="{_SMILE}"/>'
    else:
        drawn, lines = "", lines + _SMILE
    drawn += f'<path class="f-face" d="{lines}"/>'
    return drawn + (f'<path class="f-glasses" d="{_FRONT_GLASSES}"/>' if person.has_glasses else "")
