"""Small pictures beside the figure: the foot from behind or the side, footprints, closed eyes."""

from dataclasses import replace

from programs.motion import feet
from programs.motion.angles import BalanceKeyframe, Motion
from programs.motion.body import HEEL
from programs.motion.clip import Clip
from programs.motion.clip import number as n
from programs.motion.feet import HINGE, Worn
from programs.motion.plane import Point, mix, mix_points, turned
from programs.motion.setting import feet_tilt

Box = tuple[float, float, float, float]  # left, top, width, height of the page

RADIUS = 32.0
SHOD_ZOOM = 1.6
ZOOM = 1.9  # of a close-up (design value)
# In the upper corner that is free, from the page's right or left edge, and from its top.
_ON_THE_RIGHT = ("sit", "longsit")
_EYE_AT = (62, -148)
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


def foot(motion: Motion, timed: Clip, box: Box, worn: Worn) -> str:
    """The foot close up: from the front when the sole turns, else from the side when it works."""
    at = _corner(motion, box)
    if motion.is_balance:
        return _window(at, _shod(timed, motion)) if _tilts(motion) else ""
    clip = replace(timed, frames=[motion.nerve_at(t) for t in timed.frames])
    ends = motion.nerve_ends()
    if any(end.ever for end in ends):
        return _window(at, _from_front(clip, worn))
    if any(end.toe for end in ends) or motion.deltas().keys() == {"ankle"}:
        return _window(at, _from_side(clip, worn))
    return ""


def _tilts(motion: Motion) -> bool:
    return motion.pose == "stand" and feet_tilt(*motion.balance_ends())


def _corner(motion: Motion, box: Box) -> tuple[float, float]:
    left, top, width, _ = box
    away = RADIUS + 3
    return (left + width - away if motion.pose in _ON_THE_RIGHT else left + away, top + away)


def _window(at: tuple[float, float], inner: str) -> str:
    return (
        f'<g class="f-close" transform="translate({n(at[0])} {n(at[1])})">'
        f'<circle class="f-window" r="{n(RADIUS)}"/>{inner}</g>'
    )


def _zoomed(x: float, y: float, *inner: str, zoom: float = ZOOM) -> str:
    return f'<g transform="translate({n(x)} {n(y)}) scale({zoom})">{"".join(inner)}</g>'


_TROUSERS = feet.path("f-cloth", "M-5.4-12.4H5v4.4H-5.4z") + feet.path(
    "f-cuff", "M-5.6-9H5.2v2.8H-5.6z"
)


def _ankle(worn: Worn) -> str:
    cls = "f-skin" if worn == "bare" else "f-sock"
    return f'<path class="{cls}" d="M2.9 0c0-2-.2-4 0-7h-6c.2 3 0 5-.2 7"/>'


def _from_side(clip: Clip, worn: Worn) -> str:
    """Toes to the right."""
    toes, rest = feet.close_side() if worn == "bare" else feet.side(worn)
    turning = clip.turn(lambda f: -f.toe, HINGE, toes)
    whole = clip.turn(lambda f: -f.ankle, (0, 0), turning, rest)
    return _zoomed(-11, 1, whole, _ankle(worn), _TROUSERS)


def _from_front(clip: Clip, worn: Worn) -> str:
    """The right foot, its little toe to the left: turning out lifts that side."""
    front = feet.close_front(worn)
    turning = clip.turn(lambda f: f.ever * feet.FRONT_TURN, (0, -1), front)
    cls = "f-skin" if worn == "bare" else "f-sock"
    shin = f'<path class="{cls}" d="M3 0c-.4-2-.2-5 0-8h-6c.2 3 .4 6 0 8"/>'
    return '<path class="f-floor" d="M-24 14H24"/>' + _zoomed(0, 1, turning, shin, _TROUSERS)


def _shod(timed: Clip, motion: Motion) -> str:
    """Heel raises and toe raises: the shoe tips about the ball or the heel, the floor stays."""
    start, end = motion.balance_ends()
    clip = replace(timed, frames=[mix(start.L.ankle, end.L.ankle, t) for t in timed.frames])

    def at(angle: float) -> Point:
        pivot = Point(feet.HINGE.x if angle < 0 else HEEL, feet.SOLE["shoe"])
        tipped = turned(pivot, -angle)
        return Point(pivot.x - tipped.x, pivot.y - tipped.y)

    toes, rest = feet.side("shoe")
    turning = clip.turn(lambda angle: min(angle, 0), feet.HINGE, toes)
    whole = clip.turn(lambda angle: -angle, (0, 0), turning, rest)
    moving = clip.shift(at, whole, _ankle("shoe"), _TROUSERS)
    return f'<path class="f-floor" d="M-27 12.6H27"/>{_zoomed(-10, -1, moving, zoom=SHOD_ZOOM)}'


def footprints(motion: Motion, timed: Clip, at: Point, toes: int) -> str:
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
    left = right = feet.path("f-print", feet.PRINT)
    if a[3] != b[3]:
        lifted = 1 if end.R.knee > end.L.knee else 0
        fading = [clip.fade(lambda f: f[3], left if not lifted else right)]
        left, right = (left, fading[0]) if lifted else (fading[0], right)
    return (
        f'<g transform="translate({n(at.x)} {n(at.y)}) rotate({toes})">'
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
