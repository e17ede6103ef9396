"""Sessions: what the patient did and how the feet answered. Appended, never edited."""

import datetime as dt
from typing import TYPE_CHECKING, Any, ClassVar, TypedDict

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from patients.models.base import PatientData
from programs.measures.foot_regions import REGIONS, regions_in_words
from programs.models.plan import Plan, PlanPhase
from programs.models.prescription import Prescription
from programs.models.replaceable import Replaceable, ReplaceableQuerySet

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


class Feeling(models.TextChoices):
    """What feet can feel like (brief 1.2)."""

    NUMB = "numb", _("Numb or “dead”")
    TINGLING = "tingling", _("Tingling, “asleep”")
    BURNING = "burning", _("Burning")
    STABBING = "stabbing", _("Stabbing")
    PINS = "pins", _("Pins and needles")
    SHOCK = "shock", _("Electric shock")
    COLD = "cold", _("Cold")
    HEAVY = "heavy", _("Heavy")
    TIGHT = "tight", _("Tight band or sock")
    COTTON = "cotton", _("Cotton wool underfoot")
    TOUCH = "touch", _("Light touch hurts")
    ITCHING = "itching", _("Itching")
    URGE = "urge", _("Urge to move")


class Settled(models.TextChoices):
    """How long until the feet were back to how they were (brief 3.1)."""

    MINUTE = "minute", _("Within a minute, or nothing came up")
    HALF_HOUR = "half_hour", _("Within 30 minutes")
    BY_MORNING = "by_morning", _("Longer, but by the next morning")
    NEXT_MORNING = "next_morning", _("Still up the next morning")
    NOT_YET = "not_yet", _("Too early to say")


# What can be said about it the morning after.
MORNING_CHOICES = (Settled.MINUTE, Settled.HALF_HOUR, Settled.BY_MORNING, Settled.NEXT_MORNING)


class SkinCheck(models.TextChoices):
    FINE = "fine", _("Looked, and it is fine")
    CHANGED = "changed", _("There is a sore, blister, redness, swelling or color change")
    NOT_DONE = "not_done", _("Did not look")


class NewSign(models.TextChoices):
    """Signs to ask for after each session: red (brief 3.1), with an alert.

    Those of the rules A1 to A6, A8, A9, A13, A19 and A20, and the others of brief 1.9. Also what
    can be said without a session, on any day (`SignReport`).
    """

    WEAKNESS = "weakness", _("New weakness, or my foot drops or trips")
    NUMB_AREA = "numb_area", _("The numb area grew, moved up, or is in my hands now")
    DIZZY = "dizzy", _("I felt dizzy or faint")
    CHEST = "chest", _("Chest pain, or short of breath at rest")
    STROKE = (
        "stroke",
        _("A drooping face, a weak arm, trouble speaking, or sudden one-sided numbness"),
    )
    SADDLE = "saddle", _("Numb between the legs, new bladder or bowel trouble, or both legs weak")
    COLD_FOOT = "cold_foot", _("A cold, pale or blue foot that suddenly hurts a lot")
    CLIMBING = (
        "climbing",
        _("Weakness or numbness climbing up my body, or trouble swallowing or breathing"),
    )
    TENSE_LEG = "tense_leg", _("A tense, very painful lower leg after an injury or in a cast")
    SUDDEN = "sudden", _("Sudden loss of sight or balance, or the worst headache ever")
    CANT_MOVE = "cant_move", _("A leg that I suddenly can't move")
    CORD = "cord", _("Clumsy hands, with trouble walking or a tight band round my body")
    HOT_FOOT = "hot_foot", _("A hot, red or swollen foot, even if it does not hurt")
    INFECTION = "infection", _("Fever, pus, or redness that spreads")
    CALF = "calf", _("One calf is swollen and sore")
    AFTER_HURT = "after_hurt", _("Numbness right after an injury")
    HIT_HEAD = "hit_head", _("I fell and hit my head")
    NO_RISE = "no_rise", _("I fell and could not get up by myself")
    LOW_SUGAR = "low_sugar", _("Shaky, sweaty or confused: my blood sugar may be low")


class Hands(models.TextChoices):
    """How much of a hold standing needed, at its most."""

    NONE = "none", _("No hand")
    ONE = "one", _("One hand")
    BOTH = "both", _("Both hands, each time")


class WhyNot(models.TextChoices):
    """Why an exercise was left out, in the patient's words."""

    HURTS = "hurts", _("It hurts")
    HARD = "hard", _("Too hard today")
    TIRED = "tired", _("Too tired")
    NO_TIME = "no_time", _("No time now")
    NOT_SAFE = "not_safe", _("My safe place is not set up")
    OTHER = "other", _("Another reason")


class Done(models.TextChoices):
    ALL = "all", _("Did it")
    SOME = "some", _("Some of it")
    NONE = "none", _("Not today")


SECONDS_A_MINUTE = 60
LONGEST = 3 * 60 * 60  # seconds: a page that stood open for longer says nothing of a session


