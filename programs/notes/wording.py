"""Sentences whose numbers know the rows that they stand on, and texts in which they still stand.

No address is known here: a door says where the rows of a `Source` are read.
"""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Self
from uuid import UUID

from django.utils.formats import date_format
from django.utils.translation import gettext

HOLE = re.compile(r"%\((\w+)\)s")
ITEM = "- "
LONGEST_HEADING = 60


class Rows(StrEnum):
    """What a number was read from."""

    EPISODE = "episode"
    SCREEN = "screen"
    SESSION = "session"
    SESSIONS = "sessions"  # of some days, of one color or of all
    CHECK_IN = "check_in"
    ALERT = "alert"
    PLAN = "plan"


@dataclass(frozen=True)
class Source:
    """One row by its `key`, or the sessions from `first` to `last` (ISO dates)."""

    rows: Rows
    key: str = ""
    first: str = ""
    last: str = ""
    color: str = ""

    @classmethod
    def row(cls, rows: Rows, key: UUID) -> Self:
        return cls(rows, str(key))

    @classmethod
    def days(cls, first: dt.date, last: dt.date, color: str = "") -> Self:
        return cls(Rows.SESSIONS, "", first.isoformat(), last.isoformat(), color)


@dataclass(frozen=True)
class Part:
    """A run of a sentence; with a source it is a link."""

    text: str
    source: Source | None = None


@dataclass(frozen=True)
class Sentence:
    parts: tuple[Part, ...]

    def __str__(self) -> str:
        return "".join(part.text for part in self.parts)

    def __add__(self, other: "Sentence") -> "Sentence":
        return Sentence((*self.parts, Part(" "), *other.parts))

    @property
    def as_json(self) -> list[dict[str, Any]]:
        """What `from_json` takes."""
        return [asdict(part) for part in self.parts]

    @classmethod
    def from_json(cls, data: Iterable[dict[str, Any]]) -> "Sentence":
        return cls(
            tuple(
                Part(one["text"], Source(**one["source"]) if one["source"] else None)
                for one in data
            )
        )


@dataclass(frozen=True)
class Section:
    """A heading, sentences that follow one another, and items of a list."""

    title: str
    sentences: Sequence[Sentence] = ()
    items: Sequence[Sentence] = ()

    @property
    def all(self) -> list[Sentence]:
        return [*self.sentences, *self.items]


def say(words: str, /, **values: Any) -> Sentence:
    """`words` with holes such as %(pain)s, each filled by a `Part` or by what is said as text."""
    parts = [
        Part(piece.replace("%%", "%")) if place % 2 == 0 else _filled(values[piece])
        for place, piece in enumerate(HOLE.split(words))
    ]
    return Sentence(tuple(part for part in parts if part.text))


def _filled(value: Any) -> Part:
    return value if isinstance(value, Part) else Part(str(value))


def day(date: dt.date) -> str:
    """'November 23, 2026': no numbers that two countries read differently."""
    return date_format(date, gettext("F j, Y"))


def joined(sentences: Iterable[Sentence]) -> Sentence:
    parts: list[Part] = []
    for sentence in sentences:
        parts += [Part(" "), *sentence.parts] if parts else sentence.parts
    return Sentence(tuple(parts))


def as_text(sections: Iterable[Section]) -> str:
    """Plain text for any record: a heading a line, sentences in a paragraph, items a line each."""
    return "\n\n".join(
        "\n".join(
            [
                section.title,
                *([" ".join(map(str, section.sentences))] if section.sentences else []),
                *(f"{ITEM}{item}" for item in section.items),
            ]
        )
        for section in sections
        if section.all
    )


def facts_of(sections: Iterable[Section]) -> list[list[dict[str, Any]]]:
    """The sentences with a source, to keep beside a text."""
    return [
        sentence.as_json
        for section in sections
        for sentence in section.all
        if any(part.source for part in sentence.parts)
    ]


class Kind(StrEnum):
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"


@dataclass(frozen=True)
class Block:
    """A line of a text that was edited by hand, as it is read."""

    kind: Kind
    parts: tuple[Part, ...]

    @property
    def text(self) -> str:
        return "".join(part.text for part in self.parts)


def blocks(text: str, facts: Iterable[Iterable[dict[str, Any]]] = ()) -> list[Block]:
    """A text line by line, its numbers linked where a sentence still stands as the data said it."""
    sentences = [Sentence.from_json(one) for one in facts]
    lines = text.replace("\r\n", "\n").split("\n")
    return [
        Block(kind, tuple(_linked(words, sentences)))
        for place, line in enumerate(lines)
        if line.strip()
        for kind, words in [_kind(line.strip(), lines, place)]
    ]


def _kind(line: str, lines: Sequence[str], place: int) -> tuple[Kind, str]:
    """A heading is short, ends like none of our sentences, and something stands right under it."""
    if line.startswith(ITEM):
        return Kind.ITEM, line[len(ITEM) :].strip()
    begins = place == 0 or not lines[place - 1].strip()
    goes_on = place + 1 < len(lines) and bool(lines[place + 1].strip())
    is_short = len(line) <= LONGEST_HEADING and line[-1] not in ".,:;!?”)"
    return (Kind.HEADING if begins and goes_on and is_short else Kind.PARAGRAPH), line


def _linked(line: str, sentences: Sequence[Sentence]) -> Iterator[Part]:
    """The parts of the sentences that are found in the line, in their order, and what is between
    them.
    """
    rest = line
    while rest:
        found = [(rest.find(str(one)), one) for one in sentences]
        place, first = min(
            ((at, one) for at, one in found if at >= 0),
            key=lambda pair: (pair[0], -len(str(pair[1]))),
            default=(-1, None),
        )
        if first is None:
            break
        if place:
            yield Part(rest[:place])
        yield from first.parts
        rest = rest[place + len(str(first)) :]
    if rest:
        yield Part(rest)
