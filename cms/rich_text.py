"""The citation as an entity of Wagtail's rich text editor and as an element of its stored HTML."""

from collections.abc import Iterable, Iterator
from contextvars import ContextVar
from typing import Any

from draftjs_exporter.dom import DOM
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter
from wagtail.admin.rich_text.converters.contentstate_models import ContentState
from wagtail.admin.rich_text.converters.html_to_contentstate import (
    KEEP_WHITESPACE,
    HandlerState,
    InlineEntityElementHandler,
)
from wagtail.admin.rich_text.editors.draftail import DraftailRichTextArea
from wagtail.admin.rich_text.editors.draftail.features import EntityFeature
from wagtail.rich_text import EmbedHandler
from wagtail.rich_text.feature_registry import FeatureRegistry

from cms import citations
from cms.models.source import Source

FEATURE = "citation"
ENTITY = "CITATION"
# What the sources of the text that is being read are called; None outside of one.
_read: ContextVar[dict[str, str] | None] = ContextVar("cited_in_text", default=None)


class CitationHandler(EmbedHandler):
    """For readers: an empty place that the page numbers once all its blocks are rendered."""

    identifier = citations.EMBED_TYPE

    @staticmethod
    def get_model() -> type[Source]:
        return Source

    @staticmethod
    def expand_db_attributes(attrs: dict[str, str]) -> str:
        return citations.place_html(attrs.get("keys", ""))

    @classmethod
    def extract_references(
        cls, attrs: dict[str, str]
    ) -> Iterator[tuple[type[Source], str, str, str]]:
        """For Wagtail's reference index, which tells where a source is used."""
        found = Source.objects.filter(key__in=attrs.get("keys", "").split())
        for pk in found.values_list("pk", flat=True):
            yield Source, str(pk), "", ""


class CitationElementHandler(InlineEntityElementHandler):
    """Stored HTML to the editor: the element is empty there, and names its sources here."""

    mutability = "IMMUTABLE"

    def handle_starttag(
        self,
        name: str,
        attrs: list[tuple[str, str]],
        state: HandlerState,
        contentstate: ContentState,
    ) -> None:
        super().handle_starttag(name, attrs, state, contentstate)
        state.current_block.text += shown(dict(attrs).get("keys", ""))
        # What follows keeps its space: 'word[1] and' must not become 'word[1]and'.
        state.leading_whitespace = KEEP_WHITESPACE

    def get_attribute_data(self, attrs: dict[str, str]) -> dict[str, str]:
        return {"keys": attrs.get("keys", "")}


def shown(keys: str) -> str:
    """What stands in the editor's text: '[Bhandari 2019; Seddon 1943]'. A key that no source has
    stands there itself, to be taken out.
    """
    listed, known = keys.split(), _read.get()
    if known is None:
        known = _called(listed)
    return f"[{'; '.join(known.get(key, key) for key in listed)}]"


def _called(keys: Iterable[str]) -> dict[str, str]:
    """By key. One query, none without keys."""
    wanted = set(keys)
    rows = Source.objects.filter(key__in=wanted) if wanted else ()
    return {source.key: source.short for source in rows}


class Converter(ContentstateConverter):
    """Asks once for all sources of a text, however often it cites."""

    def from_database_format(self, html: str) -> str:
        before = _read.set(_called(citations.keys_in(html)))
        try:
            return str(super().from_database_format(html))
        finally:
            _read.reset(before)


class Editor(DraftailRichTextArea):
    """Wagtail's editor (settings name it), with our converter."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.converter = Converter(self.features)


def stored(props: dict[str, Any]) -> Any:
    """The editor's entity to stored HTML; a mark without a valid key is dropped."""
    keys = str(props.get("keys") or "").split()
    try:
        citations.mark(keys)
    except ValueError:
        return None
    return DOM.create_element(
        "embed", {"embedtype": citations.EMBED_TYPE, "keys": " ".join(dict.fromkeys(keys))}
    )


def register(features: FeatureRegistry) -> None:
    features.register_embed_type(CitationHandler)
    features.register_editor_plugin(
        "draftail",
        FEATURE,
        EntityFeature(
            {
                "type": ENTITY,
                "icon": "openquote",
                "label": "Cite",
                "description": "Cite sources",
                "attributes": ["keys"],
                # Kept when pasted from another text here.
                "allowlist": {"keys": True},
            },
            js=["js/cite-chooser.js", "js/cite-editor.js"],
        ),
    )
    features.register_converter_rule(
        "contentstate",
        FEATURE,
        {
            "from_database_format": {
                f'embed[embedtype="{citations.EMBED_TYPE}"]': CitationElementHandler(ENTITY)
            },
            "to_database_format": {"entity_decorators": {ENTITY: stored}},
        },
    )
