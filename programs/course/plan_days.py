"""What the plan was on each day: which version, which phase, whether something was held back."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from programs.course.course import Course


@dataclass(frozen=True)
class Day:
    """`version` and `phase` are numbers; None where no version held."""

    date: dt.date
    version: int | None
    phase: int | None
    is_held: bool


def days(courses: Sequence[Course], last: dt.date) -> list[Day]:
    """From the first day of an episode's courses, oldest first, to `last`."""
    if not courses:
        return []
    begin = min(course.first for course in courses)
    return [
        _day(courses, begin + dt.timedelta(days=offset))
        for offset in range((last - begin).days + 1)
    ]


def _day(courses: Sequence[Course], date: dt.date) -> Day:
    course = next((one for one in reversed(courses) if one.holds_on(date)), None)
    if course is None:
        return Day(date, None, None, is_held=False)
    held = bool(course.held_on(date))
    return Day(date, course.plan.version, course.phase_on(date).number, is_held=held)
