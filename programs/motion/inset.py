"""Small pictures beside the figure: the foot from behind or the side, footprints, closed eyes."""

from dataclasses import replace

from programs.motion.angles import BalanceKeyframe, Motion
from programs.motion.clip import Clip
from programs.motion.clip import number as n
from programs.motion.plane import Point, mix, mix_points

RADIUS = 23.0
_PLACE = {
    "sit": (116, -121),
    "supine": (-84, -94),
    "sidelying": (84, -58),
    "longsit": (94, -84),
    "stand": (-78, -152),
}
_EYE_AT = (116, -152)
_SOLE = "M0-12c4 0 5 5 4.4 11-.4 5 0 13-4.4 13.4-4 0-3.6-7.4-4-12.4-1-6 0-11 4-12z"
_FEET_APART = {
    "hip-width": 9.0,
    "hip-width-foam": 9.0,
    "feet-together": 5.0,
    "semi-tandem": 5.0,
    "wide": 5.0,
    "single-leg": 9.0,
    "tandem": 0.0,
}
_AHEAD = {"semi-tandem": 6.5, "tandem": 12.6}
_COM = {"L": (-1, 0), "R": (1, 0), "fwd": (0, -1), "back": (0, 1)}


def foot(motion: Motion, timed: Clip) -> str:
    """The foot when its sole turns (from behind) or its toes move (from the side)."""
    if motion.is_balance:
        return ""
    clip = replace(timed, frames=[motion.nerve_at(t) for t in timed.frames])
    ends = motion.nerve_ends()
    if any(end.ever for end in ends):
        inner = _from_behind(clip)
    elif any(end.toe for end in ends):
        inner = _toes(clip)
    else:
        return ""
    return _window(_PLACE[motion.pose], inner)


def _window(at: tuple[float, float], inner: str) -> str:
    return (
        f'<g transform="translate({n(at[0])} {n(at[1])})">'
        f'<circle class="f-window" r="{n(RADIUS)}"/>{inner}</g>'
    )


def _from_behind(clip: Clip) -> str:
    """Right heel from behind: out (eversion) is to the right."""
    heel = '<path d="M-6-2C-9 6-9 12-6 14H7C10 12 9 6 6-2Z"/><path d="M6 8C12 8 14 14 11 14H0Z"/>'
    return (
        '<g class="f-move"><path d="M-6-21C-5-12-5-6-6-1C-4 3 4 3 6-1C5-6 5-12 6-21Z"/>'
        + clip.turn(lambda f: -f.ever * 1.5, (0, -1), heel)
        + '</g><path class="f-edge" d="M-15 17H15"/>'
    )


def _toes(clip: Clip) -> str:
    """Foot from the side, toes to the right; a lifted toe turns up."""
    sole = '<path d="M-12-20C-12-10-15-4-17 4C-18 9-16 10-13 10H7C9 6 8 0 4-2C0-4-3-8-3-20Z"/>'
    toes = '<path d="M4-1C10-1 17 4 18 8C18 10 17 10 16 10H5C2 8 2 2 4-1Z"/>'
    return f'<g class="f-move">{clip.turn(lambda f: -f.toe, (6, 5), toes)}{sole}</g>'


def footprints(motion: Motion, timed: Clip, x: float, toes: int) -> str:
    """The base of support from above, and a dot where the weight is.

    `toes` is the way the person faces: 0 up the page, 90 to the right, 180 towards us.
    """
    if not motion.is_balance or motion.pose != "stand":
        return ""
    start, end = motion.balance_ends()
    a, b = _prints(start, end), _prints(end, start)
    frames = [
        (*(mix_points(p, q, t) for p, q in zip(a[:3], b[:3], strict=True)), mix(a[3], b[3], t))
        for t in timed.frames
    ]
    clip = replace(timed, frames=frames)
    left, right = (f'<path class="f-print" d="{_SOLE}"/>' for _ in range(2))
    if a[3] != b[3]:
        lifted = 1 if end.R.knee > end.L.knee else 0
        fading = [clip.fade(lambda f: f[3], left if not lifted else right)]
        left, right = (left, fading[0]) if lifted else (fading[0], right)
    return (
        f'<g transform="translate({n(x)} -32) rotate({toes})">'
        '<rect class="f-window" x="-23" y="-28" width="46" height="56" rx="6"/>'
        + clip.shift(lambda f: f[0], left)
        + clip.shift(lambda f: f[1], right)
        + clip.shift(lambda f: f[2], '<circle class="f-weight" r="3"/>')
        + "</g>"
    )


def _prints(frame: BalanceKeyframe, other: BalanceKeyframe) -> tuple[Point, Point, Point, float]:
    """Left foot, right foot, weight; and how much of the lifted foot still stands."""
    half = _FEET_APART[frame.base]
    by_hip = frame.L.hip - frame.R.hip or other.L.hip - other.R.hip
    ahead = _AHEAD.get(frame.base, 0) * (1 if by_hip > 0 else -1)
    left, right = Point(-half, -ahead), Point(half, ahead)
    steps = frame.L.hip - frame.R.hip
    if frame.base not in _AHEAD and abs(steps) >= 20:
        left, right = _forward(left, steps), _forward(right, -steps)
    if frame.base == "wide":
        out = 10 * (frame.R.hip_abd > frame.L.hip_abd)
        left, right = Point(left.x - 10 + out, 0), Point(right.x + out, 0)
    x, y = 0.0, 0.0
    for place, (dx, dy) in _COM.items():
        if place in frame.com.split("-"):
            foot = left.x if dx < 0 else right.x
            x, y = (foot if dx else x), y + dy * 8
    single = frame.base == "single-leg"
    if single:
        x = -half if frame.R.knee > frame.L.knee else half
    return left, right, Point(x, y), 0.0 if single else 1.0


def _forward(at: Point, steps: float) -> Point:
    return Point(at.x, at.y - 11) if steps > 0 else at


def eye(clip: Clip) -> str:
    """An eye that closes; the frames are how open it is, 1 to 0."""
    open_eye = (
        '<path class="f-eye" d="M-14 0Q0-13 14 0Q0 13-14 0Z"/><circle class="f-hair" r="4.4"/>'
    )
    closed = '<path class="f-eye" d="M-14 0Q0 11 14 0M-8 5l-3 5M0 6v6M8 5l3 5"/>'
    return _window(
        _EYE_AT,
        clip.fade(lambda v: v, open_eye) + clip.fade(lambda v: 1 - v, closed),
    )
