"""One course of care, and the red-flag screen it stands on."""

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q

from patients.conditions import ASKED, Condition
from patients.models.base import PatientData
from patients.models.fields import ChoiceArrayField, when_changed
from patients.red_flags import RED_FLAGS, Tier


class Cause(models.TextChoices):
    """Brief 1.1, with the causes that it adds."""

    DIABETES = "diabetes", "Diabetes or pre-diabetes"
    ENTRAPMENT = "entrapment", "Nerve entrapment (tarsal tunnel, fibular neck …)"
    BACK = "back", "Nerve root or spinal stenosis"
    STROKE = "stroke", "Stroke (after medical clearance)"
    BLOOD_SUPPLY = "blood_supply", "Poor blood supply"
    TRAUMA = "trauma", "Injury, surgery or pressure"
    DEFICIENCY = "deficiency", "Vitamin deficiency"
    ALCOHOL = "alcohol", "Alcohol"
    CHEMOTHERAPY = "chemotherapy", "Chemotherapy"
    OTHER = "other", "Another cause"
    UNKNOWN = "unknown", "Not known yet"


class Nerve(models.TextChoices):
    SCIATIC = "sciatic", "Sciatic"
    TIBIAL = "tibial", "Tibial"
    PLANTAR = "plantar", "Medial or lateral plantar"
    COMMON_FIBULAR = "common_fibular", "Common fibular"
    SUPERFICIAL_FIBULAR = "superficial_fibular", "Superficial fibular"
    DEEP_FIBULAR = "deep_fibular", "Deep fibular"
    SURAL = "sural", "Sural"
    SAPHENOUS = "saphenous", "Saphenous"
    MANY = "many", "Many (polyneuropathy)"


class BodySide(models.TextChoices):
    LEFT = "left", "Left"
    RIGHT = "right", "Right"
    BOTH = "both", "Both"


class Sensation(models.TextChoices):
    """Protective sensation, as the 10-g filament finds it (brief M9)."""

    INTACT = "intact", "Intact"
    REDUCED = "reduced", "Reduced"
    LOST = "lost", "Lost"


class Irritability(models.TextChoices):
    """How long symptoms take to settle once stirred up (brief 3.1)."""

    LOW = "low", "Low: settles in minutes"
    MODERATE = "moderate", "Moderate: up to 30 minutes"
    HIGH = "high", "High: longer, constant or easily set off"


class FallRisk(models.TextChoices):
    LOW = "low", "Low"
    MODERATE = "moderate", "Moderate"
    HIGH = "high", "High"


class FootRisk(models.IntegerChoices):
    """Risk of a foot ulcer and how often to screen (IWGDF 2023, bus2024; seen in a summary)."""

    VERY_LOW = 0, "0, very low: screen once a year"
    LOW = 1, "1, low: screen every 6 to 12 months"
    MODERATE = 2, "2, moderate: screen every 3 to 6 months"
    HIGH = 3, "3, high: screen every 1 to 3 months"


class WalkingAid(models.TextChoices):
    NONE = "none", "None"
    CANE = "cane", "Cane"
    WALKER = "walker", "Walker"
    CRUTCHES = "crutches", "Crutches"
    WHEELCHAIR = "wheelchair", "Wheelchair"


class Outcome(models.TextChoices):
    GOALS_MET = "goals_met", "Goals met"
    IMPROVED = "improved", "Improved, goals partly met"
    NO_CHANGE = "no_change", "No change"
    REFERRED = "referred", "Referred on"
    STOPPED = "stopped", "Stopped by the patient"


