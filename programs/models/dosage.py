"""How much, how often, which side: the columns that exercise, program and plan share."""

from dataclasses import dataclass
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext, ngettext

from programs.notation.dosage_language import DEFAULTS, LIMITS
from programs.notation.side import Side

# Of an exercise; what is prescribed has PRESCRIBED_FIELDS.
DOSAGE_FIELDS = (
    "sets",
    "reps",
    "hold_seconds",
    "rest_seconds",
    "out_seconds",
    "back_seconds",
    "tempo",
    "times_per_day",
    "days_per_week",
    "side",
)
PRESCRIBED_FIELDS = (*DOSAGE_FIELDS, "angle_limits")


def _whole(name: str, **kwargs: Any) -> models.PositiveSmallIntegerField:
    minimum, maximum = LIMITS[name]
    return models.PositiveSmallIntegerField(
        validators=[MinValueValidator(minimum), MaxValueValidator(maximum)], **kwargs
    )


def _in_range() -> Q:
    """Each number within its limits; those that may be left out, or not there."""
    whole = Q()
    for name, limits in LIMITS.items():
        within = Q(**{f"{name}__range": limits})
        whole &= within | Q(**{name: None}) if DEFAULTS[name] is None else within
    return whole


class Dosage(models.Model):
    """Sets × reps, hold and rest in seconds, tempo, times a day, days a week, side.

    The tempo is seconds out and seconds back where they are known, and more in words.
    """

    sets = _whole("sets")
    reps = _whole("reps")
    hold_seconds = _whole("hold_seconds", default=0)
    rest_seconds = _whole("rest_seconds", null=True, blank=True)
    out_seconds = _whole("out_seconds", null=True, blank=True)
    back_seconds = _whole("back_seconds", null=True, blank=True)
    tempo = models.CharField("tempo in words", max_length=100, blank=True)
    times_per_day = _whole("times_per_day")
    days_per_week = _whole("days_per_week")
    side = models.CharField(max_length=5, choices=Side.choices, default=Side.NONE)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=_in_range(),
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
    def tempo_text(self) -> str:
        return tempo_text(self.dosage)

    @property
    def frequency_text(self) -> str:
        return frequency_text(self.dosage)

    @property
    def timing(self) -> dict[str, float]:
        return figure_timing(self.dosage)

    @property
    def minutes(self) -> int:
        return dosage_minutes(self.dosage)


@dataclass(frozen=True)
class Told:
    """What a patient reads of it beside the exercise, in the language of this request."""

    figure: str
    dosage: str
    tempo: str
    note: str


class Prescribed(Dosage):
    """A dosage with the range of its row: angle limits in degrees, such as {"hip_max": 45}."""

    angle_limits = models.JSONField(default=dict, blank=True)
    figure: Any  # moving in the tempo and the range of this dosage
    plain_note: Any  # in the reader's language where it is one of the library's

    class Meta(Dosage.Meta):
        abstract = True

    @property
    def dosage(self) -> dict[str, Any]:
        return super().dosage | {"angle_limits": self.angle_limits}

    @property
    def told(self) -> Told:
        return Told(self.figure, self.dosage_text, self.tempo_text, self.plain_note)


def _side_words(side: Side) -> str:
    """Within a line: a word that is a side, where 'right' alone would also mean straight on."""
    words = {Side.LEFT: gettext("left"), Side.RIGHT: gettext("right")}
    return words.get(side) or str(side.label).lower()


def dosage_text(dosage: dict[str, Any]) -> str:
    """The amount as a person says it: '2 × 10, hold 3 s, left'.

    One rep that is held is a hold: '3 × 20 s'.
    """
    sets, reps, hold = dosage["sets"], dosage["reps"], dosage["hold_seconds"]
    if reps == 1 and hold:
        parts = [f"{sets} × {hold} s"]
    else:
        parts = [f"{sets} × {reps}"]
        if hold:
            parts.append(gettext("hold %(seconds)s s") % {"seconds": hold})
    if dosage["side"] != Side.NONE:
        parts.append(_side_words(Side(dosage["side"])))
    return ", ".join(parts)


def frequency_text(dosage: dict[str, Any]) -> str:
    """'twice a day, 5 days a week'."""
    times, days = dosage["times_per_day"], dosage["days_per_week"]
    few = {1: gettext("once a day"), 2: gettext("twice a day")}
    many = ngettext("%(times)s time a day", "%(times)s times a day", times) % {"times": times}
    week = ngettext("%(days)s day a week", "%(days)s days a week", days) % {"days": days}
    return f"{few.get(times, many)}, {gettext('every day') if days == 7 else week}"


def tempo_text(dosage: dict[str, Any]) -> str:
    """'2 s out, 3 s back, no stop at the end'."""
    said = (
        (gettext("%(seconds)s s out"), "out_seconds"),
        (gettext("%(seconds)s s back"), "back_seconds"),
    )
    parts = [words % {"seconds": dosage[name]} for words, name in said if dosage[name]]
    return ", ".join([*parts, dosage["tempo"]] if dosage["tempo"] else parts)


USUAL_SECONDS = 2.0  # a direction: the library's usual tempo (brief 2.5)


def seconds_out_and_back(dosage: dict[str, Any]) -> tuple[float, float]:
    """The tempo to draw and count with; the usual one where it is not said."""
    out = dosage["out_seconds"] or USUAL_SECONDS
    return out, dosage["back_seconds"] or out


MINUTE = 60


LONGEST_HOLD_SHOWN = 3  # seconds: a figure that stands still for longer looks broken


def figure_timing(dosage: dict[str, Any]) -> dict[str, Any]:
    """How long a figure moves out, stays and moves back, in seconds; for `figure_svg`."""
    out, back = seconds_out_and_back(dosage)
    return {"out": out, "hold": min(dosage["hold_seconds"], LONGEST_HOLD_SHOWN), "back": back}


def dosage_minutes(dosage: dict[str, Any]) -> int:
    """About how long one round takes, in whole minutes, at least 1.

    A planning estimate of ours: reps at the usual tempo plus hold, rests between sets, both sides
    counted twice, and half a minute to get into position.
    """
    moving = 0 if dosage["reps"] == 1 else sum(seconds_out_and_back(dosage))
    per_rep = dosage["hold_seconds"] + moving
    one_side = dosage["sets"] * dosage["reps"] * per_rep
    sides = 2 if dosage["side"] == Side.BOTH else 1
    rests = (dosage["sets"] - 1) * (dosage["rest_seconds"] or 0)
    return max(1, round((one_side * sides + rests + 30) / MINUTE))
