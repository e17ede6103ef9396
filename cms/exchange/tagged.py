"""Files of lines that begin with a tag, as RIS and PubMed's have it: 'AU  - Reyes, A. B.'."""

import re
from collections.abc import Iterator
from typing import Any

from cms import titles
from cms.exchange.entry import Entry, date_remark, doubts

Record = dict[str, list[str]]
# Under this the tags themselves stand, in the file's order.
ORDER = ""
# Under this, what to tell of lines that have no tag, or are missing.
STRAYS = "strays"
# The one tag of a record of lines that belong to none: what to tell of them.
LOST = "lost"
# Abstracts, notes and keywords go on over several lines in many files, and none is read here.
_LONG = {"AB", "N1", "N2", "KW"}


def records(
    text: str, line_pattern: re.Pattern[str], starts: str, ends: str
) -> Iterator[tuple[int, Record]]:
    """The line a record begins on, and its values by tag. A line without a tag goes on the last.

    A record begins with the tag `starts` and ends with `ends`, or where the next one begins, which
    is told where there is an `ends`. Lines without a tag before the first record are what a
    database wrote about itself.
    """
    record: Record = {}
    begun, last, lost = 0, "", 0
    for number, line in enumerate(text.split("\n"), start=1):
        found = line_pattern.match(line)
        if not found:
            if last and line.strip():
                record[last][-1] = f"{record[last][-1]} {line.strip()}".strip()
                if last not in _LONG and not line[0].isspace():
                    stray = f"Line {number} has no tag; it was read as the end of {last}."
                    record.setdefault(STRAYS, []).append(stray)
            continue
        tag, value = found[1].strip(), found[2].strip()
        if tag in {starts, ends} and begun:
            yield begun, record if tag == ends else _unended(record, ends, number - 1)
            record, begun, last = {}, 0, ""
        if tag == starts:
            begun, lost = number, 0
        if begun:
            last = tag
            record.setdefault(tag, []).append(value)
            record.setdefault(ORDER, []).append(tag)
        elif ends and tag != ends and not lost:
            lost = number
            yield number, {LOST: [f"These lines have no {starts} line before them."]}
        if tag == ends:
            lost = 0
    if begun:
        yield begun, _unended(record, ends, len(text.rstrip().split("\n")))


def _unended(record: Record, ends: str, line: int) -> Record:
    """The record, and that its end line is missing, where its form has such a line."""
    if ends:
        missing = f"Its end line, {ends}, is missing after line {line}; something may be cut off."
        record.setdefault(STRAYS, []).append(missing)
    return record


def title_of(record: Record, *tags: str, stop: bool = False) -> dict[str, str]:
    """`title` and `title_marked`; with `stop`, without the full stop that the form always sets."""
    text = first(record, *tags).strip()
    return titles.split(text.removesuffix(".") if stop else text)


def entry_of(
    line: int,
    record: Record,
    fields: dict[str, Any],
    *,
    key_tag: str,
    dates: str = "",
    said: dict[str, list[str]] | None = None,
    remarks: tuple[str, ...] = (),
) -> Entry:
    """An entry with all that is to be told of it: `said` has the names as they were written."""
    if LOST in record:
        return Entry(line, problem=record[LOST][0])
    told = (*record.get(STRAYS, []), *remarks, *date_remark(dates, fields))
    doubtful = tuple(doubt for name in said or {} for doubt in doubts(name, (said or {})[name]))
    return Entry(line, fields, key=first(record, key_tag), remarks=told, doubts=doubtful)


def first(record: Record, *tags: str) -> str:
    """The first value that is not empty, in the order of the tags."""
    return next((value for tag in tags for value in record.get(tag, []) if value), "")


def in_order(record: Record, *tags: str) -> Iterator[tuple[str, str]]:
    """Tag and value of these tags, as they stand in the file."""
    values = {tag: iter(record.get(tag, [])) for tag in tags}
    for tag in record.get(ORDER, []):
        if tag in values:
            yield tag, next(values[tag])


def lines(pairs: Iterator[tuple[str, str]], pattern: str) -> str:
    """One line a pair, without the empty ones; a value keeps to its line."""
    return "\n".join(pattern.format(tag, " ".join(value.split())) for tag, value in pairs if value)
