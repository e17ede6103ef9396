"""Dates as references have them: as far as they go, and what no month tells."""

import re

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
SEASONS = ("Spring", "Summer", "Autumn", "Winter")
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_TO = r"\s*(?:-{1,3}|[–—/])\s*"
_YEAR = r"(?:19|20)\d\d"
_SEASON = re.compile(r"\b(?:early |late )?(spring|summer|autumn|fall|winter)\b", re.IGNORECASE)
_MONTHS = re.compile(rf"\b({_MONTH})(?:{_TO}|\s+(?:to|and)\s+)({_MONTH})(?![a-z])", re.IGNORECASE)
_OVER_YEARS = re.compile(rf"\b({_MONTH}){_TO}({_YEAR})\s+({_MONTH})(?![a-z])", re.IGNORECASE)
_NUMBERED = re.compile(rf"(?:{_YEAR}-)?\b(\d{{1,2}}){_TO}(?:{_YEAR}-)?(\d{{1,2}})")
_DAYS = re.compile(
    rf"\b({_MONTH})\s+(\d{{1,2}}){_TO}((?:{_MONTH}\s+)?\d{{1,2}})(?!\d)", re.IGNORECASE
)
_QUARTER = re.compile(r"\b(?:(?:1st|2nd|3rd|4th)\s+quarter|q[1-4])\b", re.IGNORECASE)
_IN_PRESS = re.compile(
    r"\bin[ -]?press\b|\bforthcoming\b|\bto appear\b|\baccepted(?: for publication)?\b",
    re.IGNORECASE,
)


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
    if season(text) and not _DAYS.search(text):
        day = []  # '2019/09//Sep-Oct'
    return {"year": int(year[0]), "month": found, "day": day[0] if day and found else None}


def _has_word(parts: list[str]) -> bool:
    return any(part[:3].lower() in MONTHS for part in parts)


def season(text: str) -> str:
    """What stands in the month's place where one month does not tell it; else an empty text.

    'Sep-Oct', 'Spring', 'Dec-2020 Jan' and 'Mar 5-7', whatever the file's dashes and long names.
    """
    if found := _OVER_YEARS.search(text):
        return f"{_short_month(found[1])}-{found[2]} {_short_month(found[3])}"
    if found := _DAYS.search(text):
        last = re.sub(_MONTH, lambda name: _short_month(name[0]), found[3], flags=re.IGNORECASE)
        return f"{_short_month(found[1])} {found[2]}-{last}"
    if found := _MONTHS.search(text):
        first, last = _short_month(found[1]), _short_month(found[2])
        return f"{first}-{last}" if first != last else ""
    if found := _SEASON.search(text) or _QUARTER.search(text):
        return found[0].capitalize()
    return ""


def month_name(number: int | None) -> str:
    """'Sep' of 9; empty for what is no month."""
    return MONTHS[number - 1].title() if number and 1 <= number <= len(MONTHS) else ""


def season_of_months(first: int | None, last: int | None) -> str:
    """'Sep-Oct' of 9 and 10."""
    names = month_name(first), month_name(last)
    return "-".join(names) if all(names) and first != last else ""


def season_of_numbers(text: str) -> str:
    """Of BibTeX's months, '9-10', and BibLaTeX's '2019-09/2019-10'."""
    found = _NUMBERED.fullmatch(text.strip())
    return season_of_months(int(found[1]), int(found[2])) if found else ""


def months_of(season: str) -> tuple[int, int] | None:
    """9 and 10 of 'Sep-Oct'."""
    first, _, last = season.partition("-")
    numbers = month(first), month(last)
    is_plain = re.fullmatch(r"[A-Z][a-z]{2}-[A-Z][a-z]{2}", season)
    return (numbers[0], numbers[1]) if is_plain and numbers[0] and numbers[1] else None


def _short_month(name: str) -> str:
    return name[:3].title()


def is_in_press(*texts: str) -> bool:
    return any(_IN_PRESS.search(text) for text in texts)
