"""Programs: reusable templates that plans are made from."""

from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import translation
from django.utils.translation import gettext

from accounts.models import User
from patients.conditions import Condition
from programs.measures.spoken import said
from programs.models.dosage import Prescribed
from programs.models.exercise import Exercise
from programs.models.library import LibraryEntry, LibraryQuerySet
from programs.models.progress_form import ProgressForm
from programs.models.snapshot import ExerciseSnapshot
from programs.notation import phase_gates
from programs.timing.week import LEAST_EVERY_DAYS, MOST_EVERY_DAYS, WEEK


class Visibility(models.TextChoices):
    PRIVATE = "private", "Only me"
    CLINIC = "clinic", "My clinic"
    PLATFORM = "platform", "Everybody on this platform"


class ProgramQuerySet(LibraryQuerySet):
    def visible_to(self, user: User) -> Self:
        """The platform's, those shared in the user's clinic, and the user's own."""
        return (
            super().visible_to(user).filter(~Q(visibility=Visibility.PRIVATE) | Q(owner_id=user.pk))
        )

    def active(self) -> Self:
        """What can be assigned: published at least once and not archived."""
        return super().active().filter(version__gte=1)


class Program(LibraryEntry):
    """Phases of exercises with default dosage. Plans copy it, so it may change freely.

    The rows below it hold the newest published version; `draft` is the document being edited.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    visibility = models.CharField(
        max_length=10, choices=Visibility.choices, default=Visibility.PLATFORM
    )
    code = models.CharField(max_length=20)
    title = models.CharField(max_length=120)
    patient_title = models.CharField("title for patients", max_length=120, blank=True)
    summary = models.TextField(blank=True, help_text="For whom, in a sentence or two.")
    entry_gate = models.CharField(max_length=250, blank=True)
    # Conditions with which it is not begun; the safety gates read them.
    entry_excludes = ArrayField(
        models.CharField(max_length=20, choices=Condition.choices), default=list, blank=True
    )
    weeks = models.PositiveSmallIntegerField(default=0)
    no_tension = models.BooleanField(default=False)
    # Made for high irritability: its glides come nearer to the sore site phase by phase.
    is_calming = models.BooleanField(default=False)
    # Angle limits in degrees, such as {"hip_max": 60, "knee_min": 10, "ankle_max": 5}.
    caps = models.JSONField(default=dict, blank=True)
    notes = models.TextField(blank=True)
    version = models.PositiveSmallIntegerField(default=0, editable=False)
    draft = models.JSONField(null=True, blank=True, editable=False)
    # Counts the draft's changes: who edits an older one is told, nothing is overwritten.
    draft_stamp = models.PositiveIntegerField(default=0, editable=False)
    draft_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        editable=False,
    )
    updated_at = models.DateTimeField(auto_now=True)

    objects = ProgramQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "code"],
                nulls_distinct=False,
                name="program_code_unique",
                violation_error_message="Another program has this code.",
            ),
            models.CheckConstraint(
                condition=Q(visibility=Visibility.PLATFORM, clinic=None)
                | Q(visibility=Visibility.CLINIC, clinic__isnull=False)
                | Q(visibility=Visibility.PRIVATE, clinic__isnull=False, owner__isnull=False),
                name="program_visible_where_it_belongs",
                violation_error_message="A program is the platform's, a clinic's or one person's.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class ProgramFavorite(models.Model):
    """A therapist's own short list; it comes first when a plan is assigned."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="favorites")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "program"], name="program_favorite_once")
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.program}"


class ProgramVersion(models.Model):
    """What was published when, by whom; never changed."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    content = models.JSONField()
    note = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["program", "number"], name="program_version_number")
        ]

    def __str__(self) -> str:
        return f"Version {self.number}"


class ProgramPhase(models.Model):
    """A stretch of weeks with one goal."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="phases")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    goal = models.CharField(max_length=250, blank=True)
    first_week = models.PositiveSmallIntegerField()
    last_week = models.PositiveSmallIntegerField()
    # What has to be true before the next phase: conditions of `programs.notation.phase_gates`.
    gate = models.JSONField(default=list, blank=True)

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
    def gate_text(self) -> str:
        return phase_gates.sentence(self.gate)

    @property
    def weeks_text(self) -> str:
        if self.first_week == self.last_week:
            return f"week {self.first_week}"
        return f"weeks {self.first_week}–{self.last_week}"


class ProgramExercise(Prescribed):
    """One exercise in a phase. Those that share an `alternates` number are 'this or that'."""

    phase = models.ForeignKey(ProgramPhase, on_delete=models.CASCADE, related_name="exercises")
    exercise = models.ForeignKey(Exercise, on_delete=models.PROTECT, related_name="+")
    order = models.PositiveSmallIntegerField()
    alternates = models.PositiveSmallIntegerField(null=True, blank=True)
    optional = models.BooleanField(default=False)
    note = models.CharField(max_length=200, blank=True)

    class Meta(Prescribed.Meta):
        ordering = ["order"]
        constraints = [
            *Prescribed.Meta.constraints,
            models.UniqueConstraint(fields=["phase", "order"], name="program_exercise_order"),
        ]

    def __str__(self) -> str:
        return f"{self.exercise}: {self.dosage_text}"

    @property
    def shown(self) -> ExerciseSnapshot:
        """As a patient would see it: in the range of this dosage, in the reader's language."""
        kept = ExerciseSnapshot.of(self.exercise, self.angle_limits)
        return kept.in_language(translation.get_language() or "")

    @property
    def plain_note(self) -> str:
        """In the reader's language where it is one of the library's."""
        return said(self.note)

    @property
    def figure(self) -> str:
        """Moving in the tempo and the range of this dosage."""
        return self.exercise.figure_in(self.dosage)


class ProgramForm(models.Model):
    """A progress form that is due in a phase, every so many days."""

    phase = models.ForeignKey(ProgramPhase, on_delete=models.CASCADE, related_name="forms")
    form = models.ForeignKey(ProgressForm, on_delete=models.PROTECT, related_name="+")
    every_days = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["phase", "form"], name="program_form_once_a_phase"),
            models.CheckConstraint(
                condition=Q(every_days__range=(LEAST_EVERY_DAYS, MOST_EVERY_DAYS)),
                name="program_form_every_days",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.form}, every {self.every_days} days"

    @property
    def words(self) -> str:
        return every_words(self.every_days)


def every_words(days: int) -> str:
    """'every week', 'every 10 days'."""
    few = {1: gettext("every day"), WEEK: gettext("every week")}
    many = (
        gettext("every %(number)s weeks") if days % WEEK == 0 else gettext("every %(number)s days")
    )
    return few.get(days) or many % {"number": days // WEEK if days % WEEK == 0 else days}
