"""One reference as a file holds it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from cms import names

_DASHES = re.compile(r"\s*(?:-{1,3}|[–—‐‑−])\s*")
_RANGE = re.compile(r"([A-Za-z]*)(\d+)-\1?(\d+)")


@dataclass(frozen=True)
class Doubt:
    """A name that may be several: which of a field's, as it was written, and who may be meant."""

    field: str  # 'authors' or 'editors'
    place: int
    said: str
    offered: list[names.Name]

    @property
    def offer(self) -> str:
        """'3 authors: Ruiz I; Diaz O; Funk L'."""
        listed = "; ".join(names.short(name) for name in self.offered)
        return f"{len(self.offered)} {self.field}: {listed}"

    @property
    def remark(self) -> str:
        return f"“{self.said}” was read as one name; it may be {self.offer}."


@dataclass(frozen=True)
class Entry:
    """`fields` are a Source's; `problem` says why there are none. `line` counts from 1.

    `remarks` name what was read, but may not be meant so; `doubts` do so for names, with an offer.
    """

    line: int
    fields: dict[str, Any] = field(default_factory=dict)
    key: str = ""
    problem: str = ""
    remarks: tuple[str, ...] = ()
    doubts: tuple[Doubt, ...] = ()


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


def kind_remark(said: str, known: bool) -> Iterator[str]:
    """For a kind of work that is none of ours."""
    if not known:
        named = f"Its kind, “{said}”, is none of ours" if said else "It has no kind"
        yield f"{named}; it was read as a journal article."


def date_remark(said: str, fields: dict[str, Any]) -> Iterator[str]:
    """For a date of which nothing was kept."""
    kept = fields.get("year") or fields.get("season") or fields.get("is_in_press")
    if said.strip() and not kept:
        yield f"The date “{said.strip()}” can't be read."


def doubts(field_name: str, said: Sequence[str]) -> Iterator[Doubt]:
    """Of a field's names as they were written; an empty text for a name that came in parts."""
    for place, text in enumerate(said):
        is_pair = text.count(",") == 1 and ";" not in text
        if is_pair and any("," in other for other in said if other is not text):
            continue  # 'García Márquez, Gabriel José' among others that are written so
        if offered := names.apart(text):
            yield Doubt(field_name, place, text.strip(" ,;"), offered)
