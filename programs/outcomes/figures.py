"""Counts and medians of one period, and which of them may be shown: pure.

What is shown of the whole, of a program or of a quarter is decided together (`withheld`), count by
count: of what a cell says in words, each number stands behind a count that may be shown.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

from programs.course.adherence import Band
from programs.outcomes import statistics, withheld
from programs.outcomes.answering import Raised
from programs.outcomes.ended import Answered, Courses, Ended, Line, Verdict
from programs.outcomes.periods import Period
from programs.outcomes.statistics import Interval
from programs.outcomes.withheld import Shown

ALL = ""  # the key of the whole, where others are programs or rules


class Counted(Protocol):
    """What is counted: whose it is, and in which quarter it falls."""

    @property
    def patient(self) -> int: ...

    @property
    def quarter(self) -> Period: ...


One = TypeVar("One", bound=Counted)


@dataclass(frozen=True)
class Median:
    value: float
    interval: Interval | None


@dataclass(frozen=True)
class Share:
    """`count` of `among`, with the interval of the share."""

    count: int
    among: int
    interval: Interval

    @property
    def share(self) -> float:
        return self.count / self.among


@dataclass(frozen=True)
class Spread:
    """Hours: the first quartile, the median and the third; None is longer than any that ended."""

    low: float | None
    middle: float | None
    high: float | None


class Hidden:
    """Too few people, or hidden to protect so few: nobody is told which."""


class Nobody:
    """There is nothing to count."""


Cell = int | Median | Share | Spread | Hidden | Nobody


@dataclass(frozen=True)
class Care:
    """Of the courses of care that ended."""

    count: Cell
    adherence: Cell  # median percent
    good: Cell  # share of at least `adherence.GOOD` percent
    dropped_out: Cell
    weeks: Cell


@dataclass(frozen=True)
class Change:
    """Of one score of a measure in the courses of care in which it was answered at least twice."""

    line: Line
    count: Cell
    change: Cell  # median, in the measure's points
    better: Cell
    worse: Cell


@dataclass(frozen=True)
class Answering:
    """Of the alerts that were raised."""

    count: Cell
    not_looked_at: Cell
    until_looked_at: Cell
    still_open: Cell
    until_closed: Cell


@dataclass(frozen=True)
class Figures:
    """Of one period. The whole stands under `ALL`, programs under `Made.key`, rules by their code;
    a quarter has the whole alone.
    """

    period: Period
    care: dict[str, Care] = field(default_factory=dict)
    changes: dict[str, list[Change]] = field(default_factory=dict)
    alerts: dict[str, Answering] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)


class _Split(Generic[One]):
    """What is counted, cut into parts that exclude each other, with what of it may be shown."""

    def __init__(self, count: "_Count[One]", part_of: Callable[[One], int | None], parts: int,
                 within: Shown | None) -> None:  # fmt: skip
        self.of = count
        self.part_of = part_of
        self.parts = parts
        self.shown = withheld.released(
            self._parts(count.items),
            {key: self._parts(items) for key, items in count.rows.items()},
            {key: self._parts(items) for key, items in count.quarters.items()},
            within,
        )

    def _parts(self, items: Iterable[One]) -> withheld.Parts:
        people: list[set[int]] = [set() for _ in range(self.parts)]
        for item in items:
            if (part := self.part_of(item)) is not None:
                people[part].add(item.patient)
        return [frozenset(one) for one in people]

    def counted(self, key: str) -> list[One]:
        return [item for item in self.of.of(key) if self.part_of(item) is not None]

    def cell(self, key: str, make: Callable[[list[One]], Cell]) -> Cell:
        """What `make` says of those who are counted, where that may be shown."""
        items = self.counted(key)
        if not items:
            return Nobody()
        is_shown = self.shown.total if key == ALL else key in self.shown.rows
        return make(items) if is_shown else Hidden()

    def share(self, key: str, part: int = 0) -> Cell:
        def made(items: list[One]) -> Cell:
            count = sum(self.part_of(item) == part for item in items)
            interval = statistics.interval_of_share(count, len(items))
            return Share(count, len(items), interval) if interval else Nobody()

        return self.cell(key, made)


class _Count(Generic[One]):
    """All of a period, with its rows and its quarters where these are shown."""

    def __init__(
        self, items: Sequence[One], period: Period, row_of: Callable[[One], Hashable]
    ) -> None:
        self.items = items
        self.rows: dict[str, list[One]] = {}
        self.quarters: dict[str, list[One]] = {}
        if period.is_year:
            for item in items:
                self.rows.setdefault(str(row_of(item)), []).append(item)
                self.quarters.setdefault(item.quarter.code, []).append(item)

    def of(self, key: str) -> Sequence[One]:
        return self.items if key == ALL else self.rows[key]

    @property
    def keys(self) -> list[str]:
        return [ALL, *self.rows]

    def split(
        self, part_of: Callable[[One], int | None], parts: int = 2, within: Shown | None = None
    ) -> _Split[One]:
        return _Split(self, part_of, parts, within)


def _no_yes(is_so: bool) -> int:
    """The part of a split by yes or no: yes comes first."""
    return 0 if is_so else 1


def _median_of(values: Iterable[float]) -> Cell:
    known = list(values)
    middle = statistics.median(known)
    if middle is None:
        return Nobody()
    return Median(middle, statistics.interval_of_median(known))


def of_period(period: Period, courses: Courses, alerts: Sequence[Raised]) -> Figures:
    """Those of a whole year or a whole quarter, which `courses` and `alerts` are all of."""
    ended = _Count(courses.ended, period, lambda one: one.made.key)
    every = ended.split(lambda one: 0, 1)
    titles = {one.made.key: one.made.title for one in courses.ended}
    raised = _Count(alerts, period, lambda one: one.rule)
    return Figures(
        period,
        _care(ended, every),
        _changes(ended, every.shown, courses.lines),
        _answering(raised),
        titles | {one.rule.value: f"{one.rule.value} {one.rule.label}" for one in alerts},
    )


def _care(ended: _Count[Ended], every: _Split[Ended]) -> dict[str, Care]:
    asked = ended.split(lambda one: _no_yes(one.due > 0), within=every.shown)
    due = ended.split(lambda one: 0 if one.due else None, 1, asked.shown)
    good = ended.split(_is_good, within=due.shown)
    left = ended.split(lambda one: _no_yes(one.has_dropped_out), within=every.shown)
    return {
        key: Care(
            count=every.cell(key, len),
            adherence=due.cell(key, lambda found: _median_of(map(_percent, found))),
            good=good.share(key),
            dropped_out=left.share(key),
            weeks=every.cell(key, lambda found: _median_of(one.weeks for one in found)),
        )
        for key in ended.keys
        if ended.items
    }


def _percent(one: Ended) -> float:
    return 100 * one.done / one.due


def _is_good(one: Ended) -> int | None:
    return _no_yes(one.band is Band.GOOD) if one.due else None


def _changes(ended: _Count[Ended], within: Shown, lines: Iterable[Line]) -> dict[str, list[Change]]:
    found: dict[str, list[Change]] = {}
    for line in lines:
        for key, change in _of_line(ended, within, line).items():
            found.setdefault(key, []).append(change)
    return found


def _of_line(ended: _Count[Ended], within: Shown, line: Line) -> dict[str, Change]:
    def answer(one: Ended) -> Answered | None:
        return one.answers.get(line.key)

    def verdict(one: Ended) -> Verdict | None:
        found = answer(one)
        return None if found is None or found.verdict is Verdict.NO_RULE else found.verdict

    def has_rule(one: Ended) -> int | None:
        return _no_yes(verdict(one) is not None) if answer(one) else None

    def is_better(one: Ended) -> int | None:
        found = verdict(one)
        return None if found is None else _no_yes(found is Verdict.BETTER)

    def which(one: Ended) -> int | None:
        found = verdict(one)
        return None if found is None else [Verdict.WORSE, Verdict.BETTER, Verdict.NEITHER].index(
            found
        )  # fmt: skip

    measured = ended.split(lambda one: 0 if answer(one) else None, 1, within)
    ruled = ended.split(has_rule, within=measured.shown)
    better = ended.split(is_better, within=ruled.shown)
    worse = ended.split(which, 3, within=better.shown)
    return {
        key: Change(
            line=line,
            count=measured.cell(key, len),
            change=measured.cell(
                key, lambda found: _median_of(one.answers[line.key].change for one in found)
            ),
            better=better.share(key),
            worse=worse.share(key),
        )
        for key in ended.keys
        if measured.counted(key)
    }


def _answering(raised: _Count[Raised]) -> dict[str, Answering]:
    every = raised.split(lambda one: 0, 1)
    looked = raised.split(lambda one: _no_yes(one.until_looked_at is None), within=every.shown)
    closed = raised.split(lambda one: _no_yes(one.until_closed is None), within=every.shown)
    return {
        key: Answering(
            count=every.cell(key, len),
            not_looked_at=looked.share(key),
            until_looked_at=every.cell(
                key, lambda found: Spread(*statistics.quartiles([x.until_looked_at for x in found]))
            ),
            still_open=closed.share(key),
            until_closed=every.cell(
                key, lambda found: Spread(*statistics.quartiles([x.until_closed for x in found]))
            ),
        )
        for key in raised.keys
        if raised.items
    }
