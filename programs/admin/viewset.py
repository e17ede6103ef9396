"""Snippets of the library: each clinic sees its own and the platform's, and changes what it keeps.

Another clinic's entry does not exist (`WalledViewSet`); the platform's is read, and copied.
"""

from typing import Any, cast

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from wagtail.snippets.models import SnippetAdminURLFinder
from wagtail.snippets.views import snippets

from accounts.models import User
from cms.admin.walled import WalledViewSet, chooser_of
from programs.admin.policy import LibraryPolicy
from programs.library.keeping import may_change

READING_VIEWS = (
    snippets.HistoryView,
    snippets.UsageView,
    snippets.InspectView,
    snippets.PreviewRevisionView,
    snippets.RevisionsCompareView,
    snippets.WorkflowHistoryView,
    snippets.WorkflowHistoryDetailView,
)


# For articles: published, not archived, and for every reader.
LibraryChooserViewSet = chooser_of(lambda model, request: model.objects.active().readable_by_all())


class LibraryURLFinder(SnippetAdminURLFinder):
    """Where an entry is edited. None for another clinic's, which Wagtail then calls private."""

    def __init__(self, user: Any = None) -> None:
        super().__init__(user)
        self.user = user

    def get_edit_url(self, instance: Any) -> str | None:
        is_seen = self.user is None or LibraryPolicy(self.model).user_has_permission_for_instance(
            self.user, "view", instance
        )
        address: str | None = super().get_edit_url(instance) if is_seen else None
        return address


class LibraryViewSet(WalledViewSet):
    """Base of the library's snippets; the model has `clinic`, `visible_to` and `active`."""

    add_to_admin_menu = True
    copy_view_enabled = False  # copies are made by an action of ours, whole
    inspect_view_enabled = False
    chooser_viewset_class = LibraryChooserViewSet

    @property
    def permission_policy(self) -> LibraryPolicy:
        return LibraryPolicy(self.model)

    @property
    def url_finder_class(self) -> type:
        return type("_LibraryURLFinder", (LibraryURLFinder,), {"model": self.model})

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return self.permission_policy.instances_user_has_permission_for(request.user, "view")

    def turned_away(
        self, request: HttpRequest, entry: Any, view_class: type
    ) -> HttpResponse | None:
        if issubclass(view_class, READING_VIEWS) or may_change(cast(User, request.user), entry):
            return None
        messages.info(
            request, f"{entry} belongs to the platform. Make a copy for your clinic to change."
        )
        return redirect(reverse(self.get_url_name("history"), args=[entry.pk]))


def first_clinic_of(user: Any) -> Any:
    """The clinic that a new entry of this user belongs to; None is the platform."""
    return user.clinic if getattr(user, "clinic_id", None) else None
