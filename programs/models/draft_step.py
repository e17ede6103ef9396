"""What a draft was before each change, so that a change can be taken back."""

from django.conf import settings
from django.db import models

from patients.models.base import PatientData
from programs.models.plan import Plan


class DraftStep(PatientData):
    """The draft's whole content (`programs.plans.content`) before one change."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="steps")
    number = models.PositiveIntegerField(help_text="The draft's stamp before the change.")
    words = models.CharField(max_length=120)
    content = models.JSONField()
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="draft_step_number")]

    def __str__(self) -> str:
        return self.words
