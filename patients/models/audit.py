"""Who saw or changed what. Append-only, and without foreign keys, so that it outlives all."""

import uuid
from typing import Self

from django.db import models

from accounts.models import User
from patients.models.patient import Patient


class AuditEventQuerySet(models.QuerySet["AuditEvent"]):
    def visible_to(self, user: User) -> Self:
        """The events about patients that `user` may see."""
        visible = Patient.objects.visible_to(user)
        return self.filter(patient_id__in=visible.values("pk"))


class AuditEvent(models.Model):
    """One read or write of a patient's data. The database refuses to change or delete it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    at = models.DateTimeField(auto_now_add=True)
    clinic_id = models.UUIDField()
    patient_id = models.UUIDField()
    actor_id = models.UUIDField(help_text="The user's uuid.")
    actor_name = models.CharField(max_length=200)
    actor_role = models.CharField(max_length=20)
    action = models.CharField(max_length=60, help_text="Such as plan.activated.")
    subject_id = models.CharField(max_length=60, blank=True)
    detail = models.JSONField(default=dict)

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        ordering = ["-at"]
        indexes = [models.Index(fields=["clinic_id", "patient_id", "-at"])]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor_name} {self.action}"
