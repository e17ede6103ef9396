"""Plans: what one patient was assigned, in frozen versions."""

import datetime as dt
from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Func, Q
from django.utils import timezone

from patients.models import Episode
from patients.models.base import PatientData, PatientDataQuerySet
from patients.models.episode import Outcome
from programs.measures.spoken import said_parts
from programs.models.program import Program, every_words
from programs.models.progress_form import ProgressFormVersion
from programs.notation import phase_gates
from programs.timing.week import LEAST_EVERY_DAYS, MOST_EVERY_DAYS


class PlanStatus(models.TextChoices):
    DRAFT = "draft", "Draft"
    ACTIVE = "active", "Active"
    REPLACED = "replaced", "Replaced by a newer version"
    ENDED = "ended", "Ended"

    @classmethod
    def frozen(cls) -> list["PlanStatus"]:
        """Statuses of a plan that a patient has seen."""
        return [cls.ACTIVE, cls.REPLACED, cls.ENDED]


class PlanQuerySet(PatientDataQuerySet):
    def active(self) -> "PlanQuerySet":
        return self.filter(status=PlanStatus.ACTIVE)

    def drafts(self) -> "PlanQuerySet":
        return self.filter(status=PlanStatus.DRAFT)

    def frozen(self) -> "PlanQuerySet":
        return self.filter(status__in=PlanStatus.frozen())

    def as_of(self, moment: dt.datetime) -> "PlanQuerySet":
        """The versions in force at a moment: at most one an episode, the database sees to that."""
        return self.not_over(moment).filter(effective_at__lte=moment)

    def not_over(self, moment: dt.datetime) -> "PlanQuerySet":
        """The versions in force at a moment, and those that are to follow."""
        return self.frozen().filter(closes_after(moment))


def closes_after(moment: dt.datetime) -> Q:
    """Still in force at a moment, or not begun: the one definition of 'not over'."""
    return Q(closed_at=None) | Q(closed_at__gt=moment)


class _Holds(Func):
    """From when until when a version holds, as a range of moments."""

    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


def every_day() -> list[int]:
    return [0, 1, 2, 3, 4, 5, 6]


