"""Where the rows are read that a note's numbers stand on, and its text as a page shows it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from patients.models import Patient
from programs.notes.wording import Block, Kind, Part, Rows, Source, blocks

# The page of each kind of row, and what its place there is called.
_PLACES = {
    Rows.EPISODE: ("patient_record", "episode"),
    Rows.SCREEN: ("patient_record", "screen"),
    Rows.ALERT: ("patient_record", "alert"),
    Rows.CHECK_IN: ("patient_check_ins", "check-in"),
}


def address(source: Source, patient: Patient) -> str:
    if source.rows == Rows.PLAN:
        return reverse("workspace:plan_version", args=[patient.pk, source.key])
    if source.rows == Rows.SESSIONS:
        asked = {"first": source.first, "last": source.last}
        query = urlencode(asked | ({"color": source.color} if source.color else {}))
        return f"{reverse('workspace:patient_sessions', args=[patient.pk])}?{query}"
    if source.rows == Rows.SESSION:  # which may be on any of the pages
        page = reverse("workspace:patient_sessions", args=[patient.pk])
        return f"{page}?session={source.key}"
    page, place = _PLACES[Rows(source.rows)]
    return f"{reverse(f'workspace:{page}', args=[patient.pk])}#{place}-{source.key}"


@dataclass(frozen=True)
class Run:
    """Words of a line; a link where `href` is not empty."""

    text: str
    href: str


@dataclass(frozen=True)
class Passage:
    """A heading, a paragraph, or the items of a list: `lines` are their runs."""

    kind: Kind
    lines: list[list[Run]]


def passages(
    text: str, patient: Patient, facts: Iterable[Iterable[dict[str, Any]]] = ()
) -> list[Passage]:
    grouped = groupby(blocks(text, facts), key=lambda block: block.kind is Kind.ITEM)
    return [passage for is_list, found in grouped for passage in _passages(is_list, found, patient)]


def _passages(is_list: bool, found: Iterable[Block], patient: Patient) -> list[Passage]:
    if is_list:
        return [Passage(Kind.ITEM, [_runs(one.parts, patient) for one in found])]
    return [Passage(one.kind, [_runs(one.parts, patient)]) for one in found]


def _runs(parts: Sequence[Part], patient: Patient) -> list[Run]:
    return [Run(part.text, address(part.source, patient) if part.source else "") for part in parts]
