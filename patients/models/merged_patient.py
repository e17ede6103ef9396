"""What became of a record that was made twice."""

from django.conf import settings
from django.db import models

from patients.models.base import PatientData


class MergedPatient(PatientData):
    """A record that is part of `patient`'s now: the id that the audit trail knows it by, and what
    stood in its details.
    """

    # The login that ended with it; erased with the patient.
    login = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        editable=False,
    )
    merged_id = models.UUIDField(unique=True, editable=False)
    details = models.JSONField(editable=False)
    merged_at = models.DateTimeField(auto_now_add=True)
    merged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )

    class Meta:
        ordering = ["merged_at"]

    def __str__(self) -> str:
        return f"Record made twice, merged on {self.merged_at:%Y-%m-%d}"
