"""Sessions done against sessions due (brief 6).

A session counts if at least one exercise was done. A day without a log is unknown, not missed.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from programs.course.course import Course

GOOD, PARTIAL = 80, 50  # percent; conventions, not evidence


class Counts(Protocol):
    """A session that comes `with_done()`, or a line of one."""

    @property
    def done_on(self) -> dt.date: ...

    @property
    def something_done(self) -> bool: ...


class Band(StrEnum):
    GOOD = "good"
    PARTIAL = "partial"
    LOW = "low"
    NONE = "nothing due"


@dataclass(frozen=True)
class Day:
    """One day of the plan: how many sessions were due, and how many were logged as done."""

    date: dt.date
    due: int
    done: int

    @property
    def state(self) -> str:
        """done, part, rest (nothing due), extra (done on a rest day) or unknown (no log)."""
        if not self.due:
            return "extra" if self.done else "rest"
        if not self.done:
            return "unknown"
        return "done" if self.done >= self.due else "part"


@dataclass(frozen=True)
class Adherence:
    days: list[Day]

    @property
    def due(self) -> int:
        return sum(day.due for day in self.days)

    @property
    def done(self) -> int:
        """Prescribed sessions done; more than due on a day does not count here."""
        return sum(min(day.done, day.due) for day in self.days)

    @property
    def extra(self) -> int:
        """Sessions beyond what was due: over-dose is a safety signal."""
        return sum(max(0, day.done - day.due) for day in self.days)

    @property
    def percent(self) -> int | None:
        """0 to 100; None when nothing was due."""
        return round(100 * self.done / self.due) if self.due else None

    @property
    def band(self) -> Band:
        if self.percent is None:
            return Band.NONE
        if self.percent >= GOOD:
            return Band.GOOD
        return Band.PARTIAL if self.percent >= PARTIAL else Band.LOW


def done_by_day(sessions: Iterable[Counts]) -> Counter[dt.date]:
    """How many of these sessions count on each day."""
    return Counter(session.done_on for session in sessions if session.something_done)


def adherence(
    courses: Sequence[Course], done: Mapping[dt.date, int], *, first: dt.date, last: dt.date
) -> Adherence:
    """Both days included; days before a plan's start are neither due nor unknown."""
    days = []
    for offset in range((last - first).days + 1):
        date = first + dt.timedelta(days=offset)
        due = sum([course.sessions_due_on(date) for course in courses])
        count = done.get(date, 0)
        if count > due:  # what was done before something was held back was due then
            asked = sum(course.sessions_asked_on(date) for course in courses)
            due = max(due, min(count, asked))
        days.append(Day(date=date, due=due, done=count))
    return Adherence(days)
