"""PubMed's own form (.nbib, MEDLINE), as 'Cite' and 'Send to citation manager' there give it."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from cms import csl, dating, names
from cms.dating import MONTHS
from cms.exchange import entry, tagged
from cms.exchange.entry import Entry
from cms.models.source import Source
from cms.works import ARTICLE

_LINE = re.compile(r"^([A-Z]{2,4})\s*-(?:\s|$)(.*)$")
_NUMBER = re.compile(r"^(\S+)\s*\[(\w+)\]$")
# PubMed knows articles and books; the rest are words of ours that it would not misread.
_TYPES = {
    "journal article": ARTICLE,
    "book": "book",
    "book chapter": "chapter",
    "report": "report",
    "web page": "webpage",
    "thesis": "thesis",
    "conference paper": "paper-conference",
}
_WORDS = {kind: word.title() for word, kind in _TYPES.items()}
_NONE = "-"
_RETRACTED = "retracted publication"


def read(text: str) -> Iterator[Entry]:
    starts = "PMID" if re.search(r"^PMID\s*-", text, re.MULTILINE) else "TI"
    for line, record in tagged.records(text, _LINE, starts, ""):
        yield tagged.entry_of(
            line,
            record,
            fields_of(record),
            key_tag="KEY",
            dates=tagged.first(record, "DP"),
            said={"authors": _listed(_people(record)), "editors": _editors(record)},
        )


def fields_of(record: tagged.Record) -> dict[str, Any]:
    def first(*tags: str) -> str:
        return tagged.first(record, *tags)

    types = [value.lower() for value in record.get("PT", [])]
    kind = next((_TYPES[word] for word in types if word in _TYPES), ARTICLE)
    if "BTI" in record and kind == ARTICLE:
        kind = "chapter" if "TI" in record else "book"
    people = _people(record)
    short, full = first("TA"), first("JT") or (first("BTI") if kind != "book" else "")
    is_book = kind != ARTICLE
    return csl.tidy(
        {
            "kind": kind,
            **tagged.title_of(record, "TI", "BTI", stop=True),
            "authors": [names.parse(name) for name in _listed(people)],
            "more_authors": len(_listed(people)) < len(people),
            "editors": [names.parse(name) for name in _editors(record)],
            "container": short or full,
            "container_full": full if short and short != full else "",
            **dating.dated(first("DP")),
            "season": dating.season(first("DP")),
            "is_in_press": dating.is_in_press(first("DP"), *record.get("PST", [])),
            "volume": first("VI"),
            "issue": first("IP"),
            "pages": entry.pages(first("PG")),
            "publisher": first("PB"),
            "place": first("PL") if is_book else "",
            "edition": first("EN"),
            "pmid": first("PMID").removeprefix(_NONE),
            "pmcid": first("PMC"),
            "doi": _doi(record),
            "url": first("URL"),
            "accessed": None,
            "is_retracted": _RETRACTED in types,
        }
    )


def _people(record: tagged.Record) -> list[str]:
    """Full names where they are given. A group's stands in braces: it is never a person's."""
    authors = "FAU" if "FAU" in record else "AU"
    found = tagged.in_order(record, authors, "CN")
    return [f"{{{value}}}" if tag == "CN" else value for tag, value in found if value]


def _listed(people: list[str]) -> list[str]:
    return [name for name in people if not names.is_others(name.strip("{}"))]


def _editors(record: tagged.Record) -> list[str]:
    return [name for name in record.get("FED", record.get("ED", [])) if name]


def _doi(record: tagged.Record) -> str:
    for value in (*record.get("LID", []), *record.get("AID", []), *record.get("DO", [])):
        found = _NUMBER.match(value)
        if found and found[2].lower() == "doi":
            return found[1]
    return tagged.first(record, "DO")


def write(sources: Iterable[Source]) -> str:
    return "\n\n".join(tagged.lines(_pairs(source), "{:<4}- {}") for source in sources) + "\n"


def _pairs(source: Source) -> Iterator[tuple[str, str]]:
    # A record begins with this line, also for what PubMed does not have.
    yield "PMID", source.pmid or _NONE
    yield "KEY", source.key
    yield "TI", f"{source.title_marked or source.title}."
    for name in source.authors:
        yield ("CN", name["literal"]) if "literal" in name else ("FAU", names.inverted(name))
    yield "CN", "et al." if source.more_authors else ""
    for name in source.editors:
        yield "FED", names.inverted(name)
    yield "DP", " ".join(_date(source))
    yield "PST", "in press" if source.is_in_press else ""
    yield "TA", source.container if source.container_full else ""
    yield "JT", source.container_full or source.container
    yield "VI", source.volume
    yield "IP", source.issue
    yield "PG", source.pages
    yield "PB", source.publisher
    yield "PL", source.place if source.kind != ARTICLE else ""
    yield "EN", source.edition
    yield "LID", f"{source.doi} [doi]" if source.doi else ""
    yield "PMC", source.pmcid
    yield "URL", source.url
    yield "PT", _WORDS[source.kind]
    yield "PT", _RETRACTED.title() if source.is_retracted else ""


def _date(source: Source) -> Iterator[str]:
    if source.year:
        yield str(source.year)
    if source.season:
        yield source.season
        return
    if source.month:
        yield MONTHS[source.month - 1].title()
    if source.day:
        yield str(source.day)
