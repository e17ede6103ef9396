"""Blocks that show what is kept elsewhere: the library's entries, other articles.

By label or through `cms.embeds`: cms doesn't know the library, and a page stays public and the same
for every reader.
"""

from typing import Any

from wagtail import blocks

from cms import embeds


class ProgramBlock(blocks.ChoiceBlock):
    """What a program of the platform holds, without dosage. A clinic's own is never offered."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"choices": embeds.program_choices, "search_index": False, **kwargs})

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(value, parent_context)
        context["program"] = embeds.program(value)
        return context

    class Meta:
        icon = "list-ol"
        label = "Program summary"
        template = "cms/blocks/program.html"


class RelatedBlock(blocks.StructBlock):
    """Other articles, in the middle of one. What isn't public is left out."""

    title = blocks.CharBlock(max_length=80, default="Read also")
    articles = blocks.ListBlock(blocks.PageChooserBlock("cms.ArticlePage"), min_num=1)

    class Meta:
        icon = "doc-full"
        label = "Related articles"
        template = "cms/blocks/related.html"

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(value, parent_context)
        keys = [page.translation_key for page in value["articles"] if page]
        around = context.get("page")
        listed = self.child_blocks["articles"].child_block.target_model.objects.listed()
        if around is not None:
            listed = listed.read_in(around.locale_id)
        found = {page.translation_key: page for page in listed.filter(translation_key__in=keys)}
        context["pages"] = [found[key] for key in keys if key in found]
        return context
