"""How a patient gets their login: a link by email, or a short code on paper."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

from django.conf import settings
from django.core import signing
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts import wall
from patients.models.base import PatientData, PatientDataQuerySet
from patients.models.codes import code_of, normalized_code

_SALT = "patients.invitation"


def code_digest(text: str) -> str:
    return salted_hmac(_SALT, normalized_code(text), algorithm="sha256").hexdigest()


class InvitationQuerySet(PatientDataQuerySet):
    def usable(self) -> "InvitationQuerySet":
        """Not accepted, not withdrawn, not expired."""
        return self.filter(accepted_at=None, withdrawn_at=None, expires_at__gt=timezone.now())


class Invitation(PatientData):
    """A single-use, expiring way to a patient's login.

    Neither the link nor the code is stored: both are derived from the row's id and the site's
    secret, so a copy of the database opens no account, and the code can be printed again.
    """

    sent_to = models.EmailField(blank=True)
    code_digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["patient"],
                condition=Q(accepted_at=None, withdrawn_at=None),
                name="invitation_one_open",
            ),
        ]

    def __str__(self) -> str:
        return f"Invitation of {self.created_at:%Y-%m-%d}"

    @property
    def token(self) -> str:
        """What stands in the emailed link."""
        return signing.Signer(salt=_SALT).sign(str(self.pk))

    @property
    def code(self) -> str:
        """The short code, as printed: two groups of four."""
        return code_of(_SALT, self.pk)

    @property
    def is_usable(self) -> bool:
        return (
            self.accepted_at is None
            and self.withdrawn_at is None
            and self.expires_at > timezone.now()
        )

    @classmethod
    @contextmanager
    def of_token(cls, token: str) -> Iterator["Invitation | None"]:
        """The usable invitation of an emailed link, or None whatever is wrong with it.

        Whoever holds it sees the patient's rows meanwhile, and nobody else's.
        """
        try:
            pk = signing.Signer(salt=_SALT).unsign(token)
        except signing.BadSignature:
            yield None
            return
        with wall.holding(cls, pk):
            yield cls.objects.usable().select_related("patient__clinic").filter(pk=pk).first()

    @classmethod
    def from_code(cls, code: str, birth_date: object) -> "Invitation | None":
        """The usable invitation of a printed code, if the birth date is the patient's."""
        digest = code_digest(code)
        with wall.holding(cls, digest, column="code_digest"):
            usable = cls.objects.usable().filter(code_digest=digest)
            found: Invitation | None = usable.filter(patient__birth_date=birth_date).first()
        return found


class PrivacyAcceptance(PatientData):
    """Which version of the privacy notice was accepted, when, and by whom: the patient, or who
    helps them.
    """

    version = models.CharField(max_length=20)
    accepted_at = models.DateTimeField(auto_now_add=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,  # of before it was written down, by somebody whose login has ended
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
    )

    class Meta:
        ordering = ["-accepted_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["patient", "version", "accepted_by"], name="privacy_accepted_once"
            )
        ]

    def __str__(self) -> str:
        return f"Privacy notice {self.version}"
