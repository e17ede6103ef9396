"""What was done about an alert, step by step. Appended, never edited."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from patients.models.base import PatientData
from programs.models.alert import Alert


class StepKind(models.TextChoices):
    SEEN = "seen", "opened it"
    TAKEN = "taken", "took it on"
    HANDED = "handed", "handed it over"
    SNOOZED = "snoozed", "put it off"
    NOTED = "noted", "noted"
    ESCALATED = "escalated", "went to the second reader: its time had passed"
    CLOSED = "closed", "closed it"


class AlertStep(PatientData):
    """One step. `by` is nobody's where the clock did it; `to` is who has it from then on."""

    alert = models.ForeignKey(Alert, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=10, choices=StepKind.choices)
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    to = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    until = models.DateTimeField(null=True)
    words = models.TextField(blank=True, max_length=1000)

    class Meta:
        ordering = ["at"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind__in=["handed", "escalated"]) | Q(to__isnull=False),
                name="alert_step_to_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(kind="snoozed") | (Q(until__isnull=False) & ~Q(words="")),
                name="alert_step_put_off_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.by or 'Footing'} {self.get_kind_display()}"
