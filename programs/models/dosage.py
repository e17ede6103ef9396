"""How much, how often, which side: the columns that exercise, program and plan share."""

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q


class Side(models.TextChoices):
    LEFT = "left", "Left"
    RIGHT = "right", "Right"
    BOTH = "both", "Both sides"
    NONE = "none", "No side"


DOSAGE_FIELDS = (
    "sets",
    "reps",
    "hold_seconds",
    "rest_seconds",
    "tempo",
    "times_per_day",
    "days_per_week",
    "side",
)


def _whole(minimum: int, maximum: int, **kwargs: Any) -> models.PositiveSmallIntegerField:
    return models.PositiveSmallIntegerField(
        validators=[MinValueValidator(minimum), MaxValueValidator(maximum)], **kwargs
    )


class Dosage(models.Model):
    """Sets × reps, hold and rest in seconds, tempo in words, times a day, days a week, side."""

    sets = _whole(1, 10)
    reps = _whole(1, 50)
    hold_seconds = _whole(0, 120, default=0)
    rest_seconds = _whole(0, 300, null=True, blank=True)
    tempo = models.CharField(max_length=100, blank=True)
    times_per_day = _whole(1, 6)
    days_per_week = _whole(1, 7)
    side = models.CharField(max_length=5, choices=Side.choices, default=Side.NONE)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    sets__range=(1, 10),
                    reps__range=(1, 50),
                    hold_seconds__range=(0, 120),
                    times_per_day__range=(1, 6),
                    days_per_week__range=(1, 7),
                ),
                name="%(class)s_dosage_in_range",
                violation_error_message="The dosage is out of range.",
            ),
        ]

    @property
    def dosage(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in DOSAGE_FIELDS}

    @property
    def dosage_text(self) -> str:
        return dosage_text(self.dosage)

    @property
    def frequency_text(self) -> str:
        return frequency_text(self.dosage)

    @property
    def minutes(self) -> int:
        return dosage_minutes(self.dosage)


def dosage_text(dosage: dict[str, Any]) -> str:
    """The amount as a person says it: '2 × 10, hold 3 s, left'.

    One rep that is held is a hold: '3 × 20 s'.
    """
    sets, reps, hold = dosage["sets"], dosage["reps"], dosage["hold_seconds"]
    if reps == 1 and hold:
        text = f"{sets} × {hold} s"
    else:
        text = f"{sets} × {reps}" + (f", hold {hold} s" if hold else "")
    if dosage["side"] != Side.NONE:
        text += f", {Side(dosage['side']).label.lower()}"
    return text


def frequency_text(dosage: dict[str, Any]) -> str:
    """'twice a day, 5 days a week'."""
    times = {1: "once", 2: "twice"}.get(dosage["times_per_day"], f"{dosage['times_per_day']} times")
    days = dosage["days_per_week"]
    week = "every day" if days == 7 else f"{days} day{'s' if days != 1 else ''} a week"
    return f"{times} a day, {week}"


SECONDS_PER_REP = 4  # 2 s out, 2 s back: the library's usual tempo
MINUTE = 60


def dosage_minutes(dosage: dict[str, Any]) -> int:
    """About how long one round takes, in whole minutes, at least 1.

    A planning estimate of ours: reps at the usual tempo plus hold, rests between sets, both sides
    counted twice, and half a minute to get into position.
    """
    per_rep = dosage["hold_seconds"] + (0 if dosage["reps"] == 1 else SECONDS_PER_REP)
    one_side = dosage["sets"] * dosage["reps"] * per_rep
    sides = 2 if dosage["side"] == Side.BOTH else 1
    rests = (dosage["sets"] - 1) * (dosage["rest_seconds"] or 0)
    return max(1, round((one_side * sides + rests + 30) / MINUTE))
