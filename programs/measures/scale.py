"""Norms and cut-offs as a line with zones: where a score lies, what that says, by whose numbers.

The picture and its words are made of the same limits as the readings; nothing here is a number of
its own, but for where an open line ends.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from programs.measures.definition import Definition, Method
from programs.measures.item import AnswerKind
from programs.measures.rules import Certainty, Level, Limit, NormKind, Risk
from programs.measures.scoring import Score

WIDTH, EDGE = 600, 20  # of the drawing, in its own units; what is left free on both sides
ROW, BAR = 30, 24  # how high a line of words and the line itself are
_WHOLE = {Method.CHAIR_STAND, Method.STAGES, Method.SITES_FELT, Method.YES_NO_SUM}
_WORST_FIRST = (Level.RISK, Level.BELOW_AVERAGE, Level.NOTE, Level.AVERAGE)


def _anchor(x: float) -> str:
    """Which end of some words stands at `x`, so that they stay within the drawing."""
    return "start" if x < WIDTH / 3 else "end" if x > WIDTH * 2 / 3 else "middle"


@dataclass(frozen=True)
class Saying:
    """One rule's words about a stretch of the line."""

    level: Level
    words: str
    source: str
    certainty: Certainty


@dataclass(frozen=True)
class Stretch:
    """Met from `at_least` (included) to under `below` (excluded); None is open."""

    at_least: float | None
    below: float | None
    saying: Saying

    def holds(self, low: float, high: float) -> bool:
        return (self.at_least is None or low >= self.at_least) and (
            self.below is None or high <= self.below
        )


@dataclass(frozen=True)
class Zone:
    """From `low` (included) to under `high`, which is infinite of the last.

    `level` is the worst that is said there, or ''.
    """

    low: float
    high: float
    x: float
    width: float
    words: str  # 'under 12 s', '12 s or more'
    sayings: list[Saying]

    @property
    def level(self) -> str:
        said = {one.level for one in self.sayings}
        return next((level.value for level in _WORST_FIRST if level in said), "")

    @property
    def level_words(self) -> str:
        return Level(self.level).words if self.level else "No limit is met"


@dataclass(frozen=True)
class Mark:
    """A score on the line, with the words of the zone it lies in; each has a row of its own."""

    label: str
    value: float
    x: float
    y: float
    zone: Zone

    @property
    def anchor(self) -> str:
        return _anchor(self.x)


@dataclass(frozen=True)
class Average:
    """The mean of others: no pass mark, so it is a line and no zone."""

    value: float
    x: float
    saying: Saying

    @property
    def anchor(self) -> str:
        return _anchor(self.x)


@dataclass(frozen=True)
class Scale:
    """One line; both sides of the body share it where the same is said of both."""

    code: str
    zones: list[Zone]
    ticks: list[tuple[float, float]]  # value, x
    marks: list[Mark]
    average: Average | None = None
    unit: str = ""
    notes: list[Saying] = field(default_factory=list)  # why a norm says nothing

    @property
    def top(self) -> float:
        """Where the line begins, below the rows of marks."""
        return ROW * len(self.marks) + 4

    @property
    def tick_y(self) -> float:
        return self.top + BAR + ROW * 0.7

    @property
    def average_y(self) -> float:
        return self.tick_y + ROW * 0.8

    @property
    def height(self) -> float:
        return (self.average_y if self.average else self.tick_y) + 8

    @property
    def sources(self) -> list[str]:
        """Whose numbers it shows."""
        said = [one for zone in self.zones for one in zone.sayings]
        average = [self.average.saying] if self.average else []
        return [one.source for one in (*said, *average, *self.notes)]


@dataclass(frozen=True)
class _Line:
    """Whole numbers have a place of their own width, `half` to both sides."""

    low: float
    high: float
    half: float
    unit: str  # ' s', or ''

    def x(self, value: float) -> float:
        return self._at(min(max(value, self.low), self.high))

    def edge(self, value: float) -> float:
        """Where what is under the value ends."""
        return self._at(value - self.half if value <= self.high else self.high + self.half)

    def _at(self, value: float) -> float:
        low, high = self.low - self.half, self.high + self.half
        return EDGE + (WIDTH - 2 * EDGE) * (value - low) / (high - low)


def scale_of(
    definition: Definition, found: Sequence[Score], *, age: int | None, sex: str | None
) -> Scale | None:
    """Of the scores that limits or norms speak about, answered or not; None without any.

    `age` in years on the day of the answers; `sex` is "female" or "male", anything else unknown.
    """
    shown = [score for score in found if score.key in _keys(definition)]
    if not shown:
        return None
    stretches = [*_limits(definition, shown[0]), *_cut_off(definition, age, sex)]
    mean, notes = _mean(definition, age, sex), _notes(definition, age, sex)
    if not stretches and mean is None and not notes:
        return None
    line = _line(definition, shown, [*_edges(stretches), *([mean[0]] if mean else [])])
    zones = _zones(line, stretches)
    known = [(score, score.value) for score in shown if score.value is not None]
    ends = sorted({line.low, line.high, *(zone.low for zone in zones)})
    return Scale(
        code=definition.code,
        zones=zones,
        ticks=[(value, line.x(value)) for value in ends],
        marks=[
            Mark(score.label, value, line.x(value), ROW * (row + 0.6), _zone_of(value, zones))
            for row, (score, value) in enumerate(known)
        ],
        average=Average(mean[0], line.x(mean[0]), mean[1]) if mean else None,
        unit=line.unit,
        notes=notes,
    )


