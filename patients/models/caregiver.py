"""Who helps a patient at home, with a login of their own, and how much of the record they see."""

import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum, auto
from typing import Any, ClassVar

from django.conf import settings
from django.core import signing
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts import wall
from accounts.addresses import AddressField
from patients.models.base import PatientData, PatientDataQuerySet
from patients.models.codes import code_of, normalized_code

_SALT = "patients.caregiver"


class Share(Enum):
    """What of the portal a page belongs to, when somebody other than the patient opens it."""

    PLAN = auto()  # what everybody sees who helps: today, the plan, and what to do when it is wrong
    SESSIONS = auto()
    MESSAGES = auto()


class CaregiverQuerySet(PatientDataQuerySet):
    def active(self) -> "CaregiverQuerySet":
        """Who may see now."""
        return self.filter(accepted_at__isnull=False, ended_at=None)

    def usable(self) -> "CaregiverQuerySet":
        """Invitations that can be accepted."""
        return self.filter(accepted_at=None, ended_at=None, expires_at__gt=timezone.now())


class Caregiver(PatientData):
    """A relative or friend whom the patient invited, from then until `ended_at`.

    The row stays when it has ended: it says who was shown what, and for how long. Neither the
    mailed link nor the code that the patient tells them is stored.
    """

    name = models.CharField(max_length=80)
    email = AddressField()
    does_sessions = models.BooleanField(default=False)
    reads_messages = models.BooleanField(default=False)
    invited_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="cares_for",
        editable=False,
    )
    accepted_at = models.DateTimeField(null=True, editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
    )

    objects: ClassVar[Any] = CaregiverQuerySet.as_manager()

    class Meta:
        ordering = ["invited_at"]
        indexes = [models.Index(fields=["user"], condition=Q(ended_at=None), name="caregiver_now")]
        constraints = [
            models.UniqueConstraint(
                fields=["patient", "email"],
                condition=Q(ended_at=None),
                name="caregiver_once",
                violation_error_message="This address is on your list already.",
            ),
            models.CheckConstraint(
                condition=Q(user=None, accepted_at=None)
                | Q(user__isnull=False, accepted_at__isnull=False),
                name="caregiver_accepted_whole",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="caregiver_ended_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def may(self, share: Share) -> bool:
        """Whether the patient shares this with them."""
        allowed = {
            Share.PLAN: True,
            Share.SESSIONS: self.does_sessions,
            Share.MESSAGES: self.reads_messages,
        }
        return self.accepted_at is not None and self.ended_at is None and allowed[share]

    @property
    def is_open(self) -> bool:
        """Invited, and the link still works."""
        waits = self.accepted_at is None and self.ended_at is None
        return waits and self.expires_at > timezone.now()

    @property
    def token(self) -> str:
        """What stands in the mailed link."""
        return signing.Signer(salt=_SALT).sign(str(self.pk))

    @property
    def code(self) -> str:
        """What the patient tells them: the link alone, in a mistyped mailbox, opens nothing."""
        return code_of(_SALT, self.pk)

    def is_code(self, typed: str) -> bool:
        mine, theirs = (normalized_code(text).encode() for text in (self.code, typed))
        return hmac.compare_digest(mine, theirs)

    @classmethod
    @contextmanager
    def of_token(cls, token: str) -> Iterator["Caregiver | None"]:
        """The usable invitation of a mailed link, or None whatever is wrong with it.

        Whoever holds it sees the patient's rows meanwhile, and nobody else's.
        """
        try:
            pk = signing.Signer(salt=_SALT).unsign(token)
        except signing.BadSignature:
            yield None
            return
        with wall.holding(cls, pk):
            yield cls.objects.usable().select_related("patient__clinic").filter(pk=pk).first()
