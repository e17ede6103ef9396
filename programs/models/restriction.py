"""Restrictions: what an episode's patient leaves out for now, why, and who allowed it again."""

import datetime as dt
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from patients.models import Episode
from patients.models.base import PatientData, PatientDataQuerySet
from patients.models.fields import when_changed
from programs.models.alert import Alert


class Kind(models.TextChoices):
    """What is left out, in the order in which it is said. The label is the therapist's."""

    ALL = "all", "all exercises"
    TODAY = "today", "the rest of today"
    STANDING = "standing", "standing exercises"
    NERVE = "nerve", "slides and stretches"
    TENSION = "tension", "stretches"
    MISFIT = "misfit", "exercises that no longer fit"

    @property
    def words(self) -> str:
        """For the patient, above what is left to do; it ends with until when."""
        return str(_UNTIL_LOOKED_AT[self])

    @property
    def words_for_a_day(self) -> str:
        """The same where it holds for today alone."""
        return str(_FOR_A_DAY[self])


_UNTIL_LOOKED_AT = {
    Kind.ALL: _("Please do no exercises for now."),
    Kind.TODAY: _("Something was not right today. Rest until tomorrow."),
    Kind.STANDING: _("Leave out the standing exercises until your therapist has looked at this."),
    Kind.NERVE: _("Leave out slides and stretches until your therapist has looked at this."),
    Kind.TENSION: _(
        "Leave out the stretches until your therapist has looked at this. Do the slides smaller, "
        "and fewer of them."
    ),
    Kind.MISFIT: _(
        "Some exercises no longer suit you. Leave them out until your therapist has changed your "
        "plan."
    ),
}
_FOR_A_DAY = {
    Kind.ALL: _("Please do no exercises today."),
    Kind.TODAY: _UNTIL_LOOKED_AT[Kind.TODAY],
    Kind.STANDING: _("Leave out the standing exercises today."),
    Kind.NERVE: _("Leave out slides and stretches today. Gentle movement only."),
    Kind.TENSION: _("Leave out the stretches today."),
    Kind.MISFIT: _UNTIL_LOOKED_AT[Kind.MISFIT],
}


class Cause(models.TextChoices):
    ALERT = "alert", "An alert"
    THERAPIST = "therapist", "A therapist"


class RestrictionQuerySet(PatientDataQuerySet):
    def in_force(self, day: dt.date) -> "RestrictionQuerySet":
        """What holds on a day; those that nobody lifted."""
        return self.filter(Q(until=None) | Q(until__gte=day), lifted_at=None, first__lte=day)


class Restriction(PatientData):
    """From `first` to `until`, both included; without `until` until somebody has looked.

    Every place that decides what a patient does reads these rows (`programs.safety.holding`). A
    finding or a measure restricts through the alert that it raises.
    """

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="restrictions")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    # For MISFIT: the codes of the exercises.
    codes = ArrayField(models.CharField(max_length=20), default=list, blank=True, editable=False)
    cause = models.CharField(max_length=10, choices=Cause.choices, editable=False)
    alert = models.ForeignKey(
        Alert, null=True, on_delete=models.PROTECT, related_name="restrictions", editable=False
    )
    why = models.CharField(max_length=250, blank=True)
    first = models.DateField("first day", editable=False)
    until = models.DateField("last day", null=True, blank=True)
    made_at = models.DateTimeField()
    changed_at = when_changed()
    # A therapist; null for what a rule restricts.
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
    )
    lifted_at = models.DateTimeField(null=True, editable=False)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
    )
    lifted_words = models.TextField(blank=True, max_length=1000, editable=False)

    objects: ClassVar[Any] = RestrictionQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at"]
        indexes = [models.Index(fields=["patient", "lifted_at"])]
        constraints = [
            models.UniqueConstraint(fields=["alert", "kind"], name="restriction_once_an_alert"),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("first")),
                name="restriction_ends_after_it_begins",
                violation_error_message="The last day comes before today.",
            ),
            models.CheckConstraint(
                condition=Q(cause=Cause.ALERT, alert__isnull=False, made_by=None)
                | (Q(cause=Cause.THERAPIST, alert=None, made_by__isnull=False) & ~Q(why="")),
                name="restriction_has_its_cause",
                violation_error_message="Say why.",
            ),
            models.CheckConstraint(
                condition=(Q(kind=Kind.MISFIT) & ~Q(codes=[]))
                | (~Q(kind=Kind.MISFIT) & Q(codes=[])),
                name="restriction_names_what_misfits",
            ),
            models.CheckConstraint(
                condition=Q(lifted_at=None, lifted_by=None, lifted_words="")
                | (Q(lifted_at__isnull=False, lifted_by__isnull=False) & ~Q(lifted_words="")),
                name="restriction_lifted_whole",
                violation_error_message="Say why it may be done again.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} from {self.first}"
