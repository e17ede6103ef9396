"""A record that a patient brought along from another clinic."""

from django.conf import settings
from django.db import models

from patients.earlier import Earlier, day
from patients.models.base import PatientData


class EarlierRecord(PatientData):
    """As it was read (`patients.earlier`), each once."""

    clinic_name = models.CharField("of which clinic", max_length=120)
    made_at = models.CharField("as it was then", max_length=40, blank=True)
    digest = models.CharField(max_length=64, editable=False)
    content = models.JSONField(editable=False)
    brought_at = models.DateTimeField("brought", auto_now_add=True)
    brought_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name="brought by",
    )

    class Meta:
        ordering = ["brought_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["patient", "digest"],
                name="earlier_record_once",
                violation_error_message="This record was brought along before.",
            )
        ]

    def __str__(self) -> str:
        return f"Record of {self.clinic_name}"

    @property
    def as_of(self) -> str:
        """The day when it was made."""
        return day(self.made_at)

    @property
    def read(self) -> Earlier:
        return Earlier.from_json(self.content)
