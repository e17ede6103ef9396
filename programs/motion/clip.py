"""Turns solved frames into SVG: one frame gives a still, several give SMIL animation.

No `style`, script or id anywhere: the site's Content-Security-Policy forbids inline styles, and
many figures stand on one page.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from programs.motion.plane import smoothstep

STEPS = 6  # an even number of samples a direction, for what does not turn evenly (design value)
LOOPS = 3  # after which it stands still: what moves longer has to be asked for (WCAG 2.2.2)
STILL = 0.3  # cm or degrees of movement that nobody sees (design value)
MOST_STILL = 4.0  # a quarter of which counts as nothing where a drawing has to be small
SHARE = 0.02  # what counts as much in a factor or an opacity as a cm or a degree elsewhere
_NEUTRAL = {"rotate": (0,), "translate": (0, 0), "scale": (1, 1)}


@cache
def sample_times() -> tuple[float, ...]:
    """Shares of the way at evenly spaced moments of an eased movement."""
    return tuple(smoothstep(step / STEPS) for step in range(STEPS + 1))


def number(value: float) -> str:
    """One decimal, without what is not needed: 3, -.5, 0."""
    tenths = round(value * 10)
    whole, tenth = divmod(abs(tenths), 10)
    text = f"{whole or ''}.{tenth}" if tenth else f"{whole}"
    return f"-{text}" if tenths < 0 else text


def numbers(values: Iterable[float]) -> str:
    return " ".join(map(number, values))


@dataclass(frozen=True)
class Clip:
    """Frames of one view; the tempo in seconds: out, held at the end, and back.

    `even` is how many cm or degrees an animation may be off the frames on its way.
    """

    frames: Sequence[Any]
    out: float = 2
    hold: float = 0
    back: float = 2
    even: float = 1

    def turn(
        self,
        get: Callable[[Any], float],
        pivot: Sequence[float],
        *inner: str,
        loose: float = 1,
    ) -> str:
        """A group that turns about `pivot` by the degrees of each frame.

        It may be off `loose` times as far as the other animations.
        """
        x, y = pivot
        turns = _short_way([get(frame) for frame in self.frames])
        values = [(turn, x, y) if x or y else (turn,) for turn in turns]
        return self._moved("rotate", values, inner, loose)

    def shift(self, get: Callable[[Any], Sequence[float]], *inner: str) -> str:
        return self._moved("translate", [tuple(get(frame)) for frame in self.frames], inner)

    def scale(self, get: Callable[[Any], Sequence[float]], *inner: str) -> str:
        """A group scaled by (x, y) factors."""
        return self._moved("scale", [tuple(get(frame)) for frame in self.frames], inner)

    def polyline(self, get: Callable[[Any], Iterable[Sequence[float]]], cls: str) -> str:
        """A line through points of each frame; every second sample will do for a strap."""
        frames = self.frames[::2]
        values = [tuple(n for point in get(frame) for n in point) for frame in frames]
        return f'<polyline class="{cls}" points="{numbers(values[0])}"' + self._closing(
            "polyline", 'animate attributeName="points"', values
        )

    def fade(self, get: Callable[[Any], float], inner: str) -> str:
        """A group shown by opacity 0 to 1."""
        values = [(get(frame),) for frame in self.frames]
        moved = self._animation('animate attributeName="opacity"', values)
        if not moved and values[0][0] in (0, 1):
            return inner if values[0][0] else ""
        opacity = "" if values[0] == (1,) else f' opacity="{number(values[0][0])}"'
        return f"<g{opacity}>{moved}{inner}</g>"

    def _moved(
        self,
        kind: str,
        values: Sequence[tuple[float, ...]],
        inner: Iterable[str],
        loose: float = 1,
    ) -> str:
        """It stands at its start until the animation is begun, and again when that has ended."""
        name = f'animateTransform attributeName="transform" type="{kind}"'
        moved = self._animation(name, values, loose)
        neutral = _NEUTRAL[kind]
        if values[0][: len(neutral)] == neutral:  # a turn by 0 about any pivot
            return f"<g>{moved}{''.join(inner)}</g>" if moved else "".join(inner)
        return f'<g transform="{kind}({_list(kind, values[0])})">{moved}{"".join(inner)}</g>'

    def _closing(self, tag: str, name: str, values: Sequence[tuple[float, ...]]) -> str:
        moved = self._animation(name, values)
        return f">{moved}</{tag}>" if moved else "/>"

    def _animation(self, name: str, values: Sequence[tuple[float, ...]], loose: float = 1) -> str:
        first, last = values[0], values[-1]
        kind = "scale" if 'type="scale"' in name or "opacity" in name else ""
        unit = SHARE if kind else 1
        still = unit * max(STILL, min(self.even, MOST_STILL) / 4)
        if all(_near(value, first, still) for value in values[1:]):
            return ""
        even = unit * self.even * loose
        times = sample_times()[:: STEPS // (len(values) - 1)]
        if all(_near(v, _mixed(first, last, t), even) for v, t in zip(values, times, strict=True)):
            path, timing = [first, last], self._eased
        else:
            path = _fewest(values, even)
            timing = self._sampled(len(path) - 1)
        there_and_back = path + ([path[-1]] if self.hold else []) + path[-2::-1]
        listed = ";".join(_list(kind, value) for value in there_and_back)
        return f'<{name} values="{listed}" {timing}/>'

    @property
    def _total(self) -> float:
        return self.out + self.hold + self.back

    @property
    def _eased(self) -> str:
        ease, rest = ".33 0 .67 1", "0 0 1 1;" if self.hold else ""
        return f'calcMode="spline" keySplines="{ease};{rest}{ease}" {self._sampled(1)}'

    def _sampled(self, steps: int) -> str:
        """Key times only where the moments are not evenly spaced, which is SVG's default."""
        even = not self.hold and self.out == self.back
        return self._repeat if even else f'keyTimes="{self._key_times(steps)}" {self._repeat}'

    def _key_times(self, steps: int) -> str:
        out = [self.out * step / steps for step in range(steps + 1)]
        back = [self._total - self.back * step / steps for step in range(steps, -1, -1)]
        moments = out + (back if self.hold else back[1:])
        return ";".join(_share(moment / self._total) for moment in moments)

    @property
    def _repeat(self) -> str:
        return f'dur="{number(self._total)}s" begin="indefinite" repeatCount="{LOOPS}"'


