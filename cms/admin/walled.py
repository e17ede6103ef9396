"""Snippets of which not everybody may see each entry.

Wagtail asks its permission policy per model in most views of snippets. Here every view that names
an entry finds it among those of `get_queryset`, and so does a bulk action; else there is none.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.admin.utils import unquote
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from wagtail.snippets.bulk_actions.delete import DeleteBulkAction
from wagtail.snippets.views.snippets import SnippetViewSet


class WalledViewSet(SnippetViewSet):
    """Base of snippets whose `get_queryset` knows who asks."""

    def construct_view(self, view_class: type, **kwargs: Any) -> Callable[..., HttpResponse]:
        view = super().construct_view(view_class, **kwargs)

        @wraps(view)
        def walled(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            key = kwargs.get("pk", args[0] if args else None)
            if key is None:
                return view(request, *args, **kwargs)
            try:
                entry = self.get_queryset(request).filter(pk=unquote(str(key))).first()
            except ValueError as error:
                raise Http404 from error
            if entry is None:
                raise Http404
            return self.turned_away(request, entry, view_class) or view(request, *args, **kwargs)

        return walled

    def is_kept_by(self, request: HttpRequest, entry: Any) -> bool:
        """Whether this person changes and deletes this entry; the policy is asked beside it."""
        return True

    def turned_away(
        self, request: HttpRequest, entry: Any, view_class: type
    ) -> HttpResponse | None:
        """The answer to somebody who may see this entry and not do this; None lets them."""
        return None


class DeleteSelected(DeleteBulkAction):
    """In the place of Wagtail's, which asks for the model only: here each entry is asked about."""

    def _visible(self) -> QuerySet[Any]:
        visible: QuerySet[Any] | None = self.model.snippet_viewset.get_queryset(self.request)
        return self.model._default_manager.all() if visible is None else visible

    def get_queryset(self, model: type, object_ids: list[Any]) -> list[Any]:
        """Raises Http404 for a selection that names an entry which is none to this person."""
        found = list(self._visible().filter(pk__in=object_ids))
        if len(found) < len(set(object_ids)):
            raise Http404
        return found

    def get_all_objects_in_listing_query(self, parent_id: Any) -> list[str]:
        return [str(pk) for pk in self._visible().values_list("pk", flat=True)]

    def check_perm(self, snippet: Any) -> bool:
        viewset, user = self.model.snippet_viewset, self.request.user
        may = viewset.permission_policy.user_has_permission_for_instance(user, "delete", snippet)
        is_kept = getattr(viewset, "is_kept_by", None)
        return bool(may) and (is_kept is None or is_kept(self.request, snippet))

    def get_actionable_objects(self) -> tuple[list[Any], dict[str, list[Any]]]:
        """Raises Http404 where nothing of the selection may be deleted."""
        found: tuple[list[Any], dict[str, list[Any]]] = super().get_actionable_objects()
        if not found[0]:
            raise Http404
        return found
