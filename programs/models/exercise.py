"""The exercise library."""

import uuid
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from accounts.models import Clinic, User
from cms.models import Source
from patients.models.episode import Nerve
from patients.models.fields import ChoiceArrayField
from programs.models.dosage import Dosage
from programs.models.fields import LinesField
from programs.motion import Motion, describe, figure_svg


class Kind(models.TextChoices):
    GLIDE = "glide", "Glide"
    TENSION = "tension", "Tension"
    BALANCE = "balance", "Balance"

    @property
    def plain(self) -> str:
        """What a patient reads (brief 7)."""
        return {"glide": "gentle slide", "tension": "light stretch", "balance": "balance"}[
            self.value
        ]


class Pose(models.TextChoices):
    SIT = "sit", "Sitting"
    SUPINE = "supine", "Lying on the back"
    SIDELYING = "sidelying", "Lying on the side"
    LONGSIT = "longsit", "Sitting with legs out"
    STAND = "stand", "Standing"


class Certainty(models.TextChoices):
    HIGH = "high", "High certainty"
    MEDIUM = "medium", "Medium certainty"
    MEDIUM_LOW = "medium-low", "Medium to low certainty"
    LOW = "low", "Low certainty"


class SafetyItem(models.TextChoices):
    """The set-up before standing exercises, to be ticked (brief 1.6)."""

    COUNTER = "counter", "A firm counter, sink or rail is in front of me, at hip height."
    CHAIR = "chair", "A sturdy chair or a corner is behind me."
    HELPER = "helper", "My helper is here."
    SHOES = "shoes", "I wear closed shoes with grip. No socks, not barefoot."
    FLOOR = "floor", "The floor is clear and dry, the light is good, my glasses are on."
    PHONE = "phone", "My phone or alarm is in reach."
    CLEAR_HEAD = "clear_head", "No alcohol or sedatives in the last 2 hours."
    SLOWLY = "slowly", "I will stand up slowly and wait one minute."
    SKIN = "skin", "I have looked at the skin of both feet."


class LibraryQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        """The platform's entries and those of the user's own clinic."""
        return self.filter(Q(clinic=None) | Q(clinic_id=user.clinic_id))

    def active(self) -> Self:
        return self.filter(archived_at=None)


class Exercise(Dosage):
    """One movement. What patients get is frozen into their plan, so this may change freely."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    clinic = models.ForeignKey(
        Clinic, null=True, blank=True, on_delete=models.PROTECT, related_name="exercises"
    )
    code = models.CharField(max_length=20, help_text="Stable id, such as G01.")
    title = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    nerve = models.CharField(
        max_length=30, choices=Nerve.choices, blank=True, help_text="For glide and tension."
    )
    pose = models.CharField("position", max_length=10, choices=Pose.choices)
    level = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Balance only: 1 safest to 5 supervised."
    )
    start = models.TextField("starting position")
    steps = LinesField(models.TextField())
    cue = models.CharField(max_length=250, help_text="What the patient hears or reads meanwhile.")
    precautions = models.TextField(blank=True)
    equipment = models.CharField(max_length=200, blank=True)
    safety_setup = ChoiceArrayField(
        models.CharField(max_length=12, choices=SafetyItem.choices), default=list, blank=True
    )
    needs_helper = models.BooleanField(
        default=False, help_text="Single-leg, foam or eyes-closed tasks (brief 1.6, point 3)."
    )
    clinic_if_insensate = models.BooleanField(
        "clinic only without protective feeling", default=False, help_text="Brief 3.2, P3."
    )
    home_use = models.BooleanField(default=True, help_text="Off: only in the clinic.")
    motion_data = models.JSONField("motion", help_text="Joint angles at the start and the end.")
    times_per_day_max = models.PositiveSmallIntegerField(null=True, blank=True)
    days_per_week_max = models.PositiveSmallIntegerField(null=True, blank=True)
    easier = models.CharField(max_length=200, blank=True)
    harder = models.CharField(max_length=200, blank=True)
    easier_exercises = models.ManyToManyField(
        "self", symmetrical=False, blank=True, related_name="+"
    )
    harder_exercises = models.ManyToManyField(
        "self", symmetrical=False, blank=True, related_name="+"
    )
    certainty = models.CharField(
        max_length=10,
        choices=Certainty.choices,
        help_text="How sure we are that it does what its kind says.",
    )
    citations = models.ManyToManyField(Source, blank=True, related_name="exercises")
    # What the starter library last wrote; when the row no longer matches, somebody edited it.
    starter_digest = models.CharField(max_length=64, blank=True, editable=False)
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    objects = LibraryQuerySet.as_manager()

    class Meta(Dosage.Meta):
        ordering = ["code"]
        constraints = [
            *Dosage.Meta.constraints,
            models.UniqueConstraint(
                fields=["clinic", "code"],
                nulls_distinct=False,
                name="exercise_code_unique",
                violation_error_message="Another exercise has this code.",
            ),
            models.CheckConstraint(
                condition=Q(kind=Kind.BALANCE, nerve="", level__range=(1, 5))
                | (~Q(kind=Kind.BALANCE) & ~Q(nerve="") & Q(level=None)),
                name="exercise_nerve_or_level",
                violation_error_message=(
                    "Glide and tension need a nerve, balance a level from 1 to 5."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    def clean(self) -> None:
        """Raises ValidationError when an angle is outside its joint's range."""
        try:
            Motion.from_json(self.motion_data)
        except (ValueError, KeyError, TypeError) as error:
            raise ValidationError({"motion_data": str(error)}) from error

    @property
    def motion(self) -> Motion:
        return Motion.from_json(self.motion_data)

    @property
    def is_standing(self) -> bool:
        return self.pose == Pose.STAND

    @property
    def plain_kind(self) -> str:
        return Kind(self.kind).plain

    @property
    def is_low_certainty(self) -> bool:
        return self.certainty == Certainty.LOW

    @property
    def figure(self) -> str:
        """The animated figure, as SVG."""
        return figure_svg(self.motion, kind=self.kind, nerve=self.nerve or None, title=self.title)

    @property
    def figure_still(self) -> str:
        return figure_svg(
            self.motion,
            kind=self.kind,
            nerve=self.nerve or None,
            title=self.title,
            animated=False,
        )

    @property
    def description(self) -> str:
        """The movement in words, from the same angles."""
        return describe(self.motion)
