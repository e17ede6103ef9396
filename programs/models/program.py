"""Programs: reusable templates that plans are made from."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.models import Clinic
from programs.models.dosage import Dosage
from programs.models.exercise import Exercise, LibraryQuerySet


class Program(models.Model):
    """Phases of exercises with default dosage. Plans copy it, so it may change freely."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    clinic = models.ForeignKey(
        Clinic, null=True, blank=True, on_delete=models.PROTECT, related_name="programs"
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    code = models.CharField(max_length=20)
    title = models.CharField(max_length=120)
    summary = models.TextField(help_text="For whom, in a sentence or two.")
    entry_gate = models.CharField(max_length=250, blank=True)
    weeks = models.PositiveSmallIntegerField()
    no_tension = models.BooleanField(default=False)
    # Angle limits in degrees, such as {"hip_max": 60, "knee_min": 10, "ankle_max": 5}.
    caps = models.JSONField(default=dict, blank=True)
    notes = models.TextField(blank=True)
    starter_digest = models.CharField(max_length=64, blank=True, editable=False)
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    objects = LibraryQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "code"],
                nulls_distinct=False,
                name="program_code_unique",
                violation_error_message="Another program has this code.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class ProgramPhase(models.Model):
    """A stretch of weeks with one goal."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="phases")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    first_week = models.PositiveSmallIntegerField()
    last_week = models.PositiveSmallIntegerField()
    gate = models.CharField(
        max_length=250, blank=True, help_text="What has to be true before the next phase."
    )

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["program", "number"], name="program_phase_number"),
            models.CheckConstraint(
                condition=Q(first_week__gte=1, last_week__gte=F("first_week")),
                name="program_phase_weeks",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"

    @property
    def weeks_text(self) -> str:
        if self.first_week == self.last_week:
            return f"week {self.first_week}"
        return f"weeks {self.first_week}–{self.last_week}"


class ProgramExercise(Dosage):
    """One exercise in a phase. Those that share an `alternates` number are 'this or that'."""

    phase = models.ForeignKey(ProgramPhase, on_delete=models.CASCADE, related_name="exercises")
    exercise = models.ForeignKey(Exercise, on_delete=models.PROTECT, related_name="+")
    order = models.PositiveSmallIntegerField()
    alternates = models.PositiveSmallIntegerField(null=True, blank=True)
    optional = models.BooleanField(default=False)
    note = models.CharField(max_length=200, blank=True)

    class Meta(Dosage.Meta):
        ordering = ["order"]
        constraints = [
            *Dosage.Meta.constraints,
            models.UniqueConstraint(fields=["phase", "order"], name="program_exercise_order"),
        ]

    def __str__(self) -> str:
        return f"{self.exercise}: {self.dosage_text}"
