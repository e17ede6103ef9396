"""When reminders are due. Pure functions over wall times, zones and moments.

A time that a clock skips in spring is taken as if it had not been skipped (02:30 is 03:30 then);
one that comes twice in autumn is meant the first time. So each day has each of its slots once.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

REPEAT_AFTER = dt.timedelta(hours=3)
LAST_REPEAT = dt.time(21)  # nobody is reminded at night
SHORTEST_REPEAT = dt.timedelta(hours=1)


@dataclass(frozen=True, order=True)
class Slot:
    """`due_at` is a moment in UTC; `on` and `at` are what the patient's wall says."""

    due_at: dt.datetime
    on: dt.date
    at: dt.time
    is_repeat: bool = False


def repeat_time(times: Sequence[dt.time]) -> dt.time | None:
    """Three hours after the last time, at 21:00 at the latest; None with less than an hour left."""
    midnight = dt.date(2000, 1, 1)
    last = dt.datetime.combine(midnight, max(times))
    repeat = min(last + REPEAT_AFTER, dt.datetime.combine(midnight, LAST_REPEAT))
    return repeat.time() if repeat - last >= SHORTEST_REPEAT else None


def slots_of(day: dt.date, times: Sequence[dt.time], zone: ZoneInfo, *, repeat: bool) -> list[Slot]:
    """A day's slots, in the order of their moments."""
    slots = [Slot(moment(day, at, zone), day, at) for at in sorted(set(times))]
    again = repeat_time(times) if repeat else None
    if again is not None:
        slots.append(Slot(moment(day, again, zone), day, again, is_repeat=True))
    return sorted(slots)


def moment(day: dt.date, at: dt.time, zone: ZoneInfo) -> dt.datetime:
    return dt.datetime.combine(day, at, tzinfo=zone).astimezone(dt.UTC)


def slots_between(
    after: dt.datetime,
    until: dt.datetime,
    times: Sequence[dt.time],
    zone: ZoneInfo,
    *,
    repeat: bool,
) -> Iterator[Slot]:
    """Those due later than `after` and not later than `until`, day by day."""
    # Where a clock is put back over midnight, the date can go back by one.
    day = after.astimezone(zone).date() - dt.timedelta(days=1)
    last = until.astimezone(zone).date() + dt.timedelta(days=1)
    while day <= last:
        for slot in slots_of(day, times, zone, repeat=repeat):
            if after < slot.due_at <= until:
                yield slot
        day += dt.timedelta(days=1)


def next_slot(
    after: dt.datetime, times: Sequence[dt.time], zone: ZoneInfo, *, repeat: bool
) -> Slot:
    """The first slot later than `after`: there is one within two days."""
    soon = slots_between(after, after + dt.timedelta(days=3), times, zone, repeat=repeat)
    return min(soon)
