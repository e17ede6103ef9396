"""Small groups stay hidden: looked at as somebody would who adds up and subtracts."""

from collections import defaultdict
from itertools import count, product

import pytest
from hypothesis import given
from hypothesis import strategies as some

from programs.outcomes.withheld import LEAST, Shown, is_safe, released, rows_shown, together


def people(*sizes):
    """Parts of so many people each, who are nobody else."""
    made = iter(count())
    return [frozenset((id(sizes), next(made)) for _ in range(size)) for size in sizes]


def rows_of(sizes):
    """Each row with parts of its own people."""
    made = iter(count())
    return {
        key: [frozenset(next(made) for _ in range(size)) for size in parts]
        for key, parts in sizes.items()
    }


@pytest.mark.parametrize(
    ("sizes", "found"),
    [((0,), True), ((1,), False), ((10,), False), ((11,), True), ((11, 0), True),
     ((30, 10), False), ((11, 11), True), ((0, 0), True)],
)  # fmt: skip
def test_a_part_is_empty_or_enough(sizes, found):
    assert is_safe(people(*sizes)) is found


def test_people_count_and_not_courses():
    """Twelve courses of the same ten people."""
    ten = frozenset(range(10))
    assert not is_safe(together([[ten], [frozenset([1, 2])]]))


@pytest.mark.parametrize(
    ("sizes", "shown"),
    [
        ({"a": 20, "b": 20}, "ab"),
        # One is small: total minus the other would be it.
        ({"a": 20, "b": 5}, ""),
        # It is protected by another; which one does not depend on how large they are.
        ({"a": 20, "b": 5, "c": 12}, "a"),
        # Two small ones make eleven together, and nobody can tell how they share them.
        ({"a": 20, "b": 5, "c": 6}, "a"),
        # Together they are ten: still too few.
        ({"a": 20, "b": 5, "c": 5, "d": 15}, "a"),
        # 20 of two that are 10 at most would be 10 and 10.
        ({"a": 20, "b": 10, "c": 10, "d": 15}, "a"),
        ({"a": 3}, ""),
        ({"a": 20, "b": 0}, "a"),
    ],
)
def test_what_is_hidden_of_the_rows_is_enough_taken_together(sizes, shown):
    rows = rows_of({key: (size,) for key, size in sizes.items()})
    assert rows_shown(rows) == frozenset(shown)


def test_a_total_that_must_not_be_known_takes_a_row_with_it():
    rows = rows_of({"a": (20,), "b": (30,)})
    assert rows_shown(rows, must_hide=True) == frozenset("a")


def test_a_row_that_is_hidden_for_another_reason_counts_among_the_hidden():
    rows = rows_of({"a": (20,), "b": (30,), "c": (15,)})
    assert rows_shown(rows, hidden={"a"}) == frozenset("bc")


def of_year(**quarters):
    """A year without programs, by its quarters."""
    rows = rows_of({key: (size,) for key, size in quarters.items()})
    return released(together(rows.values()), {}, rows)


@pytest.mark.parametrize(
    ("sizes", "total"),
    [
        ((12, 12, 12, 12), True),
        ((12, 12, 12, 0), True),
        ((12, 12, 12, 4), False),  # the year minus three quarters
        ((12, 12, 4, 4), False),  # eight of two quarters
        ((12, 12, 10, 10), False),  # 20 of two quarters that are 10 at most
        ((12, 12, 6, 6), True),  # twelve of two quarters
        ((3, 3, 3, 3), True),
        ((2, 2, 2, 2), False),
    ],
)
def test_the_year_gives_no_small_quarter_away(sizes, total):
    found = of_year(**dict(zip("abcd", sizes, strict=True)))
    assert found.total is total
    assert found.quarters == {key for key, size in zip("abcd", sizes, strict=True)
                              if size == 0 or size >= LEAST}  # fmt: skip


