"""An article made ready to show: its HTML, contents, references and reading time."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from math import ceil
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from wagtail.blocks import StreamValue

from cms import citations, pictures
from cms.blocks import EMERGENCY_ANCHOR
from cms.models.source import Source
from cms.references import Reference, reference_html

TAG = re.compile(r"<[^>]*>")
WORDS_A_MINUTE = 200  # unhurried; the usual figure for adults is 200 to 250
# Anchors of the page around the body.
TAKEN_ANCHORS = ("main", "contents", "references", "about", "helpful", "next", "before-you-act")
HEADINGS = {"heading", "subheading", "emergency"}


@dataclass(frozen=True)
class Heading:
    text: str
    anchor: str
    level: int = 2


@dataclass(frozen=True)
class Article:
    html: SafeString
    contents: list[Heading]
    references: list[Reference]
    minutes: int
    sources: list[Source] = field(default_factory=list)


def make(body: StreamValue, context: dict[str, Any], style: str) -> Article:
    """Render the blocks in order, then number the citations across all of them.

    One query for the sources, and one for the sizes of all pictures if there are any.
    """
    pictures.prefetch(body)
    contents = list(headings(body))
    parts = list(_blocks_html(body, contents, context))
    html = "".join(part for _, part in parts)
    sources = Source.objects.in_bulk(citations.keys_placed(html), field_name="key")
    numbered = citations.number(html, sources)
    return Article(
        html=mark_safe(numbered.html),
        contents=contents,
        references=list(_references(numbered, sources, style)),
        minutes=minutes(part for kind, part in parts if kind not in {"exercise", "program"}),
        sources=[sources[key] for key in numbered.keys],
    )


def headings(body: StreamValue) -> Iterator[Heading]:
    """What the list of contents holds; a repeated heading gets an anchor of its own."""
    taken = set(TAKEN_ANCHORS)
    for block in body:
        if block.block_type not in HEADINGS:
            continue
        is_emergency = block.block_type == "emergency"
        text = block.value["title"] if is_emergency else block.value
        wanted = EMERGENCY_ANCHOR if is_emergency else slugify(text) or "part"
        anchor = _free(wanted, taken)
        taken.add(anchor)
        yield Heading(text, anchor, 3 if block.block_type == "subheading" else 2)


def _free(wanted: str, taken: set[str]) -> str:
    anchor, count = wanted, 1
    while anchor in taken:
        count += 1
        anchor = f"{wanted}-{count}"
    return anchor


def _blocks_html(
    body: StreamValue, contents: list[Heading], context: dict[str, Any]
) -> Iterator[tuple[str, str]]:
    """Each block's type and HTML; `level` keeps titles in blocks one below the last heading."""
    coming = iter(contents)
    setups: dict[tuple[str, ...], str] = {}
    level = 2
    for block in body:
        anchor = ""
        if block.block_type in HEADINGS:
            heading = next(coming)
            anchor, level = heading.anchor, heading.level + 1
        around = {"anchor": anchor, "level": level, **_setup(block, setups)}
        yield block.block_type, block.render({**context, **around})


def _setup(block: StreamValue.StreamChild, shown: dict[tuple[str, ...], str]) -> dict[str, Any]:
    """An exercise's list of what has to be true before it is shown once a page, then pointed to.

    `shown` has the anchor of each list so far: two hyphens, which no heading's anchor has.
    """
    exercise = block.value if block.block_type == "exercise" else None
    if not exercise or not exercise.is_readable_by_all or not exercise.safety_setup:
        return {}
    items = tuple(exercise.safety_setup)
    is_above = items in shown
    anchor = shown.setdefault(items, f"before-standing--{len(shown) + 1}")
    return {"setup_anchor": anchor, "is_setup_above": is_above}


def _references(
    numbered: citations.Numbered, sources: dict[str, Source], style: str
) -> Iterator[Reference]:
    for number, key in enumerate(numbered.keys, start=1):
        yield Reference(number, reference_html(sources[key], style), numbered.places[number])


def minutes(parts: Iterable[str]) -> int:
    """Reading time of rendered blocks; exercises are done, not read, and left out before."""
    # Our own markup: a pattern takes the tags out, ten times faster than a parser.
    words = sum(len(TAG.sub(" ", part).split()) for part in parts)
    return max(1, ceil(words / WORDS_A_MINUTE))


def plain_text(body: StreamValue) -> str:
    """All words of the blocks, a line each, without marks: to be searched and graded."""
    words = body.stream_block.get_searchable_content(body) if body else []
    return "\n".join(word for word in words if word)
