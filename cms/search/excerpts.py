"""What a result shows of a text: the part that was asked for, and the heading above it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import connection
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from cms.models.search import SearchEntry
from cms.search.words import AnyQuery

# Private-use letters around a hit, so that the text can be escaped before they become tags.
START, STOP = "\ue000", "\ue001"
WHOLE: dict[str, Any] = {"start_sel": START, "stop_sel": STOP, "highlight_all": True}
_OPTIONS = f"StartSel={START}, StopSel={STOP}, HighlightAll=true"
_SENTENCES = re.compile(r"(?<=[.!?:])\s+|\n")
SHORT, LONG = 14, 40  # words of an excerpt
# The heading counts for more than what stands below it.
_BEST = """
    WITH asked AS (SELECT {query} AS query, %s::regconfig AS config)
    SELECT DISTINCT ON (entry) entry, place, ts_headline(config, text, query, %s)
    FROM asked,
         unnest(%s::int[], %s::int[], %s::text[], %s::text[]) AS part(entry, place, heading, text),
         LATERAL (SELECT setweight(to_tsvector(config, heading), 'A')
                      || setweight(to_tsvector(config, text), 'D')) AS told(vector)
    WHERE vector @@ query
    ORDER BY entry, ts_rank(vector, query) DESC, place
"""


@dataclass(frozen=True)
class Excerpt:
    text: str
    heading: str = ""
    anchor: str = ""


def of(entries: Sequence[SearchEntry], query: AnyQuery, config: str) -> dict[int, Excerpt]:
    """By the entry's id: its best part for any of the words, marked. One query; what has none of
    them in its text is left out.
    """
    parts = {entry.pk: _parts(entry) for entry in entries}
    rows = [
        (entry.pk, place, part.heading, part.text)
        for entry in entries
        for place, part in enumerate(parts[entry.pk])
    ]
    if not rows:
        return {}
    asked, params = _as_sql(query)
    columns = [list(column) for column in zip(*rows, strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(_BEST.format(query=asked), [*params, config, _OPTIONS, *columns])
        found = cursor.fetchall()
    return {pk: replace(parts[pk][place], text=_told(text)) for pk, place, text in found}


def _parts(entry: SearchEntry) -> list[Excerpt]:
    """What stands before the first heading, then each with its heading."""
    lines = entry.text.split("\n")
    starts = [(-1, "", ""), *entry.headings]
    ends = [start for start, *_ in starts[1:]] + [len(lines)]
    return [
        Excerpt("\n".join(lines[start + 1 : end]), heading, anchor)
        for (start, anchor, heading), end in zip(starts, ends, strict=True)
    ]


def _told(text: str) -> str:
    """The sentence with the most hits, and those after it as long as it is short."""
    sentences = [one for one in _SENTENCES.split(text) if one]
    if not sentences:  # a heading with nothing below it
        return ""
    first = max(range(len(sentences)), key=lambda place: sentences[place].count(START))
    words: list[str] = []
    for sentence in sentences[first:]:
        if len(words) >= SHORT:
            break
        words += sentence.split()
    return " ".join(words) if len(words) <= LONG else _cut(words)


def _cut(words: list[str]) -> str:
    """Around the first hit, which stays whole."""
    hit = next((place for place, word in enumerate(words) if START in word), 0)
    start = max(0, min(hit - SHORT, len(words) - LONG))
    shown = " ".join(words[start : start + LONG])
    before, after = ("… " if start else ""), (" …" if start + LONG < len(words) else "")
    return f"{before}{shown}{after}"


def _as_sql(query: AnyQuery) -> tuple[str, list[Any]]:
    compiler = SearchEntry.objects.all().query.get_compiler(connection=connection)
    resolved = query.resolve_expression(SearchEntry.objects.all().query)
    sql, params = compiler.compile(resolved)
    return sql, list(params)


def marked(text: str) -> SafeString:
    """Escaped, with <mark> around the hits."""
    safe = escape(text).replace(START, "<mark>").replace(STOP, "</mark>")
    return mark_safe(safe)
