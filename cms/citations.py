"""Citation marks in articles: found, numbered in the order of reading, and linked both ways.

Authors write Pandoc's marks: [@bhandari2019] or [@bhandari2019; @sunderland1990]. Numbers are
given to the finished page, so one work has one number wherever, and in whatever block, it is cited.
"""

import re
from collections import Counter
from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass

from cms.models.source import KEY_PATTERN

_MARK = rf"\[\s*@{KEY_PATTERN}(?:\s*;\s*@{KEY_PATTERN})*\s*\]"
_MARKS = re.compile(_MARK)
_KEYS = re.compile(rf"@({KEY_PATTERN})")
_STARTS = re.compile(r"\[\s*@[^\]<\"]{0,40}\]?")
# A tag comes first, so that nothing inside an attribute is taken for a mark.
_TAG_OR_MARK = re.compile(rf"(<[^>]*>)|\s*({_MARK})")


@dataclass(frozen=True)
class Numbered:
    """A text whose marks are links, the cited keys in order, and how often each is cited."""

    html: str
    keys: list[str]
    places: Counter[int]


def keys_in(text: str) -> list[str]:
    """The cited keys, each once, in the order of first appearance."""
    marks = "".join(_MARKS.findall(text))
    return list(dict.fromkeys(_KEYS.findall(marks)))


def broken_marks(text: str) -> list[str]:
    """What looks like a mark but can't be read as one, such as '[@a, @b]'."""
    return _STARTS.findall(_MARKS.sub("", text))


def without_marks(text: str) -> str:
    return re.sub(rf"\s*{_MARK}", "", text)


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
    """Replace each mark by links to the reference list; a key that is not known leaves nothing."""
    numbers: dict[str, int] = {}
    places: Counter[int] = Counter()

    def replaced(match: re.Match[str]) -> str:
        tag, mark = match.groups()
        if tag is not None:
            return str(tag)
        cited = [numbers.setdefault(key, len(numbers) + 1) for key in keys_in(mark) if key in known]
        places.update(set(cited))
        return _mark_html(cited, places) if cited else ""

    return Numbered(_TAG_OR_MARK.sub(replaced, html), list(numbers), places)


def _mark_html(cited: list[int], places: Counter[int]) -> str:
    """'1 to 3, 7': the ends of a run are links, those between only places to come back to."""

    def place(number: int) -> str:
        return f"cite-{number}-{places[number]}"

    parts = [_run_html(first, last, place) for first, last in collapse(cited)]
    return f'<sup class="cite">[{",".join(parts)}]</sup>'


def _run_html(first: int, last: int, place: Callable[[int], str]) -> str:
    if first == last:
        return _link(first, place(first))
    between = "".join(f'<span id="{place(number)}"></span>' for number in range(first + 1, last))
    return f"{_link(first, place(first))}–{between}{_link(last, place(last))}"


def _link(number: int, place: str) -> str:
    return f'<a href="#ref-{number}" id="{place}" aria-label="Reference {number}">{number}</a>'
