"""Citations in articles: stored in rich text, numbered in the order of reading, linked both ways.

A citation is an element of Wagtail's rich text, <embed embedtype="citation" keys="a b"/>. Shown, it
is first an empty place (`place_html`), and numbers are given to the finished page, so one work has
one number wherever, and in whatever block, it is cited. Texts that come from files may say
[@bhandari2019; @sunderland1990], Pandoc's way, which `from_marks` turns into the stored form.
"""

import re
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.html import escape

from cms.models.source import KEY_PATTERN, Source

EMBED_TYPE = "citation"
_KEYS = rf"{KEY_PATTERN}(?: {KEY_PATTERN})*"
_STORED = re.compile(rf'<embed(?=[^>]*\bembedtype="{EMBED_TYPE}")[^>]*?\bkeys="({_KEYS})"[^>]*>')
_MARK = rf"\[\s*@{KEY_PATTERN}(?:\s*;\s*@{KEY_PATTERN})*\s*\]"
_MARK_KEYS = re.compile(rf"@({KEY_PATTERN})")
_MARK_START = re.compile(r"\[\s*@[^\]<\"]{0,40}\]?")
# A tag comes first, so that nothing inside an attribute is taken for a mark.
_TAG_OR_MARK = re.compile(rf"(<[^>]*>)|({_MARK})")
_PLACE = re.compile(rf'\s*<sup data-cite="({_KEYS})"></sup>')


@dataclass(frozen=True)
class Numbered:
    """A text whose citations are links, the cited keys in order, and where each number is cited."""

    html: str
    keys: list[str]
    places: dict[int, list[str]]


def mark(keys: Iterable[str]) -> str:
    """The stored form of one citation of these sources. Raises ValueError for what is no key."""
    once = list(dict.fromkeys(keys))
    if not once or not all(re.fullmatch(KEY_PATTERN, key) for key in once):
        raise ValueError(f"These are no keys of sources: {once!r}")
    return f'<embed embedtype="{EMBED_TYPE}" keys="{" ".join(once)}"/>'


def from_marks(html: str) -> str:
    """Rich text with each [@key; @other] in its stored form; attributes are left alone."""

    def stored(match: re.Match[str]) -> str:
        tag, found = match.groups()
        return str(tag) if tag is not None else mark(_MARK_KEYS.findall(found))

    return _TAG_OR_MARK.sub(stored, html)


def rich(text: str) -> str:
    """Text from a file as stored rich text: plain words become a paragraph."""
    is_html = text.lstrip().startswith("<")
    return from_marks(text if is_html else f"<p>{escape(' '.join(text.split()))}</p>")


def typed_marks(html: str) -> list[str]:
    """What somebody typed instead of choosing it, such as '[@bhandari2019]'."""
    return _MARK_START.findall(html)


def texts_in(raw: Any) -> Iterator[str]:
    """Every text in a StreamField's stored value, in the order of reading."""
    if isinstance(raw, str):
        yield raw
    elif isinstance(raw, dict):
        # A block's id and type come before or after its value and hold no text of the author's.
        for part in raw.values():
            yield from texts_in(part)
    elif isinstance(raw, Iterable):
        for part in raw:
            yield from texts_in(part)


def keys_in(html: str) -> list[str]:
    """The cited keys of stored rich text, each once, in the order of first appearance."""
    return list(dict.fromkeys(key for keys in _STORED.findall(html) for key in keys.split()))


def keys_of(raw: Any) -> list[str]:
    """The cited keys of a StreamField's stored value."""
    return keys_in("".join(texts_in(raw)))


def place_html(keys: str) -> str:
    """Where a citation's numbers will stand; nothing to see until `number` filled it."""
    return f'<sup data-cite="{keys}"></sup>' if re.fullmatch(_KEYS, keys) else ""


def keys_placed(html: str) -> list[str]:
    """The keys whose places a rendered page holds, each once, in the order of reading."""
    return list(dict.fromkeys(key for keys in _PLACE.findall(html) for key in keys.split()))


def collapse(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """Sorted runs as first and last: {1, 2, 3, 7} gives (1, 3), (7, 7). Two are no run yet."""
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return [pair for run in runs for pair in _pairs(run)]


def _pairs(run: list[int]) -> list[tuple[int, int]]:
    return [(run[0], run[-1])] if len(run) > 2 else [(number, number) for number in run]


def number(html: str, known: Container[str]) -> Numbered:
    """Fill each place with a link to the reference list; a key that is not known leaves nothing."""
    numbers: dict[str, int] = {}
    places: dict[int, list[str]] = defaultdict(list)
    count = 0

    def filled(match: re.Match[str]) -> str:
        nonlocal count
        cited = {key: None for key in match[1].split() if key in known}
        if not cited:
            return ""
        count += 1
        given = sorted(numbers.setdefault(key, len(numbers) + 1) for key in cited)
        for each in given:
            places[each].append(f"cite-{count}")
        return _mark_html(given, f"cite-{count}")

    return Numbered(_PLACE.sub(filled, html), list(numbers), dict(places))


def _mark_html(cited: list[int], place: str) -> str:
    """One link a citation, so that a thumb can hit it; the reader's script shows all it names."""
    runs = (f"{first}–{last}" if last > first else f"{first}" for first, last in collapse(cited))
    word = "Reference" if len(cited) == 1 else "References"
    references = " ".join(f"ref-{each}" for each in cited)
    return (
        f'<a class="cite" id="{place}" href="#ref-{cited[0]}" data-references="{references}">'
        f'<span class="visually-hidden">{word} </span>[{",".join(runs)}]</a>'
    )


def problem_of(body: Any) -> str:
    """What is wrong with the citations of a stored body, for the person who wrote them."""
    if typed := typed_marks("\n".join(texts_in(body))):
        return f"{typed[0]} is only text. Cite with the editor's Cite button."
    keys = keys_of(body)
    known = set(Source.objects.filter(key__in=keys).values_list("key", flat=True))
    unknown = [key for key in keys if key not in known]
    return f"No source has this key: {', '.join(unknown)}." if unknown else ""
