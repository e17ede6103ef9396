"""RIS: what reference managers, publishers and library catalogs exchange."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from cms import csl, dating, names
from cms.exchange import entry, tagged
from cms.exchange.entry import Entry
from cms.models.source import Source
from cms.works import ARTICLE

# Two spaces before the hyphen, one, or (against the rule) none.
_LINE = re.compile(r"^\s?([A-Z][A-Z0-9])(?:\s{1,2}-(?!\S{2} )\s?|-\s)(.*)$")
_TYPES = {
    "JOUR": ARTICLE,
    "EJOUR": ARTICLE,
    "JFULL": ARTICLE,
    "ABST": ARTICLE,
    "INPR": ARTICLE,
    "MGZN": ARTICLE,
    "NEWS": ARTICLE,
    "CHAP": "chapter",
    "ECHAP": "chapter",
    "BOOK": "book",
    "EBOOK": "book",
    "EDBOOK": "book",
    "ENCYC": "chapter",
    "DICT": "chapter",
    "SER": "book",
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
_IN_PRESS = "INPR"
_DATES = ("DA", "PY", "Y1")


def read(text: str) -> Iterator[Entry]:
    for line, record in tagged.records(text, _LINE, "TY", "ER"):
        kind = tagged.first(record, "TY")
        yield tagged.entry_of(
            line,
            record,
            fields_of(record),
            key_tag="ID",
            dates=tagged.first(record, *_DATES),
            said={"authors": _listed(_authors(record)), "editors": _editors(record)},
            remarks=tuple(entry.kind_remark(kind, kind.upper() in _TYPES)),
        )


def _authors(record: tagged.Record) -> list[str]:
    return [name for tag in ("AU", "A1") for name in record.get(tag, []) if name]


def _listed(people: list[str]) -> list[str]:
    return [name for name in people if not names.is_others(name)]


def _editors(record: tagged.Record) -> list[str]:
    is_article = _TYPES.get(tagged.first(record, "TY").upper(), ARTICLE) == ARTICLE
    second = [] if is_article else record.get("A2", [])
    return [name for name in record.get("ED", []) + second if name]


def fields_of(record: tagged.Record) -> dict[str, Any]:
    def first(*tags: str) -> str:
        return tagged.first(record, *tags)

    kind = _TYPES.get(first("TY").upper(), ARTICLE)
    authors = _authors(record)
    short, full = first("JA", "J2"), first("JF", "JO", "T2", "BT")
    database = first("DB").lower()
    return csl.tidy(
        {
            "kind": kind,
            **tagged.title_of(record, "TI", "T1", "CT", *(["BT"] if kind == "book" else [])),
            "authors": [names.parse(name) for name in _listed(authors)],
            "more_authors": any(names.is_others(name) for name in authors),
            "editors": [names.parse(name) for name in _editors(record)],
            "container": short or full,
            "container_full": full if short and short != full else "",
            **_date(first("DA"), first("PY", "Y1")),
            "season": dating.season(first("DA")) or dating.season(first("PY", "Y1")),
            "is_in_press": first("TY").upper() == _IN_PRESS
            or dating.is_in_press(*(value for tag in _DATES for value in record.get(tag, []))),
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
            "accessed": csl.day(dating.dated(first("Y2")).values()),
        }
    )


def _date(day: str, year: str) -> dict[str, int | None]:
    """DA has the day and, against the rule, may have no year: then PY's counts."""
    whole = dating.dated(day)
    return whole if whole["year"] else dating.dated(f"{year} {day}")


def write(sources: Iterable[Source]) -> str:
    return (
        "\n\n".join(f"{tagged.lines(_pairs(source), '{}  - {}')}\nER  - " for source in sources)
        + "\n"
    )


def _day(source: Source) -> str:
    """Year, month and day; what else there is to say has the fourth place."""
    rest = [source.season, "in press" if source.is_in_press else ""]
    parts = [f"{part:02}" if part else "" for part in (source.year, source.month, source.day)]
    other = " ".join(part for part in rest if part)
    return "/".join([*parts, other]) if other else "/".join(part for part in parts if part)


def _pairs(source: Source) -> Iterator[tuple[str, str]]:
    is_article = source.kind == ARTICLE
    yield "TY", _IN_PRESS if source.is_in_press and is_article else _CODES[source.kind]
    yield "ID", source.key
    for name in source.authors:
        yield "AU", names.inverted(name)
    if source.more_authors:
        yield "AU", "et al."
    for name in source.editors:
        yield "ED", names.inverted(name)
    yield "TI", source.title_marked or source.title
    yield "T2", source.container_full or source.container
    yield "J2", source.container if source.container_full else ""
    yield "PY", str(source.year or "")
    yield "DA", _day(source)
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