def zero_to_ten() -> Any:
    """A number that may be left empty: then it is null."""
    return models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MaxValueValidator(10)]
    )


class Source(models.TextChoices):
    """How a session came to be stored."""

    PORTAL = "portal", _("In the portal")
    PAPER = "paper", _("From paper, entered later")
    CORRECTION = "correction", _("Corrected by the patient")
    MORNING = "morning", _("Completed the next morning")


class SessionQuerySet(ReplaceableQuerySet):
    def with_done(self) -> "models.QuerySet[CountedSession]":
        """Each with `something_done`: at least one exercise was done, so that it counts."""
        done = ExerciseLog.objects.filter(
            session=models.OuterRef("pk"), done__in=[Done.ALL, Done.SOME]
        )
        return self.annotate(something_done=models.Exists(done))

    def counted_by_day(self) -> "models.QuerySet[Session, tuple[dt.date, int]]":
        """How many of them count on each day, counted by the database."""
        counted = self.with_done().filter(something_done=True).order_by().values("done_on")
        return counted.annotate(count=models.Count("pk")).values_list("done_on", "count")

    def done_by_day(self) -> dict[dt.date, int]:
        return dict(self.counted_by_day())


class Session(Replaceable):
    """One time the patient did (part of) a day's plan.

    The id comes from the client, so that the same session sent twice is stored once. An answer
    left empty is null: never 0, never 'no'. Pain and effort are 0 to 10. `numb_regions` are keys of
    foot_regions.REGIONS; empty means 'nowhere'.
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
    # As the device counted them, in one go, breaks and all; null where that is not known.
    took_seconds = models.PositiveSmallIntegerField(
        "seconds from the first exercise to the end of the last",
        null=True,
        editable=False,
        validators=[MaxValueValidator(LONGEST)],
    )
    stopped = models.BooleanField(
        default=False, help_text="The patient pressed ‘Stop: something is wrong’."
    )
    pain_before = zero_to_ten()
    pain_after = zero_to_ten()
    effort = zero_to_ten()
    feelings = ArrayField(
        models.CharField(max_length=10, choices=Feeling.choices), null=True, blank=True
    )
    numb_regions = ArrayField(
        models.CharField(max_length=20, choices=list(REGIONS.items())), null=True, blank=True
    )
    settled = models.CharField(max_length=15, choices=Settled.choices, blank=True)
    skin_before = models.CharField(max_length=10, choices=SkinCheck.choices, blank=True)
    skin_check = models.CharField(max_length=10, choices=SkinCheck.choices, blank=True)
    falls = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MaxValueValidator(50)]
    )
    near_falls = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MaxValueValidator(50)]
    )
    fall_injury = models.BooleanField(null=True, blank=True)
    # How standing exercises were held on to (brief 5, A17), where there were any.
    hands = models.CharField(max_length=5, choices=Hands.choices, blank=True)
    # mg/dL, of patients who are prone to low blood sugar and have a meter (brief 5, A19).
    glucose = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(10), MaxValueValidator(900)]
    )
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
                violation_error_message=_("Choose a number from 0 to 10."),
            ),
            models.CheckConstraint(
                condition=Q(took_seconds=None) | Q(took_seconds__lte=LONGEST),
                name="session_took_no_longer",
            ),
            models.CheckConstraint(
                condition=Q(replaces=None) | ~Q(replaces=F("id")),
                name="session_replaces_another",
            ),
            models.CheckConstraint(
                condition=Q(replaces=None, source__in=["portal", "paper"])
                | Q(replaces__isnull=False, source__in=["correction", "morning"]),
                name="session_replaces_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"Session of {self.done_on}"

    @property
    def minutes(self) -> int | None:
        """How long it took, in whole minutes and at least 1; None where that is not known."""
        if self.took_seconds is None:
            return None
        return max(1, round(self.took_seconds / SECONDS_A_MINUTE))

    @property
    def numb_words(self) -> str:
        """'Left heel'; 'nowhere'; or 'not answered'."""
        return "not answered" if self.numb_regions is None else regions_in_words(self.numb_regions)

    @property
    def feeling_words(self) -> str:
        """'tingling, cold'; 'nothing unusual' was ticked; or 'not answered'."""
        if self.feelings is None:
            return "not answered"
        return ", ".join(Feeling(one).label.lower() for one in self.feelings) or "nothing unusual"


class SomethingDone(TypedDict):
    """What `with_done` adds."""

    something_done: bool


if TYPE_CHECKING:
    CountedSession = WithAnnotations[Session, SomethingDone]


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
    why_not = models.CharField(max_length=10, choices=WhyNot.choices, blank=True)

    class Meta:
        ordering = ["prescription__order"]
        constraints = [
            models.CheckConstraint(
                condition=Q(why_not="") | Q(done__in=["some", "none"]),
                name="exercise_log_reason_when_left_out",
            ),
            models.UniqueConstraint(
                fields=["session", "prescription"], name="exercise_log_once_a_session"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.prescription_id}: {self.done or 'unknown'}"
