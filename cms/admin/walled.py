"""Snippets of which not everybody may see each entry.

Wagtail asks its permission policy per model in most views of snippets. Here every view that names
an entry finds it among those of `get_queryset`, and so does a bulk action; else there is none.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from django.contrib.admin.utils import unquote
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.snippets.bulk_actions.delete import DeleteBulkAction
from wagtail.snippets.views import chooser
from wagtail.snippets.views.snippets import SnippetViewSet


class EntryPolicy(ABC, ModelPermissionPolicy):
    """Base of policies that ask about each entry. Its heirs answer for one action, of the model and
    of an entry, and say which entries are seen at all.
    """

    def user_has_any_permission(self, user: Any, actions: Iterable[str]) -> bool:
        return any(self.user_has_permission(user, action) for action in actions)

    def user_has_any_permission_for_instance(
        self, user: Any, actions: Iterable[str], instance: Any
    ) -> bool:
        return any(
            self.user_has_permission_for_instance(user, action, instance) for action in actions
        )

    def instances_user_has_any_permission_for(
        self, user: Any, actions: Iterable[str]
    ) -> QuerySet[Any]:
        seen = self.seen_by(user)
        return seen if self.user_has_any_permission(user, actions) else seen.none()

    @abstractmethod
    def seen_by(self, user: Any) -> QuerySet[Any]: ...


def chooser_of(
    offered: Callable[[Any, HttpRequest], QuerySet[Any]],
) -> type[chooser.SnippetChooserViewSet]:
    """A chooser, in all its views, of those entries of its model that `offered` gives."""

    class Offered:
        model_class: Any  # Wagtail's views, into which this is mixed, set both
        request: HttpRequest

        def get_object_list(self) -> QuerySet[Any]:
            return offered(self.model_class, self.request)

    class Choose(Offered, chooser.ChooseView):
        pass

    class ChooseResults(Offered, chooser.ChooseResultsView):
        pass

    class Chosen(Offered, chooser.SnippetChosenView):
        def get_object(self, pk: str) -> Any:
            return self.get_object_list().get(pk=pk)

    class ChosenMultiple(Offered, chooser.SnippetChosenMultipleView):
        def get_objects(self, pks: list[str]) -> QuerySet[Any]:
            return self.get_object_list().filter(pk__in=pks)

    class OfferedChooser(chooser.SnippetChooserViewSet):
        choose_view_class = Choose
        choose_results_view_class = ChooseResults
        chosen_view_class = Chosen
        chosen_multiple_view_class = ChosenMultiple

    return OfferedChooser


class WholeVersion:
    """Back to an older version: Wagtail 7.4 checks it whole when it is saved, but as it does drafts
    when it could still be said beside the fields.
    """

    def setup(self, *args: Any, **kwargs: Any) -> None:
        super().setup(*args, **kwargs)  # type: ignore[misc]  # the view that it stands before
        self.saving_as_draft = False


class WalledViewSet(SnippetViewSet):
    """Base of snippets whose `get_queryset` knows who asks."""

    @property
    def revisions_revert_view_class(self) -> type:
        return type("RevertView", (WholeVersion, super().revisions_revert_view_class), {})

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
        policy = self.model.snippet_viewset.permission_policy
        return bool(policy.user_has_permission_for_instance(self.request.user, "delete", snippet))

    def get_actionable_objects(self) -> tuple[list[Any], dict[str, list[Any]]]:
        """Raises Http404 where nothing of the selection may be deleted."""
        found: tuple[list[Any], dict[str, list[Any]]] = super().get_actionable_objects()
        if not found[0]:
            raise Http404
        return found
