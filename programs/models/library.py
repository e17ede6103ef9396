"""What exercises, programs and progress forms share: they belong to a clinic or the platform."""

import uuid
from typing import Any, Self

from django.db import models
from django.db.models import Q

from accounts.models import Clinic, User


def left_out(user: User) -> Q:
    """The platform's entries that the user's clinic leaves out (its settings)."""
    codes = user.clinic.left_out if user.clinic else []
    return Q(clinic=None, code__in=codes)


class LibraryQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        """The platform's entries and those of the user's own clinic."""
        return self.filter(Q(clinic=None) | Q(clinic_id=user.clinic_id))

    def offered_to(self, user: User) -> Self:
        """What can be chosen anew: visible, active, and not left out by the user's clinic."""
        return self.visible_to(user).active().exclude(left_out(user))

    def active(self) -> Self:
        return self.filter(archived_at=None)

    def put_away_for(self, user: User, *, is_away: bool = True) -> Self:
        """Archived, or left out by the user's clinic; or those that are neither."""
        away = Q(archived_at__isnull=False) | left_out(user)
        return self.filter(away if is_away else ~away)

    def readable_by_all(self) -> Self:
        """What an article may show: a clinic's own stays with its patients."""
        return self.filter(clinic=None)


class LibraryEntry(models.Model):
    """Without a clinic it is the platform's. What is used is archived, never deleted."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    clinic = models.ForeignKey(
        Clinic,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )
    # What the starter library last wrote; when the row no longer matches, somebody edited it.
    starter_digest = models.CharField(max_length=64, blank=True, editable=False)
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)
    code: str  # each kind's own, with its own length

    class Meta:
        abstract = True

    def is_left_out_by(self, clinic: Clinic) -> bool:
        """As `left_out` has it, of one entry."""
        return self.clinic_id is None and self.code in clinic.left_out
