"""Reminders: when a patient wants them, which were sent, and their calendar's secret link."""

import datetime as dt
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts import wall
from accounts.models import Clinic, validate_time_zone
from patients.models.base import PatientData, PatientDataQuerySet

MOST_TIMES = 3
_SALT = "programs.calendar"


def at_nine() -> list[dt.time]:
    return [dt.time(9)]


class Channel(models.TextChoices):
    EMAIL = "email", "Email"
    SMS = "sms", "Text message"


class ReminderChoice(PatientData):
    """What a patient chose. Without a row, or with both channels off, nothing is sent.

    `next_at` is the moment of the next slot: the worker looks at these rows only when it is over.
    """

    times = ArrayField(models.TimeField(), default=at_nine, size=MOST_TIMES)
    # Empty: the clinic's.
    time_zone = models.CharField(max_length=64, blank=True, validators=[validate_time_zone])
    by_email = models.BooleanField(default=False)
    by_sms = models.BooleanField(default=False)
    repeat = models.BooleanField(default=False)
    next_at = models.DateTimeField(null=True, db_index=True, editable=False)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["patient"], name="reminder_choice_one_a_patient"),
            models.CheckConstraint(
                condition=Q(times__len__range=(1, MOST_TIMES)),
                name="reminder_choice_has_times",
                violation_error_message="Choose a time.",
            ),
            models.CheckConstraint(
                condition=Q(by_email=True) | Q(by_sms=True) | Q(next_at=None),
                name="reminder_choice_off_is_off",
            ),
        ]

    def __str__(self) -> str:
        return ", ".join(f"{at:%H:%M}" for at in self.times)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone) if self.time_zone else self.patient.clinic.zone

    @property
    def channels(self) -> list[Channel]:
        chosen = [(Channel.EMAIL, self.by_email), (Channel.SMS, self.by_sms)]
        return [channel for channel, is_on in chosen if is_on]


def times_of(choice: ReminderChoice | None, clinic: Clinic) -> list[dt.time]:
    """In their order: what was chosen; before anybody has, what the clinic offers."""
    return sorted(choice.times) if choice else [clinic.reminder_at]


class SlotState(models.TextChoices):
    """Each slot leaves `waiting` once, and is never sent from any other state."""

    WAITING = "waiting", "Waiting to be sent"
    SENDING = "sending", "Handed to the mail server"
    SENT = "sent", "Sent"
    QUIET = "quiet", "Not needed"
    LATE = "late", "Dropped, too late"
    FAILED = "failed", "Refused by the mail server"


class ReminderSlot(PatientData):
    """One reminder of one day and time. That there is one row is why it is sent at most once."""

    channel = models.CharField(max_length=5, choices=Channel.choices)
    on = models.DateField(help_text="The date on the patient's wall.")
    at = models.TimeField(help_text="The time on the patient's wall.")
    is_repeat = models.BooleanField(default=False)
    due_at = models.DateTimeField()
    state = models.CharField(
        max_length=8, choices=SlotState.choices, default=SlotState.WAITING, editable=False
    )
    settled_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["-due_at"]
        indexes = [
            models.Index(fields=["clinic", "patient", "-due_at"]),
            # The worker looks for these each minute; they are few, the others for ever more.
            models.Index(
                fields=["due_at"],
                condition=Q(state=SlotState.WAITING),
                name="reminder_slot_waiting",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["patient", "channel", "on", "at"], name="reminder_slot_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.at:%H:%M}, {self.get_state_display().lower()}"


class CalendarFeedQuerySet(PatientDataQuerySet):
    def open(self) -> "CalendarFeedQuerySet":
        return self.filter(ended_at=None)


class CalendarFeed(PatientData):
    """A secret link to the days of a plan. Renewing it ends this row and makes another.

    The link is not stored: it is derived from the row's id and the site's secret, so a copy of the
    database opens no calendar, and the patient can look the link up again.
    """

    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, editable=False)

    objects: ClassVar[Any] = CalendarFeedQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["patient"], condition=Q(ended_at=None), name="calendar_feed_one_open"
            )
        ]

    def __str__(self) -> str:
        return f"Calendar link of {self.created_at:%Y-%m-%d}"

    @property
    def token(self) -> str:
        """32 signs of the id and 64 of its seal (HMAC-SHA256)."""
        seal = salted_hmac(_SALT, self.pk.hex, algorithm="sha256").hexdigest()
        return f"{self.pk.hex}{seal}"

    @classmethod
    @contextmanager
    def of_token(cls, token: str) -> Iterator["CalendarFeed | None"]:
        """The open feed of a link, or None whatever is wrong with it.

        Whoever holds it sees the patient's rows meanwhile, and nobody else's.
        """
        try:
            asked = cls(pk=uuid.UUID(hex=token[:32]))
        except ValueError:
            asked = None
        if asked is None or not constant_time_compare(asked.token, token):
            yield None
            return
        with wall.holding(cls, asked.pk):
            among = cls.objects.open().select_related("patient__clinic", "patient__user")
            yield among.filter(pk=asked.pk).first()
