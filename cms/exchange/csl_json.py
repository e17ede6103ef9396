"""CSL-JSON: what Zotero, Mendeley, Crossref and PubMed give, and what we keep ourselves."""

import json
import re
from collections.abc import Iterable, Iterator

from cms import csl
from cms.exchange.entry import Entry, pages
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
            place = after.end() if after else len(text)


def _skipped(text: str, place: int) -> int:
    found = _SPACE.match(text, place)
    return found.end() if found else place


def _entry(line: int, item: object) -> Entry:
    try:
        fields = csl.from_csl(item)
    except ValueError as error:
        return Entry(line, problem=str(error))
    fields["pages"] = pages(fields["pages"])
    return Entry(line, fields, key=csl.text(item.get("id")) if isinstance(item, dict) else "")


def write(sources: Iterable[Source]) -> str:
    items = [csl.to_csl(source) for source in sources]
    return json.dumps(items, ensure_ascii=False, indent=2) + "\n"
