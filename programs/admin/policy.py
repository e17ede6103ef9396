"""Who keeps the library, in the words of Wagtail's permission policies."""

from typing import Any

from django.db.models import QuerySet

from cms.admin.walled import EntryPolicy
from programs.library.keeping import keeps_library, may_change


class LibraryPolicy(EntryPolicy):
    """Roles decide, not Django's model permissions; and each entry belongs to somebody."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return keeps_library(user)

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Any) -> bool:
        if action == "view":
            return keeps_library(user) and instance.clinic_id in (None, user.clinic_id)
        return may_change(user, instance)

    def seen_by(self, user: Any) -> QuerySet[Any]:
        visible: QuerySet[Any] = self.model.objects.visible_to(user)
        return visible
