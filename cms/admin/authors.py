"""Authors in Wagtail's admin: whose byline belongs to which login."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.admin.ui.tables import LiveStatusTagColumn
from wagtail.snippets.views import snippets

from accounts.models import User
from accounts.permissions import PORTAL_ROLES
from cms.admin.walled import EntryPolicy, WalledViewSet
from cms.models import Author
from cms.signing import is_reviewer, may_publish
from cms.teams import is_editorial


def nameable_by(user: User) -> QuerySet[User]:
    """The logins that `user` may name as an author's: staff of the same clinic, never a patient."""
    staff = User.objects.filter(is_active=True).exclude(role__in=PORTAL_ROLES)
    return staff if user.is_superuser else staff.filter(clinic=user.clinic)


class AuthorForm(WagtailAdminModelForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Who a byline is stays: a reviewer who unlinked their own could sign what they wrote."""
        super().__init__(*args, **kwargs)
        linked, login = self.instance.user_id, self.fields["user"]
        login.queryset = User.objects.filter(pk=linked) if linked else nameable_by(self.for_user)
        login.disabled = bool(linked) and not self.for_user.is_superuser


class AuthorPolicy(EntryPolicy):
    """The editorial team writes drafts; a reviewer publishes what is not their own."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        if action == "delete":
            return bool(user.is_superuser)
        if action == "publish":  # what was sent in, by approving it; see `Sent` and the task
            return bool(user.is_superuser) or is_reviewer(user)
        return is_editorial(user)

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Any) -> bool:
        may = self.user_has_permission(user, action)
        return may and (action != "publish" or may_publish(instance, user))

    def seen_by(self, user: Any) -> QuerySet[Author]:
        """Bylines without a login, and those of one's own clinic's staff."""
        everyone = Author.objects.all()
        if user.is_superuser:
            return everyone
        return everyone.filter(Q(user=None) | Q(user__clinic=getattr(user, "clinic", None)))


class Sent:
    """A form that only a superuser publishes by: it is sent in, and somebody else approves."""

    request: HttpRequest

    def get_available_actions(self) -> list[str]:
        # Wagtail's view, into which this is mixed, has one.
        actions: list[str] = super().get_available_actions()  # type: ignore[misc]
        if self.request.user.is_superuser:
            return actions
        return [action for action in actions if action != "publish"]


def offer_no_publishing(items: list[Any], request: HttpRequest, context: dict[str, Any]) -> None:
    """The button of what `Sent` refuses."""
    if context["model"] is Author and not request.user.is_superuser:
        items[:] = [item for item in items if item.name != "action-publish"]


class AddAuthor(Sent, snippets.CreateView):
    pass


class EditAuthor(Sent, snippets.EditView):
    pass


class AuthorViewSet(WalledViewSet):
    model = Author
    icon = "user"
    menu_label = "Authors"
    add_to_admin_menu = True
    copy_view_enabled = False  # a login has one byline
    list_display = ["name", "credentials", LiveStatusTagColumn()]
    search_fields = ["name"]
    fields = (
        "name",
        "credentials",
        "biography",
        "portrait",
        "is_organization",
        "is_invented",
        "user",
    )
    edit_handler = ObjectList([FieldPanel(name) for name in fields], base_form_class=AuthorForm)

    add_view_class = AddAuthor
    edit_view_class = EditAuthor

    def turned_away(
        self, request: HttpRequest, entry: Any, view_class: type
    ) -> HttpResponse | None:
        # Of one who is not public, the row itself is changed.
        if issubclass(view_class, snippets.UnpublishView) and not request.user.is_superuser:
            raise PermissionDenied
        return None

    @property
    def permission_policy(self) -> AuthorPolicy:
        return AuthorPolicy(Author)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Author]:
        return self.permission_policy.seen_by(request.user)
