"""What belongs to one exercise: its structured precautions."""

from django.db import models
from modelcluster.fields import ParentalKey
from wagtail.models import Orderable

from patients.conditions import Condition


class Effect(models.TextChoices):
    """What a precaution does at prescribing."""

    BLOCKED = "blocked", "Can't be prescribed"
    REASON = "reason", "Needs a typed reason"
    NOTE = "note", "Is told to the therapist"


class ExercisePrecaution(Orderable):
    """A condition and what follows from it; the safety gates read these."""

    exercise = ParentalKey(
        "programs.Exercise", on_delete=models.CASCADE, related_name="precaution_rules"
    )
    condition = models.CharField(max_length=20, choices=Condition.choices)
    effect = models.CharField(max_length=10, choices=Effect.choices)
    words = models.CharField(
        max_length=200, help_text="What the therapist reads, such as: keep the head level."
    )

    class Meta(Orderable.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["exercise", "condition"],
                name="exercise_precaution_once",
                violation_error_message="This condition is there already.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_condition_display()}: {self.words}"
