"""One reference as a file holds it."""

import re
from dataclasses import dataclass, field
from typing import Any

_DASHES = re.compile(r"\s*(?:-{1,3}|[–—‐‑−])\s*")
_RANGE = re.compile(r"([A-Za-z]*)(\d+)-\1?(\d+)")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


@dataclass(frozen=True)
class Entry:
    """`fields` are a Source's; `problem` says why there are none. `line` counts from 1.

    `remarks` name what was read, but may not be meant so.
    """

    line: int
    fields: dict[str, Any] = field(default_factory=dict)
    key: str = ""
    problem: str = ""
    remarks: tuple[str, ...] = ()


def pages(text: str) -> str:
    """'862--6', '862–866' and '862-6' all give '862-866'."""
    plain = _DASHES.sub("-", text.strip()).strip("-")
    found = _RANGE.fullmatch(plain)
    if not found:
        return plain
    letters, first, last = found.groups()
    whole = first[: len(first) - len(last)] + last if len(last) < len(first) else last
    if whole == first:
        return f"{letters}{first}"
    return f"{letters}{first}-{letters}{whole}"


def month(text: str) -> int | None:
    """'3', '03', 'mar', 'March' and the first of 'Mar-Apr' are 3."""
    word = text.strip().lower()
    if word.isdecimal():
        return int(word) if len(word) <= 2 and 1 <= int(word) <= len(MONTHS) else None
    return MONTHS.index(word[:3]) + 1 if word[:3] in MONTHS else None


def dated(text: str) -> dict[str, int | None]:
    """Year, month and day of '2020', '2020/03/05/', '2020 Mar 5', '2019 Nov-Dec' and the like."""
    year = re.search(r"\b(1[5-9]|20|21)\d\d\b", text)
    if not year:
        return {"year": None, "month": None, "day": None}
    rest = [
        part for part in re.split(r"[\s/,;.-]+", text[: year.start()] + text[year.end() :]) if part
    ]
    months = [number for part in rest if (number := month(part))]
    found = months[0] if months else None
    days = [
        int(part) for part in rest if part.isdecimal() and len(part) <= 2 and 1 <= int(part) <= 31
    ]
    # In '2020/03/05' the month is a number, too.
    is_number = bool(rest) and rest[0].isdecimal()
    day = (days[1:] if is_number and len(months) > 0 and not _has_word(rest) else days)[:1]
    return {"year": int(year[0]), "month": found, "day": day[0] if day and found else None}


def _has_word(parts: list[str]) -> bool:
    return any(part[:3].lower() in MONTHS for part in parts)
