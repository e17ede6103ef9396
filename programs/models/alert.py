"""Alerts: what a therapist must look at."""

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from patients.models.base import PatientData, PatientDataQuerySet
from programs.models.plan import Plan
from programs.models.session import Session


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


class AlertQuerySet(PatientDataQuerySet):
    def open(self) -> "AlertQuerySet":
        return self.filter(acknowledged_at=None)

    def worst_first(self) -> "AlertQuerySet":
        order = models.Case(
            *[models.When(severity=value, then=value.rank) for value in Severity],
            output_field=models.PositiveSmallIntegerField(),
        )
        return self.order_by(order, "-raised_at")


class Alert(PatientData):
    """Raised by a rule of brief 5: from a session, from findings that a plan no longer fits, or
    by the clock.

    Open until a therapist has looked at it.
    """

    rule = models.CharField(max_length=5, help_text="A1 to A21 of the rules.")
    severity = models.CharField(max_length=10, choices=Severity.choices)
    message = models.CharField(max_length=200)
    # What it was raised about, a line each: the same again is not raised again.
    about = ArrayField(models.CharField(max_length=400), default=list, editable=False)
    session = models.ForeignKey(Session, null=True, on_delete=models.PROTECT, related_name="alerts")
    plan = models.ForeignKey(Plan, null=True, on_delete=models.PROTECT, related_name="alerts")
    raised_at = models.DateTimeField()
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

    objects: ClassVar[Any] = AlertQuerySet.as_manager()

    class Meta:
        ordering = ["-raised_at"]
        indexes = [models.Index(fields=["clinic", "patient", "acknowledged_at"])]
        constraints = [
            models.UniqueConstraint(fields=["patient", "rule", "since"], name="alert_once_a_since"),
            models.UniqueConstraint(fields=["session", "rule"], name="alert_once_a_session"),
            models.UniqueConstraint(
                fields=["plan", "rule"],
                condition=Q(acknowledged_at=None),
                name="alert_one_open_a_plan",
            ),
            models.CheckConstraint(
                condition=Q(session__isnull=False, plan=None) | Q(session=None, plan__isnull=False),
                name="alert_of_a_session_or_a_plan",
            ),
            models.CheckConstraint(
                condition=Q(acknowledged_at=None, acknowledged_by=None, response="")
                | (
                    Q(acknowledged_at__isnull=False, acknowledged_by__isnull=False)
                    & ~Q(response="")
                ),
                name="alert_acknowledged_whole",
                violation_error_message="Say what was done.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule}: {self.message}"
