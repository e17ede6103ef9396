"""Progress forms in Wagtail's admin."""

from collections.abc import Callable, Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.admin.widgets import Button
from wagtail.snippets.views.snippets import CreateView, IndexView

from programs.admin.viewset import LibraryViewSet, first_clinic_of
from programs.models import ProgressForm


class ProgressFormForm(WagtailAdminModelForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        address = reverse("footing_reading_grade")
        self.fields["intro"].widget.attrs["data-reading-grade"] = address

    class Media:
        js = ("js/reading-grade.js",)

    def clean_code(self) -> str:
        """The clinic is not in the form, so the form looks for another of this code itself."""
        code: str = self.cleaned_data["code"]
        same = ProgressForm.objects.filter(clinic=self.instance.clinic_id, code=code)
        if same.exclude(pk=self.instance.pk).exists():
            raise ValidationError("Another form has this code.")
        return code


_offers: list[Callable[[HttpRequest], Iterable[Button]]] = []


def also_offer(buttons: Callable[[HttpRequest], Iterable[Button]]) -> None:
    """Register what another app lets somebody do with forms: programs knows none."""
    _offers.append(buttons)


class ProgressFormIndexView(IndexView):
    @property
    def header_more_buttons(self) -> list[Button]:
        offered = [button for offer in _offers for button in offer(self.request)]
        return [*super().header_more_buttons, *offered]


class ProgressFormCreateView(CreateView):
    """A new form belongs to the clinic of who writes it."""

    def get_initial_form_instance(self) -> ProgressForm:
        return ProgressForm(clinic=first_clinic_of(self.request.user))


class ProgressFormViewSet(LibraryViewSet):
    model = ProgressForm
    icon = "form"
    menu_label = "Progress forms"
    menu_order = 302
    index_view_class = ProgressFormIndexView
    add_view_class = ProgressFormCreateView
    list_display = [
        "title",
        "code",
        Column("clinic", label="Of", accessor=lambda row: row.clinic or "platform"),
    ]
    search_fields = ["title", "code"]
    ordering = ["code"]
    edit_handler = ObjectList(
        [
            FieldRowPanel([FieldPanel("title"), FieldPanel("code")]),
            FieldPanel("intro"),
            FieldPanel("body"),
        ],
        base_form_class=ProgressFormForm,
    )
