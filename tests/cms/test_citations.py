"""Citation marks: read, numbered, collapsed, linked."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms import citations

KEYS = st.from_regex(r"[a-z][a-z0-9_-]{0,8}", fullmatch=True)
MARKS = st.lists(KEYS, min_size=1, max_size=5)


def mark(keys: list[str]) -> str:
    return "[" + "; ".join(f"@{key}" for key in keys) + "]"


def ids(html: str) -> list[str]:
    return re.findall(r'id="([^"]+)"', html)


def test_keys_in_reading_order_each_once() -> None:
    text = "One [@b2019; @a1990]. Two [@a1990], three [@c]."
    assert citations.keys_in(text) == ["b2019", "a1990", "c"]


@pytest.mark.parametrize("text", ["[@a, @b]", "[@ä]", "[@]", "[@a", "[@a;]", "[@a see p. 3]"])
def test_broken_marks_are_found(text: str) -> None:
    assert citations.broken_marks(f"Before {text} after [@good].")


@pytest.mark.parametrize("text", ["[@a]", "[@a; @b]", "[@a;@b]", "write to us@home.test", "[1]"])
def test_whole_marks_and_other_text_are_not_broken(text: str) -> None:
    assert citations.broken_marks(f"Before {text} after.") == []


@given(st.sets(st.integers(1, 60)))
def test_collapse_says_the_same_numbers(numbers: set[int]) -> None:
    runs = citations.collapse(numbers)
    assert [n for first, last in runs for n in range(first, last + 1)] == sorted(numbers)
    assert all(first == last or last - first >= 2 for first, last in runs)


def test_collapse_joins_three_and_not_two() -> None:
    assert citations.collapse([3, 1, 2, 7, 8]) == [(1, 3), (7, 7), (8, 8)]


@given(st.lists(MARKS, max_size=8))
def test_numbers_follow_first_appearance(marks: list[list[str]]) -> None:
    text = " word ".join(mark(keys) for keys in marks)
    numbered = citations.number(text, {key for keys in marks for key in keys})
    assert numbered.keys == citations.keys_in(text)
    assert "@" not in numbered.html


@given(st.lists(MARKS, max_size=8))
def test_every_place_exists_once_and_every_link_leads_to_a_reference(
    marks: list[list[str]],
) -> None:
    text = " word ".join(mark(keys) for keys in marks)
    numbered = citations.number(text, {key for keys in marks for key in keys})
    places = [f"cite-{n}-{k + 1}" for n, times in numbered.places.items() for k in range(times)]
    assert sorted(ids(numbered.html)) == sorted(places)
    targets = {int(n) for n in re.findall(r'href="#ref-(\d+)"', numbered.html)}
    assert targets <= set(range(1, len(numbered.keys) + 1))


def test_a_run_shows_its_ends() -> None:
    html = citations.number("Text [@a; @b; @c].", {"a", "b", "c"}).html
    assert re.sub(r"<[^>]+>", "", html) == "Text[1–3]."
    assert ids(html) == ["cite-1-1", "cite-2-1", "cite-3-1"]


def test_a_key_cited_twice_in_one_mark_has_one_place() -> None:
    numbered = citations.number("[@a; @a]", {"a"})
    assert ids(numbered.html) == ["cite-1-1"]
    assert numbered.places[1] == 1


def test_unknown_keys_leave_nothing() -> None:
    numbered = citations.number("One [@gone]. Two [@a; @gone].", {"a"})
    assert re.sub(r"<[^>]+>", "", numbered.html) == "One. Two[1]."
    assert numbered.keys == ["a"]


def test_attributes_are_left_alone() -> None:
    html = '<img alt="see [@a]"> and [@a]'
    assert citations.number(html, {"a"}).html.startswith('<img alt="see [@a]"> and<sup')


def test_without_marks() -> None:
    assert citations.without_marks("Sure [@a; @b].") == "Sure."
