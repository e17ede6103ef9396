"""What every row about a patient has, and the one way to reach it."""

import uuid
from typing import Any, ClassVar, Self

from django.db import models

from accounts.models import User


class PatientDataQuerySet(models.QuerySet[Any]):
    """Rows below a patient: whoever sees the patient sees them."""

    def visible_to(self, user: User) -> Self:
        """The rows of patients that `user` may see; see `PatientQuerySet.visible_to`."""
        from patients.models.patient import Patient  # noqa: PLC0415 - patient.py builds on this file

        return self.filter(patient__in=Patient.objects.visible_to(user))


class PatientData(models.Model):
    """Base of all that belongs to a patient: ownership keys, UUID address.

    `clinic` repeats the patient's clinic so that lists, shards and partitions can lead with it;
    it is filled from the patient and never set by hand.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(
        "accounts.Clinic", on_delete=models.PROTECT, related_name="+", editable=False
    )
    patient = models.ForeignKey(
        "patients.Patient", on_delete=models.PROTECT, related_name="%(class)ss", editable=False
    )

    objects: ClassVar[Any] = PatientDataQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self._state.adding:
            self.clinic_id = self.patient.clinic_id
        super().save(*args, **kwargs)
