"""Pauses: days on which nothing is due, because a therapist and the patient agreed so."""

import datetime as dt
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from patients.models import Episode
from patients.models.base import PatientData, PatientDataQuerySet


class Why(models.TextChoices):
    HOLIDAY = "holiday", _("Holiday or travel")
    FLARE = "flare", _("Flare-up")
    ILLNESS = "illness", _("Illness")
    OTHER = "other", _("Other")


class PauseQuerySet(PatientDataQuerySet):
    def on(self, day: dt.date) -> "PauseQuerySet":
        return self.filter(Q(last=None) | Q(last__gte=day), first__lte=day)


class _Days(Func):
    function = "DATERANGE"
    output_field = DateRangeField()


class Pause(PatientData):
    """From `first` to `last`, both included; without `last` until somebody resumes.

    It belongs to the episode, so that a new version of the plan does not end it.
    """

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="pauses")
    first = models.DateField("first day")
    last = models.DateField("last day", null=True, blank=True)
    why = models.CharField(max_length=10, choices=Why.choices)
    note = models.CharField(max_length=250, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )

    objects: ClassVar[Any] = PauseQuerySet.as_manager()

    class Meta:
        ordering = ["-first"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last=None) | Q(last__gte=F("first")),
                name="pause_ends_after_it_begins",
                violation_error_message="The last day comes before the first.",
            ),
            ExclusionConstraint(
                name="pause_one_at_a_time",
                expressions=[
                    ("episode", RangeOperators.EQUAL),
                    (_Days(F("first"), F("last"), Value("[]")), RangeOperators.OVERLAPS),
                ],
                violation_error_message="These days are paused already.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_why_display()} from {self.first}"

    def clean(self) -> None:
        """Said beside the field, and before the database would meet a range that goes back."""
        if self.last is not None and self.first is not None and self.last < self.first:
            raise ValidationError({"last": "The last day comes before the first."})

    def covers(self, day: dt.date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)
