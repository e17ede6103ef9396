"""Sources in Wagtail's admin: the list, the form, the exports of a selection."""

from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.admin.widgets.button import Button
from wagtail.snippets.views.snippets import CreateView, IndexView, SnippetViewSet

from cms import importing
from cms.models.source import CheckState, Source


class SourceForm(WagtailAdminModelForm):
    """Offers the source we have instead of a second one, and notes who checked."""

    class Media:
        js = ["js/source-form.js"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """The title is edited with its marks; the model takes them apart."""
        super().__init__(*args, **kwargs)
        self.fields["key"].required = False
        if self.instance.title_marked:
            self.initial["title"] = self.instance.title_marked

    def clean_key(self) -> str:
        """What texts cite by: of no interest while writing, so it is made where none is typed."""
        key: str = self.cleaned_data["key"]
        return key or self.instance.key

    def clean_title(self) -> str:
        self.instance.title_marked = ""  # what is typed says it all
        title: str = self.cleaned_data["title"]
        return title

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not cleaned.get("key") and "key" not in self.errors and cleaned.get("title"):
            cleaned["key"] = self._made_key(cleaned)
        if cleaned.get("check_state") == CheckState.CHECKED:
            cleaned["checked_by"] = cleaned.get("checked_by") or self._by()
            cleaned["checked_on"] = cleaned.get("checked_on") or timezone.localdate()
        elif "check_state" in cleaned:
            cleaned["checked_by"], cleaned["checked_on"] = "", None
        return cleaned

    def _made_key(self, cleaned: dict[str, Any]) -> str:
        taken = importing.Keys(set(Source.objects.values_list("key", flat=True)))
        names = {name: cleaned.get(name) for name in ("authors", "title", "year")}
        return taken.free("", Source(**{**names, "authors": names["authors"] or []}))

    def _by(self) -> str:
        user = self.for_user
        return (user.get_full_name() or str(user)) if user else ""

    def _post_clean(self) -> None:
        """The model's own checks; that the work is known is said at its field, with a link."""
        super()._post_clean()
        twin = self.instance.twin() if self.instance.title else None
        if twin is None:
            return
        said = self._errors.pop(NON_FIELD_ERRORS, None)
        others = [error for error in said.as_data() if not _says_known(error)] if said else []
        if others:
            self.add_error(None, others)
        self.add_error(_field_of(twin, self.instance), ValidationError(_offered(twin), code="twin"))


def _says_known(error: ValidationError) -> bool:
    """Whether the model or one of its constraints says it; the link says it better."""
    return error.code == "twin" or str(error.message).startswith("Another source has")


def _field_of(twin: Source, source: Source) -> str:
    """The field that gave it away."""
    for name in ("doi", "pmid", "pmcid"):
        value = getattr(source, name).lower()
        if value and value == getattr(twin, name).lower():
            return name
    return "title"


def _offered(twin: Source) -> SafeString:
    address = reverse("wagtailsnippets_cms_source:edit", args=[twin.pk])
    return format_html(
        'We have this work already: <a href="{}">{}</a>. Cite that one instead.',
        address,
        twin,
    )


def state_kind(source: Source) -> str:
    """How the badge looks: 'bad', 'doubtful' or 'fine'."""
    if source.is_retracted:
        return "bad"
    is_doubtful = source.check_state in {CheckState.UNCHECKED, CheckState.PARTLY}
    return "doubtful" if is_doubtful else "fine"


def state_words(source: Source) -> str:
    return "Retracted" if source.is_retracted else source.check_words


class StateColumn(Column):
    """Words first, then the look (static/css/cite-editor.css)."""

    cell_template_name = "cms/admin/state_cell.html"

    def get_cell_context_data(self, instance: Any, parent_context: Any) -> Any:
        context = super().get_cell_context_data(instance, parent_context)
        return {**context, "kind": state_kind(instance), "words": state_words(instance)}

    def get_value(self, instance: Any) -> str:
        return state_words(instance)


class SourceIndexView(IndexView):
    @property
    def header_more_buttons(self) -> list[Button]:
        more = [*super().header_more_buttons]
        if self.request.user.has_perm("cms.add_source"):
            address = reverse("footing_sources_import")
            more.append(Button("Import sources", url=address, icon_name="upload", priority=60))
        address = reverse("footing_sources_export")
        more.append(Button("Export sources", url=address, icon_name="download", priority=70))
        return more


class SourceCreateView(CreateView):
    def get_success_message(self, instance: Any) -> str:
        named = f"{instance.short} is added. Cite it in an article with the Cite button,"
        return f"{named} or by typing /cite."


def _panel(heading: str, *names: Any, **kwargs: Any) -> MultiFieldPanel:
    panels = [
        FieldRowPanel([FieldPanel(part) for part in name])
        if isinstance(name, tuple)
        else name
        if not isinstance(name, str)
        else FieldPanel(name)
        for name in names
    ]
    return MultiFieldPanel(panels, heading=heading, **kwargs)


class SourceViewSet(SnippetViewSet):
    model = Source
    icon = "openquote"
    menu_label = "Sources"
    menu_order = 310
    add_to_admin_menu = True
    copy_view_enabled = False  # a copy would be a second entry of one work
    index_view_class = SourceIndexView
    add_view_class = SourceCreateView
    list_display = [
        "short",
        "title",
        "container",
        "year",
        StateColumn("state", label="Checked"),
    ]
    list_filter = ["check_state", "is_retracted", "kind", "design", "year"]
    list_per_page = 50
    search_fields = ["key", "title", "container", "doi", "pmid", "authors"]
    ordering = ["key"]
    edit_handler = ObjectList(
        [
            _panel(
                "Fill in from a number",
                HelpPanel(template="cms/admin/fill_panel.html"),
                ("doi", "pmid", "pmcid"),
            ),
            _panel("What it is", "kind", "title", "authors", "more_authors"),
            _panel(
                "Where it was published",
                ("container", "container_full"),
                ("year", "month", "day"),
                ("season", "is_in_press"),
                ("volume", "issue", "pages"),
                ("url", "accessed"),
            ),
            _panel(
                "For a book, chapter, report or guideline",
                "editors",
                ("publisher", "place", "edition"),
                classname="collapsed",
            ),
            _panel("What it is worth", "design", "appraisal", "is_retracted"),
            _panel(
                "How sure we are of these details",
                "check_state",
                ("checked_by", "checked_on"),
                "checked",
                "certainty",
                "use",
            ),
            _panel("For files and other programs", "key", classname="collapsed"),
        ],
        base_form_class=SourceForm,
    )
