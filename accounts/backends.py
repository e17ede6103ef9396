"""How a login is checked, and what a logged-in user may do in Wagtail's admin."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.models import Permission as ModelPermission
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.addresses import canonical
from accounts.compiled import compiled
from accounts.demo import is_closed_demo
from accounts.models import User
from accounts.permissions import PORTAL_ROLES, Permission


@compiled
def _user(key: int) -> QuerySet[User]:
    return User.objects.select_related("clinic").filter(pk=key)


class EmailBackend(AuthenticationBackend):
    """Login by email, with the clinic at hand.

    A patient, and who helps one, holds no Django permission, whatever group somebody put them in:
    none of them ever enters Wagtail's admin.
    """

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> Any:
        address = canonical(credentials.get("email") or credentials.get("username") or "")
        if is_closed_demo(address):
            return None
        password = credentials.get("password")
        return super().authenticate(request, email=address, password=password)

    def user_can_authenticate(self, user: Any) -> bool:
        return not is_closed_demo(user.email) and super().user_can_authenticate(user)

    def get_user(self, user_id: Any) -> User | None:
        user = next(iter(_user(int(user_id))), None)
        return user if user and self.user_can_authenticate(user) else None

    def _get_permissions(self, user_obj: Any, obj: Any, from_name: str) -> set[str]:
        if user_obj.role in PORTAL_ROLES:
            return set()
        return super()._get_permissions(user_obj, obj, from_name)

    def _get_group_permissions(self, user_obj: User) -> QuerySet[ModelPermission]:
        permissions: QuerySet[ModelPermission] = super()._get_group_permissions(user_obj)
        return permissions if user_obj.may(Permission.WRITE_CONTENT) else permissions.none()
