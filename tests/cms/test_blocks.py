"""Blocks: what they refuse, what they show, what they leave out."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from wagtail.blocks import StreamBlockValidationError
from wagtail.blocks.struct_block import StructBlockValidationError

from accounts.models import User
from cms import citations, embeds
from cms.blocks import ArticleBody
from cms.blocks.media import DRAWINGS, PictureBlock
from cms.blocks.text import ProductBlock, TableBlock
from cms.caching import freshness
from cms.models import ArticleIndexPage, ArticlePage, Source, Video
from programs.models import Exercise, Program
from programs.models.program import Visibility
from tests.cms.conftest import make_article
from tests.cms.every_block import make_image, make_video
from tests.conftest import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _media(settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.MEDIA_ROOT = str(tmp_path)
    return


def shown(index: ArticleIndexPage, *blocks: tuple[str, Any]) -> str:
    for before in ArticlePage.objects.filter(slug="shown"):
        before.delete()
    page = make_article(index, "Shown", slug="shown", body=list(blocks))
    return Client().get(f"/articles/{page.slug}/").content.decode()


@pytest.mark.parametrize(
    ("alt", "decorative", "fine"),
    [("A foot", False, True), ("", True, True), ("", False, False), ("A foot", True, False)],
)
def test_a_picture_has_words_or_is_decorative(alt: str, decorative: bool, fine: bool) -> None:
    block = PictureBlock()
    raw = {"image": make_image().pk, "alt_text": alt, "decorative": decorative, "credit": ""}
    value = block.to_python({**raw, "caption": ""})
    if fine:
        assert block.clean(value)["alt_text"] == alt
        return
    with pytest.raises(StructBlockValidationError):
        block.clean(value)


def test_an_interest_is_disclosed() -> None:
    block = ProductBlock()
    value = {"title": "Shoe", "text": "<p>Buy.</p>", "has_interest": True, "disclosure": " "}
    with pytest.raises(StructBlockValidationError) as refused:
        block.clean(block.to_python(value))
    assert "disclosure" in refused.value.block_errors
    assert block.clean(block.to_python({**value, "disclosure": "We sell it."}))


def test_a_table_has_as_many_cells_as_headings() -> None:
    block = TableBlock()
    value = {"caption": "T", "head": ["a", "b"], "rows": [["<p>1</p>", "<p>2</p>"]]}
    assert block.clean(block.to_python(value))
    with pytest.raises(StructBlockValidationError):
        block.clean(block.to_python({**value, "rows": [["<p>1</p>", "<p>2</p>", "<p>3</p>"]]}))


def test_an_empty_list_is_refused() -> None:
    body = ArticleBody()
    with pytest.raises(StreamBlockValidationError):
        body.clean(body.to_python([{"type": "key_points", "value": []}]))


@pytest.mark.parametrize("name", [name for name, _ in DRAWINGS])
def test_each_drawing_is_drawn_and_described(index: ArticleIndexPage, name: str) -> None:
    value = {"drawing": name, "alt_text": "What it shows", "caption": ""}
    html = shown(index, ("drawing", value))
    assert 'role="img" aria-label="What it shows">' in html
    assert "<path" in html.split('class="drawing')[1].split("</svg>")[0]


def test_blocks_show_what_they_hold(index: ArticleIndexPage, numb_feet: ArticlePage) -> None:
    html = shown(
        index,
        ("heading", "First"),
        ("subheading", "Below it"),
        ("quote", {"text": "<p>Steady.</p>", "who": "Ana"}),
        ("question", {"question": "Why?", "answer": "<p>Because.</p>"}),
        ("steps", {"title": "Do", "steps": ["<p>One</p>", "<p>Two</p>"]}),
        (
            "product",
            {
                "title": "Shoe",
                "text": "<p>Fit.</p>",
                "has_interest": True,
                "disclosure": "We sell it.",
            },
        ),
        ("related", {"title": "Read also", "articles": [numb_feet]}),
    )
    assert '<h2 id="first">' in html
    assert '<h3 id="below-it">' in html
    assert 'class="contents__sub"><a href="#below-it">' in html
    assert "<h4>Why?</h4>" in html
    assert "Somebody gains from this advice." in html
    assert 'href="/articles/numb-feet/"' in html.split('class="read-also"')[1]


def test_related_leaves_out_what_is_not_public(
    index: ArticleIndexPage, numb_feet: ArticlePage
) -> None:
    numb_feet.title = "Was public"
    numb_feet.save()
    numb_feet.unpublish()
    assert "Was public" not in shown(
        index, ("related", {"title": "Read also", "articles": [numb_feet]})
    )


def test_a_video_has_captions_and_transcript(index: ArticleIndexPage) -> None:
    html = shown(index, ("video", {"video": make_video(), "caption": ""}))
    assert 'kind="captions"' in html
    assert "She lifts her leg." in html
    assert "poster=" in html


def test_a_video_with_speech_needs_captions() -> None:
    video = Video(title="Slide", transcript="She lifts her leg.")
    with pytest.raises(ValidationError, match="tick that nothing is said"):
        video.clean()
    video.is_silent = True
    video.clean()


def test_a_clinics_own_exercise_is_neither_offered_nor_shown(
    index: ArticleIndexPage, priya: User
) -> None:
    exercise = Exercise.objects.get(clinic=None, code="B05")
    Exercise.objects.filter(pk=exercise.pk).update(clinic=priya.clinic, patient_title="Only ours")
    exercise.refresh_from_db()
    chooser = "/cms/snippets/choose/programs/exercise/results/?q=Only"
    choosing = client_of(priya)
    assert "Only ours" not in shown(index, ("exercise", exercise))
    assert f"/{exercise.pk}/" not in choosing.get(chooser).content.decode()
    Exercise.objects.filter(pk=exercise.pk).update(is_public=True)
    exercise.refresh_from_db()
    assert "Only ours" in shown(index, ("exercise", exercise))


def test_an_exercise_tells_what_it_takes_to_stand(index: ArticleIndexPage) -> None:
    standing = Exercise.objects.get(clinic=None, code="B05")
    html = shown(index, ("exercise", standing))
    assert "Start only when all of this is true" in html
    for item in standing.safety_items:
        assert str(item.label) in html
    assert "if you fell in the last year" in html
    seated = Exercise.objects.get(clinic=None, code="G01")
    assert "Start only when" not in shown(index, ("exercise", seated))


def test_the_same_list_is_pointed_to_the_second_time(index: ArticleIndexPage) -> None:
    first, second, other = (
        Exercise.objects.get(clinic=None, code=code) for code in ("B05", "B06", "B07")
    )
    other.safety_setup = other.safety_setup[:-1]
    other.save()
    html = shown(index, ("exercise", first), ("exercise", second), ("exercise", other))
    assert first.safety_setup == second.safety_setup
    assert html.count("Start only when all of this is true") == 2
    assert html.count('id="before-standing--1"') == html.count('href="#before-standing--1"') == 1
    assert html.count("if you fell in the last year") == 3


def test_a_program_is_shown_without_dosage(index: ArticleIndexPage) -> None:
    html = shown(index, ("program", "P1"))
    program = Program.objects.get(clinic=None, code="P1")
    row = program.phases.first().exercises.first()
    assert program.patient_title in html
    assert row.exercise.plain_title in html
    assert row.dosage_text not in html


@pytest.mark.parametrize("visibility", [Visibility.CLINIC, Visibility.PRIVATE])
def test_a_clinics_own_program_is_neither_offered_nor_shown(
    index: ArticleIndexPage, priya: User, visibility: str
) -> None:
    Program.objects.filter(code="P1").update(
        clinic=priya.clinic, owner=priya, visibility=visibility, title="Only ours"
    )
    assert "P1" not in dict(embeds.program_choices())
    assert embeds.program("P1") is None
    assert "Only ours" not in shown(index, ("program", "P1"))


def test_a_long_article_costs_nine_queries_and_none_when_kept(
    index: ArticleIndexPage, django_assert_num_queries: Any
) -> None:
    keys = list(Source.objects.values_list("key", flat=True)[:20])
    words = "word " * 120
    body: list[tuple[str, Any]] = [
        ("paragraph", f"<p>{words} {citations.mark([key])}</p>") for key in keys
    ]
    for number in range(5):
        picture = {"image": make_image(f"Foot {number}"), "alt_text": "A foot",
                   "decorative": False, "caption": "", "credit": "Us"}  # fmt: skip
        body.append(("figure", picture))
    page = make_article(index, "Long", slug="long", body=body)
    assert len(words.split()) * 20 >= 2400
    freshness.current()
    client = Client()
    client.get("/articles/long/no-such-page/")  # keeps the menus, too
    with django_assert_num_queries(9):
        html = client.get(f"/articles/{page.slug}/").content.decode()
    assert html.count('class="reference"') == 20
    assert html.count("<img") == 6  # five, and the site's sign
    with django_assert_num_queries(0):
        assert client.get("/articles/long/").status_code == 200
    etag = client.get("/articles/long/")["ETag"]
    assert client.get("/articles/long/", headers={"If-None-Match": etag}).status_code == 304
