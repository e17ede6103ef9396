"""Videos in Wagtail's admin: each in a collection, as pictures and documents are."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.models import Collection
from wagtail.snippets.views import chooser, snippets

from cms import teams
from cms.admin.walled import WalledViewSet
from cms.models import Video

READING_VIEWS = (snippets.HistoryView, snippets.UsageView)


def seen_by(user: Any) -> QuerySet[Video]:
    return Video.objects.filter(collection__in=teams.collections_read_by(user))


class VideoForm(WagtailAdminModelForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = teams.collections_written_by(self.for_user)
        collection = self.fields["collection"]
        collection.queryset, collection.empty_label = own, None
        if self.instance.pk is None:
            self.initial["collection"] = own.order_by("-pk").first()


class SeenMixin:
    """In a chooser."""

    request: HttpRequest

    def get_object_list(self) -> QuerySet[Video]:
        return seen_by(self.request.user)


class ChooseView(SeenMixin, chooser.ChooseView):
    pass


class ChooseResultsView(SeenMixin, chooser.ChooseResultsView):
    pass


class ChosenView(SeenMixin, chooser.SnippetChosenView):
    def get_object(self, pk: str) -> Video:
        return self.get_object_list().get(pk=pk)


class ChosenMultipleView(SeenMixin, chooser.SnippetChosenMultipleView):
    def get_objects(self, pks: list[str]) -> QuerySet[Video]:
        return self.get_object_list().filter(pk__in=pks)


class VideoChooserViewSet(chooser.SnippetChooserViewSet):
    choose_view_class = ChooseView
    choose_results_view_class = ChooseResultsView
    chosen_view_class = ChosenView
    chosen_multiple_view_class = ChosenMultipleView


class VideoViewSet(WalledViewSet):
    model = Video
    icon = "media"
    menu_label = "Videos"
    add_to_admin_menu = True
    copy_view_enabled = False  # the file would be shared
    chooser_viewset_class = VideoChooserViewSet
    list_display = ["title", "collection"]
    search_fields = ["title", "transcript"]
    fields = (
        "title",
        "file",
        "poster",
        "language",
        "captions",
        "is_silent",
        "transcript",
        "collection",
    )
    edit_handler = ObjectList([FieldPanel(name) for name in fields], base_form_class=VideoForm)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Video]:
        return seen_by(request.user)

    def is_kept_by(self, request: HttpRequest, entry: Any) -> bool:
        own: QuerySet[Collection] = teams.collections_written_by(request.user)
        return own.filter(pk=entry.collection_id).exists()

    def turned_away(
        self, request: HttpRequest, entry: Any, view_class: type
    ) -> HttpResponse | None:
        if issubclass(view_class, READING_VIEWS) or self.is_kept_by(request, entry):
            return None
        messages.info(request, f"{entry} belongs to the public site, which others keep.")
        return redirect(reverse(self.get_url_name("list")))
