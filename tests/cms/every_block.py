"""One article with each block that an article may hold, for checks of whole pages."""

from io import BytesIO
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from PIL import Image as Pillow
from wagtail.images.models import Image

from cms import citations
from cms.blocks import ArticleBody
from cms.models import ArticleIndexPage, ArticlePage, Video
from programs.models import Exercise
from tests.cms.conftest import make_article

_CITED = f"<p>Nerves slide {citations.mark(['boyd2010', 'bhandari2019'])}.</p>"


def make_image(title: str = "Foot") -> Image:
    bytes_ = BytesIO()
    Pillow.new("RGB", (1200, 800), "#7a4a06").save(bytes_, "PNG")
    image: Image = Image.objects.create(title=title, file=ImageFile(bytes_, f"{title}.png"))
    return image


def make_video() -> Video:
    """Its files are too short to play."""
    return Video.objects.create(
        title="A slide", poster=make_image("Poster"), transcript="She lifts her leg.",
        file=ContentFile(b"x", "a.mp4"), captions=ContentFile(b"WEBVTT\n", "a.vtt"),
    )  # fmt: skip


def make_article_of_every_block(index: ArticleIndexPage) -> ArticlePage:
    """Public at /articles/every-block/; made once."""
    if found := ArticlePage.objects.filter(slug="every-block").first():
        return found
    body = _blocks(ArticlePage.objects.child_of(index).live()[:2])
    assert {name for name, _ in body} == set(ArticleBody().child_blocks)
    return make_article(index, "Every block", slug="every-block", body=body)


def _blocks(articles: Any) -> list[tuple[str, Any]]:
    def picture(**fields: Any) -> dict[str, Any]:
        told = {"alt_text": "A foot", "decorative": False, "caption": _CITED, "credit": "Ana"}
        return {"image": make_image(), **told, **fields}

    exercises = Exercise.objects.filter(clinic=None)
    interest = {"has_interest": True, "disclosure": "The clinic sells it."}
    return [
        ("key_points", ["<p>One point.</p>", "<p>Another.</p>"]),
        ("emergency", {"title": "When to get help now", "emergency": ["<p>Sudden weakness.</p>"],
                       "same_day": ["<p>A new wound.</p>"]}),
        ("heading", "How nerves slide"),
        ("subheading", "In the leg"),
        ("paragraph", _CITED),
        ("definition", {"term": "Glide", "meaning": "<p>A slide of a nerve.</p>"}),
        ("rows", {"title": "Causes", "rows": [{"term": "Diabetes", "text": _CITED}]}),
        ("callout", {"tone": "note", "title": "Good to know", "text": _CITED}),
        ("callout", {"tone": "caution", "title": "Take care", "text": _CITED}),
        ("table", {"caption": "Shoes", "head": ["Part", "Why"], "rows": [["<p>Heel</p>", _CITED]]}),
        ("checklist", {"title": "Before you walk", "items": ["<p>Shoes are empty.</p>"]}),
        ("steps", {"title": "Then", "steps": ["<p>Stand.</p>", "<p>Wait.</p>"]}),
        ("question", {"question": "Does it heal?", "answer": _CITED}),
        ("quote", {"text": _CITED, "who": "Ana, a patient"}),
        ("figure", picture()),
        ("figure", picture(alt_text="", decorative=True, caption="", credit="")),
        ("gallery", {"title": "Two feet", "pictures": [picture(), picture(credit="")]}),
        ("drawing", {"drawing": "shoe", "alt_text": "A shoe.", "caption": _CITED}),
        ("video", {"video": make_video(), "caption": _CITED}),
        ("exercise", exercises.get(code="G01")),
        ("exercise", exercises.get(code="B05")),
        ("program", "P1"),
        ("product", {"title": "A shoe", "text": _CITED, **interest}),
        ("related", {"title": "Read also", "articles": list(articles)}),
    ]  # fmt: skip