class Plan(PatientData):
    """One version of what an episode's patient is to do. `weekdays`: Monday is 0.

    It holds from `effective_at` until `closed_at`; a replaced version may still hold for some days
    when its successor was activated for a later date.
    """

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="plans")
    version = models.PositiveSmallIntegerField(editable=False)
    program = models.ForeignKey(
        Program, null=True, on_delete=models.SET_NULL, related_name="plans", editable=False
    )
    second_program = models.ForeignKey(
        Program,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="plans_beside",
        editable=False,
        help_text="Combined with the first one, such as a balance program with a nerve program.",
    )
    title = models.CharField(max_length=120)
    patient_title = models.CharField("title for patients", max_length=120, blank=True)
    status = models.CharField(
        max_length=10, choices=PlanStatus.choices, default=PlanStatus.DRAFT, editable=False
    )
    starts_on = models.DateField("start date")
    weekdays = ArrayField(
        models.PositiveSmallIntegerField(), default=every_day, verbose_name="days of the week"
    )
    # Angle limits of its programs, and those in force: with what the findings add (gates.caps_for).
    program_caps = models.JSONField(default=dict, blank=True, editable=False)
    caps = models.JSONField(default=dict, blank=True, editable=False)
    note = models.TextField(
        "note to the patient", blank=True, max_length=500, help_text="Shown on their first page."
    )
    change_reason = models.CharField(
        "why it changes",
        max_length=250,
        blank=True,
        help_text="For the record; the patient does not see it.",
    )
    # Why it begins in spite of an open alert or a restriction, and which ones that answers.
    gate_reason = models.TextField(blank=True, max_length=500, editable=False)
    reason_for = ArrayField(
        models.CharField(max_length=300), default=list, blank=True, editable=False
    )
    # One plain sentence for the patient, written when the version is activated.
    change_words = models.TextField(blank=True, editable=False)
    # Counts a draft's changes: who edits an older state is told, nothing is overwritten.
    stamp = models.PositiveIntegerField(default=0, editable=False)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
    )
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )
    effective_at = models.DateTimeField(null=True, editable=False)
    activated_at = models.DateTimeField(null=True, editable=False)
    activated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
    )
    closed_at = models.DateTimeField(null=True, editable=False)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
    )
    outcome = models.CharField(max_length=20, choices=Outcome.choices, blank=True, editable=False)
    summary = models.TextField("discharge summary", blank=True, max_length=8000, editable=False)

    objects: ClassVar[Any] = PlanQuerySet.as_manager()

    class Meta:
        ordering = ["-version"]
        indexes = [models.Index(fields=["clinic", "patient", "status"])]
        constraints = [
            models.UniqueConstraint(fields=["episode", "version"], name="plan_version_unique"),
            models.UniqueConstraint(
                fields=["patient", "episode"],
                condition=Q(status=PlanStatus.ACTIVE),
                name="plan_one_active",
                violation_error_message="Another version was activated meanwhile.",
            ),
            models.UniqueConstraint(
                fields=["episode"],
                condition=Q(status=PlanStatus.DRAFT),
                name="plan_one_draft",
                violation_error_message="A draft of the next version exists already.",
            ),
            ExclusionConstraint(
                name="plan_no_two_at_once",
                expressions=[
                    ("episode", RangeOperators.EQUAL),
                    (_Holds(F("effective_at"), F("closed_at")), RangeOperators.OVERLAPS),
                ],
                condition=Q(effective_at__isnull=False),
                violation_error_message="Another version was activated meanwhile.",
            ),
            models.CheckConstraint(
                condition=Q(weekdays__contained_by=[0, 1, 2, 3, 4, 5, 6], weekdays__len__gte=1),
                name="plan_weekdays",
                violation_error_message="Choose at least one day of the week.",
            ),
            models.CheckConstraint(
                condition=Q(
                    status=PlanStatus.DRAFT,
                    activated_at=None,
                    activated_by=None,
                    effective_at=None,
                )
                | (
                    ~Q(status=PlanStatus.DRAFT)
                    & Q(
                        activated_at__isnull=False,
                        activated_by__isnull=False,
                        effective_at__isnull=False,
                    )
                ),
                name="plan_activated_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(
                    status__in=[PlanStatus.DRAFT, PlanStatus.ACTIVE],
                    closed_at=None,
                    closed_by=None,
                )
                | Q(
                    status__in=[PlanStatus.REPLACED, PlanStatus.ENDED],
                    closed_at__isnull=False,
                    closed_by__isnull=False,
                ),
                name="plan_closed_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(outcome="") | Q(status=PlanStatus.ENDED), name="plan_outcome_when_ended"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}, version {self.version}"

    @property
    def plain_title(self) -> str:
        """What its patient reads, in the reader's language where it is the library's."""
        return said_parts(self.patient_title or self.title)

    @property
    def is_draft(self) -> bool:
        return self.status == PlanStatus.DRAFT

    @property
    def is_active(self) -> bool:
        return self.status == PlanStatus.ACTIVE

    def is_on_screen(self, moment: dt.datetime | None = None) -> bool:
        """Some patient has it before them, or will when it begins."""
        at = moment or timezone.now()
        return self.effective_at is not None and (self.closed_at is None or self.closed_at > at)

    def is_ahead(self, moment: dt.datetime | None = None) -> bool:
        """Activated for a later date: the version before still holds."""
        return self.effective_at is not None and self.effective_at > (moment or timezone.now())

    @property
    def programs(self) -> list[Program]:
        """What it was made from: none, one, or two combined."""
        return [one for one in (self.program, self.second_program) if one is not None]

    @property
    def no_tension(self) -> bool:
        return any(program.no_tension for program in self.programs)

    @property
    def is_calming(self) -> bool:
        return any(program.is_calming for program in self.programs)

    def is_made_like(self, other: Self) -> bool:
        """From the same programs, so that their phases correspond."""
        return (self.program_id, self.second_program_id) == (
            other.program_id,
            other.second_program_id,
        )


class PlanPhase(PatientData):
    """A phase of this plan, copied from the program."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="phases")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    goal = models.CharField(max_length=250, blank=True)
    weeks_text = models.CharField(max_length=40)
    gate = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="plan_phase_number")]

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"

    @property
    def plain_title(self) -> str:
        """In the reader's language where it is the library's."""
        return said_parts(self.title)

    @property
    def gate_text(self) -> str:
        return phase_gates.sentence(self.gate)


class PlanForm(PatientData):
    """A progress form that is due in a phase of this plan, every so many days."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="forms")
    phase = models.ForeignKey(PlanPhase, on_delete=models.CASCADE, related_name="forms")
    version = models.ForeignKey(ProgressFormVersion, on_delete=models.PROTECT, related_name="+")
    every_days = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(LEAST_EVERY_DAYS), MaxValueValidator(MOST_EVERY_DAYS)]
    )

    class Meta:
        ordering = ["phase__number", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["phase", "version"], name="plan_form_once_a_phase"),
            models.CheckConstraint(
                condition=Q(every_days__range=(LEAST_EVERY_DAYS, MOST_EVERY_DAYS)),
                name="plan_form_every_days",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version}, {self.words}"

    @property
    def words(self) -> str:
        return every_words(self.every_days)


class PhaseMove(models.TextChoices):
    """What a therapist decided about the phases."""

    START = "start", "Started"
    PROGRESS = "progress", "Moved on"
    HOLD = "hold", "Held"
    REGRESS = "regress", "Went back"
    CARRIED = "carried", "Went on in a new version"


class PhaseStart(PatientData):
    """From this day on the patient is in this phase, because a therapist said so."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="phase_starts")
    phase = models.ForeignKey(PlanPhase, on_delete=models.PROTECT, related_name="starts")
    on = models.DateField()
    move = models.CharField(max_length=10, choices=PhaseMove.choices)
    reason = models.CharField(max_length=250, blank=True)
    # The gate as it stood when it was decided: {"words", "met", "evidence"} a condition.
    evidence = models.JSONField(default=list, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["on", "at"]

    def __str__(self) -> str:
        return f"{self.phase} from {self.on}"
