"""For whom a list is read, as a compiled query is told it."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from accounts.models import User
from accounts.permissions import Permission, Role
from patients.models import Patient

Reader = tuple[int | None, Role, UUID | None]


def reader_of(user: User) -> Reader:
    """What a list asks of its reader: whoever sees all of the clinic is nobody in the query."""
    return user.pk if user.may(Permission.TREAT) else None, Role(user.role), user.clinic_id


def seen_by(reader: int | None, role: Role, clinic: UUID | None) -> QuerySet[Any]:
    """The keys of the patients whom such a reader may see."""
    user = User(pk=reader, clinic_id=clinic, role=role)
    return Patient.objects.visible_to(user).order_by().values("pk")
