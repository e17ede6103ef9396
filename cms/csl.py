"""Sources as CSL-JSON, the form that citation programs exchange."""

import json
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from cms import dating, identifiers, names, titles
from cms.models.source import Source
from cms.works import ARTICLE, KINDS

Item = dict[str, Any]

# Our field, and its name in CSL-JSON, where both are a text.
TEXTS = {
    "title": "title",
    "volume": "volume",
    "issue": "issue",
    "pages": "page",
    "publisher": "publisher",
    "place": "publisher-place",
    "edition": "edition",
    "doi": "DOI",
    "pmid": "PMID",
    "pmcid": "PMCID",
    "url": "URL",
}
PEOPLE = {"authors": "author", "editors": "editor"}
# What other programs call what we have one word for.
_OTHER_KINDS = {
    "article": ARTICLE,
    "article-magazine": ARTICLE,
    "article-newspaper": ARTICLE,
    "review": ARTICLE,
    "journal-article": ARTICLE,
    "monograph": "book",
    "book-chapter": "chapter",
    "entry-encyclopedia": "chapter",
    "proceedings-article": "paper-conference",
    "post-weblog": "webpage",
    "post": "webpage",
    "standard": "report",
    "pamphlet": "report",
    "dissertation": "thesis",
}
RETRACTED = "retracted"
IN_PRESS = "in press"
_BOTH = ", "  # between two states: CSL has one text for them
# What programs write as a month to mean spring, summer, autumn, winter.
_SEASON_MONTHS = {base + n: n for base in (12, 20) for n in range(1, 5)}
# Texts in which a number makes no sense; CSL lets volumes, issues and pages be numbers.
_WORDS = ("container-title", "container-title-short", "publisher", "publisher-place", "DOI", "URL")


def to_csl(source: Source) -> Item:
    """All that describes the work; nothing of what we think of it."""
    item: Item = {"id": source.key, "type": source.kind}
    item |= {csl: getattr(source, ours) for ours, csl in TEXTS.items()}
    item["title"] = source.title_marked or source.title
    item |= {csl: getattr(source, ours) for ours, csl in PEOPLE.items()}
    item["container-title"] = source.container_full or source.container
    item["container-title-short"] = source.container if source.container_full else ""
    item["issued"] = _issued(source)
    if source.accessed:
        day = source.accessed
        item["accessed"] = {"date-parts": [[day.year, day.month, day.day]]}
    states = {RETRACTED: source.is_retracted, IN_PRESS: source.is_in_press}
    item["status"] = _BOTH.join(name for name, is_so in states.items() if is_so)
    item["custom"] = {"more-authors": True} if source.more_authors else {}
    return {name: value for name, value in item.items() if value}


def states(status: object) -> list[str]:
    """What a status says, each for itself: 'Retracted, in press' is two."""
    return [one for part in text(status).lower().split(",") if (one := part.strip())]


def _issued(source: Source) -> Item:
    """Two months are CSL's range; what else stands in the month's place is its 'season'."""
    if not source.year:
        return {"season": source.season} if source.season else {}
    parts = [part for part in (source.year, source.month, source.day) if part]
    if months := dating.months_of(source.season):
        return {"date-parts": [[source.year, month] for month in months]}
    return {"date-parts": [parts], **({"season": source.season} if source.season else {})}


def from_csl(item: object) -> Item:
    """The fields of a Source, as far as the item has them.

    ValueError, in words for people, for what is no item or has no words for a title.
    """
    if not isinstance(item, dict):
        raise ValueError("This is not a reference.")
    title = item.get("title")
    parts = title if isinstance(title, list) else [title]
    if any(isinstance(part, int | float) for part in parts):
        raise ValueError(f"Its title, {json.dumps(title)}, is not a text.")
    fields: Item = {ours: text(item.get(csl)) for ours, csl in TEXTS.items()}
    for ours, csl in PEOPLE.items():
        fields[ours], others = people(item.get(csl))
        if ours == "authors":
            fields["more_authors"] = others or bool(
                _mapping(item.get("custom")).get("more-authors")
            )
    fields |= _containers(item)
    fields |= titles.split(_raw(title))
    fields |= dict(zip(("year", "month", "day"), date_parts(item.get("issued")), strict=True))
    fields["season"] = season(item.get("issued"))
    fields["accessed"] = day(date_parts(item.get("accessed")))
    fields["kind"] = kind_of(text(item.get("type")))
    status = text(item.get("status"))
    fields["is_retracted"] = RETRACTED in states(status)
    fields["is_in_press"] = dating.is_in_press(status, _date_text(item.get("issued")))
    return tidy(fields)


def tidy(fields: Item) -> Item:
    """With the identifiers cut down, and no address that only repeats the DOI."""
    for name, cut in (
        ("doi", identifiers.doi),
        ("pmid", identifiers.pmid),
        ("pmcid", identifiers.pmcid),
    ):
        fields[name] = cut(fields.get(name, ""))
    url = fields.get("url", "")
    is_of_doi = "doi.org/" in url.lower() and identifiers.doi(url).lower() == fields["doi"].lower()
    if fields["doi"] and is_of_doi:
        fields["url"] = ""
    return fields


