"""CSL-JSON: what Zotero, Mendeley, Crossref and PubMed give, and what we keep ourselves."""

import json
import re
from collections.abc import Iterable, Iterator

from cms import csl
from cms.exchange.entry import Entry, doubts, pages
from cms.models.source import Source

_SPACE = re.compile(r"[\s,]*")
_NEXT = re.compile(r"\}\s*,\s*(?=\{)")
_LIST = re.compile(r'\s*(?:\{\s*"items"\s*:\s*)?\[')


def read(text: str) -> Iterator[Entry]:
    """A list of items, or one. After a broken item it goes on where the next seems to begin."""
    opened = _LIST.match(text)
    place = opened.end() if opened else 0
    decoder = json.JSONDecoder()
    while (place := _skipped(text, place)) < len(text) and text[place] not in "]}":
        line = text.count("\n", 0, place) + 1
        try:
            item, place = decoder.raw_decode(text, place)
            yield _entry(line, item)
        except (ValueError, RecursionError) as error:
            broken_at = error.pos if isinstance(error, json.JSONDecodeError) else place
            line = text.count("\n", 0, broken_at) + 1
            yield Entry(
                line, problem="This is not JSON: a bracket, comma or quotation mark is off."
            )
            after = _NEXT.search(text, max(broken_at - 1, place))
            place = after.end() if after else len(text) + 1
    if opened and place == len(text):
        line = text.rstrip().count("\n") + 1
        yield Entry(line, problem="The list does not end: something may be cut off after this.")


def _skipped(text: str, place: int) -> int:
    found = _SPACE.match(text, place)
    return found.end() if found else place


def _entry(line: int, item: object) -> Entry:
    try:
        fields = csl.from_csl(item)
    except ValueError as error:
        return Entry(line, problem=str(error))
    assert isinstance(item, dict)
    fields["pages"] = pages(fields["pages"])
    return Entry(
        line,
        fields,
        key=csl.text(item.get("id")),
        remarks=tuple(csl.oddities(item)),
        doubts=tuple(
            doubt
            for ours, theirs in csl.PEOPLE.items()
            for doubt in doubts(ours, csl.said(item.get(theirs)))
        ),
    )


def write(sources: Iterable[Source]) -> str:
    items = [csl.to_csl(source) for source in sources]
    return json.dumps(items, ensure_ascii=False, indent=2) + "\n"
