"""Whether a patient has gone silent (brief 5, A15): the one definition of the hourly rule, the
caseload and the overview.
"""

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from programs.course import red_flags
from programs.course.course import Course
from programs.models.restriction import Kind
from programs.safety import holding

if TYPE_CHECKING:
    from programs.course.red_flags import PlanWithFlagsOverTime


@dataclass(frozen=True)
class Silence:
    """No log since the day `since`; that is unknown, not missed."""

    since: dt.date
    days: int


def silence(
    course: Course, plan: "PlanWithFlagsOverTime", last_log: dt.date | None, today: dt.date
) -> Silence | None:
    """No log in 7 days, 3 in the first phase, or as the clinic has set it, counted from the last
    log, start, pause or stop.

    `plan` is the course's with its red flags. Who was told to do nothing is not silent, and days
    on which nothing was due make no silence.
    """
    if is_kept_from_all(course, plan, today):
        return None
    since = counted_from(course, plan, last_log, today)
    days = (today - since).days
    is_first = course.phase_on(today).number == 1
    asked = any(
        course.sessions_due_on(since + dt.timedelta(days=ahead)) for ahead in range(1, days)
    )
    clinic = course.plan.clinic
    if days < (clinic.silent_days_first_phase if is_first else clinic.silent_days) or not asked:
        return None
    return Silence(since, days)


def is_kept_from_all(course: Course, plan: "PlanWithFlagsOverTime", today: dt.date) -> bool:
    """Not begun, over, paused, stopped, or all that would be due is held back."""
    if not course.holds_on(today) or course.pause_on(today) or red_flags.stop(plan):
        return True
    if {Kind.ALL, Kind.TODAY} & holding.kinds(course.held_on(today)):
        return True
    return bool(course.due_on(today)) and not course.free_on(today)


def counted_from(
    course: Course, plan: "PlanWithFlagsOverTime", last_log: dt.date | None, today: dt.date
) -> dt.date:
    """The last day on which the patient was heard, or was told to do nothing."""
    known = (last_log, course.first, freed_on(course, plan), *pause_ends(course, today))
    return max(day for day in known if day is not None)


def freed_on(course: Course, plan: "PlanWithFlagsOverTime") -> dt.date | None:
    """The day on which the last stop was lifted: a red flag cleared, all exercises allowed."""
    cleared = plan.flags_freed
    days = [one.lifted for one in course.held if one.kind is Kind.ALL and one.lifted]
    if cleared is not None:
        days.append(course.plan.clinic.local_date(cleared))
    return max(days, default=None)


def pause_ends(course: Course, today: dt.date) -> list[dt.date]:
    """The last days of pauses that are over."""
    return [pause.last for pause in course.pauses if pause.last and pause.last <= today]