def _keys(definition: Definition) -> set[str]:
    """The scores of a picture: those with a norm, or the whole measure's."""
    return set(definition.norms.keys) if definition.norms else {definition.code}


def _is_timed(definition: Definition) -> bool:
    """The score itself is in seconds."""
    seconds = all(item.unit == "s" for item in definition.items)
    return seconds and definition.scoring.method is not Method.STAGES


def _limits(definition: Definition, score: Score) -> Iterator[Stretch]:
    """The stretches of the line in which a risk stands, whatever else was answered."""
    for risk in definition.risks:
        saying = Saying(risk.level, risk.words, risk.source, risk.certainty)
        for limit in risk.limits:
            if limit.key == score.key and risk.count == 1:
                yield Stretch(limit.at_least, limit.below, saying)
        if (most := _most_felt(definition, risk)) is not None:
            yield Stretch(None, most, saying)


def _most_felt(definition: Definition, risk: Risk) -> float | None:
    """Of a risk that so many lost sites make: under how many felt ones of all it stands."""
    if definition.scoring.method is not Method.SITES_FELT:
        return None
    sites = {f"{definition.code}.{item.key}" for item in definition.items}
    if {limit.key for limit in risk.limits} != sites or not all(map(_is_lost, risk.limits)):
        return None
    return len(sites) - risk.count + 1


def _is_lost(limit: Limit) -> bool:
    return limit.at_least is None and limit.below == 1


def _cut_off(definition: Definition, age: int | None, sex: str | None) -> Iterator[Stretch]:
    table = definition.norms
    norm = table.of(age, sex) if table else None
    if table is None or norm is None or table.kind is not NormKind.CUT_OFF:
        return
    value, who = norm
    said = table.source, table.certainty
    yield Stretch(None, value, Saying(Level.BELOW_AVERAGE, f"{table.below} ({who})", *said))
    yield Stretch(value, None, Saying(Level.AVERAGE, f"{table.average} ({who})", *said))


def _mean(definition: Definition, age: int | None, sex: str | None) -> tuple[float, Saying] | None:
    table = definition.norms
    norm = table.of(age, sex) if table else None
    if table is None or norm is None or table.kind is not NormKind.MEAN:
        return None
    words = f"Mean of healthy {norm[1]}: {norm[0]:g}. An average, not a pass mark."
    return norm[0], Saying(Level.NOTE, words, table.source, table.certainty)


def _notes(definition: Definition, age: int | None, sex: str | None) -> list[Saying]:
    """Why a norm says nothing of somebody."""
    table = definition.norms
    words = table.why_none(age, sex) if table else ""
    return [Saying(Level.NOTE, words, table.source, table.certainty)] if table and words else []


def _line(definition: Definition, shown: Sequence[Score], edges: Sequence[float]) -> _Line:
    """From end to end of what can be scored; an open one as far as is worth looking at."""
    low, high = shown[0].minimum or 0.0, shown[0].maximum
    if high is None:
        furthest = max([2 * max(edges, default=5), *(score.value or 0.0 for score in shown)])
        high = 10.0 * math.ceil(furthest / 10)
    half, unit = (0.5 if _is_whole(definition) else 0), (" s" if _is_timed(definition) else "")
    return _Line(low, high, half, unit)


def _is_whole(definition: Definition) -> bool:
    method, items = definition.scoring.method, definition.items
    return method in _WHOLE or (method is Method.SINGLE and items[0].answer is AnswerKind.COUNT)


def _edges(stretches: Sequence[Stretch]) -> set[float]:
    ends = [end for one in stretches for end in (one.at_least, one.below)]
    return {end for end in ends if end is not None}


def _zones(line: _Line, stretches: Sequence[Stretch]) -> list[Zone]:
    """The line cut at every limit."""
    inner = sorted(edge for edge in _edges(stretches) if line.low < edge <= line.high)
    return [
        Zone(
            low,
            high,
            line.edge(low),
            line.edge(high) - line.edge(low),
            _zone_words(line, low, high),
            [one.saying for one in stretches if one.holds(low, high)],
        )
        for low, high in pairwise([line.low, *inner, math.inf])
    ]


def _zone_words(line: _Line, low: float, high: float) -> str:
    if low == line.low:
        return "any" if high > line.high else f"under {high:g}{line.unit}"
    if high <= line.high:
        return f"{low:g} to under {high:g}{line.unit}"
    return f"{low:g}{line.unit}" + ("" if low == line.high else " or more")


def _zone_of(value: float, zones: Sequence[Zone]) -> Zone:
    return next((zone for zone in zones if value < zone.high), zones[-1])
