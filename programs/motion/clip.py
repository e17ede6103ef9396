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
_EVEN = 0.7  # cm or degrees off an even path that nobody sees (design value)


@cache
def sample_times() -> tuple[float, ...]:
    """Shares of the way at evenly spaced moments of an eased movement."""
    return tuple(smoothstep(step / STEPS) for step in range(STEPS + 1))


def number(value: float) -> str:
    """One decimal, without what is not needed."""
    text = f"{value:.1f}"
    if text.endswith(".0"):
        text = text[:-2]
    return "0" if text == "-0" else text


def numbers(values: Iterable[float]) -> str:
    return " ".join(map(number, values))


@dataclass(frozen=True)
class Clip:
    """Frames of one view; the tempo in seconds: out, held at the end, and back."""

    frames: Sequence[Any]
    out: float = 2
    hold: float = 0
    back: float = 2

    def turn(self, get: Callable[[Any], float], pivot: Sequence[float], *inner: str) -> str:
        """A group that turns about `pivot` by the degrees of each frame."""
        x, y = pivot
        turns = _short_way([get(frame) for frame in self.frames])
        values = [(turn, x, y) if x or y else (turn,) for turn in turns]
        return self._moved("rotate", values, inner)

    def shift(self, get: Callable[[Any], Sequence[float]], *inner: str) -> str:
        return self._moved("translate", [tuple(get(frame)) for frame in self.frames], inner)

    def scale(self, get: Callable[[Any], Sequence[float]], *inner: str) -> str:
        """A group scaled by (x, y) factors."""
        return self._moved("scale", [tuple(get(frame)) for frame in self.frames], inner)

    def polyline(self, get: Callable[[Any], Iterable[Sequence[float]]], cls: str) -> str:
        """A line through points of each frame; every second sample will do for an arm."""
        frames = self.frames[::2]
        values = [tuple(n for point in get(frame) for n in point) for frame in frames]
        return f'<polyline class="{cls}" points="{numbers(values[0])}"' + self._closing(
            "polyline", 'animate attributeName="points"', values
        )

    def fade(self, get: Callable[[Any], float], inner: str) -> str:
        """A group shown by opacity 0 to 1."""
        values = [(get(frame),) for frame in self.frames]
        opacity = "" if values[0] == (1,) else f' opacity="{number(values[0][0])}"'
        moved = self._animation('animate attributeName="opacity"', values)
        return f"<g{opacity}>{moved}{inner}</g>"

    def _moved(self, kind: str, values: Sequence[tuple[float, ...]], inner: Iterable[str]) -> str:
        name = f'animateTransform attributeName="transform" type="{kind}"'
        moved = self._animation(name, values)
        neutral = {"rotate": values[0][0] == 0, "translate": not any(values[0])}.get(kind)
        if not moved and neutral:
            return "".join(inner)
        attribute = "" if neutral else f' transform="{kind}({_list(kind, values[0])})"'
        return f"<g{attribute}>{moved}{''.join(inner)}</g>"

    def _closing(self, tag: str, name: str, values: Sequence[tuple[float, ...]]) -> str:
        moved = self._animation(name, values)
        return f">{moved}</{tag}>" if moved else "/>"

    def _animation(self, name: str, values: Sequence[tuple[float, ...]]) -> str:
        first, last = values[0], values[-1]
        if all(_near(value, first) for value in values[1:]):
            return ""
        kind = "scale" if 'type="scale"' in name or "opacity" in name else ""
        times = sample_times()[:: STEPS // (len(values) - 1)]
        if all(_near(v, _mixed(first, last, t)) for v, t in zip(values, times, strict=True)):
            path, timing = [first, last], self._eased
        else:
            path, timing = list(values), self._sampled(len(values) - 1)
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
        return ";".join(f"{moment / self._total:.3g}" for moment in moments)

    @property
    def _repeat(self) -> str:
        return f'dur="{number(self._total)}s" repeatCount="indefinite"'


def _short_way(turns: list[float]) -> list[float]:
    """The same turns without a jump of a whole circle between two samples."""
    for i in range(1, len(turns)):
        turns[i] -= 360 * round((turns[i] - turns[i - 1]) / 360)
    return turns


def _list(kind: str, values: Iterable[float]) -> str:
    if kind == "scale":
        return " ".join(f"{value:.3g}" for value in values)
    return numbers(values)


def _near(a: Sequence[float], b: Sequence[float]) -> bool:
    pairs = zip(a, b, strict=True)
    return all(abs(x - y) < (_EVEN if max(abs(x), abs(y)) > 2 else 0.02) for x, y in pairs)


def _mixed(a: Sequence[float], b: Sequence[float], t: float) -> tuple[float, ...]:
    return tuple(x + (y - x) * t for x, y in zip(a, b, strict=True))
