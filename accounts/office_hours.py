"""When a clinic's phone is answered, typed as 'Mon-Fri 8:00-17:00, Sat 9:00-12:00'.

On which days it is closed all the same, such as holidays, the clinic says (`Closed`).
"""

import datetime as dt
import re
from collections.abc import Callable, Iterator

from django.core.exceptions import ValidationError
from django.utils.dates import WEEKDAYS_ABBR

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
EXAMPLE = "Mon-Fri 8:00-17:00, Sat 9:00-12:00"
_PART = re.compile(
    r"(?P<first>[a-z]{3})(?:\s*[-–]\s*(?P<last>[a-z]{3}))?\s+"
    r"(?P<opens>\d{1,2}:\d{2})\s*[-–]\s*(?P<closes>\d{1,2}:\d{2})",
    re.IGNORECASE,
)

# Weekday (Monday is 0) with its opening and closing time, on the clinic's wall.
Hours = list[tuple[int, dt.time, dt.time]]
Closed = Callable[[dt.date], bool]
_LOOKED_AHEAD = 400  # days: longer than a clinic can be closed


def parsed(text: str) -> Hours:
    """The hours of a week, in its order; none for an empty text. Raises ValidationError."""
    found = [span for part in text.split(",") if part.strip() for span in _part(part.strip())]
    return sorted(found)


def said(text: str) -> str:
    """The same with its days in the language of the page: 'lun-vie 8:00-17:00'."""
    return re.sub("[A-Za-z]{3}", lambda found: str(WEEKDAYS_ABBR[_day(found[0])]), text)


def _day(word: str) -> int:
    return DAYS.index(word.lower())


def _part(text: str) -> Hours:
    wrong = ValidationError(f"Write office hours like: {EXAMPLE}")
    match = _PART.fullmatch(text)
    if match is None:
        raise wrong
    try:
        first, last = _day(match["first"]), _day(match["last"] or match["first"])
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


def never(day: dt.date) -> bool:
    """No day is closed beyond the week's hours."""
    return False


def opens_again(text: str, now: dt.datetime, closed: Closed = never) -> dt.datetime | None:
    """The next opening; None while it is open, or where no hours are known.

    `now` is aware and in the clinic's zone.
    """
    opens, _ = next(_spans(text, now, closed), (None, None))
    return opens if opens is not None and opens > now else None


def after_open_minutes(
    text: str, start: dt.datetime, minutes: int, closed: Closed = never
) -> dt.datetime:
    """When the phone has been answered for so many minutes since `start`; without known hours,
    simply so much later. `start` is aware and in the clinic's zone.
    """
    left = dt.timedelta(minutes=minutes)
    for opens, closes in _spans(text, start, closed):
        begins = max(opens, start)
        if closes - begins >= left:
            return begins + left
        left -= closes - begins
    return start + left


def closes_next(text: str, start: dt.datetime, closed: Closed = never) -> dt.datetime:
    """The end of the office hours of that day, or of the next day that still has some; without
    known hours, midnight.
    """
    until: dt.datetime | None = None
    for _, closes in _spans(text, start, closed):
        if until is not None and closes.date() != until.date():
            break
        until = closes
    midnight = dt.datetime.combine(start.date() + dt.timedelta(1), dt.time.min, start.tzinfo)
    return until or midnight


def _spans(
    text: str, start: dt.datetime, closed: Closed
) -> Iterator[tuple[dt.datetime, dt.datetime]]:
    """Opening and closing from `start` on, in order, without what is over by then."""
    hours = parsed(text)
    for ahead in range(_LOOKED_AHEAD if hours else 0):
        day = start.date() + dt.timedelta(days=ahead)
        if closed(day):
            continue
        for weekday, opens, closes in hours:
            until = dt.datetime.combine(day, closes, tzinfo=start.tzinfo)
            if weekday == day.weekday() and until > start:
                yield dt.datetime.combine(day, opens, tzinfo=start.tzinfo), until
