"""The figures of a period in words, and of another beside them: what the page and its file show."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import singledispatch
from typing import Any, TypeVar

from cms.starter import sources
from programs.course.adherence import GOOD
from programs.measures.definition import Better
from programs.measures.rules import Change as Rule
from programs.outcomes import charts, figures
from programs.outcomes.ended import NO_PROGRAM, PRIVATE
from programs.outcomes.figures import (
    ALL,
    Answering,
    Care,
    Change,
    Figures,
    Hidden,
    Median,
    Nobody,
    Share,
    Spread,
)
from programs.outcomes.withheld import LEAST

HIDDEN = f"fewer than {LEAST}, or hidden"
NOBODY = "none"
OTHERS = (NO_PROGRAM.key, PRIVATE.key)  # below the programs
PERCENT = "\u00a0%"  # it stays on its number's line
NO_RULE = "no agreed threshold"
Found = TypeVar("Found")
Made = figures.Cell | str


@dataclass(frozen=True)
class Named:
    """A cell with the heading of its column."""

    column: str
    words: str
    is_hidden: bool


@dataclass(frozen=True)
class Row:
    """`heading` is empty for the second period of the row above."""

    heading: str
    period: str
    named: list[Named]

    @property
    def cells(self) -> list[str]:
        return [cell.words for cell in self.named]

    @property
    def is_hidden(self) -> bool:
        """All of it."""
        return all(cell.is_hidden for cell in self.named)


@dataclass(frozen=True)
class Table:
    """`first` heads the column of the rows' headings; `notes` are sentences below."""

    title: str
    first: str
    columns: tuple[str, ...]
    rows: list[Row]
    notes: tuple[str, ...] = ()
    chart: charts.Chart | None = None


def of_figures(now: Figures, before: Figures | None) -> list[Table]:
    """Without a table of which nobody was counted in either period."""
    both = [now, *([before] if before else [])]
    titles = {key: title for one in reversed(both) for key, title in one.titles.items()}
    programs = sorted(
        {key for one in both for key in one.care if key != ALL},
        key=lambda key: (key in OTHERS, titles[key]),
    )
    tables = [
        _care(both, programs, titles),
        _changes("Measures, all programs", both, ALL),
        *(
            _changes(f"Measures, {titles[key]}", both, key)
            for key in programs
            if any(key in one.care and _is_known(one.care[key].count) for one in both)
        ),
        _alerts(both, titles),
    ]
    return [table for table in tables if table is not None]


def _is_known(cell: figures.Cell) -> bool:
    return not isinstance(cell, Hidden | Nobody)


# Cells in words


@singledispatch
def words(cell: Any, **kinds: Any) -> str:
    raise TypeError(cell)


@words.register
def _(cell: int, **kinds: Any) -> str:
    return str(cell)


@words.register
def _(cell: Hidden, **kinds: Any) -> str:
    return HIDDEN


@words.register
def _(cell: Nobody, **kinds: Any) -> str:
    return NOBODY


@words.register
def _(cell: Median, unit: str = "", is_change: bool = False) -> str:
    """'63 % (55 to 71 %, 96.1 % sure)'; of a change '2 down (3 down to 1 up, 96.1 % sure)'."""
    middle = _number(cell.value, is_change)
    found = cell.interval
    if found is None:
        return f"{middle}{unit} (too few for an interval)"
    low, high = _number(found.low, is_change), _number(found.high, is_change)
    return f"{middle}{unit} ({low} to {high}{unit}, {100 * found.confidence:.1f}{PERCENT} sure)"


@words.register
def _(cell: Share, **kinds: Any) -> str:
    """'18 of 40: 45 % (31 to 60 %)'."""
    low, high = (f"{100 * end:.0f}" for end in (cell.interval.low, cell.interval.high))
    share = f"{100 * cell.share:.0f}{PERCENT} ({low} to {high}{PERCENT})"
    return f"{cell.count} of {cell.among}: {share}"


@words.register
def _(cell: Spread, **kinds: Any) -> str:
    """'3.5 h (1 to 20 h)'; 'not yet' for what has not ended."""
    if cell.middle is None:
        return "not yet for half of them"
    low, high = (_hours(end) for end in (cell.low, cell.high))
    return f"{_hours(cell.middle)} ({low} to {high})"


def _hours(hours: float | None) -> str:
    return "not yet" if hours is None else f"{hours:.1f}".removesuffix(".0") + "\u00a0h"


def _number(value: float, is_change: bool) -> str:
    """To one decimal; a change has its direction in words, as a cell that begins with a plus or a
    minus is a formula to a spreadsheet.
    """
    text = f"{abs(value):.1f}".removesuffix(".0")
    if not is_change or text == "0":
        return text
    return f"{text} {'up' if value > 0 else 'down'}"


# Tables


def _rows(
    both: Sequence[Figures],
    every: Iterable[tuple[str, Sequence[Found | None]]],
    cells: Callable[[Found], Sequence[Made]],
    columns: Sequence[str],
) -> list[Row]:
    """One for each heading and period."""
    rows = []
    for heading, found in every:
        for number, (one, figure) in enumerate(zip(found, both, strict=True)):
            made = cells(one) if one is not None else [Nobody() for _ in columns]
            named = [
                Named(column, cell if isinstance(cell, str) else words(cell), _is_hidden(cell))
                for column, cell in zip(columns, made, strict=True)
            ]
            rows.append(Row("" if number else heading, figure.period.words, named))
    return rows