def _short_way(turns: list[float]) -> list[float]:
    """The same turns without a jump of a whole circle between two samples."""
    for i in range(1, len(turns)):
        turns[i] -= 360 * round((turns[i] - turns[i - 1]) / 360)
    return turns


def _share(value: float) -> str:
    """Three decimals, without what is not needed: 0, .048, .5, 1."""
    text = f"{value:.3f}".rstrip("0").rstrip(".")
    return text.removeprefix("0") or "0"


def _list(kind: str, values: Iterable[float]) -> str:
    if kind == "scale":
        return " ".join(f"{value:.3g}" for value in values)
    return numbers(values)


def _near(a: Sequence[float], b: Sequence[float], even: float) -> bool:
    return all(abs(x - y) < even for x, y in zip(a, b, strict=True))


def _fewest(values: Sequence[tuple[float, ...]], even: float) -> list[tuple[float, ...]]:
    """Every third or second sample where straight lines between them meet the others."""
    steps = len(values) - 1
    for stride in (3, 2):
        if steps % stride == 0 and all(
            _near(
                value, _mixed(values[i - i % stride], values[i - i % stride + stride], part), even
            )
            for i, value in enumerate(values)
            if (part := i % stride / stride)
        ):
            return list(values[::stride])
    return list(values)


def _mixed(a: Sequence[float], b: Sequence[float], t: float) -> tuple[float, ...]:
    return tuple(x + (y - x) * t for x, y in zip(a, b, strict=True))
