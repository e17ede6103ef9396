"""Pictures and videos of an exercise, as blocks of its edit form."""

from wagtail import blocks
from wagtail.images.blocks import ImageChooserBlock
from wagtail.snippets.blocks import SnippetChooserBlock

from cms.models import Video


class PictureBlock(blocks.StructBlock):
    image = ImageChooserBlock()
    alt_text = blocks.CharBlock(
        max_length=250, label="Description", help_text="What it shows, for those who can't see it."
    )
    caption = blocks.CharBlock(max_length=200, required=False)

    class Meta:
        icon = "image"


class VideoBlock(blocks.StructBlock):
    video = SnippetChooserBlock(Video)
    caption = blocks.CharBlock(max_length=200, required=False)

    class Meta:
        icon = "media"


class MediaBlock(blocks.StreamBlock):
    picture = PictureBlock()
    video = VideoBlock()

    class Meta:
        required = False
