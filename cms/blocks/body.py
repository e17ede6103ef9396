"""The blocks that an article, and a plainer page, may hold."""

from wagtail import blocks
from wagtail.snippets.blocks import SnippetChooserBlock

from cms.blocks import library, media, text


class StandardBody(blocks.StreamBlock):
    """Of pages about the site: words only."""

    heading = blocks.CharBlock(max_length=120, icon="title", template="cms/blocks/heading.html")
    subheading = blocks.CharBlock(
        max_length=120, icon="title", template="cms/blocks/subheading.html"
    )
    paragraph = blocks.RichTextBlock(
        features=text.CITED_FEATURES, icon="pilcrow", template="cms/blocks/paragraph.html"
    )
    rows = text.RowsBlock()
    callout = text.CalloutBlock()
    steps = text.StepsBlock()
    question = text.QuestionBlock()


class ArticleBody(StandardBody):
    key_points = blocks.ListBlock(
        text.line(), min_num=1, icon="list-ol", template="cms/blocks/key_points.html"
    )
    definition = text.DefinitionBlock()
    table = text.TableBlock()
    emergency = text.EmergencyBlock()
    checklist = text.ChecklistBlock()
    quote = text.QuoteBlock()
    figure = media.PictureBlock()
    drawing = media.DrawingBlock()
    gallery = media.GalleryBlock()
    video = media.VideoBlock()
    exercise = SnippetChooserBlock(
        "programs.Exercise", icon="form", template="cms/blocks/exercise.html"
    )
    program = library.ProgramBlock()
    product = text.ProductBlock()
    related = library.RelatedBlock()
