"""RIS: what reference managers, publishers and library catalogs exchange."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from cms import csl, names
from cms.exchange import entry, tagged
from cms.exchange.entry import Entry
from cms.models.source import Source
from cms.works import ARTICLE

# Two spaces before the hyphen, one, or (against the rule) none.
_LINE = re.compile(r"^\s?([A-Z][A-Z0-9])(?:\s{1,2}-(?!\S{2} )\s?|-\s)(.*)$")
_TYPES = {
    "JOUR": ARTICLE,
    "EJOUR": ARTICLE,
    "CHAP": "chapter",
    "ECHAP": "chapter",
    "BOOK": "book",
    "EBOOK": "book",
    "EDBOOK": "book",
    "RPRT": "report",
    "GOVDOC": "report",
    "STAND": "report",
    "ELEC": "webpage",
    "BLOG": "webpage",
    "ICOMM": "webpage",
    "THES": "thesis",
    "CONF": "paper-conference",
    "CPAPER": "paper-conference",
}
_CODES = {kind: code for code, kind in reversed(_TYPES.items())}
_PUBMED = ("pubmed", "medline")


def read(text: str) -> Iterator[Entry]:
    for line, record in tagged.records(text, _LINE, "TY", "ER"):
        yield tagged.entry_of(line, record, fields_of(record), key_tag="ID")


def fields_of(record: tagged.Record) -> dict[str, Any]:
    def first(*tags: str) -> str:
        return tagged.first(record, *tags)

    kind = _TYPES.get(first("TY").upper(), ARTICLE)
    authors = [name for tag in ("AU", "A1") for name in record.get(tag, []) if name]
    editors = record.get("ED", []) + (record.get("A2", []) if kind != ARTICLE else [])
    short, full = first("JA", "J2"), first("JF", "JO", "T2", "BT")
    database = first("DB").lower()
    return csl.tidy(
        {
            "kind": kind,
            "title": csl.text(first("TI", "T1", "CT") or (first("BT") if kind == "book" else "")),
            "authors": [names.parse(name) for name in authors if not names.is_others(name)],
            "more_authors": any(names.is_others(name) for name in authors),
            "editors": [names.parse(name) for name in editors if name],
            "container": short or full,
            "container_full": full if short and short != full else "",
            **_date(first("DA"), first("PY", "Y1")),
            "volume": first("VL"),
            "issue": first("IS"),
            "pages": entry.pages("-".join(filter(None, (first("SP"), first("EP")))) or first("C7")),
            "publisher": first("PB"),
            "place": first("CY", "PP"),
            "edition": first("ET"),
            "doi": first("DO"),
            "pmid": first("AN") if any(name in database for name in _PUBMED) else "",
            "pmcid": first("C2") if first("C2").upper().startswith("PMC") else "",
            "url": first("UR", "L2"),
            "accessed": csl.day(entry.dated(first("Y2")).values()),
        }
    )


def _date(day: str, year: str) -> dict[str, int | None]:
    """DA has the day and, against the rule, may have no year: then PY's counts."""
    whole = entry.dated(day)
    return whole if whole["year"] else entry.dated(f"{year} {day}")


def write(sources: Iterable[Source]) -> str:
    return (
        "\n\n".join(f"{tagged.lines(_pairs(source), '{}  - {}')}\nER  - " for source in sources)
        + "\n"
    )


def _pairs(source: Source) -> Iterator[tuple[str, str]]:
    yield "TY", _CODES[source.kind]
    yield "ID", source.key
    for name in source.authors:
        yield "AU", names.inverted(name)
    if source.more_authors:
        yield "AU", "et al."
    for name in source.editors:
        yield "ED", names.inverted(name)
    yield "TI", source.title
    yield "T2", source.container_full or source.container
    yield "J2", source.container if source.container_full else ""
    yield "PY", str(source.year or "")
    yield "DA", "/".join(f"{part:02}" for part in (source.year, source.month, source.day) if part)
    yield "VL", source.volume
    yield "IS", source.issue
    start, _, end = (
        source.pages.partition("-") if source.pages.count("-") == 1 else (source.pages, "", "")
    )
    yield "SP", start
    yield "EP", end
    yield "PB", source.publisher
    yield "CY", source.place
    yield "ET", source.edition
    yield "DO", source.doi
    yield "AN", source.pmid
    yield "DB", "PubMed" if source.pmid else ""
    yield "C2", source.pmcid
    yield "UR", source.url
    yield "Y2", source.accessed.strftime("%Y/%m/%d") if source.accessed else ""
