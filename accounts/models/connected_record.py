"""Record systems (EHR) of others out of which a clinic's therapists open Footing."""

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from accounts.models.clinic import Clinic
from accounts.models.connected_app import validate_plain
from accounts.smart import addresses


class ConnectedRecordQuerySet(models.QuerySet["ConnectedRecord"]):
    def active(self) -> "ConnectedRecordQuerySet":
        return self.filter(ended_at=None)


class ConnectedRecord(models.Model):
    """A record system in which this clinic is registered as an app (SMART App Launch, EHR launch).

    `address` is its FHIR base, which it names as `iss`; `client_id` is what it calls us.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(
        Clinic, on_delete=models.PROTECT, related_name="connected_records", editable=False
    )
    name = models.CharField(
        max_length=80, validators=[validate_plain], help_text="As your staff call it."
    )
    address = models.CharField(
        "its FHIR R4 address",
        max_length=500,
        validators=[addresses.validate_asked],
        help_text="What it names as 'iss', such as https://record.example.org/fhir",
    )
    client_id = models.CharField(
        "our client_id there",
        max_length=200,
        validators=[validate_plain],
        help_text="They give it when they register Footing.",
    )
    shows_key = models.BooleanField(
        "registered with our public keys",
        default=True,
        help_text="As a confidential client (private_key_jwt). Without: a public client.",
    )
    keeps_numbers = models.BooleanField(
        "its record numbers are this clinic's",
        default=False,
        help_text="Then a patient who is added from it keeps the number.",
    )
    added_at = models.DateTimeField(auto_now_add=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )
    ended_at = models.DateTimeField(null=True, editable=False)

    objects: ClassVar[Any] = ConnectedRecordQuerySet.as_manager()

    class Meta:
        ordering = ["name", "added_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "address"],
                condition=Q(ended_at=None),
                name="connected_record_once",
                violation_error_message="This address is connected already.",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Raises ValidationError beside what is wrong."""
        self.address = self.address.rstrip("/")
        if "?" in self.address:
            raise ValidationError({"address": "Without a question mark and what follows it."})


class RecordVisit(models.Model):
    """A therapist came out of a record with a patient who is open there. `sealed` is for machines
    alone (`accounts.smart.launching`): first our question, then what came back.

    Rows of their own, and not the session: two tabs may have two patients open.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    record = models.ForeignKey(ConnectedRecord, on_delete=models.PROTECT, related_name="visits")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="record_visits"
    )
    sealed = models.TextField()
    until = models.DateTimeField()

    class Meta:
        ordering = ["until"]

    def __str__(self) -> str:
        return f"Out of {self.record}"
