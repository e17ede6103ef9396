"""Measures, as versioned definitions, and the check-ins that answer them."""

from django.db import models

from patients.models.base import PatientData
from programs.models.plan import Plan


class Measure(models.Model):
    """One instrument as the brief defines it (4.1). A changed definition is a new version."""

    code = models.CharField(max_length=10)
    version = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    definition = models.JSONField(
        help_text="Items, scale, scoring, direction, change that matters, source."
    )
    shipped = models.BooleanField(
        help_text="Off: its words may not be shown; only a total can be recorded."
    )

    class Meta:
        ordering = ["code", "version"]
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="measure_version_unique")
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class CheckIn(PatientData):
    """One answered weekly form. The id comes from the client: sent twice, stored once.

    `answers` is {measure code: {item: answer}}; an item left empty is null. `versions` says which
    definition each was answered on; scores are computed from both (`programs.scoring`).
    """

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="check_ins")
    answered_at = models.DateTimeField()
    answered_on = models.DateField(help_text="The clinic's date of answered_at.")
    answers = models.JSONField()
    versions = models.JSONField()
    note = models.TextField(blank=True, max_length=2000)

    class Meta:
        ordering = ["-answered_at"]
        indexes = [models.Index(fields=["clinic", "patient", "-answered_at"])]

    def __str__(self) -> str:
        return f"Check-in of {self.answered_on}"