class Episode(PatientData):
    """What is known about this patient's numb feet now; the safety gates read it."""

    cause = models.CharField("cause of the numbness", max_length=20, choices=Cause.choices)
    nerves = ChoiceArrayField(
        models.CharField(max_length=30, choices=Nerve.choices), verbose_name="nerves"
    )
    side = models.CharField(max_length=5, choices=BodySide.choices)
    sensation = models.CharField("protective sensation", max_length=10, choices=Sensation.choices)
    irritability = models.CharField(max_length=10, choices=Irritability.choices)
    fall_risk = models.CharField(max_length=10, choices=FallRisk.choices)
    falls_12_months = models.PositiveSmallIntegerField(
        "falls in the last 12 months",
        null=True,
        blank=True,
        validators=[MaxValueValidator(365)],
        help_text="Leave empty if not known.",
    )
    walking_aid = models.CharField(max_length=12, choices=WalkingAid.choices)
    helper_at_home = models.BooleanField(
        "someone can stand by during balance exercises at home", default=False
    )
    conditions = ChoiceArrayField(
        models.CharField(max_length=20, choices=ASKED),
        verbose_name="conditions that exercises ask about",
        default=list,
        blank=True,
        help_text="Exercises with a precaution for one of these are held back or say so.",
    )
    nerve_surgery_on = models.DateField(
        "date of the nerve repair or decompression", null=True, blank=True
    )
    has_glucose_meter = models.BooleanField(
        "has a blood sugar meter at home",
        default=False,
        help_text="With 'prone to low blood sugar', a session then asks for the reading.",
    )
    foot_risk = models.PositiveSmallIntegerField(
        "foot risk (IWGDF)", null=True, blank=True, choices=FootRisk.choices
    )
    precautions = models.TextField(
        "other precautions", blank=True, max_length=2000, help_text="Heart, medicines …"
    )
    opened_at = models.DateTimeField(auto_now_add=True)
    changed_at = when_changed()
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )
    closed_at = models.DateTimeField(null=True, blank=True, editable=False)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
    )
    outcome = models.CharField(max_length=20, choices=Outcome.choices, blank=True, editable=False)
    summary = models.TextField("discharge summary", blank=True, max_length=8000, editable=False)

    class Meta:
        ordering = ["-opened_at"]
        indexes = [models.Index(fields=["clinic", "patient"])]
        constraints = [
            models.UniqueConstraint(
                fields=["patient"],
                condition=Q(closed_at=None),
                name="episode_one_open",
                violation_error_message="This patient already has an open episode.",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by=None, outcome="")
                | (Q(closed_at__isnull=False, closed_by__isnull=False) & ~Q(outcome="")),
                name="episode_closed_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_cause_display()}, {self.nerve_names} ({self.get_side_display().lower()})"

    @property
    def cause_in_short(self) -> str:
        """Without what stands in brackets, for lists."""
        return str(self.get_cause_display()).partition(" (")[0]

    @property
    def nerve_names(self) -> str:
        return " and ".join(Nerve(nerve).label.lower() for nerve in self.nerves)

    @property
    def latest_screen(self) -> "RedFlagScreen | None":
        """The red-flag screen that counts: the newest. Uses prefetched screens if there."""
        return max(self.screens.all(), key=lambda screen: screen.screened_at, default=None)

    @property
    def all_conditions(self) -> set[str]:
        """The ticked conditions and those that follow from the findings."""
        return self.conditions_with(self.latest_screen)

    def conditions_with(self, screen: "RedFlagScreen | None") -> set[str]:
        """The same, with the newest screen where that was read already."""
        found = {
            Condition.SENSATION_LOST: self.sensation == Sensation.LOST,
            Condition.SENSATION_REDUCED: self.sensation != Sensation.INTACT,
            Condition.IRRITABLE: self.irritability == Irritability.HIGH,
            Condition.RED_FLAG: screen is not None and screen.is_open,
            Condition.FELL: bool(self.falls_12_months),
            Condition.WALKING_AID: self.walking_aid != WalkingAid.NONE,
            Condition.NO_HELPER: not self.helper_at_home,
        }
        return {*self.conditions, *(one.value for one, holds in found.items() if holds)}

    @property
    def condition_labels(self) -> list[str]:
        return [Condition(one).label for one in self.conditions]

    @property
    def falls_or_aid(self) -> bool:
        """Somebody who needs a helper for standing exercises (brief 1.6, point 3). A high fall risk
        comes from falls that hurt or came again.
        """
        return (
            bool(self.falls_12_months)
            or self.walking_aid != WalkingAid.NONE
            or self.fall_risk == FallRisk.HIGH
        )

    @property
    def asks_sugar(self) -> bool:
        """Whether low blood sugar is asked for (brief 5, A19)."""
        return Condition.LOW_GLUCOSE in self.conditions


class RedFlagScreen(PatientData):
    """One answered red-flag screen: which signs were present, who asked, when.

    A screen is never edited. A sign that was followed up is cleared with a note.
    """

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="screens")
    present = ChoiceArrayField(
        models.CharField(max_length=40, choices=[(flag.code, flag.label) for flag in RED_FLAGS]),
        default=list,
        blank=True,
    )
    # What had no answer counts as a no, by the therapist's word that all were asked.
    summed_up = models.BooleanField(default=False)
    note = models.TextField(blank=True, max_length=2000)
    screened_at = models.DateTimeField()
    screened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    cleared_at = models.DateTimeField(null=True, blank=True)
    cleared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    clearance_note = models.TextField(blank=True, max_length=2000)

    class Meta:
        ordering = ["-screened_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(cleared_at=None, cleared_by=None, clearance_note="")
                | (Q(cleared_at__isnull=False, cleared_by__isnull=False) & ~Q(clearance_note="")),
                name="red_flag_cleared_whole",
                violation_error_message="Say why it is safe to go on.",
            ),
        ]

    def __str__(self) -> str:
        return f"Red-flag screen of {self.screened_at:%Y-%m-%d}"

    @property
    def flags(self) -> list:
        return [flag for flag in RED_FLAGS if flag.code in self.present]

    @property
    def is_open(self) -> bool:
        """A sign was present and nobody has cleared it."""
        return bool(self.present) and self.cleared_at is None

    @property
    def stops_exercise(self) -> bool:
        """An open sign of tier A or B: 'do not start' (brief 2.4)."""
        return self.is_open and self.names_a_stop

    @property
    def names_a_stop(self) -> bool:
        """A sign of tier A or B, open or cleared since."""
        return any(flag.tier in (Tier.EMERGENCY, Tier.SAME_DAY) for flag in self.flags)
