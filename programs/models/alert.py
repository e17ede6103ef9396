"""Alerts: what a therapist must look at."""

import datetime as dt
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from patients.models.base import PatientData, PatientDataQuerySet
from programs.models.check_in import CheckIn
from programs.models.plan import Plan
from programs.models.session import Session
from programs.models.sign_report import SignReport


class Severity(models.TextChoices):
    CRITICAL = "critical", "Critical"
    URGENT = "urgent", "Urgent, same day"
    HIGH = "high", "High, within 24 hours"
    MODERATE = "moderate", "Moderate, within 2 days"
    LOW = "low", "Low"

    @property
    def rank(self) -> int:
        """0 is the worst; lists sort by it."""
        return list(Severity).index(self)

    @classmethod
    def stopping(cls) -> tuple["Severity", ...]:
        """Their advice is to stop and get help now or today (brief 5, A1 to A6 and A9)."""
        return (cls.CRITICAL, cls.URGENT)


class Code(models.TextChoices):
    """Which rule raised it: A1 to A21 of brief 5, more signs of brief 1.9, two of ours.

    What each says and asks for is in `programs.alerts.rules`.
    """

    A1 = "A1", "Stroke signs"
    A2 = "A2", "Signs of cauda equina"
    A3 = "A3", "Cold, painful foot"
    A4 = "A4", "New weakness"
    A5 = "A5", "Skin changed"
    A6 = "A6", "Fall with injury"
    A7 = "A7", "Fall or near-falls"
    A8 = "A8", "Dizzy or faint"
    A9 = "A9", "Chest pain"
    A10 = "A10", "Jump of pain"
    A11 = "A11", "Above baseline"
    A12 = "A12", "Still up next morning"
    A13 = "A13", "Numb area grew"
    A14 = "A14", "Worse, or no change"
    A15 = "A15", "No log"
    A16 = "A16", "Few sessions"
    A17 = "A17", "Hard twice"
    A18 = "A18", "Plan does not fit"
    A19 = "A19", "Low blood sugar"
    A20 = "A20", "Hot, swollen foot"
    A21 = "A21", "Weaker or slower"
    SUDDEN = "1.9.1", "Sudden loss of sight or balance"
    TENSE_LEG = "1.9.4", "Tense, painful leg"
    CLIMBING = "1.9.5", "Climbing weakness"
    CORD = "CORD", "Signs of the spinal cord"
    INJURY = "1.9.7", "Numb after an injury"
    CALF = "CALF", "Swollen, sore calf"
    HELD = "HELD", "Did what was left out"
    STOP = "STOP", "Stopped a session"


class Ending(models.TextChoices):
    """With what an alert was closed; some close only with what they need (alerts.closing)."""

    DONE = "done", "Looked at, and dealt with"
    SCREEN = "screen", "The red-flag questions were asked again"
    FINDING = "finding", "The finding is on record now"
    REFERRAL = "referral", "Referred on"
    NOT_SO = "not_so", "It was not so"


class Stage(models.TextChoices):
    """From raised to closed."""

    RAISED = "raised", "New"
    SEEN = "seen", "Seen"
    TAKEN = "taken", "Being worked on"
    SNOOZED = "snoozed", "Put off"
    CLOSED = "closed", "Closed"


class AlertQuerySet(PatientDataQuerySet):
    def open(self) -> "AlertQuerySet":
        return self.filter(acknowledged_at=None)

    def waiting(self, now: dt.datetime | None = None) -> "AlertQuerySet":
        """Open, and not put off for now."""
        now = now or timezone.now()
        return self.open().filter(Q(snoozed_until=None) | Q(snoozed_until__lte=now))

    def overdue(self) -> "AlertQuerySet":
        return self.waiting().filter(due_at__lt=timezone.now())

    def worst_first(self) -> "AlertQuerySet":
        order = models.Case(
            *[models.When(severity=value, then=value.rank) for value in Severity],
            output_field=models.PositiveSmallIntegerField(),
        )
        return self.order_by(order, "-raised_at")