def oddities(item: Item) -> Iterator[str]:
    """What of an item was read, but may not be meant so, in words for people."""
    said = item.get("type")
    name = said.lower().strip() if isinstance(said, str) else ""
    if name not in KINDS and name not in _OTHER_KINDS:
        named = f"Its type, “{text(said)}”, is none of ours" if said else "It has no type"
        yield f"{named}; it was read as a journal article."
    for part in _WORDS:
        if isinstance(item.get(part), int | float):
            yield f"“{part}” is a number, {json.dumps(item[part])}, where a text belongs."
    for part in PEOPLE.values():
        listed = item.get(part)
        if listed and not people(listed)[0] and not people(listed)[1]:
            yield f"“{part}” holds no name that can be read."


def kind_of(name: str) -> str:
    known = name.lower().strip()
    return known if known in KINDS else _OTHER_KINDS.get(known, ARTICLE)


def _raw(value: object) -> str:
    if isinstance(value, list):
        value = value[0] if value else ""
    return "" if value is None or isinstance(value, dict | list | bool) else str(value)


def text(value: object) -> str:
    """One line of plain text: Crossref gives lists, and titles with markup in them."""
    return titles.plain(_raw(value))


def people(value: object) -> tuple[list[names.Name], bool]:
    """The names of a CSL list, and whether 'and others' stood among them.

    Some programs write a name as a text, or one in the place of a list.
    """
    given: Iterable[object] = value if isinstance(value, list) else [value]
    found = [
        names.from_csl(name) if isinstance(name, dict) else names.parse(name)
        for name in given
        if isinstance(name, dict) or (isinstance(name, str) and name.strip())
    ]
    listed = [name for name in found if any(name.values())]
    kept = [name for name in listed if not names.is_others(name.get("literal", ""))]
    return kept, len(kept) < len(listed)


def said(value: object) -> list[str]:
    """The names that `people` lists, as they were written; empty for one that came in parts."""
    given: Iterable[object] = value if isinstance(value, list) else [value]
    listed = (name for name in given if people([name])[0])
    return [name if isinstance(name, str) else _literal(name) for name in listed]


def _literal(name: object) -> str:
    read = names.from_csl(name) if isinstance(name, dict) else {}
    return read.get("literal", "")


def date_parts(value: object) -> tuple[int | None, int | None, int | None]:
    """Year, month and day, as far as they are given."""
    lists = _mapping(value).get("date-parts")
    first = lists[0] if isinstance(lists, list) and lists else []
    numbers = [_number(part) for part in first] if isinstance(first, list) else []
    if not numbers:
        found = dating.dated(_date_text(value))
        return found["year"], found["month"], found["day"]
    year_, month, day = (*numbers[:3], None, None, None)[:3]
    if not month or month > 12:  # 13 and above are seasons
        return year_, None, None
    return year_, month, day if _is_day(year_, month, day) else None


def season(value: object) -> str:
    """'Sep-Oct' of a range or text, 'Spring' of a season or of the months above 12 that mean it."""
    mapping = _mapping(value)
    lists = mapping.get("date-parts")
    rows = [row for row in lists if isinstance(row, list)] if isinstance(lists, list) else []
    numbers = [[_number(part) for part in row] for row in rows]
    if len(numbers) > 1 and len(numbers[0]) > 1 and len(numbers[1]) > 1:
        if numbers[0][0] == numbers[1][0]:
            return dating.season_of_months(numbers[0][1], numbers[1][1])
        first, last = dating.month_name(numbers[0][1]), dating.month_name(numbers[1][1])
        return f"{first}-{numbers[1][0]} {last}" if first and last and numbers[1][0] else ""
    month = numbers[0][1] if numbers and len(numbers[0]) > 1 else None
    number = _number(mapping.get("season") or "") or _SEASON_MONTHS.get(month or 0, 0)
    if 1 <= number <= len(dating.SEASONS):
        return dating.SEASONS[number - 1]
    return dating.season(text(mapping.get("season")) or _date_text(value))


def _is_day(*parts: int | None) -> bool:
    return day(parts) is not None


def _date_text(value: object) -> str:
    if isinstance(value, str):
        return value
    mapping = _mapping(value)
    return text(mapping.get("raw") or mapping.get("literal"))


def _mapping(value: object) -> Item:
    return value if isinstance(value, dict) else {}


def _number(part: object) -> int | None:
    digits = str(part)
    return int(digits) if digits.isdecimal() and len(digits) <= 4 else None


def day(parts: Iterable[int | None]) -> date | None:
    year, month, day = parts
    try:
        return date(year, month, day) if year and month and day else None
    except ValueError:
        return None


def _containers(item: Item) -> Item:
    """Journals are known by their short name; the long one is kept beside it for APA."""
    long = text(item.get("container-title"))
    short = text(item.get("container-title-short") or item.get("journalAbbreviation"))
    if not short or short == long:
        return {"container": long, "container_full": ""}
    return {"container": short, "container_full": long}
