"""Sources as CSL-JSON, the form that citation programs exchange."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from cms import identifiers, names
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
_TAG = re.compile(
    r"</?(?:i|b|em|strong|sub|sup|sc|span|jats:[a-z]+)(?:\s[^<>]*)?/?>", re.IGNORECASE
)
_SPACE = re.compile(r"\s+")


def to_csl(source: Source) -> Item:
    """All that describes the work; nothing of what we think of it."""
    item: Item = {"id": source.key, "type": source.kind}
    item |= {csl: getattr(source, ours) for ours, csl in TEXTS.items()}
    item |= {csl: getattr(source, ours) for ours, csl in PEOPLE.items()}
    item["container-title"] = source.container_full or source.container
    item["container-title-short"] = source.container if source.container_full else ""
    parts = [part for part in (source.year, source.month, source.day) if part]
    item["issued"] = {"date-parts": [parts]} if source.year else None
    if source.accessed:
        day = source.accessed
        item["accessed"] = {"date-parts": [[day.year, day.month, day.day]]}
    item["status"] = RETRACTED if source.is_retracted else ""
    item["custom"] = {"more-authors": True} if source.more_authors else {}
    return {name: value for name, value in item.items() if value}


def from_csl(item: object) -> Item:
    """The fields of a Source, as far as the item has them. ValueError for what is no item."""
    if not isinstance(item, dict):
        raise ValueError("This is not a reference.")
    fields: Item = {ours: text(item.get(csl)) for ours, csl in TEXTS.items()}
    for ours, csl in PEOPLE.items():
        fields[ours], others = people(item.get(csl))
        if ours == "authors":
            fields["more_authors"] = others or bool(
                _mapping(item.get("custom")).get("more-authors")
            )
    fields |= _containers(item)
    fields |= dict(zip(("year", "month", "day"), date_parts(item.get("issued")), strict=True))
    fields["accessed"] = day(date_parts(item.get("accessed")))
    fields["kind"] = kind_of(text(item.get("type")))
    fields["is_retracted"] = text(item.get("status")).lower() == RETRACTED
    return tidy(fields)


def tidy(fields: Item) -> Item:
    """With the identifiers cut down, and no address that only repeats the DOI."""
    for name, cut in (
        ("doi", identifiers.doi),
        ("pmid", identifiers.pmid),
        ("pmcid", identifiers.pmcid),
    ):
        fields[name] = cut(fields.get(name, ""))
    if fields["doi"] and identifiers.doi(fields.get("url", "")).lower() == fields["doi"].lower():
        fields["url"] = ""
    return fields


def kind_of(name: str) -> str:
    known = name.lower().strip()
    return known if known in KINDS else _OTHER_KINDS.get(known, ARTICLE)


def text(value: object) -> str:
    """One line of plain text: Crossref gives lists, and titles with markup in them."""
    if isinstance(value, list):
        value = value[0] if value else ""
    if value is None or isinstance(value, dict):
        return ""
    return _SPACE.sub(" ", _TAG.sub("", str(value))).strip()


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


def date_parts(value: object) -> tuple[int | None, int | None, int | None]:
    """Year, month and day, as far as they are given."""
    lists = _mapping(value).get("date-parts")
    first = lists[0] if isinstance(lists, list) and lists else []
    numbers = [_number(part) for part in first] if isinstance(first, list) else []
    if not numbers and (year := re.search(r"\b(1[5-9]|20|21)\d\d\b", _date_text(value))):
        numbers = [int(year[0])]
    year_, month, day = (*numbers[:3], None, None, None)[:3]
    if not month or month > 12:  # 13 and above are seasons
        return year_, None, None
    return year_, month, day if _is_day(year_, month, day) else None


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
