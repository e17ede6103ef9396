"""Sessions: what the patient did and how the feet answered. Appended, never edited."""

import datetime as dt
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q

from patients.models.base import PatientData, PatientDataQuerySet
from programs.models.plan import Plan, PlanPhase, Prescription


class Feeling(models.TextChoices):
    """What feet can feel like (brief 1.2)."""

    NUMB = "numb", "Numb or “dead”"
    TINGLING = "tingling", "Tingling, “asleep”"
    BURNING = "burning", "Burning"
    STABBING = "stabbing", "Stabbing"
    PINS = "pins", "Pins and needles"
    SHOCK = "shock", "Electric shock"
    COLD = "cold", "Cold"
    HEAVY = "heavy", "Heavy"
    TIGHT = "tight", "Tight band or sock"
    COTTON = "cotton", "Cotton wool underfoot"
    TOUCH = "touch", "Light touch hurts"
    ITCHING = "itching", "Itching"
    URGE = "urge", "Urge to move"


class Settled(models.TextChoices):
    """How long until the feet were back to how they were (brief 3.1)."""

    MINUTE = "minute", "Within a minute, or nothing came up"
    HALF_HOUR = "half_hour", "Within 30 minutes"
    BY_MORNING = "by_morning", "Longer, but by the next morning"
    NEXT_MORNING = "next_morning", "Still up the next morning"
    NOT_YET = "not_yet", "Too early to say"


class SkinCheck(models.TextChoices):
    FINE = "fine", "Looked, and it is fine"
    CHANGED = "changed", "There is a sore, blister, redness, swelling or color change"
    NOT_DONE = "not_done", "Did not look"


class NewSign(models.TextChoices):
    """Signs to ask for after each session: red (brief 3.1), with an alert (A1–A4, A8, A9, A13)."""

    WEAKNESS = "weakness", "New weakness, or my foot drops or trips"
    NUMB_AREA = "numb_area", "The numb area grew, moved up, or is in my hands now"
    DIZZY = "dizzy", "I felt dizzy or faint"
    CHEST = "chest", "Chest pain, or short of breath at rest"
    STROKE = (
        "stroke",
        "A drooping face, a weak arm, trouble speaking, or sudden one-sided numbness",
    )
    SADDLE = "saddle", "Numb between the legs, new bladder or bowel trouble, or both legs weak"
    COLD_FOOT = "cold_foot", "A cold, pale or blue foot that suddenly hurts a lot"


class Done(models.TextChoices):
    ALL = "all", "Did it"
    SOME = "some", "Some of it"
    NONE = "none", "Not today"


def zero_to_ten() -> Any:
    """A number that may be left empty: then it is null."""
    return models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MaxValueValidator(10)]
    )


class Source(models.TextChoices):
    """How a session came to be stored."""

    PORTAL = "portal", "In the portal"
    PAPER = "paper", "From paper, entered later"


class SessionQuerySet(PatientDataQuerySet):
    def with_done(self) -> "SessionQuerySet":
        """Each with `something_done`: at least one exercise was done, so that it counts."""
        done = ExerciseLog.objects.filter(
            session=models.OuterRef("pk"), done__in=[Done.ALL, Done.SOME]
        )
        return self.annotate(something_done=models.Exists(done))

    def done_by_day(self) -> dict[dt.date, int]:
        """How many of them count on each day, counted by the database."""
        counted = self.with_done().filter(something_done=True).order_by().values("done_on")
        rows = counted.annotate(count=models.Count("pk")).values_list("done_on", "count")
        return dict(rows)


class Session(PatientData):
    """One time the patient did (part of) a day's plan.

    The id comes from the client, so that the same session sent twice is stored once. An answer
    left empty is null: never 0, never 'no'. Pain and effort are 0 to 10.
    """

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="sessions")
    phase = models.ForeignKey(PlanPhase, on_delete=models.PROTECT, related_name="sessions")
    done_at = models.DateTimeField()
    done_on = models.DateField(help_text="The clinic's date of done_at.")
    received_at = models.DateTimeField(auto_now_add=True)
    source = models.CharField(max_length=10, choices=Source.choices, default=Source.PORTAL)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )
    pain_before = zero_to_ten()
    pain_after = zero_to_ten()
    effort = zero_to_ten()
    feelings = ArrayField(
        models.CharField(max_length=10, choices=Feeling.choices), null=True, blank=True
    )
    settled = models.CharField(max_length=15, choices=Settled.choices, blank=True)
    skin_check = models.CharField(max_length=10, choices=SkinCheck.choices, blank=True)
    falls = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MaxValueValidator(50)]
    )
    near_falls = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MaxValueValidator(50)]
    )
    fall_injury = models.BooleanField(null=True, blank=True)
    new_signs = ArrayField(
        models.CharField(max_length=10, choices=NewSign.choices), null=True, blank=True
    )
    note = models.TextField(blank=True, max_length=2000)

    objects: ClassVar[Any] = SessionQuerySet.as_manager()

    class Meta:
        ordering = ["-done_at"]
        indexes = [models.Index(fields=["clinic", "patient", "-done_at"])]
        constraints = [
            models.CheckConstraint(
                condition=(
                    (Q(pain_before=None) | Q(pain_before__lte=10))
                    & (Q(pain_after=None) | Q(pain_after__lte=10))
                    & (Q(effort=None) | Q(effort__lte=10))
                ),
                name="session_scales_0_to_10",
                violation_error_message="Choose a number from 0 to 10.",
            ),
        ]

    def __str__(self) -> str:
        return f"Session of {self.done_on}"

    @property
    def feeling_words(self) -> str:
        """'tingling, cold'; 'nothing unusual' was ticked; or 'not answered'."""
        if self.feelings is None:
            return "not answered"
        return ", ".join(Feeling(one).label.lower() for one in self.feelings) or "nothing unusual"


class ExerciseLog(PatientData):
    """How much of one prescription was done in a session; `done` empty means not answered."""

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="exercise_logs")
    prescription = models.ForeignKey(
        Prescription, on_delete=models.PROTECT, related_name="exercise_logs"
    )
    done = models.CharField(max_length=5, choices=Done.choices, blank=True)
    # Of the sets, how many were held for the whole time with no hand and no step (brief 3.1).
    held = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MaxValueValidator(10)]
    )

    class Meta:
        ordering = ["prescription__order"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "prescription"], name="exercise_log_once_a_session"
            )
        ]

    def __str__(self) -> str:
        return f"{self.prescription_id}: {self.done or 'unknown'}"
