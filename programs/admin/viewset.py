"""Snippets of the library: each clinic sees its own and the platform's, and changes what it keeps.

Wagtail asks its permission policy per model in most of these views. Here every view that names an
entry is held against that entry, in one place.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from wagtail.snippets.views import snippets
from wagtail.snippets.views.chooser import (
    ChooseResultsView,
    ChooseView,
    SnippetChooserViewSet,
)

from accounts.models import User
from programs.admin.policy import LibraryPolicy
from programs.library.keeping import keeps_library, may_change

READING_VIEWS = (
    snippets.HistoryView,
    snippets.UsageView,
    snippets.InspectView,
    snippets.PreviewRevisionView,
    snippets.RevisionsCompareView,
    snippets.WorkflowHistoryView,
    snippets.WorkflowHistoryDetailView,
)


class OfferedMixin:
    """In a chooser, which is for articles: published, not archived, and for every reader."""

    def get_object_list(self) -> QuerySet[Any]:
        return self.model_class.objects.active().readable_by_all()  # type: ignore[attr-defined]


class OfferedChooseView(OfferedMixin, ChooseView):
    pass


class OfferedChooseResultsView(OfferedMixin, ChooseResultsView):
    pass


class LibraryChooserViewSet(SnippetChooserViewSet):
    choose_view_class = OfferedChooseView
    choose_results_view_class = OfferedChooseResultsView


class LibraryViewSet(snippets.SnippetViewSet):
    """Base of the library's snippets; the model has `clinic`, `visible_to` and `active`."""

    add_to_admin_menu = True
    copy_view_enabled = False  # copies are made by an action of ours, whole
    inspect_view_enabled = False
    chooser_viewset_class = LibraryChooserViewSet

    @property
    def permission_policy(self) -> LibraryPolicy:
        return LibraryPolicy(self.model)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        visible: QuerySet[Any] = self.model.objects.visible_to(request.user)
        return visible

    def construct_view(self, view_class: type, **kwargs: Any) -> Callable[..., HttpResponse]:
        view = super().construct_view(view_class, **kwargs)
        return self._held(view, reads=issubclass(view_class, READING_VIEWS))

    def _held(
        self, view: Callable[..., HttpResponse], *, reads: bool
    ) -> Callable[..., HttpResponse]:
        @wraps(view)
        def held(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            key = kwargs.get("pk", args[0] if args else None)
            if key is None:
                return view(request, *args, **kwargs)
            user = request.user
            if not keeps_library(user) or not isinstance(user, User):
                raise Http404
            entry = self.get_queryset(request).filter(pk=unquote(str(key))).first()
            if entry is None:
                raise Http404
            if reads or may_change(user, entry):
                return view(request, *args, **kwargs)
            messages.info(
                request, f"{entry} belongs to the platform. Make a copy for your clinic to change."
            )
            return redirect(reverse(self.get_url_name("history"), args=[entry.pk]))

        return held


def first_clinic_of(user: Any) -> Any:
    """The clinic that a new entry of this user belongs to; None is the platform."""
    return user.clinic if getattr(user, "clinic_id", None) else None
