"""What a table's picture shows: a line from low to high with its middle, for each row."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, ROW, TOP = 600, 46, 8  # of the drawing, in its own units; a row has its words above its line
LEFT, RIGHT = 8, 32
AGAIN = 10  # how far below the line that of the other period stands


@dataclass(frozen=True)
class Mark:
    """`low` and `high` are None where the line has no such end that is known."""

    low: float | None
    middle: float
    high: float | None


@dataclass(frozen=True)
class Bar:
    """One row: its words, and a mark for each period that has one."""

    label: str
    marks: tuple[Mark | None, ...]


@dataclass(frozen=True)
class Drawn:
    """A mark in the drawing's units. `number` is 1 for the period asked for, 2 for the other."""

    number: int
    low: float
    middle: float
    high: float
    y: float


@dataclass(frozen=True)
class Row:
    label: str
    y: float
    marks: list[Drawn]


@dataclass(frozen=True)
class Chart:
    """`ticks` are (words, x)."""

    about: str
    rows: list[Row]
    ticks: list[tuple[str, float]]
    periods: list[str]

    @property
    def height(self) -> float:
        return TOP + ROW * len(self.rows) + 24

    @property
    def bottom(self) -> float:
        return TOP + ROW * len(self.rows) + 4


def chart(
    about: str, bars: Sequence[Bar], periods: Sequence[str], *, unit: str, most: float | None = None
) -> Chart | None:
    """None where nothing can be drawn. The scale goes from 0 to `most`, or as far as is needed."""
    bars = [bar for bar in bars if any(bar.marks)]
    if not bars:
        return None
    ends = [one.high or one.middle for bar in bars for one in bar.marks if one]
    end = most or _round_up(max(ends))
    rows = []
    for index, bar in enumerate(bars):
        y = TOP + ROW * index + 16
        marks = [
            _drawn(number, mark, end, y + 10 + AGAIN * (number - 1))
            for number, mark in enumerate(bar.marks, 1)
            if mark is not None
        ]
        rows.append(Row(bar.label, y, marks))
    ticks = [(f"{end * part / 4:g}{unit}", _x(end * part / 4, end)) for part in range(5)]
    return Chart(about, rows, ticks, list(periods))


def _round_up(value: float) -> float:
    """To 1, 2, 4 or 8 of some power of ten: fourths of it are short numbers."""
    power = 10.0 ** math.floor(math.log10(value)) if value > 0 else 1.0
    return next((step * power for step in (1, 2, 4, 8) if step * power >= value), 10 * power)


def _x(value: float, end: float) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT) * min(value, end) / end


def _drawn(number: int, mark: Mark, end: float, y: float) -> Drawn:
    low = mark.middle if mark.low is None else mark.low
    high = end if mark.high is None else mark.high
    return Drawn(number, _x(low, end), _x(mark.middle, end), _x(high, end), y)
