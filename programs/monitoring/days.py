"""On which days there are data. Days are counted, not what came on them.

A day is the patient's: when it was done, not when it arrived. What a clinic's staff typed from
paper, and what was measured in the clinic, is no data of a device; it is shown apart.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from programs.monitoring.calendar import DAY


class Counting(StrEnum):
    """Which days count, as the clinic has chosen; the values are those of its setting."""

    ANSWERS = "answers"
    ACTIVITY = "activity"
    ACCESS = "access"


COUNTING_WORDS = {
    Counting.ANSWERS: "Days with a session or form that the patient sent, with at least one answer",
    Counting.ACTIVITY: "Days with an answer, a message, a report of signs or a login",
    Counting.ACCESS: "All days since the first login: the most generous reading, of one vendor",
}


class How(StrEnum):
    """How something came to be stored."""

    ANSWER = "answer"
    PAPER = "paper"  # typed by the clinic
    CLINIC = "clinic"  # measured or asked in the clinic
    ACTIVITY = "activity"  # a message, a report of signs
    LOGIN = "login"


@dataclass(frozen=True)
class Sent:
    """One thing of a day; `received_on` is the clinic's date of when it arrived."""

    day: dt.date
    how: How
    received_on: dt.date | None = None

    @property
    def is_late(self) -> bool:
        return self.received_on is not None and self.received_on > self.day


@dataclass(frozen=True)
class DataDays:
    """`counted` are the days that count. Shown apart: `late` count, and were sent on a later day;
    with `paper` and `clinic` alone a day does not count; on `logins` nothing was answered.
    """

    counted: frozenset[dt.date] = frozenset()
    late: frozenset[dt.date] = frozenset()
    paper: frozenset[dt.date] = frozenset()
    clinic: frozenset[dt.date] = frozenset()
    logins: frozenset[dt.date] = frozenset()


def data_days(
    sent: Iterable[Sent],
    counting: Counting,
    *,
    first_login: dt.date | None = None,
    until: dt.date | None = None,
) -> DataDays:
    """`first_login` and `until`, today, matter only where all days since then count."""
    by_how: dict[How, set[dt.date]] = {how: set() for how in How}
    in_time: set[dt.date] = set()
    for one in sent:
        by_how[one.how].add(one.day)
        if one.how is How.ANSWER and not one.is_late:
            in_time.add(one.day)
    counted = set(by_how[How.ANSWER])
    if counting is not Counting.ANSWERS:
        counted |= by_how[How.ACTIVITY] | by_how[How.LOGIN]
    if counting is Counting.ACCESS and first_login is not None and until is not None:
        counted |= {first_login + n * DAY for n in range((until - first_login).days + 1)}
    return DataDays(
        counted=frozenset(counted),
        late=frozenset(by_how[How.ANSWER] - in_time),
        paper=frozenset(by_how[How.PAPER] - counted),
        clinic=frozenset(by_how[How.CLINIC] - counted),
        logins=frozenset(by_how[How.LOGIN] - by_how[How.ANSWER]),
    )
