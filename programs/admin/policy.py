"""Who keeps the library, in the words of Wagtail's permission policies."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from wagtail.permission_policies import ModelPermissionPolicy

from programs.library.keeping import keeps_library, may_change


class LibraryPolicy(ModelPermissionPolicy):
    """Roles decide, not Django's model permissions; and each entry belongs to somebody."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return keeps_library(user)

    def user_has_any_permission(self, user: Any, actions: Iterable[str]) -> bool:
        return keeps_library(user)

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Any) -> bool:
        if action == "view":
            return keeps_library(user) and instance.clinic_id in (None, user.clinic_id)
        return may_change(user, instance)

    def user_has_any_permission_for_instance(
        self, user: Any, actions: Iterable[str], instance: Any
    ) -> bool:
        return any(
            self.user_has_permission_for_instance(user, action, instance) for action in actions
        )

    def instances_user_has_any_permission_for(
        self, user: Any, actions: Iterable[str]
    ) -> QuerySet[Any]:
        visible: QuerySet[Any] = self.model.objects.visible_to(user)
        return visible if keeps_library(user) else visible.none()
