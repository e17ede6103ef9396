"""What those who write content may do with sources, asked by permission name (Wagtail's way)."""

from typing import Any

from django.contrib.auth.backends import BaseBackend

from accounts.models import User
from accounts.permissions import Permission, Role
from cms.teams import is_editorial

READERS_PERMISSIONS = frozenset({"cms.view_source"})  # exercises of every clinic cite them
WRITERS_PERMISSIONS = frozenset(
    f"cms.{doing}_source" for doing in ("view", "add", "change", "delete")
)
# One style for the whole site: not each therapist's choice.
EDITORS_PERMISSIONS = WRITERS_PERMISSIONS | {"cms.change_citationsettings"}


class ContentBackend(BaseBackend):
    """Adds to the login's own backend; nobody logs in by this one."""

    def get_user_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        if obj is not None or not isinstance(user_obj, User) or not user_obj.is_active:
            return set()
        if not user_obj.may(Permission.WRITE_CONTENT):
            return set()
        if not is_editorial(user_obj):
            return set(READERS_PERMISSIONS)
        return set(EDITORS_PERMISSIONS if user_obj.role == Role.EDITOR else WRITERS_PERMISSIONS)
