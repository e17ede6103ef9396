"""What is not shown, so that nobody can be made out: pure.

A cell is a count of courses of care or of alerts; how many people are behind it decides. A row is
cut into parts that exclude each other, such as better and not better: all of a row's parts are
shown, or none. `LEAST` people have to be behind each part that is not empty.

What is shown adds up, so what is hidden could be computed as total minus others. Therefore what is
hidden of the programs of a year, taken together, has to be enough people again, and so has what is
hidden of its quarters; else more is hidden. Which, does not depend on the numbers: were it the next
smallest, its place would tell how large it can be at most. The label is the same for what is small
and for what only protects it. No program is shown by quarter: two ways of adding up the same
small groups could be played off against each other. docs/decisions/0037 says it with an example.
"""

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

# No cell of 1 to 10 is reported, none that can be derived from others, and no percentage that gives
# one away; a zero may be: the cell size suppression policy of the US Centers for Medicare and
# Medicaid Services (resdac.org, version of 01/26/2024). It is made for Medicare's data and binds no
# clinic by itself; it is a strict one that is written down.
LEAST = 11

Parts = Sequence[frozenset[Any]]
Key = TypeVar("Key", bound=Hashable)


def is_safe(parts: Parts) -> bool:
    """Nobody, or enough people, behind each part."""
    return all(not people or len(people) >= LEAST for people in parts)


def has_any(parts: Parts) -> bool:
    return any(parts)


def together(every: Iterable[Parts]) -> Parts:
    """Rows added up, part by part: somebody who is in two of them counts once."""
    return [frozenset().union(*same) for same in zip(*every, strict=True)]


def rows_shown(
    rows: Mapping[Key, Parts], *, hidden: Collection[Key] = (), must_hide: bool = False
) -> frozenset[Key]:
    """Which rows may be shown beside their total.

    `hidden` are rows that are not shown for another reason. `must_hide`: the total itself is not to
    be known, so that not all rows can be shown.
    """
    filled = {key: parts for key, parts in rows.items() if has_any(parts)}
    shown = {key for key, parts in filled.items() if is_safe(parts) and key not in hidden}
    while shown:
        left = [parts for key, parts in filled.items() if key not in shown]
        if is_safe(together(left)) and not _is_told(left) and (left or not must_hide):
            break
        shown.discard(max(shown, key=str))
    return frozenset(shown)


def _is_told(hidden: Sequence[Parts]) -> bool:
    """Whether a sum says what each of the hidden is: as many people as rows are one in each, and 20
    in two rows that are 10 at most are two tens.
    """
    rows = len(hidden)
    sums = [sum(map(len, same)) for same in zip(*hidden, strict=True)]
    return any(total in (rows, rows * (LEAST - 1)) for total in sums)


@dataclass(frozen=True)
class Shown:
    """Of one count: whether the total is shown, of which programs, and which quarters' totals."""

    total: bool
    rows: frozenset[Any]
    quarters: frozenset[Any]


def released(
    total: Parts,
    rows: Mapping[Any, Parts],
    quarters: Mapping[Any, Parts],
    within: Shown | None = None,
) -> Shown:
    """Of a year with its programs in `rows` and its `quarters`; of a quarter alone, there are no
    rows and it is its own.

    `within` is what is shown of the count that this one is a part of: nothing is shown without.
    What a quarter shows depends on it alone, as it is shown before the year is over.
    """
    seen = {key for key, parts in quarters.items() if within is None or key in within.quarters}
    of_quarters = frozenset(key for key in seen if is_safe(quarters[key]))
    left = [parts for key, parts in quarters.items() if key not in of_quarters and has_any(parts)]
    may = within is None or within.total
    is_apart = is_safe(together(left)) and not _is_told(left)
    of_total = may and has_any(total) and is_safe(total) and is_apart
    gives_away = has_any(total) and is_safe(total) and not of_total
    below = () if within is None else rows.keys() - within.rows
    of_rows = rows_shown(rows, hidden=below, must_hide=gives_away)
    return Shown(of_total, of_rows, of_quarters)
