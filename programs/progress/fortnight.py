"""The last 14 days, a color each: of the answers, nowhere of how much was done."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from programs.course import response
from programs.course.adherence import Adherence, adherence, done_by_day
from programs.course.course import Course

if TYPE_CHECKING:
    from programs.models.session import CountedSession

DAYS = 14


class State(StrEnum):
    """How a day stands in a list. The value is a class of the style sheet."""

    RED = "red"
    AMBER = "amber"
    OPEN = "open"
    GREEN = "green"
    NO_LOG = "unknown"
    REST = "rest"
    NO_PLAN = "none"

    @property
    def words(self) -> str:
        return _WORDS[self]


_WORDS = {
    State.RED: "red answers",
    State.AMBER: "amber answers",
    State.OPEN: "answers missing",
    State.GREEN: "green answers",
    State.NO_LOG: "no log",
    State.REST: "nothing due",
    State.NO_PLAN: "no plan",
}
_OF_COLOR = {
    response.Color.RED: State.RED,
    response.Color.AMBER: State.AMBER,
    response.Color.UNKNOWN: State.OPEN,
    response.Color.GREEN: State.GREEN,
}
_WORST_FIRST = list(_OF_COLOR)


@dataclass(frozen=True)
class Day:
    date: dt.date
    due: int
    done: int
    state: State

    @property
    def words(self) -> str:
        if not self.due:
            return self.state.words
        return f"{self.state.words}, {self.done} of {self.due} done"


@dataclass(frozen=True)
class Fortnight:
    days: list[Day]
    adherence: Adherence

    @property
    def without_log(self) -> int:
        """On how many days something was due and nobody knows what was done."""
        return sum(day.state is State.NO_LOG for day in self.days)


def first_day(today: dt.date) -> dt.date:
    return today - dt.timedelta(days=DAYS - 1)


def fortnight(
    courses: Sequence[Course],
    sessions: "Iterable[CountedSession]",
    *,
    feeling: str,
    today: dt.date,
) -> Fortnight:
    """`courses` and `sessions` are one patient's; older ones change nothing. `feeling` is the
    episode's protective sensation.
    """
    sessions = list(sessions)
    found = adherence(courses, done_by_day(sessions), first=first_day(today), last=today)
    colors: defaultdict[dt.date, list[response.Color]] = defaultdict(list)
    for session in sessions:
        colors[session.done_on].append(response.color(session, feeling=feeling))
    days = [
        Day(one.date, one.due, one.done, _state(colors[one.date], one.due, one.date, courses))
        for one in found.days
    ]
    # What is due today and not done yet is not missing yet.
    if days[-1].state is State.NO_LOG:
        days[-1] = Day(today, days[-1].due, 0, State.REST)
    return Fortnight(days, found)


def _state(
    colors: Sequence[response.Color], due: int, date: dt.date, courses: Sequence[Course]
) -> State:
    if colors:
        return _OF_COLOR[min(colors, key=_WORST_FIRST.index)]
    if due:
        return State.NO_LOG
    return State.REST if any(one.holds_on(date) for one in courses) else State.NO_PLAN
