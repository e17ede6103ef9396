"""What an article is made of. One template a block, in templates/cms/blocks/."""

from typing import Any

from wagtail import blocks
from wagtail.snippets.blocks import SnippetChooserBlock

TEXT_FEATURES = ["bold", "italic", "link", "ol", "ul"]
# In articles, whose pages number their citations (cms.citations).
CITED_FEATURES = [*TEXT_FEATURES, "citation"]
LINE_FEATURES = ["bold", "italic", "link", "citation"]
# The anchor of the emergency box, in the list of contents like a heading.
EMERGENCY_ANCHOR = "get-help-now"


class LineBlock(blocks.RichTextBlock):
    """A sentence or two that can cite; no lists or headings inside lists."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(features=LINE_FEATURES, **kwargs)

    class Meta:
        icon = "pilcrow"


class DefinitionBlock(blocks.StructBlock):
    """A clinical word in plain words."""

    term = blocks.CharBlock(max_length=80)
    meaning = LineBlock()

    class Meta:
        icon = "openquote"
        label = "In plain words"
        template = "cms/blocks/definition.html"


class RowBlock(blocks.StructBlock):
    term = blocks.CharBlock(max_length=120)
    text = LineBlock()


class RowsBlock(blocks.StructBlock):
    """Causes, grades, shoes: terms with a text each."""

    title = blocks.CharBlock(max_length=120)
    rows = blocks.ListBlock(RowBlock(), min_num=1)

    class Meta:
        icon = "list-ul"
        label = "Table of rows"
        template = "cms/blocks/rows.html"


class CalloutBlock(blocks.StructBlock):
    """A note or a caution. What can't wait has a block of its own."""

    tone = blocks.ChoiceBlock(choices=[("note", "Note"), ("caution", "Caution")], default="note")
    title = blocks.CharBlock(max_length=120)
    text = blocks.RichTextBlock(features=CITED_FEATURES)

    class Meta:
        icon = "warning"
        template = "cms/blocks/callout.html"


class EmergencyBlock(blocks.StructBlock):
    """When to get help now. Each line is a pattern a reader can recognize."""

    title = blocks.CharBlock(max_length=80, default="When to get help now")
    emergency = blocks.ListBlock(LineBlock(), min_num=1, label="Call the emergency number now")
    same_day = blocks.ListBlock(LineBlock(), label="Be seen the same day")

    class Meta:
        icon = "warning"
        label = "Emergency"
        template = "cms/blocks/emergency.html"


class ChecklistBlock(blocks.StructBlock):
    title = blocks.CharBlock(max_length=120)
    items = blocks.ListBlock(LineBlock(), min_num=1)

    class Meta:
        icon = "tick-inverse"
        template = "cms/blocks/checklist.html"


class ArticleBody(blocks.StreamBlock):
    heading = blocks.CharBlock(max_length=120, icon="title", template="cms/blocks/heading.html")
    paragraph = blocks.RichTextBlock(
        features=CITED_FEATURES, icon="pilcrow", template="cms/blocks/paragraph.html"
    )
    key_points = blocks.ListBlock(
        LineBlock(), min_num=1, icon="list-ol", template="cms/blocks/key_points.html"
    )
    definition = DefinitionBlock()
    rows = RowsBlock()
    callout = CalloutBlock()
    emergency = EmergencyBlock()
    checklist = ChecklistBlock()
    # By label: cms doesn't know the library, and an article stays public and the same for all.
    exercise = SnippetChooserBlock(
        "programs.Exercise", icon="form", template="cms/blocks/exercise.html"
    )
