"""Authors in Wagtail's admin: whose byline belongs to which login."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, ObjectList

from accounts.models import User
from accounts.permissions import Role
from cms.admin.walled import WalledViewSet
from cms.models import Author


def nameable_by(user: User) -> QuerySet[User]:
    """The logins that `user` may name as an author's: staff of the same clinic, never a patient."""
    staff = User.objects.filter(is_active=True).exclude(role=Role.PATIENT)
    return staff if user.is_superuser else staff.filter(clinic=user.clinic)


class AuthorForm(WagtailAdminModelForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Who a byline is stays: a reviewer who unlinked their own could sign what they wrote."""
        super().__init__(*args, **kwargs)
        linked, login = self.instance.user_id, self.fields["user"]
        login.queryset = User.objects.filter(pk=linked) if linked else nameable_by(self.for_user)
        login.disabled = bool(linked) and not self.for_user.is_superuser


class AuthorViewSet(WalledViewSet):
    model = Author
    icon = "user"
    menu_label = "Authors"
    add_to_admin_menu = True
    copy_view_enabled = False  # a login has one byline
    list_display = ["name", "credentials"]
    search_fields = ["name"]
    fields = ("name", "credentials", "biography", "is_organization", "is_invented", "user")
    edit_handler = ObjectList([FieldPanel(name) for name in fields], base_form_class=AuthorForm)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Author]:
        """Bylines without a login, and those of one's own clinic's staff."""
        everyone, user = Author.objects.all(), request.user
        if user.is_superuser:
            return everyone
        return everyone.filter(Q(user=None) | Q(user__clinic=getattr(user, "clinic", None)))
