"""Programs of others that may read by FHIR, what each is allowed, and its keys."""

import datetime as dt
import unicodedata
import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models.clinic import Clinic
from accounts.smart import addresses, keys
from accounts.smart.scopes import KINDS, Level


class Topic(models.TextChoices):
    """What a program can be told of, as it happens."""

    SESSION = "session-stored", "A session was stored"
    ALERT = "alert-raised", "An alert was raised"


# The kind of resource that each is about.
KIND_OF = {Topic.SESSION: "Procedure", Topic.ALERT: "Task"}


def validate_plain(text: str) -> None:
    """Raises ValidationError for signs that nobody sees, and that turn what stands around them."""
    if any(unicodedata.category(sign) in {"Cc", "Cf"} for sign in text):
        raise ValidationError("Type it by hand: it holds signs that nobody sees.")


class ConnectedAppQuerySet(models.QuerySet["ConnectedApp"]):
    def active(self) -> "ConnectedAppQuerySet":
        return self.filter(ended_at=None)


class ConnectedApp(models.Model):
    """A program that a clinic's administrator entered. `id` is its client_id.

    One that reads all of a clinic, or runs on a server of its own, shows who it is by a key
    (`private_key_jwt`); one on a phone or in a browser keeps no secret and has none.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(
        Clinic, on_delete=models.PROTECT, related_name="connected_apps", editable=False
    )
    name = models.CharField(
        max_length=80,
        validators=[validate_plain],
        help_text="Patients read it when they are asked, and in the audit trail.",
    )
    reads = models.CharField("whose record it reads", max_length=10, choices=Level.choices)
    kinds = ArrayField(
        models.CharField(max_length=30),
        verbose_name="what it may read at the most",
        help_text="Kinds of resources of FHIR R4 (accounts.smart.scopes).",
    )
    redirect_uris = ArrayField(
        models.CharField(max_length=500, validators=[addresses.validate_way_back]),
        verbose_name="addresses that a patient may be led back to",
        default=list,
        blank=True,
    )
    key_set_address = models.CharField(
        "address of its public keys",
        max_length=500,
        blank=True,
        validators=[addresses.validate_asked],
        help_text="A JSON Web Key Set (RFC 7517). Keys may change there at any time.",
    )
    key_set = models.JSONField(
        "its public keys",
        null=True,
        blank=True,
        help_text="A JSON Web Key Set, where there is no address.",
    )
    topics = ArrayField(
        models.CharField(max_length=20, choices=Topic.choices),
        verbose_name="what it is told of",
        default=list,
        blank=True,
        db_default=[],
        help_text="By a signed note without a name, from then on. It asks here what happened.",
    )
    hook_address = models.CharField(
        "address where it is told",
        max_length=500,
        blank=True,
        default="",
        db_default="",
        validators=[addresses.validate_asked],
    )
    added_at = models.DateTimeField(auto_now_add=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )
    ended_at = models.DateTimeField(null=True, editable=False)

    objects: ClassVar[Any] = ConnectedAppQuerySet.as_manager()

    class Meta:
        ordering = ["name", "added_at"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(reads=Level.SYSTEM)
                | Q(key_set__isnull=False)
                | ~Q(key_set_address=""),
                name="connected_app_of_clinic_has_keys",
                violation_error_message="What reads a whole clinic shows a key.",
            ),
            models.CheckConstraint(
                condition=~Q(reads=Level.PATIENT) | Q(redirect_uris__len__gt=0),
                name="connected_app_leads_back",
                violation_error_message="Say where patients are led back to.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Raises ValidationError beside what is wrong."""
        if not set(self.kinds) <= set(KINDS):
            raise ValidationError({"kinds": "Choose from the list."})
        if self.key_set is not None:
            try:
                keys.read(self.key_set)
            except ValidationError as error:
                raise ValidationError({"key_set": error.messages}) from error
            self.key_set = {"keys": keys.usable(self.key_set)}
        if bool(self.topics) != bool(self.hook_address):
            raise ValidationError({"hook_address": "Say both: of what it is told, and where."})
        if self.topics and self.reads != Level.SYSTEM:
            raise ValidationError({"topics": "Only what reads all of the clinic is told of news."})
        needed = {KIND_OF[Topic(one)] for one in self.topics if one in Topic.values}
        if beyond := sorted(needed - set(self.kinds)):
            words = ", ".join(beyond)
            raise ValidationError({"topics": f"It may not read what it would be told of: {words}."})
        if self.key_set is not None and self.key_set_address:
            raise ValidationError({"key_set": "Either its keys or their address, not both."})

    @property
    def has_key(self) -> bool:
        return bool(self.key_set_address or self.key_set)


