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
