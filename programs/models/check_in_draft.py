"""A progress form that a patient has begun and not sent."""

from django.db import models

from patients.models.base import PatientData
from programs.models.progress_form import ProgressFormVersion


class CheckInDraft(PatientData):
    """What was typed so far, as the page's own fields; only its patient sees it.

    `fields` is {name: [values]} as the browser sends them: not yet answers, and never scored.
    """

    form = models.ForeignKey(ProgressFormVersion, on_delete=models.CASCADE, related_name="+")
    fields = models.JSONField(default=dict)
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["patient", "form"], name="check_in_draft_once_a_form")
        ]

    def __str__(self) -> str:
        return f"Begun: {self.form}"
