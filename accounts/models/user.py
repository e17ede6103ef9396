"""Who logs in."""

import uuid
from collections.abc import Iterator
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower, Now

from accounts.addresses import AddressField, canonical
from accounts.models.clinic import Clinic
from accounts.npi import npi_field
from accounts.permissions import PORTAL_ROLES, Permission, Role, permissions_of


class UserManager(BaseUserManager["User"]):
    @classmethod
    def normalize_email(cls, email: str | None) -> str:
        return canonical(email or "")

    def create_user(self, *, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, *, email: str, password: str, **fields: Any) -> "User":
        return self.create_user(
            email=email, password=password, is_superuser=True, is_staff=True, **fields
        )

    def get_by_natural_key(self, email: str | None) -> "User":
        return self.get(email=email)


class User(AbstractUser):
    """A person who logs in by email. Platform administrators have no clinic and no role."""

    # Django's own way to go without one; the types know only a field.
    username = None  # type: ignore[assignment]
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = AddressField("email address", unique=True)
    clinic = models.ForeignKey(
        Clinic, null=True, blank=True, on_delete=models.PROTECT, related_name="users"
    )
    role = models.CharField(max_length=20, choices=Role.choices, blank=True)
    credentials = models.CharField(max_length=100, blank=True, help_text="Such as PT, DPT.")
    npi = npi_field()
    # What others read of them: set by the database, so that programs find what is new (`fhir`).
    changed_at = models.DateTimeField(db_default=Now(), editable=False)
    # Counted by the database at each change of role, clinic, or of being active: a session that
    # began under another count has ended.
    session_epoch = models.PositiveIntegerField(default=0, db_default=0, editable=False)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    # Not Django's manager, whose `create_user` asks for a username.
    objects: ClassVar[UserManager] = UserManager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_unique",
                violation_error_message="An account with this email address exists.",
            ),
            models.CheckConstraint(
                condition=Q(email=Lower("email")),
                name="user_email_lower",
                violation_error_message="Write the email address in small letters.",
            ),
            models.CheckConstraint(
                condition=~Q(role="") | Q(is_superuser=True),
                name="user_has_role",
                violation_error_message="Choose a role.",
            ),
            models.CheckConstraint(
                condition=Q(clinic__isnull=False) | Q(role__in=["", Role.EDITOR]),
                name="user_role_has_clinic",
                violation_error_message="This role needs a clinic.",
            ),
            models.CheckConstraint(
                condition=~Q(role__in=sorted(PORTAL_ROLES)) | Q(is_superuser=False, is_staff=False),
                name="patient_is_never_staff",
                violation_error_message="A patient can't be given staff rights.",
            ),
        ]

    def __str__(self) -> str:
        return self.get_full_name() or self.email

    @property
    def name_with_credentials(self) -> str:
        return f"{self}, {self.credentials}" if self.credentials else str(self)

    def get_session_auth_hash(self) -> str:
        return self._of_epoch(super().get_session_auth_hash())

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        return map(self._of_epoch, super().get_session_auth_fallback_hash())

    def _of_epoch(self, digest: str) -> str:
        return f"{digest}.{self.session_epoch}"

    @property
    def is_caregiver(self) -> bool:
        """Somebody who helps a patient: what they send is the patient's, and says so."""
        return self.role == Role.CAREGIVER

    def may(self, permission: Permission) -> bool:
        return self.is_active and permission in permissions_of(self.role)

    @property
    def can(self) -> set[str]:
        """What a template asks: `{% if "treat" in request.user.can %}`."""
        return {permission.name.lower() for permission in Permission if self.may(permission)}
