"""Which prescriptions are due on a day. Pure functions; weekdays count from Monday as 0."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar


class Due(Protocol):
    """What deciding needs of a prescription."""

    @property
    def included(self) -> bool: ...

    @property
    def weekdays(self) -> Sequence[int] | None: ...

    @property
    def days_per_week(self) -> int: ...

    @property
    def times_per_day(self) -> int: ...


One = TypeVar("One", bound=Due)


def due_weekdays(weekdays: Sequence[int], days_per_week: int) -> frozenset[int]:
    """`days_per_week` of the patient's `weekdays`, spread as evenly as they allow.

    Monday to Saturday and 3 a week give Monday, Wednesday, Friday.
    """
    days = sorted(set(weekdays))
    if days_per_week >= len(days):
        return frozenset(days)
    return frozenset(days[index * len(days) // days_per_week] for index in range(days_per_week))


def days_of(prescription: Due, weekdays: Sequence[int]) -> frozenset[int]:
    """The weekdays on which it is due: chosen by hand, or spread over the plan's days."""
    if prescription.weekdays:
        return frozenset(prescription.weekdays)
    return due_weekdays(weekdays, prescription.days_per_week)


def due_on(prescriptions: Iterable[One], weekdays: Sequence[int], day: dt.date) -> list[One]:
    """What of a phase is due on a day, in its order."""
    return [
        prescription
        for prescription in prescriptions
        if prescription.included and day.weekday() in days_of(prescription, weekdays)
    ]


def sessions_due(prescriptions: Iterable[Due], weekdays: Sequence[int], day: dt.date) -> int:
    """How many sessions a day asks for: that of the exercise that is due most often."""
    due = due_on(prescriptions, weekdays, day)
    return max((prescription.times_per_day for prescription in due), default=0)


def most_in_a_day(prescriptions: Iterable[Due], weekdays: Sequence[int]) -> int:
    """The largest number of exercises due on one day of the week."""
    monday = dt.date(2024, 1, 1)
    chosen = list(prescriptions)
    return max(
        len(due_on(chosen, weekdays, monday + dt.timedelta(days=offset))) for offset in range(7)
    )