def test_a_year_that_is_hidden_for_a_quarter_is_not_the_sum_of_its_programs():
    quarters = rows_of({"a": (40,), "b": (4,)})
    everybody = [frozenset().union(*(row[0] for row in quarters.values()))]
    half = sorted(everybody[0])
    programs = {"x": [frozenset(half[:20])], "y": [frozenset(half[20:])]}
    found = released(everybody, programs, quarters)
    assert not found.total
    assert len(found.rows) == 1


def test_what_a_quarter_shows_depends_on_that_quarter_alone():
    """It is shown, and kept in files, before the others are over."""
    before = of_year(a=12, b=0, c=0, d=0)
    after = of_year(a=12, b=3, c=1, d=9)
    assert "a" in before.quarters
    assert "a" in after.quarters


def test_nothing_is_shown_of_a_part_where_the_whole_is_not():
    rows = rows_of({"a": (15, 15), "b": (30, 30), "c": (14, 14)})
    total = together(rows.values())
    whole = Shown(True, frozenset("bc"), frozenset())
    assert released(total, rows, {}, whole).rows <= frozenset("bc")
    nothing = Shown(False, frozenset(), frozenset())
    assert not released(total, rows, {}, nothing).total


# Against somebody who knows all of the rules, and all that is shown.

SIZES = range(0, 25)


def published(sizes):
    """The total and the rows, as somebody reads them; hidden rows are known to be somebody."""
    rows = rows_of({key: (size,) for key, size in zip("abc", sizes, strict=True)})
    found = released(together(rows.values()), rows, {})
    total = sum(sizes) if found.total else None
    seen = tuple(
        size if key in found.rows or not size else "hidden"
        for key, size in zip("abc", sizes, strict=True)
    )
    return total, seen


def test_no_hidden_row_can_be_computed_from_all_that_is_shown():
    """Every table of three rows up to 24 people: what is shown of it is shown of others, too, in
    which the hidden rows are others.
    """
    alike = defaultdict(set)
    for sizes in product(SIZES, repeat=3):
        alike[published(sizes)].add(sizes)
    told = [
        (seen, tables)
        for seen, tables in alike.items()
        for place in range(3)
        if seen[1][place] == "hidden"
        # What else it could be lies within the range that is looked at.
        and max(max(table) for table in tables) < max(SIZES) - 10
        and len({table[place] for table in tables}) == 1
    ]
    assert told == []
    assert len(alike) > 100


@given(some.lists(some.tuples(some.integers(0, 30), some.integers(0, 30)), min_size=1, max_size=6))
def test_shown_minus_shown_is_never_a_small_group(sizes):
    """Of rows cut into two, such as dropped out and not: part by part the rest is enough."""
    rows = rows_of(dict(enumerate(sizes)))
    total = together(rows.values())
    found = released(total, rows, {})
    for part in range(2):
        whole = len(total[part])
        assert not found.total or whole == 0 or whole >= LEAST
        shown = sum(len(rows[key][part]) for key in found.rows)
        assert all(not rows[key][part] or len(rows[key][part]) >= LEAST for key in found.rows)
        if found.total:
            assert whole - shown == 0 or whole - shown >= LEAST


@given(some.lists(some.integers(0, 30), min_size=4, max_size=4), some.integers(0, 40))
def test_year_minus_quarters_is_never_a_small_group(sizes, shared):
    rows = rows_of({key: (size,) for key, size in enumerate(sizes)})
    total = together(rows.values())
    cut = sorted(total[0])
    programs = {"x": [frozenset(cut[:shared])], "y": [frozenset(cut[shared:])]}
    found = released(total, programs, rows)
    left = sum(size for key, size in enumerate(sizes) if key not in found.quarters)
    of_programs = sum(len(programs[key][0]) for key in found.rows)
    is_sum_known = found.total or of_programs == len(total[0])
    if is_sum_known and len(total[0]):
        assert left == 0 or left >= LEAST
    assert found.total or of_programs < len(total[0]) or not len(total[0])
    if found.total:
        rest = len(total[0]) - of_programs
        assert rest == 0 or rest >= LEAST
