"""The two clocks: calendar months, named by their first day, and intervals of 30 days.

Dates only, as the clinic's wall shows them: no hour that a clock skips or repeats can move one.
"""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from programs.monitoring.rules import INTERVAL_DAYS

DAY = dt.timedelta(days=1)


def month_of(day: dt.date) -> dt.date:
    return day.replace(day=1)


def last_of(month: dt.date) -> dt.date:
    return next_month(month) - DAY


def next_month(month: dt.date) -> dt.date:
    return month_of(month_of(month) + 31 * DAY)


def month_before(month: dt.date) -> dt.date:
    return month_of(month_of(month) - DAY)


def month_in(text: str) -> dt.date | None:
    """'2026-11' as an address has it; None for anything else."""
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}", text):
        return None
    try:
        return dt.date.fromisoformat(f"{text}-01")
    except ValueError:
        return None


@dataclass(frozen=True, order=True)
class Span:
    """From its first to its last day, both in; without `last` it goes on."""

    first: dt.date
    last: dt.date | None = None

    def __contains__(self, day: dt.date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True, order=True)
class Interval:
    """30 days in a row. `number` counts from 1 within the monitoring of one episode."""

    first: dt.date
    number: int

    @property
    def last(self) -> dt.date:
        return self.first + (INTERVAL_DAYS - 1) * DAY

    def __contains__(self, day: dt.date) -> bool:
        return self.first <= day <= self.last

    def touches(self, month: dt.date) -> bool:
        return self.first <= last_of(month) and month <= self.last

    @property
    def days(self) -> list[dt.date]:
        return [self.first + offset * DAY for offset in range(INTERVAL_DAYS)]


def intervals(spans: Sequence[Span], until: dt.date) -> Iterator[tuple[int, Interval]]:
    """Of each span, by its place, those that begin by `until`, one right after the other.

    None overlaps another, of a later span neither: no code for a device comes twice in 30 days.
    """
    free = dt.date.min
    for place, span in sorted(enumerate(spans), key=lambda one: one[1].first):
        first, number = max(span.first, free), 1
        while first <= until and first in span:
            interval = Interval(first, number)
            yield place, interval
            first, number = interval.last + DAY, number + 1
        free = max(free, first)


def day_words(day: dt.date) -> str:
    """'2 Nov 2026'."""
    return f"{day.day} {day:%b %Y}"


def in_words(days: Iterable[dt.date]) -> str:
    """'2–4, 9 Nov; 1 Dec', with the year where it changes."""
    by_month: dict[dt.date, list[str]] = {}
    for first, last in _runs(sorted(days)):
        words = f"{first.day}" if first == last else f"{first.day}–{last.day}"
        by_month.setdefault(month_of(first), []).append(words)
    years = {month.year for month in by_month}
    form = "%b %Y" if len(years) > 1 else "%b"
    return "; ".join(f"{', '.join(runs)} {month:{form}}" for month, runs in by_month.items())


def _runs(days: Sequence[dt.date]) -> Iterator[tuple[dt.date, dt.date]]:
    """First and last of days that follow each other within a month."""
    first = last = None
    for day in days:
        if last is not None and day == last + DAY and day.month == last.month:
            last = day
            continue
        if first is not None and last is not None:
            yield first, last
        first = last = day
    if first is not None and last is not None:
        yield first, last