class AppAccessQuerySet(models.QuerySet["AppAccess"]):
    def lasting(self) -> "AppAccessQuerySet":
        """Of patients, that an app can still read by or renew; `AppAccess.may_go_on` says the same
        of one.
        """
        now = timezone.now()
        return self.filter(
            Q(access_until__gt=now) | Q(refresh_until__gt=now),
            ended_at=None,
            app__ended_at=None,
            app__clinic=F("user__clinic"),
            user__is_active=True,
            user__session_epoch=F("epoch"),
        )


def _digest() -> Any:
    """Of a secret; NULL where there is none, which is like no other NULL."""
    return models.CharField(max_length=64, null=True, unique=True)


class AppAccess(models.Model):
    """What one app was once allowed, with the codes and tokens that came of it.

    Those are kept as digests only: a copy of the database reads nothing. Of a refresh token that
    was used, and of a code, the digest stays, too: whoever shows one again has stolen it, or was
    stolen from, and this ends.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    app = models.ForeignKey(ConnectedApp, on_delete=models.PROTECT, related_name="accesses")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.CASCADE,
        related_name="app_accesses",
        help_text="The patient's login; nobody's where it reads a clinic.",
    )
    epoch = models.PositiveIntegerField(default=0, help_text="User.session_epoch, as it was then.")
    scope = models.TextField(help_text="What was allowed, as SMART writes it.")
    code = _digest()
    code_until = models.DateTimeField(null=True)
    code_used = models.BooleanField(default=False)
    challenge = models.CharField(max_length=128, blank=True)
    redirect_uri = models.CharField(max_length=500, blank=True)
    access = _digest()
    access_scope = models.TextField(blank=True, help_text="Less than `scope` where less was asked.")
    access_until = models.DateTimeField(null=True)
    refresh = _digest()
    refresh_until = models.DateTimeField(null=True)
    spent = ArrayField(models.CharField(max_length=64), default=list)
    allowed_at = models.DateTimeField(default=timezone.now)
    used_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects: ClassVar[Any] = AppAccessQuerySet.as_manager()

    class Meta:
        ordering = ["-allowed_at"]

    def __str__(self) -> str:
        return f"{self.app} since {self.allowed_at:%Y-%m-%d}"

    def may_go_on(self) -> bool:
        """Neither stopped nor past: the login is as it was when its owner allowed this."""
        if self.ended_at is not None or self.app.ended_at is not None:
            return False
        if self.user is None:
            return True
        user = self.user
        is_same = user.is_active and user.session_epoch == self.epoch
        return is_same and user.clinic_id == self.app.clinic_id

    def is_open(self, now: dt.datetime) -> bool:
        """Its access token can be used."""
        return bool(self.access_until and self.access_until > now and self.may_go_on())


class AppExportQuerySet(models.QuerySet["AppExport"]):
    def kept(self) -> "AppExportQuerySet":
        """Neither taken back nor past."""
        return self.filter(taken_back_at=None, asked_at__gt=timezone.now() - AppExport.KEPT)


class AppExport(models.Model):
    """A whole clinic, as an app asked for it: files that are made piece by piece, and soon deleted.

    `files` are {kind, count, name} each, and `reached` is the last patient who is in them.
    """

    KEPT = dt.timedelta(hours=24)  # from when it was asked for

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    app = models.ForeignKey(ConnectedApp, on_delete=models.PROTECT, related_name="exports")
    asked_at = models.DateTimeField(default=timezone.now)
    address = models.TextField(help_text="What was asked, word for word.")
    kinds = ArrayField(models.CharField(max_length=30))
    since = models.DateTimeField(null=True)
    pieces = models.PositiveIntegerField(default=0)
    reached = models.UUIDField(null=True)
    files = models.JSONField(default=list)
    done_at = models.DateTimeField(null=True)
    taken_back_at = models.DateTimeField(null=True)

    objects: ClassVar[Any] = AppExportQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at"]

    def __str__(self) -> str:
        return f"{self.app} of {self.asked_at:%Y-%m-%d %H:%M}"

    @property
    def until(self) -> dt.datetime:
        return self.asked_at + self.KEPT

    @property
    def folder(self) -> str:
        """Of the private files."""
        return f"exports/{self.pk}"


class AppEvent(models.Model):
    """Something that an app is told of, once. Written by the database with the row it is about
    (a trigger in the migrations of `programs`), told by the worker (`fhir.telling`).
    """

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    app = models.ForeignKey(ConnectedApp, on_delete=models.PROTECT, related_name="events")
    topic = models.CharField(max_length=20, choices=Topic.choices)
    subject = models.UUIDField(help_text="The session or alert.")
    at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0, db_default=0)
    next_at = models.DateTimeField(null=True, help_text="When it is told; null once it was tried.")
    told_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["app", "topic", "subject"], name="app_event_once")
        ]
        indexes = [
            models.Index(
                fields=["clinic", "next_at"],
                condition=Q(next_at__isnull=False),
                name="app_event_waits",
            )
        ]

    def __str__(self) -> str:
        return f"{self.app}: {self.get_topic_display()}"
