"""What keepers of the library may do in Wagtail's admin, asked by permission name.

`LibraryPolicy` decides about each entry; some of Wagtail's buttons ask only for the model.
"""

from typing import Any

from django.contrib.auth.backends import BaseBackend

from programs.library.keeping import keeps_library

_MODELS = ("programs.{}_exercise", "programs.{}_progressform", "cms.{}_video")
_DOINGS = ("view", "add", "change", "delete", "publish", "lock", "unlock")
KEEPERS_PERMISSIONS = frozenset(name.format(doing) for name in _MODELS for doing in _DOINGS) | {
    "wagtailadmin.access_admin"
}


class LibraryBackend(BaseBackend):
    """Adds to the login's own backend; nobody logs in by this one."""

    def get_user_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        if obj is not None or not keeps_library(user_obj):
            return set()
        return set(KEEPERS_PERMISSIONS)
