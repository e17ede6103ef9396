"""Who keeps which part of the library."""

from typing import Any

from accounts.models import Clinic, User
from accounts.permissions import Permission


def keeps_library(user: Any) -> bool:
    """May write for the library at all: therapists, editors and the platform's administrators."""
    return isinstance(user, User) and (user.is_superuser or user.may(Permission.WRITE_CONTENT))


def may_change(user: User, entry: Any) -> bool:
    """Whether `user` may change this exercise, program or form.

    A clinic keeps its own. What belongs to the platform is kept by those without a clinic; while
    there is one clinic only, the platform is that clinic.
    """
    if not keeps_library(user):
        return False
    if entry.clinic_id is not None:
        return user.is_superuser or entry.clinic_id == user.clinic_id
    return user.clinic_id is None or not Clinic.objects.exclude(pk=user.clinic_id).exists()
