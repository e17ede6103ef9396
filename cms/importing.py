"""Many sources at once: what a file holds is shown first as new, known or faulty, then added.

Nothing of a file is trusted: what it says of our own judgment (checked, certainty) is not taken.
"""

import re
import unicodedata
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Field
from wagtail.log_actions import log
from wagtail.signal_handlers import disable_reference_index_auto_update

from accounts.models import User
from cms import csl, exchange, names
from cms.models.source import KEY_PATTERN, Source, Twins

MOST_ENTRIES = 2000
_OFFERS = "apart"  # in an item's custom fields, on its way through the browser
_NOT_LETTERS = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True)
class Row:
    """One reference of a file: a new source, one we have or had above, or why it can't be read."""

    line: int
    source: Source | None = None
    known: Source | None = None
    problem: str = ""
    remarks: tuple[str, ...] = ()
    doubts: tuple[exchange.Doubt, ...] = ()

    @property
    def is_new(self) -> bool:
        return not (self.problem or self.known)


@dataclass
class Preview:
    form: exchange.Form | None = None
    rows: list[Row] = field(default_factory=list)

    @property
    def new(self) -> list[Row]:
        return [row for row in self.rows if row.is_new]

    @property
    def known(self) -> list[Row]:
        return [row for row in self.rows if row.known]

    @property
    def faulty(self) -> list[Row]:
        return [row for row in self.rows if row.problem]

    @property
    def new_items(self) -> list[csl.Item]:
        """What `add` takes, after somebody looked at it."""
        return [_item(row.source, row.doubts) for row in self.new if row.source]


def _item(source: Source, doubts: tuple[exchange.Doubt, ...]) -> csl.Item:
    item = csl.to_csl(source)
    if doubts:
        offers = [
            {"of": doubt.field, "place": doubt.place, "names": doubt.offered} for doubt in doubts
        ]
        item["custom"] = {**item.get("custom", {}), _OFFERS: offers}
    return item


def preview(text: str) -> Preview:
    """What a file holds, nothing saved. Two queries."""
    form, entries = exchange.read(text)
    return Preview(form, _rows(list(islice(entries, MOST_ENTRIES))))


@transaction.atomic
def add(
    *, items: Iterable[csl.Item], apart: Container[tuple[int, int]] = (), by: User
) -> list[Source]:
    """Save those of a preview's new items that are still new; each is looked at again.

    `apart` has the offers that were taken, to read a name as several: which item's, and which.
    """
    entries = [_entry(place, item, apart) for place, item in enumerate(items)]
    added = [row.source for row in _rows(entries) if row.is_new and row.source]
    # A source refers to nothing, so Wagtail's index of references need not look at each.
    with disable_reference_index_auto_update():
        for source in added:
            source.save()
            log(instance=source, action="wagtail.create", user=by)
    return added


def _entry(place: int, item: csl.Item, apart: Container[tuple[int, int]]) -> exchange.Entry:
    try:
        fields = csl.from_csl(item)
    except ValueError as error:
        return exchange.Entry(place + 1, problem=str(error))
    taken = [offer for n, offer in enumerate(_offers(item)) if (place, n) in apart]
    # From the last on, so that the places before stay what they are.
    for offer in sorted(taken, key=_place_of, reverse=True):
        listed, at = fields.get(str(offer.get("of")), []), _place_of(offer)
        named, _ = csl.people(offer.get("names"))
        if isinstance(listed, list) and 0 <= at < len(listed) and named:
            listed[at : at + 1] = named
    return exchange.Entry(place + 1, fields, key=csl.text(item.get("id")))


def _offers(item: csl.Item) -> list[csl.Item]:
    custom = item.get("custom")
    offers = custom.get(_OFFERS) if isinstance(custom, dict) else None
    return [one for one in offers if isinstance(one, dict)] if isinstance(offers, list) else []


def _place_of(offer: csl.Item) -> int:
    place = offer.get("place")
    return place if isinstance(place, int) else -1


def _rows(entries: list[exchange.Entry]) -> list[Row]:
    sources = [Source(**entry.fields) if entry.fields else None for entry in entries]
    twins = Twins.stored_for(source for source in sources if source)
    keys = Keys(set(Source.objects.values_list("key", flat=True)))
    return [
        _row(entry, source, twins, keys) for entry, source in zip(entries, sources, strict=True)
    ]


def _row(entry: exchange.Entry, source: Source | None, twins: Twins, keys: "Keys") -> Row:
    if source is None:
        return Row(entry.line, problem=entry.problem)
    if problem := _problem(source):
        return Row(entry.line, source, problem=problem)
    if known := twins.of(source):
        return Row(entry.line, source, known=known)
    source.key = keys.free(entry.key, source)
    twins.add(source)
    remarks = (*entry.remarks, *_gaps(source))
    return Row(entry.line, source, remarks=remarks, doubts=entry.doubts)


def _gaps(source: Source) -> Iterator[str]:
    """What a reference needs and the file does not have, or not so that it can be read."""
    if not source.authors:
        yield "No author was found."
    if not source.year and not source.is_in_press:
        yield "No year was found."


def _problem(source: Source) -> str:
    """What is wrong with its fields, in words, or an empty text."""
    try:
        source.clean_fields(exclude=["key"])
    except ValidationError as error:
        return " ".join(
            f"{_name_of(name)}: {' '.join(messages)}"
            for name, messages in error.message_dict.items()
        )
    return ""


def _name_of(field_name: str) -> str:
    field = Source._meta.get_field(field_name)
    assert isinstance(field, Field)
    name = str(field.verbose_name)
    return name[:1].upper() + name[1:]


@dataclass
class Keys:
    """The keys that are taken, without regard to case: two that look alike mislead."""

    taken: set[str]

    def __post_init__(self) -> None:
        self.taken = {key.lower() for key in self.taken}

    def free(self, wanted: str, source: Source) -> str:
        """The file's own key where it can be ours, else 'reyes2020', 'reyes2020b' …; then taken."""
        usable = bool(re.fullmatch(KEY_PATTERN, wanted)) and len(wanted) <= 50
        base = wanted if usable and not wanted.isdecimal() else key_for(source)
        endings = ("", *"bcdefghijklmnopqrstuvwxyz", *(f"-{number}" for number in range(27, 5000)))
        key = next(base + ending for ending in endings if (base + ending).lower() not in self.taken)
        self.taken.add(key.lower())
        return key


def key_for(source: Source) -> str:
    """'reyes2020' from the first author and the year; the title's first word without an author."""
    words = source.first_author or source.title
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
    parts = [part for part in _NOT_LETTERS.split(plain) if part] or ["source"]
    name = "".join(parts) if source.authors and source.authors[0].get("family") else parts[0]
    return f"{name[:40]}{source.year or ''}"


def fields_for_form(source: Source) -> dict[str, Any]:
    """The bibliographic fields as a form shows them, names one a line, and a key that is free."""
    taken = Keys(set(Source.objects.values_list("key", flat=True)))
    fields: dict[str, Any] = {"key": taken.free("", source)}
    fields |= {name: getattr(source, name) for name in csl.TEXTS}
    fields |= {name: names.write_lines(getattr(source, name)) for name in csl.PEOPLE}
    fields["title"] = source.title_marked or source.title
    rest = ("kind", "container", "container_full", "year", "month", "day", "season")
    states = ("is_retracted", "is_in_press", "more_authors")
    fields |= {name: getattr(source, name) for name in (*rest, *states)}
    return {name: value for name, value in fields.items() if value not in ("", None)}
