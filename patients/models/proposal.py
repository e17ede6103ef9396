"""Findings that a measure or a log proposes: they hold at once, until a therapist has decided."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from patients.models.base import PatientData
from patients.models.episode import Episode, FallRisk, Sensation


class ProposedFinding(PatientData):
    """A stricter value of one field of the episode, with what it was before and where it is from.

    The episode carries the stricter value from the moment it is proposed, so that every gate, color
    and question goes by it; a refusal sets back what was there (decision 21).
    """

    class Field(models.TextChoices):
        SENSATION = "sensation", "Protective sensation"
        FALL_RISK = "fall_risk", "Fall risk"
        FALLS = "falls_12_months", "Falls in the last 12 months"

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="proposals")
    field = models.CharField(max_length=20, choices=Field.choices)
    was = models.CharField(max_length=20, blank=True, help_text="Empty: not known.")
    value = models.CharField(max_length=20)
    why = models.CharField(max_length=250)
    proposed_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
    )
    accepted = models.BooleanField(null=True, editable=False)
    reason = models.TextField("why not", blank=True, max_length=1000, editable=False)

    class Meta:
        ordering = ["-proposed_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["episode", "field"],
                condition=Q(decided_at=None),
                name="proposed_finding_one_open",
            ),
            models.CheckConstraint(
                condition=Q(decided_at=None, decided_by=None, accepted=None, reason="")
                | Q(decided_at__isnull=False, decided_by__isnull=False, accepted=True, reason="")
                | (
                    Q(decided_at__isnull=False, decided_by__isnull=False, accepted=False)
                    & ~Q(reason="")
                ),
                name="proposed_finding_decided_whole",
                violation_error_message="Say why it is not so.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_field_display()}: {self.value_words}"

    @property
    def value_words(self) -> str:
        return self._words(self.value)

    @property
    def was_words(self) -> str:
        return self._words(self.was) if self.was else "not known"

    def _words(self, value: str) -> str:
        """A number of falls, or the label of a choice."""
        choices = {
            self.Field.SENSATION: Sensation.choices,
            self.Field.FALL_RISK: FallRisk.choices,
        }.get(self.Field(self.field), [])
        return str(dict(choices).get(value, value))
