"""Whose plans a caregiver may look at."""

from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from accounts.models import User

# For a family that takes turns; and one patient's page asks nobody to mail a street.
MOST = 5


@dataclass(frozen=True)
class CaredFor:
    """Somebody who shares with a caregiver now."""

    patient_id: UUID
    name: str


def cared_for(user: User) -> list[CaredFor]:
    """All of them, the longest-known first; the wall shows the rows of one only."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT patient, name FROM footing_cared_for(%s)", [user.pk])
        return [CaredFor(*row) for row in cursor.fetchall()]