class Alert(PatientData):
    """Raised by a rule of brief 5: from a session, a form, signs that were told, findings that a
    plan no longer fits, or by the clock.

    Open until a therapist has looked at it.
    """

    rule = models.CharField(max_length=5, choices=Code.choices)
    severity = models.CharField(max_length=10, choices=Severity.choices)
    message = models.CharField(max_length=200)
    # What it was raised about, a line each: the same again is not raised again.
    about = ArrayField(models.CharField(max_length=400), default=list, editable=False)
    session = models.ForeignKey(Session, null=True, on_delete=models.PROTECT, related_name="alerts")
    check_in = models.ForeignKey(
        CheckIn, null=True, on_delete=models.PROTECT, related_name="alerts"
    )
    report = models.ForeignKey(
        SignReport, null=True, on_delete=models.PROTECT, related_name="alerts"
    )
    plan = models.ForeignKey(Plan, null=True, on_delete=models.PROTECT, related_name="alerts")
    raised_at = models.DateTimeField()
    due_at = models.DateTimeField(help_text="By when somebody looks at it (programs.alerts.due).")
    # Who works on it; nobody: the whole care team is asked.
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
    )
    seen_at = models.DateTimeField(null=True, editable=False)
    snoozed_until = models.DateTimeField(null=True, editable=False)
    escalated_at = models.DateTimeField(null=True, editable=False)
    # For what time raises: the day it counts from (programs.alerts.of_time).
    since = models.DateField(null=True, editable=False)
    acknowledged_at = models.DateTimeField(null=True, editable=False)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
    )
    response = models.TextField(blank=True, max_length=1000, editable=False)
    ending = models.CharField(max_length=10, choices=Ending.choices, blank=True, editable=False)
    referred_to = models.CharField(max_length=120, blank=True, editable=False)
    referred_on = models.DateField(null=True, editable=False)

    objects: ClassVar[Any] = AlertQuerySet.as_manager()

    class Meta:
        ordering = ["-raised_at"]
        indexes = [
            models.Index(fields=["clinic", "patient", "acknowledged_at"]),
            models.Index(
                fields=["clinic", "due_at"], condition=Q(acknowledged_at=None), name="alert_due"
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["patient", "rule", "since"], name="alert_once_a_since"),
            models.UniqueConstraint(fields=["session", "rule"], name="alert_once_a_session"),
            models.UniqueConstraint(fields=["check_in", "rule"], name="alert_once_a_check_in"),
            models.UniqueConstraint(fields=["report", "rule"], name="alert_once_a_report"),
            models.UniqueConstraint(
                fields=["plan", "rule"],
                condition=Q(acknowledged_at=None),
                name="alert_one_open_a_plan",
            ),
            models.CheckConstraint(
                condition=Q(session__isnull=False, check_in=None, report=None, plan=None)
                | Q(session=None, check_in__isnull=False, report=None, plan=None)
                | Q(session=None, check_in=None, report__isnull=False, plan=None)
                | Q(session=None, check_in=None, report=None, plan__isnull=False),
                name="alert_of_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(acknowledged_at=None, acknowledged_by=None, response="", ending="")
                | (
                    Q(acknowledged_at__isnull=False, acknowledged_by__isnull=False)
                    & ~Q(response="")
                    & ~Q(ending="")
                ),
                name="alert_acknowledged_whole",
                violation_error_message="Say what was done.",
            ),
            models.CheckConstraint(
                condition=(
                    Q(ending=Ending.REFERRAL, referred_on__isnull=False) & ~Q(referred_to="")
                )
                | (~Q(ending=Ending.REFERRAL) & Q(referred_to="", referred_on=None)),
                name="alert_referred_to_whom_and_when",
                violation_error_message="Say to whom, and when.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.message)

    @property
    def stage(self) -> Stage:
        """How far it has come."""
        if self.acknowledged_at is not None:
            return Stage.CLOSED
        if self.snoozed_until is not None and self.snoozed_until > timezone.now():
            return Stage.SNOOZED
        if self.owner_id is not None:
            return Stage.TAKEN
        return Stage.SEEN if self.seen_at is not None else Stage.RAISED

    @property
    def is_overdue(self) -> bool:
        late = self.due_at < timezone.now()
        return late and self.stage not in (Stage.CLOSED, Stage.SNOOZED)
