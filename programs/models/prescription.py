"""Prescriptions: one exercise with its dosage in a plan."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import translation
from django.utils.functional import cached_property

from patients.models.base import PatientData
from programs.measures.spoken import said
from programs.models.dosage import Prescribed, tempo_text
from programs.models.exercise import Exercise
from programs.models.plan import Plan, PlanPhase
from programs.models.snapshot import ExerciseSnapshot
from programs.notation import angle_limits


class Prescription(Prescribed, PatientData):
    """One exercise with its dosage in a plan.

    While the plan is a draft the exercise is read from the library; activation copies it into
    `snapshot`, which the database then refuses to change.
    """

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="prescriptions")
    phase = models.ForeignKey(PlanPhase, on_delete=models.CASCADE, related_name="prescriptions")
    exercise = models.ForeignKey(Exercise, on_delete=models.PROTECT, related_name="prescriptions")
    order = models.PositiveSmallIntegerField()
    included = models.BooleanField(default=True)
    gate_reason = models.TextField(blank=True, max_length=500)
    # What the gates said when the reason was typed: it answers this and nothing that came later.
    reason_for = ArrayField(
        models.CharField(max_length=300), default=list, blank=True, editable=False
    )
    note = models.CharField("note to the patient", max_length=200, blank=True)
    alternative_codes = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    # Days chosen by hand, Monday is 0; null means spread evenly over the plan's days.
    weekdays = ArrayField(models.PositiveSmallIntegerField(), null=True, blank=True)
    snapshot = models.JSONField(null=True, editable=False)

    class Meta(Prescribed.Meta):
        ordering = ["phase__number", "order"]
        indexes = [models.Index(fields=["clinic", "patient", "plan"])]
        constraints = [
            *Prescribed.Meta.constraints,
            models.CheckConstraint(
                condition=Q(weekdays=None)
                | Q(
                    weekdays__contained_by=[0, 1, 2, 3, 4, 5, 6],
                    weekdays__len=F("days_per_week"),
                ),
                name="prescription_weekdays_as_many_as_days",
                violation_error_message="Choose as many days as the dosage says.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.exercise.code}: {self.dosage_text}"

    @property
    def figure(self) -> str:
        """As frozen, moving in the tempo of this dosage."""
        return self.shown.figure(**self.timing)

    @property
    def still(self) -> str:
        """Start and end, not moving: for lists."""
        return self.shown.figure(animated=False)

    @cached_property
    def shown(self) -> "ExerciseSnapshot":
        """The exercise as the patient sees it: in the language of this request, on their side."""
        return self.kept.in_language(translation.get_language() or "").on_side(self.side)

    @property
    def plain_note(self) -> str:
        """In the reader's language where it is one of the library's."""
        return said(self.note)

    @property
    def tempo_text(self) -> str:
        """In the reader's language, unless a therapist wrote another tempo for this patient."""
        is_usual = self.tempo == self.kept.tempo
        return tempo_text(self.dosage | ({"tempo": self.shown.tempo} if is_usual else {}))

    @cached_property
    def kept(self) -> "ExerciseSnapshot":
        """The exercise in all its languages: frozen, or what freezing would give now."""
        if self.snapshot:
            kept = ExerciseSnapshot.from_json(self.snapshot)
            is_new = self.angle_limits and kept.ranged != self.angle_limits
            return kept.limited(self.limits) if is_new else kept
        return ExerciseSnapshot.of(self.exercise, self.limits)

    @property
    def limits(self) -> dict[str, Any]:
        """The angle limits of the plan and of this row, the narrower of each. No row goes beyond
        what the plan limits.
        """
        return angle_limits.within(self.plan.caps, self.angle_limits)
