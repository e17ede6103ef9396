"""Who a patient is in another record system, and what was sent there."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import ConnectedRecord
from patients.models.base import PatientData


class RecordLink(PatientData):
    """A therapist said, with both open, that this is the same person. `told` is what the record
    last said of their conditions, in words. One that was a mistake ends, and stays with what was
    sent by it.
    """

    record = models.ForeignKey(ConnectedRecord, on_delete=models.PROTECT, related_name="links")
    their_id = models.CharField("their id there", max_length=64)
    told: Any = models.JSONField(default=list, blank=True)
    told_at = models.DateTimeField()
    linked_at = models.DateTimeField(auto_now_add=True)
    linked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )

    ended_at = models.DateTimeField(null=True, editable=False)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
    )

    class Meta:
        ordering = ["linked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "record", "their_id"],
                condition=Q(ended_at=None),
                name="record_link_once",
                violation_error_message="Somebody is known by this id already.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.record}: {self.their_id}"

    @property
    def words(self) -> str:
        """What the record said, and when; empty where it said nothing."""
        day = self.clinic.local_date(self.told_at)
        listed = "; ".join(self.told)
        return f"In {self.record} on {day:%-d %b %Y}: {listed}." if listed else ""


class SentKind(models.TextChoices):
    LETTER = "letter", "Letter"
    PLAN = "plan", "Plan"


class SentToRecord(PatientData):
    """A letter or a version of a plan that another record has taken, once."""

    link = models.ForeignKey(RecordLink, on_delete=models.PROTECT, related_name="sent")
    kind = models.CharField(max_length=10, choices=SentKind.choices)
    subject = models.UUIDField(help_text="The letter, or the version of the plan.")
    their_id = models.CharField("its id there", max_length=64)
    status = models.CharField(
        max_length=20, help_text="Of FHIR, as it was sent: a plan's changes with time."
    )
    sent_at = models.DateTimeField()
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )

    class Meta:
        ordering = ["sent_at"]
        constraints = [
            models.UniqueConstraint(fields=["link", "kind", "subject"], name="sent_to_record_once")
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} to {self.link.record}"
