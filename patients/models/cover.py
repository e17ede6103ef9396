"""Holidays: who looks after a therapist's patients meanwhile."""

import datetime as dt
import uuid
from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from accounts.models import Clinic


class CoverQuerySet(models.QuerySet["Cover"]):
    def on(self, day: dt.date) -> Self:
        """What holds on a day."""
        return self.filter(ended_at=None, first__lte=day, last__gte=day)

    def to_come(self, day: dt.date) -> Self:
        """What holds or will hold."""
        return self.filter(ended_at=None, last__gte=day)


class _Days(Func):
    function = "DATERANGE"
    output_field = DateRangeField()


class Cover(models.Model):
    """From `first` to `last`, both included, `substitute` is on the care teams of `therapist`'s
    patients, and what waits is told to them.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(
        Clinic, on_delete=models.PROTECT, related_name="covers", editable=False
    )
    therapist = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="covers"
    )
    substitute = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="covers_for"
    )
    first = models.DateField("first day away")
    last = models.DateField("last day away")
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )
    ended_at = models.DateTimeField(null=True, editable=False)

    objects: ClassVar[Any] = CoverQuerySet.as_manager()

    class Meta:
        ordering = ["first"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last__gte=F("first")),
                name="cover_ends_after_it_begins",
                violation_error_message="The last day comes before the first.",
            ),
            models.CheckConstraint(
                condition=~Q(substitute=F("therapist")),
                name="cover_by_somebody_else",
                violation_error_message="Choose a colleague.",
            ),
            ExclusionConstraint(
                name="cover_one_at_a_time",
                expressions=[
                    ("therapist", RangeOperators.EQUAL),
                    (_Days(F("first"), F("last"), Value("[]")), RangeOperators.OVERLAPS),
                ],
                condition=Q(ended_at=None),
                violation_error_message="There is cover for some of these days already.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.substitute} for {self.therapist}, {self.first} to {self.last}"
