"""Citations: stored, numbered over the whole page, collapsed, linked both ways."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms import citations
from cms.blocks import ArticleBody

KEYS = st.from_regex(r"[a-z][a-z0-9_-]{0,8}", fullmatch=True)
MARKS = st.lists(KEYS, min_size=1, max_size=5)


def placed(text: str) -> str:
    """Stored rich text as Wagtail renders it."""
    from wagtail.rich_text import expand_db_html

    return expand_db_html(citations.from_marks(text))


def typed(keys: list[str]) -> str:
    return "[" + "; ".join(f"@{key}" for key in keys) + "]"


def words(html: str) -> str:
    return re.sub(r"<span[^>]*>[^<]*</span>|<[^>]+>", "", html)


def ids(html: str) -> list[str]:
    return re.findall(r'id="([^"]+)"', html)


@given(MARKS)
def test_a_mark_is_stored_and_read_back(keys: list[str]) -> None:
    once = list(dict.fromkeys(keys))
    assert citations.keys_in(citations.mark(keys)) == once
    assert citations.from_marks(typed(keys)) == citations.mark(keys)


@pytest.mark.parametrize("keys", [[], ["two words"], ['a"><script>'], ["ä"], [""]])
def test_what_is_no_key_makes_no_mark(keys: list[str]) -> None:
    with pytest.raises(ValueError, match="no keys"):
        citations.mark(keys)


def test_marks_in_attributes_are_left_alone() -> None:
    html = '<a href="x" title="[@a]">see</a> [@a]'
    assert citations.from_marks(html) == f'<a href="x" title="[@a]">see</a> {citations.mark(["a"])}'


def test_plain_words_become_a_paragraph_and_html_stays() -> None:
    assert citations.rich("1 < 2\n [@a]") == f"<p>1 &lt; 2 {citations.mark(['a'])}</p>"
    assert citations.rich("<p>Here</p>") == "<p>Here</p>"


@pytest.mark.parametrize("text", ["[@a]", "[@a, @b]", "[@ä]", "[@]", "[@a", "[@a see p. 3]"])
def test_typed_marks_are_found(text: str) -> None:
    assert citations.typed_marks(f"<p>Before {text} after</p>")


@pytest.mark.parametrize("text", ["write to us@home.test", "[1]", citations.mark(["a", "b"])])
def test_other_text_is_no_typed_mark(text: str) -> None:
    assert citations.typed_marks(f"Before {text} after.") == []


def test_other_embeds_cite_nothing() -> None:
    assert citations.keys_in('<embed embedtype="image" keys="a" id="1"/>') == []
    assert citations.keys_in('<embed keys="a b" embedtype="citation"/>') == ["a", "b"]


@given(st.sets(st.integers(1, 60)))
def test_collapse_says_the_same_numbers(numbers: set[int]) -> None:
    runs = citations.collapse(numbers)
    assert [n for first, last in runs for n in range(first, last + 1)] == sorted(numbers)
    assert all(first == last or last - first >= 2 for first, last in runs)


def test_collapse_joins_three_and_not_two() -> None:
    assert citations.collapse([3, 1, 2, 7, 8]) == [(1, 3), (7, 7), (8, 8)]


# Blocks as a page stores them, with citations at every depth.
LINE = MARKS.map(lambda keys: citations.rich(f"Word {typed(keys)}."))
BLOCKS = st.lists(
    st.one_of(
        LINE.map(lambda text: {"type": "paragraph", "value": text}),
        st.lists(LINE, min_size=1, max_size=3).map(
            lambda lines: {"type": "key_points", "value": lines}
        ),
        LINE.map(lambda text: {"type": "definition", "value": {"term": "T", "meaning": text}}),
        st.lists(LINE, min_size=1, max_size=3).map(
            lambda lines: {
                "type": "rows",
                "value": {"title": "R", "rows": [{"term": "t", "text": line} for line in lines]},
            }
        ),
        st.tuples(LINE, LINE).map(
            lambda two: {
                "type": "emergency",
                "value": {"title": "Help", "emergency": [two[0]], "same_day": [two[1]]},
            }
        ),
        LINE.map(
            lambda text: {"type": "callout", "value": {"tone": "note", "title": "C", "text": text}}
        ),
        LINE.map(lambda text: {"type": "checklist", "value": {"title": "L", "items": [text]}}),
    ),
    max_size=6,
)


def rendered(blocks: list[dict[str, object]]) -> str:
    body = ArticleBody().to_python(blocks)
    return "".join(block.render({"anchor": "x", "level": 2}) for block in body)


@given(BLOCKS)
def test_numbers_follow_first_appearance_over_nested_blocks(
    blocks: list[dict[str, object]],
) -> None:
    keys = citations.keys_of(blocks)
    numbered = citations.number(rendered(blocks), set(keys))
    assert numbered.keys == keys
    assert "data-cite" not in numbered.html
    assert "keys=" not in numbered.html
    shown = [
        number
        for mark in re.findall(r'data-references="([^"]+)"', numbered.html)
        for number in sorted(int(part.removeprefix("ref-")) for part in mark.split())
    ]
    firsts = list(dict.fromkeys(shown))
    assert sorted(firsts) == list(range(1, len(keys) + 1))


@given(BLOCKS, st.randoms())
def test_moving_a_block_renumbers_by_itself(
    blocks: list[dict[str, object]], random: object
) -> None:
    moved = [*blocks]
    random.shuffle(moved)  # type: ignore[attr-defined]
    numbered = citations.number(rendered(moved), set(citations.keys_of(blocks)))
    assert numbered.keys == citations.keys_of(moved)


@given(BLOCKS)
def test_every_link_leads_to_a_reference_and_every_place_back(
    blocks: list[dict[str, object]],
) -> None:
    numbered = citations.number(rendered(blocks), set(citations.keys_of(blocks)))
    marks = [name for name in ids(numbered.html) if name.startswith("cite-")]
    assert marks == [f"cite-{n}" for n in range(1, len(marks) + 1)]
    assert {place for places in numbered.places.values() for place in places} == set(marks)
    targets = {int(n) for n in re.findall(r'href="#ref-(\d+)"', numbered.html)}
    assert targets <= set(numbered.places)
    assert set(numbered.places) == set(range(1, len(numbered.keys) + 1))


def test_a_run_collapses_in_one_link() -> None:
    html = citations.number(placed("Text [@a; @b; @c]."), {"a", "b", "c"}).html
    assert words(html) == "Text[1–3]."
    assert 'href="#ref-1" data-references="ref-1 ref-2 ref-3"' in html
    assert '<span class="visually-hidden">References </span>' in html


def test_a_key_cited_twice_in_one_mark_has_one_place() -> None:
    numbered = citations.number(placed("[@a; @a]"), {"a"})
    assert ids(numbered.html) == ["cite-1"]
    assert numbered.places == {1: ["cite-1"]}


def test_unknown_keys_leave_nothing() -> None:
    numbered = citations.number(placed("One [@gone]. Two [@a; @gone]."), {"a"})
    assert words(numbered.html) == "One. Two[1]."
    assert numbered.keys == ["a"]
    assert "gone" not in numbered.html


def test_a_stored_mark_with_other_letters_shows_nothing() -> None:
    from wagtail.rich_text import expand_db_html

    html = expand_db_html('<p>x<embed embedtype="citation" keys="a&quot;&gt;&lt;b"/></p>')
    assert html == "<p>x</p>"
