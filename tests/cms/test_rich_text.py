"""The citation as an entity: from stored HTML to the editor and back."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wagtail.admin.rich_text import get_rich_text_editor_widget
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter
from wagtail.models import ReferenceIndex
from wagtail.rich_text import features

from cms import citations
from cms.blocks import CITED_FEATURES, LINE_FEATURES
from cms.models import ArticlePage, Source

KEYS = st.lists(
    st.from_regex(r"[a-zA-Z0-9][A-Za-z0-9_-]{0,8}", fullmatch=True),
    min_size=1,
    max_size=4,
    unique=True,
)


pytestmark = pytest.mark.django_db


def converter() -> ContentstateConverter:
    return ContentstateConverter(features=CITED_FEATURES)


def state(html: str) -> dict[str, object]:
    return json.loads(converter().from_database_format(html))


def test_stored_to_editor() -> None:
    got = state(f"<p>Sure {citations.mark(['a2019', 'b'])}, and <b>more</b>.</p>")
    (block,) = got["blocks"]
    assert block["text"] == "Sure [a2019; b], and more."
    (where,) = block["entityRanges"]
    assert (where["offset"], where["length"]) == (5, 10)
    assert got["entityMap"]["0"] == {
        "type": "CITATION",
        "mutability": "IMMUTABLE",
        "data": {"keys": "a2019 b"},
    }


def test_the_editor_names_sources_by_author_and_year() -> None:
    got = state(f"<p>Sure {citations.mark(['bhandari2019', 'boyd2010'])}.</p>")
    assert got["blocks"][0]["text"] == "Sure [Bhandari 2019; Boyd et al 2010]."


def test_a_text_asks_once_for_all_its_sources(django_assert_num_queries: Any) -> None:
    cited = "".join(citations.mark([key]) + " and " for key in ("bhandari2019", "boyd2010", "x1"))
    editor = get_rich_text_editor_widget("default", features=CITED_FEATURES)
    with django_assert_num_queries(1):
        shown = json.loads(editor.format_value(f"<p>Sure {cited}more.</p>"))["blocks"][0]["text"]
    assert shown == "Sure [Bhandari 2019] and [Boyd et al 2010] and [x1] and more."
    with django_assert_num_queries(0):
        editor.format_value("<p>Plain text.</p>")


@pytest.mark.parametrize(
    "html",
    [
        '<p data-block-key="k">Sure {}.</p>',
        '<p data-block-key="k">{}</p>',
        '<p data-block-key="k">{} at first, then {} again</p>',
        '<p data-block-key="k"><b>Bold</b> {} and <a href="https://x.test/">a link</a> {}</p>',
        '<ul><li data-block-key="k">Item {}</li></ul>',
    ],
)
def test_there_and_back(html: str) -> None:
    stored = html.replace("{}", citations.mark(["a", "b-c"]))
    assert converter().to_database_format(json.dumps(state(stored))) == stored


@given(KEYS, KEYS)
def test_there_and_back_for_any_keys(first: list[str], second: list[str]) -> None:
    html = f'<p data-block-key="k">A {citations.mark(first)} b {citations.mark(second)}.</p>'
    assert converter().to_database_format(json.dumps(state(html))) == html


@pytest.mark.parametrize("keys", ["", '"><script>alert(1)</script>', "a  ;b", None])
def test_an_entity_that_holds_no_keys_is_dropped(keys: object) -> None:
    got = state('<p data-block-key="k">Sure ' + citations.mark(["a"]) + ".</p>")
    got["entityMap"]["0"]["data"]["keys"] = keys
    html = converter().to_database_format(json.dumps(got))
    assert "<embed" not in html
    assert "script" not in html
    assert html.startswith('<p data-block-key="k">Sure ')


def test_lines_may_cite_and_have_no_lists() -> None:
    assert "citation" in LINE_FEATURES
    assert not {"ol", "ul", "h2"} & set(LINE_FEATURES)
    assert features.get_editor_plugin("draftail", "citation").data["type"] == "CITATION"


def test_wagtails_reference_index_knows_the_sources_of_an_article(numb_feet: ArticlePage) -> None:
    source = Source.objects.get(key="bhandari2019")
    assert ReferenceIndex.get_references_to(source).filter(object_id=str(numb_feet.pk)).exists()
