"""When a clinic's phone is answered, typed as 'Mon-Fri 8:00-17:00, Sat 9:00-12:00'.

Holidays are not known here: the words say when the clinic usually opens.
"""

import datetime as dt
import re

from django.core.exceptions import ValidationError

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
EXAMPLE = "Mon-Fri 8:00-17:00, Sat 9:00-12:00"
_PART = re.compile(
    r"(?P<first>[a-z]{3})(?:\s*[-–]\s*(?P<last>[a-z]{3}))?\s+"
    r"(?P<opens>\d{1,2}:\d{2})\s*[-–]\s*(?P<closes>\d{1,2}:\d{2})",
    re.IGNORECASE,
)

# Weekday (Monday is 0) with its opening and closing time, on the clinic's wall.
Hours = list[tuple[int, dt.time, dt.time]]


def parsed(text: str) -> Hours:
    """The hours of a week, in its order; none for an empty text. Raises ValidationError."""
    found = [span for part in text.split(",") if part.strip() for span in _part(part.strip())]
    return sorted(found)


def _part(text: str) -> Hours:
    wrong = ValidationError(f"Write office hours like: {EXAMPLE}")
    match = _PART.fullmatch(text)
    if match is None:
        raise wrong
    try:
        first = DAYS.index(match["first"].lower())
        last = DAYS.index((match["last"] or match["first"]).lower())
        opens, closes = _time(match["opens"]), _time(match["closes"])
    except ValueError as error:
        raise wrong from error
    if first > last or opens >= closes:
        raise wrong
    return [(day, opens, closes) for day in range(first, last + 1)]


def _time(text: str) -> dt.time:
    hour, minute = text.split(":")
    return dt.time(int(hour), int(minute))


def validate_office_hours(text: str) -> None:
    parsed(text)


def opens_again(text: str, now: dt.datetime) -> dt.datetime | None:
    """The next opening; None while it is open, or where no hours are known.

    `now` is aware and in the clinic's zone.
    """
    hours = parsed(text)
    if any(day == now.weekday() and opens <= now.time() < closes for day, opens, closes in hours):
        return None
    openings = [
        dt.datetime.combine(now.date() + dt.timedelta(days=ahead), opens, tzinfo=now.tzinfo)
        for ahead in range(8)
        for day, opens, _ in hours
        if day == (now.weekday() + ahead) % 7
    ]
    return min((moment for moment in openings if moment > now), default=None)


def after_open_minutes(text: str, start: dt.datetime, minutes: int) -> dt.datetime:
    """When the phone has been answered for so many minutes since `start`; without known hours,
    simply so much later. `start` is aware and in the clinic's zone.
    """
    left = dt.timedelta(minutes=minutes)
    for opens, closes in _spans(text, start):
        begins = max(opens, start)
        if closes - begins >= left:
            return begins + left
        left -= closes - begins
    return start + left


def closes_next(text: str, start: dt.datetime) -> dt.datetime:
    """The end of the office hours of that day, or of the next day that still has some; without
    known hours, midnight.
    """
    of_a_day: dict[dt.date, dt.datetime] = {}
    for _, closes in _spans(text, start):
        of_a_day[closes.date()] = closes
    midnight = dt.datetime.combine(start.date() + dt.timedelta(1), dt.time.min, start.tzinfo)
    return min(of_a_day.values(), default=midnight)


def _spans(text: str, start: dt.datetime) -> list[tuple[dt.datetime, dt.datetime]]:
    """Opening and closing in the two weeks from `start`, without what is over by then."""
    hours = parsed(text)
    found = []
    for ahead in range(15):
        day = start.date() + dt.timedelta(days=ahead)
        for weekday, opens, closes in hours:
            if weekday == day.weekday():
                at = dt.datetime.combine(day, opens, tzinfo=start.tzinfo)
                until = dt.datetime.combine(day, closes, tzinfo=start.tzinfo)
                found.append((at, until))
    return [(at, until) for at, until in found if until > start]
