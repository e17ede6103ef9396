"""What the law makes a clinic keep of somebody who was erased: sealed, and destroyed in time."""

import datetime as dt
import uuid
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils.crypto import salted_hmac

from accounts.models import Clinic, User
from accounts.permissions import Permission
from accounts.sealing import box

_SALT = "patients.sealed_record"


def digest_of(first_name: str, last_name: str, birth_date: dt.date) -> str:
    """By which a sealed record is found again. Who it is of can't be read from it."""
    names = " ".join(f"{first_name} {last_name}".split()).casefold()
    return salted_hmac(_SALT, f"{names} {birth_date.isoformat()}", algorithm="sha256").hexdigest()


class SealedRecordQuerySet(models.QuerySet["SealedRecord"]):
    def visible_to(self, user: User) -> Self:
        """The clinic's, to those who may open them."""
        if not user.may(Permission.ERASE_PATIENTS):
            return self.none()
        return self.filter(clinic_id=user.clinic_id)

    def of(self, first_name: str, last_name: str, birth_date: dt.date) -> Self:
        return self.filter(who=digest_of(first_name, last_name, birth_date))


class SealedRecord(models.Model):
    """One person's whole record as files, encrypted with the site's secret, and nothing else of
    them: no name, no birth date, no id that another row has.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+", editable=False)
    who = models.CharField(max_length=64, editable=False)
    content = models.BinaryField()
    sealed_at = models.DateTimeField(auto_now_add=True)
    sealed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )
    kept_until = models.DateField(help_text="The last day on which it can be opened.")

    objects: ClassVar[SealedRecordQuerySet] = SealedRecordQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["kept_until"]
        indexes = [models.Index(fields=["clinic", "who"], name="sealed_record_who")]

    def __str__(self) -> str:
        return f"Sealed record of {self.sealed_at:%Y-%m-%d}"

    def seal(self, archive: bytes) -> None:
        self.content = box(_SALT).encrypt(archive)

    def opened(self) -> bytes:
        """The archive. Raises InvalidToken when it was sealed with another SECRET_KEY."""
        return box(_SALT).decrypt(bytes(self.content))
