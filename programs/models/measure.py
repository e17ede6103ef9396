"""Measures, as versioned definitions."""

from django.db import models


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
