"""Videos in Wagtail's admin: each in a collection, as pictures and documents are."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.snippets.views import snippets

from accounts.models import User
from accounts.permissions import Permission
from cms import teams
from cms.admin.walled import EntryPolicy, WalledViewSet, chooser_of
from cms.models import Video

READING_VIEWS = (snippets.HistoryView, snippets.UsageView)


class VideoPolicy(EntryPolicy):
    """Whoever writes at all keeps the videos of their own collections and uses the site's."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return isinstance(user, User) and (user.is_superuser or user.may(Permission.WRITE_CONTENT))

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Any) -> bool:
        found = teams.collections_read_by if action == "view" else teams.collections_written_by
        may = self.user_has_permission(user, action)
        return may and found(user).filter(pk=instance.collection_id).exists()

    def seen_by(self, user: Any) -> QuerySet[Video]:
        return Video.objects.filter(collection__in=teams.collections_read_by(user))


class VideoForm(WagtailAdminModelForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = teams.collections_written_by(self.for_user)
        collection = self.fields["collection"]
        collection.queryset, collection.empty_label = own, None
        if self.instance.pk is None:
            self.initial["collection"] = own.order_by("-pk").first()


class VideoViewSet(WalledViewSet):
    model = Video
    icon = "media"
    menu_label = "Videos"
    add_to_admin_menu = True
    copy_view_enabled = False  # the file would be shared
    chooser_viewset_class = chooser_of(
        lambda model, request: VideoPolicy(model).seen_by(request.user)
    )
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

    @property
    def permission_policy(self) -> VideoPolicy:
        return VideoPolicy(Video)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Video]:
        return self.permission_policy.seen_by(request.user)

    def turned_away(
        self, request: HttpRequest, entry: Any, view_class: type
    ) -> HttpResponse | None:
        may = self.permission_policy.user_has_permission_for_instance
        if issubclass(view_class, READING_VIEWS) or may(request.user, "change", entry):
            return None
        messages.info(request, f"{entry} belongs to the public site, which others keep.")
        return redirect(reverse(self.get_url_name("list")))