def _is_hidden(cell: Made) -> bool:
    return isinstance(cell, Hidden)


def _mark(cell: figures.Cell | None) -> charts.Mark | None:
    match cell:
        case Median(value, interval):
            ends = (interval.low, interval.high) if interval else (value, value)
            return charts.Mark(ends[0], value, ends[1])
        case Share(interval=interval):
            return charts.Mark(100 * interval.low, 100 * cell.share, 100 * interval.high)
        case Spread(low, middle, high) if middle is not None:
            return charts.Mark(low, middle, high)
    return None


def _bars(
    every: Iterable[tuple[str, Sequence[Found | None]]], cell: Callable[[Found], figures.Cell]
) -> list[charts.Bar]:
    return [
        charts.Bar(heading, tuple(_mark(cell(one)) if one is not None else None for one in found))
        for heading, found in every
    ]


def _each(
    parts: Sequence[Mapping[str, Found]], keys: Sequence[str], titles: Mapping[str, str], whole: str
) -> list[tuple[str, list[Found | None]]]:
    """The whole first, then the others by name."""
    headed = [(whole, ALL), *((titles[key], key) for key in keys)]
    found = [(heading, [part.get(key) for part in parts]) for heading, key in headed]
    return [(heading, every) for heading, every in found if any(one is not None for one in every)]


def _periods(both: Sequence[Figures]) -> list[str]:
    return [one.period.words for one in both]


def _care(
    both: Sequence[Figures], programs: Sequence[str], titles: Mapping[str, str]
) -> Table | None:
    every = _each([one.care for one in both], programs, titles, "All programs")
    if not every:
        return None

    def cells(one: Care) -> list[Made]:
        done: Made = one.adherence
        if isinstance(done, Median):
            done = words(done, unit=PERCENT)
        return [one.count, done, one.good, one.dropped_out, one.weeks]

    columns = ("Courses of care ended", "Sessions done of those due, median",
               f"Did {GOOD} % or more", "Dropped out", "Weeks in care, median")  # fmt: skip
    about = "Sessions done of those due: median and interval, in percent"
    drawn = _bars(every, lambda one: one.adherence)
    return Table(
        "Courses of care",
        "Program",
        columns,
        _rows(both, every, cells, columns),
        chart=charts.chart(about, drawn, _periods(both), unit=" %", most=100),
    )


def _changes(title: str, both: Sequence[Figures], key: str) -> Table | None:
    lines = {change.line.key: change.line for one in both for change in one.changes.get(key, [])}
    if not lines:
        return None
    by_key = [{change.line.key: change for change in one.changes.get(key, [])} for one in both]
    every = [(line.title, [part.get(line.key) for part in by_key]) for line in lines.values()]
    columns = ("Answered twice or more", "Change from the first to the last answer, median",
               "Better by a change that matters", "Worse by a change that matters")  # fmt: skip
    about = "Better by a change that matters: share and interval, in percent"
    return Table(
        title,
        "Measure",
        columns,
        _rows(both, every, _change_cells, columns),
        tuple(_rule_words(line) for line in lines.values()),
        charts.chart(
            about, _bars(every, lambda one: one.better), _periods(both), unit=" %", most=100
        ),
    )


def _change_cells(one: Change) -> list[Made]:
    change: Made = one.change
    if isinstance(change, Median):
        change = words(change, is_change=True) + _direction(one, change.value)
    shares: list[Made] = [one.better, one.worse] if one.line.rules else [NO_RULE, NO_RULE]
    return [one.count, change, *shares]


def _direction(one: Change, value: float) -> str:
    if not round(value, 1) or one.line.better is None:
        return ""
    return ": better" if (value > 0) is (one.line.better is Better.HIGHER) else ": worse"


def _rule_words(line: figures.Line) -> str:
    """What change of a measure matters, by whom, and how certain that is."""
    said = "; ".join(_one_rule(rule) for rule in line.rules) or NO_RULE
    better = {None: "", Better.HIGHER: " Higher is better."}.get(line.better, " Lower is better.")
    return f"{line.title}: {said}.{better}"


def _one_rule(rule: Rule) -> str:
    return sources.in_words(f"{rule.words} ({rule.source}, {rule.certainty} certainty)")


def _alerts(both: Sequence[Figures], titles: Mapping[str, str]) -> Table | None:
    rules = sorted({key for one in both for key in one.alerts if key != ALL}, key=_rule_place)
    every = _each([one.alerts for one in both], rules, titles, "All rules")
    if not every:
        return None

    def cells(one: Answering) -> list[Made]:
        return [one.count, one.until_looked_at, one.not_looked_at, one.until_closed,
                one.still_open]  # fmt: skip

    columns = ("Alerts", "Until looked at, median (middle half)", "Nobody has looked at",
               "Until closed, median (middle half)", "Still open")  # fmt: skip
    about = "Hours until somebody had looked: median and middle half"
    return Table(
        "Alerts",
        "Rule",
        columns,
        _rows(both, every, cells, columns),
        chart=charts.chart(
            about, _bars(every, lambda one: one.until_looked_at), _periods(both), unit=" h"
        ),
    )


def _rule_place(code: str) -> tuple[bool, int, str]:
    """A2 before A10, and those that have no such number last."""
    number = code[1:] if code.startswith("A") and code[1:].isdecimal() else ""
    return not number, int(number or 0), code
