"""Something is wrong: what a patient tells on any day, with or without exercises."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from patients.models.base import PatientData
from programs.models.session import NewSign


class SignReport(PatientData):
    """Signs ticked on the page 'Something is wrong'. The id comes from the client: sent twice,
    stored once. Never edited.
    """

    signs = ArrayField(
        models.CharField(max_length=10, choices=NewSign.choices), default=list, blank=True
    )
    skin_changed = models.BooleanField(default=False)
    note = models.TextField(blank=True, max_length=2000)
    told_at = models.DateTimeField()
    received_at = models.DateTimeField(auto_now_add=True)
    told_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )

    class Meta:
        ordering = ["-told_at"]
        indexes = [models.Index(fields=["patient", "-told_at"])]
        constraints = [
            models.CheckConstraint(
                condition=~Q(signs=[]) | Q(skin_changed=True), name="sign_report_says_something"
            )
        ]

    def __str__(self) -> str:
        return f"Signs of {self.told_at:%Y-%m-%d}"

    @property
    def words(self) -> list[str]:
        """What was ticked."""
        skin = ["The skin has changed"] if self.skin_changed else []
        return skin + [str(NewSign(sign).label) for sign in self.signs]
