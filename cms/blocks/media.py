"""Blocks to look at: pictures, drawings of ours, videos."""

from typing import Any

from django.core.exceptions import ValidationError
from wagtail import blocks
from wagtail.blocks import StreamValue
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.images.blocks import ImageChooserBlock
from wagtail.snippets.blocks import SnippetChooserBlock

from cms.blocks.text import line

# Each is a template in templates/cms/drawings/, in the colors of the page, light and dark.
DRAWINGS = [
    ("nerve-map", "Which nerve serves which skin of the foot"),
    ("emergency-signs", "Four signs of an emergency"),
    ("nerve-path", "The nerve from the back to the toes"),
    ("slide-stretch", "A slide and a stretch of a nerve"),
    ("nerve-layers", "Three grades of nerve injury"),
    ("balance-place", "A safe place to train balance"),
    ("shoe", "What a shoe for numb feet needs"),
    ("foot-check", "Where to look at the feet each day"),
]


def drawn_by(name: str) -> str:
    """The template of a drawing."""
    return f"cms/drawings/{name}.html"


def first_drawing(body: StreamValue) -> str:
    """The template of a text's first drawing; empty where it has none."""
    named = (block["value"]["drawing"] for block in body.raw_data if block["type"] == "drawing")
    return next((drawn_by(name) for name in named if name in dict(DRAWINGS)), "")


class PictureBlock(blocks.StructBlock):
    """A picture says what it shows, or that it only decorates."""

    image = ImageChooserBlock()
    decorative = blocks.BooleanBlock(
        required=False, help_text="It tells nothing that the text does not: screen readers skip it."
    )
    alt_text = blocks.CharBlock(
        max_length=250,
        required=False,
        label="Description",
        help_text="What it shows, for those who can't see it.",
    )
    caption = line(required=False)
    credit = blocks.CharBlock(
        max_length=160, required=False, help_text="Who made it, and its license."
    )

    class Meta:
        icon = "image"
        label = "Figure"
        template = "cms/blocks/figure.html"

    def clean(self, value: Any) -> Any:
        """Raises a validation error for a picture without words that is not decorative."""
        cleaned = super().clean(value)
        said = cleaned["alt_text"].strip()
        if bool(said) == bool(cleaned["decorative"]):
            message = (
                "A decorative picture has no description: take one of the two away."
                if said
                else "Say what the picture shows, or tick 'decorative'."
            )
            raise StructBlockValidationError(block_errors={"alt_text": ValidationError(message)})
        return cleaned


class GalleryBlock(blocks.StructBlock):
    title = blocks.CharBlock(max_length=120)
    pictures = blocks.ListBlock(PictureBlock(), min_num=2)

    class Meta:
        icon = "image"
        label = "Picture gallery"
        template = "cms/blocks/gallery.html"


class DrawingBlock(blocks.StructBlock):
    """A drawing that comes with Footing."""

    drawing = blocks.ChoiceBlock(choices=DRAWINGS, search_index=False)
    alt_text = blocks.CharBlock(max_length=300, label="Description")
    caption = line(required=False)

    class Meta:
        icon = "draft"
        label = "Drawing of ours"
        template = "cms/blocks/drawing.html"

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(value, parent_context)
        context["drawing"] = drawn_by(value["drawing"])
        return context


class VideoBlock(blocks.StructBlock):
    """Captions and transcript are the video's own."""

    video = SnippetChooserBlock("cms.Video")
    caption = line(required=False)

    class Meta:
        icon = "media"
        template = "cms/blocks/video.html"
