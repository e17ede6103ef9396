"""Blocks of words. What may carry a citation is rich text."""

from typing import Any

from django.core.exceptions import ValidationError
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError

TEXT_FEATURES = ["bold", "italic", "link", "ol", "ul"]
# In articles, whose pages number their citations (cms.citations).
CITED_FEATURES = [*TEXT_FEATURES, "citation"]
# For lines and cells: no lists inside lists.
LINE_FEATURES = ["bold", "italic", "link", "citation"]
# The anchor of the emergency box, in the list of contents like a heading.
EMERGENCY_ANCHOR = "get-help-now"


def line(**kwargs: Any) -> blocks.RichTextBlock:
    """A short text that may cite: a point of a list, a cell, an answer."""
    return blocks.RichTextBlock(features=LINE_FEATURES, **kwargs)


class DefinitionBlock(blocks.StructBlock):
    """A clinical word in plain words."""

    term = blocks.CharBlock(max_length=80)
    meaning = line()

    class Meta:
        icon = "openquote"
        label = "In plain words"
        template = "cms/blocks/definition.html"


class RowBlock(blocks.StructBlock):
    term = blocks.CharBlock(max_length=120)
    text = line()


class RowsBlock(blocks.StructBlock):
    """Symptoms, causes, grades, shoes: terms with a text each."""

    title = blocks.CharBlock(max_length=120)
    rows = blocks.ListBlock(RowBlock(), min_num=1)

    class Meta:
        icon = "list-ul"
        label = "Symptoms or causes"
        template = "cms/blocks/rows.html"


class TableBlock(blocks.StructBlock):
    """Rows and columns. The first row and the first column are their headings."""

    caption = blocks.CharBlock(max_length=160, help_text="What the table shows.")
    head = blocks.ListBlock(blocks.CharBlock(max_length=80), min_num=2, label="Column headings")
    rows = blocks.ListBlock(
        blocks.ListBlock(line(), min_num=2, label="Cells of the row"), min_num=1
    )

    class Meta:
        icon = "table"
        template = "cms/blocks/table.html"

    def clean(self, value: Any) -> Any:
        """Raises a validation error for a row that is longer or shorter than the head."""
        cleaned = super().clean(value)
        wanted = len(cleaned["head"])
        if any(len(row) != wanted for row in cleaned["rows"]):
            message = f"Each row needs {wanted} cells, as many as there are column headings."
            raise StructBlockValidationError(block_errors={"rows": ValidationError(message)})
        return cleaned


class CalloutBlock(blocks.StructBlock):
    """A note or a caution. What can't wait has a block of its own."""

    tone = blocks.ChoiceBlock(
        choices=[("note", "Note"), ("caution", "Caution")], default="note", search_index=False
    )
    title = blocks.CharBlock(max_length=120)
    text = blocks.RichTextBlock(features=CITED_FEATURES)

    class Meta:
        icon = "warning"
        template = "cms/blocks/callout.html"


class EmergencyBlock(blocks.StructBlock):
    """When to get help now. Each line is a pattern a reader can recognize."""

    title = blocks.CharBlock(max_length=80, default="When to get help now")
    emergency = blocks.ListBlock(line(), min_num=1, label="Call the emergency number now")
    same_day = blocks.ListBlock(line(), label="Be seen the same day")

    class Meta:
        icon = "warning"
        label = "Emergency"
        template = "cms/blocks/emergency.html"


class ChecklistBlock(blocks.StructBlock):
    title = blocks.CharBlock(max_length=120)
    items = blocks.ListBlock(line(), min_num=1)

    class Meta:
        icon = "tick-inverse"
        template = "cms/blocks/checklist.html"


class StepsBlock(blocks.StructBlock):
    """What to do in this order."""

    title = blocks.CharBlock(max_length=120)
    steps = blocks.ListBlock(line(), min_num=2)

    class Meta:
        icon = "list-ol"
        label = "Steps"
        template = "cms/blocks/steps.html"


class QuestionBlock(blocks.StructBlock):
    question = blocks.CharBlock(max_length=160)
    answer = blocks.RichTextBlock(features=CITED_FEATURES)

    class Meta:
        icon = "help"
        label = "Question and answer"
        template = "cms/blocks/question.html"


class QuoteBlock(blocks.StructBlock):
    text = line()
    who = blocks.CharBlock(max_length=120, label="Who said it")

    class Meta:
        icon = "openquote"
        template = "cms/blocks/quote.html"


class ProductBlock(blocks.StructBlock):
    """Advice on shoes, insoles or aids. A commercial interest is named, or there is none."""

    title = blocks.CharBlock(max_length=120)
    text = blocks.RichTextBlock(features=CITED_FEATURES)
    has_interest = blocks.BooleanBlock(
        required=False,
        label="Somebody here gains from it",
        help_text="The author, the reviewer or the clinic sells it, is paid, or got it free.",
    )
    disclosure = blocks.TextBlock(
        required=False, max_length=400, help_text="Who gains what. Shown above the advice."
    )

    class Meta:
        icon = "tag"
        label = "Product or footwear advice"
        template = "cms/blocks/product.html"

    def clean(self, value: Any) -> Any:
        """Raises a validation error for an interest that is not disclosed."""
        cleaned = super().clean(value)
        if cleaned["has_interest"] and not cleaned["disclosure"].strip():
            error = ValidationError("Say who gains what. Readers have a right to know.")
            raise StructBlockValidationError(block_errors={"disclosure": error})
        return cleaned
