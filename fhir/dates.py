"""Dates and moments of FHIR as spans of time, as exact as they say (R4, 3.1.1.4.5)."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

_DATE = re.compile(
    r"(eq|ne|gt|lt|ge|le|sa|eb)?(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(\.\d+)?)?"
    r"(Z|[+-]\d\d:\d\d)?)?)?)?"
)
Span = tuple[dt.datetime, dt.datetime]  # from, and until without it
FIRST, _LAST = (one.replace(tzinfo=dt.UTC) for one in (dt.datetime.min, dt.datetime.max))
# Whether what was found is so to what was asked for.
_COMPARE: dict[str, Callable[[Span, Span], bool]] = {
    "eq": lambda found, asked: asked[0] <= found[0] and found[1] <= asked[1],
    "ne": lambda found, asked: not (asked[0] <= found[0] and found[1] <= asked[1]),
    "gt": lambda found, asked: found[1] > asked[1],
    "lt": lambda found, asked: found[0] < asked[0],
    "ge": lambda found, asked: found[1] > asked[0],
    "le": lambda found, asked: found[0] < asked[1],
    "sa": lambda found, asked: found[0] >= asked[1],
    "eb": lambda found, asked: found[1] <= asked[0],
}


def comparison(given: str, zone: ZoneInfo) -> Callable[[Span], bool]:
    """Of a date with a prefix, such as `ge2026-01-31`. Raises ValueError or OverflowError for any
    other text.
    """
    text = given.replace(" ", "+")  # a + in an address is a blank
    said = _DATE.fullmatch(text)
    prefix = (said and said[1]) or ""
    asked, compare = span(text.removeprefix(prefix), zone), _COMPARE[prefix or "eq"]
    return lambda found: compare(found, asked)


def span_of(value: Any, zone: ZoneInfo) -> Span:
    """Of a date, a moment or a Period; one without an end goes on."""
    if isinstance(value, dict):
        begin = span(value["start"], zone)[0] if value.get("start") else FIRST
        end = span(value["end"], zone)[1] if value.get("end") else _LAST
        return begin, end
    return span(value, zone)


def span(text: str, zone: ZoneInfo) -> Span:
    """How long a date or moment lasts, as exactly as it says: a day, a second; in `zone` where it
    names none. Raises ValueError or OverflowError for anything else.
    """
    said = _DATE.fullmatch(text)
    if said is None or said[1]:
        raise ValueError(text)
    year, month, day = int(said[2]), int(said[3] or 1), int(said[4] or 1)
    if said[5] is None:
        begin = dt.datetime(year, month, day, tzinfo=zone)
        return begin, _after(begin, said)
    own = zone if said[9] is None else dt.datetime.strptime(said[9], "%z").tzinfo
    part = round(float(said[8] or 0) * 1e6)
    begin = dt.datetime(
        year, month, day, int(said[5]), int(said[6]), int(said[7] or 0), min(part, 999_999), own
    )
    lasts = dt.timedelta(minutes=1) if said[7] is None else dt.timedelta(seconds=1)
    if said[8]:
        lasts = dt.timedelta(microseconds=10 ** max(0, 7 - len(said[8])))
    return begin, begin + lasts


def _after(begin: dt.datetime, said: re.Match[str]) -> dt.datetime:
    if said[4]:
        return begin + dt.timedelta(days=1)
    if said[3]:
        return (begin + dt.timedelta(days=32)).replace(day=1)
    return begin.replace(year=begin.year + 1)
