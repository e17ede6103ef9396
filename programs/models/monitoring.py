"""Remote therapeutic monitoring (US Medicare): consent and papers, minutes, live talks, months.

Minutes are entered by people; nothing is timed or estimated by itself. What counts for which code
is decided by `programs.monitoring`, from these rows and the log.
"""

from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q

from patients.models import Episode
from patients.models.base import PatientData
from patients.models.fields import when_changed
from programs.models.replaceable import Replaceable
from programs.monitoring.words import CONSENT, CONSENT_VERSION, PLATFORM

LONGEST = 480  # minutes of one entry: a working day


def _person() -> Any:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )


def _minutes(label: str) -> Any:
    return models.PositiveSmallIntegerField(
        label, default=0, validators=[MaxValueValidator(LONGEST)]
    )


class ConsentHow(models.TextChoices):
    WRITTEN = "written", "In writing"
    SPOKEN = "spoken", "Spoken"


class Partner(models.TextChoices):
    PATIENT = "patient", "The patient"
    CAREGIVER = "caregiver", "A caregiver"
    BOTH = "both", "The patient and a caregiver"


class Channel(models.TextChoices):
    PHONE = "phone", "Telephone"
    VIDEO = "video", "Video"
    IN_PERSON = "in_person", "In person"


class Body(models.TextChoices):
    """What the plan treats, said by a person and never supposed."""

    MUSCULOSKELETAL = "msk", "Musculoskeletal: an impairment or diagnosis, named below"
    NEUROLOGIC = "neuro", "Neurologic alone"


class MonitoringCare(PatientData):
    """The monitoring within an episode under one consent, with the papers that it stands on.

    After a withdrawal a new consent is a new row.
    """

    episode = models.ForeignKey(
        Episode, on_delete=models.PROTECT, related_name="monitorings", editable=False
    )
    consent_on = models.DateField("consent given on", null=True, blank=True)
    consent_how = models.CharField(
        "how it was given", max_length=10, choices=ConsentHow.choices, blank=True
    )
    consent_words = models.TextField(
        "words of the consent", max_length=4000, default=CONSENT, blank=True
    )
    consent_version = models.CharField(
        "version of the words", max_length=60, default=CONSENT_VERSION, blank=True
    )
    cost_told = models.BooleanField(
        "the patient was told of their own part of the cost", default=False
    )
    withdrawn_on = models.DateField("consent withdrawn on", null=True, blank=True)
    starts_on = models.DateField(
        "monitoring starts on",
        null=True,
        blank=True,
        help_text="Empty: the first day with data after the consent.",
    )
    platform = models.CharField(
        "device or platform, with its version", max_length=200, default=PLATFORM, blank=True
    )
    set_up_on = models.DateField("set up and taught on", null=True, blank=True)
    set_up_words = models.TextField("what was taught", max_length=2000, blank=True)
    set_up_with = models.CharField(
        "who understood it", max_length=10, choices=Partner.choices, blank=True
    )
    set_up_minutes = _minutes("minutes of the set-up")
    set_up_assistant_minutes = _minutes("minutes of the set-up by an assistant")
    body = models.CharField("what the plan treats", max_length=10, choices=Body.choices, blank=True)
    impairment = models.TextField(
        "musculoskeletal impairment or diagnosis that the plan treats",
        max_length=1000,
        blank=True,
        help_text="In your words, with its code if you like. Numb feet alone may not be one.",
    )
    reason = models.TextField(
        "why the plan of care asks for monitoring", max_length=1000, blank=True
    )
    certified_on = models.DateField("plan of care certified from", null=True, blank=True)
    certified_until = models.DateField(
        "plan of care certified until",
        null=True,
        blank=True,
        help_text="When it is certified again without a gap, move this day only.",
    )
    referred_by = models.CharField("referring practitioner", max_length=200, blank=True)
    payer = models.CharField(max_length=200, blank=True, help_text="Such as Medicare Part B.")
    made_at = models.DateTimeField(auto_now_add=True)
    changed_at = when_changed()
    made_by = _person()

    class Meta:
        ordering = ["made_at"]
        verbose_name_plural = "monitorings"
        indexes = [models.Index(fields=["clinic", "patient"], name="monitoring_of_patient")]
        constraints = [
            models.UniqueConstraint(
                fields=["episode"],
                condition=Q(withdrawn_on=None),
                name="monitoring_once_an_episode",
                violation_error_message="The monitoring of this episode has begun already.",
            ),
            models.CheckConstraint(
                condition=Q(consent_on=None)
                | (~Q(consent_how="") & ~Q(consent_words="") & ~Q(consent_version="")),
                name="monitoring_consent_whole",
                violation_error_message=(
                    "A consent has a date, how it was given, its words and their version."
                ),
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_on=None)
                | Q(consent_on__isnull=False, withdrawn_on__gte=F("consent_on")),
                name="monitoring_withdrawn_after_consent",
                violation_error_message="A consent is withdrawn on its day or later.",
            ),
            models.CheckConstraint(
                condition=Q(starts_on=None)
                | Q(consent_on__isnull=False, starts_on__gte=F("consent_on")),
                name="monitoring_starts_after_consent",
                violation_error_message="Monitoring starts on the day of the consent or later.",
            ),
            models.CheckConstraint(
                condition=Q(set_up_on=None) | (~Q(set_up_words="") & ~Q(set_up_with="")),
                name="monitoring_set_up_whole",
                violation_error_message="Say what was taught, and who understood it.",
            ),
            models.CheckConstraint(
                condition=Q(set_up_assistant_minutes__lte=F("set_up_minutes")),
                name="monitoring_set_up_assistant",
                violation_error_message="An assistant’s minutes are a part of all minutes.",
            ),
            models.CheckConstraint(
                condition=Q(certified_on=None, certified_until=None)
                | Q(
                    certified_on__isnull=False,
                    certified_until__isnull=False,
                    certified_until__gte=F("certified_on"),
                ),
                name="monitoring_certified_whole",
                violation_error_message="A certification has a first day and a later last one.",
            ),
            models.CheckConstraint(
                condition=~Q(body="msk") | ~Q(impairment=""),
                name="monitoring_impairment_named",
                violation_error_message="Name the impairment or diagnosis that the plan treats.",
            ),
        ]

    def __str__(self) -> str:
        return f"Monitoring from {self.consent_on or 'no consent yet'}"


class MonitoringWork(Replaceable):
    """Base of what was done about a patient, in minutes. The id comes from the client: sent twice,
    stored once. Appended, never edited: a correction is a new row, and one of 0 minutes takes the
    wrong one back.
    """

    minutes = models.PositiveSmallIntegerField(validators=[MaxValueValidator(LONGEST)])
    assistant_minutes = models.PositiveSmallIntegerField(
        "of these, minutes by an assistant", default=0, validators=[MaxValueValidator(LONGEST)]
    )
    what = models.TextField("what was done", max_length=2000)
    done_on = models.DateField("date", help_text="The clinic's, by which it belongs to a month.")
    by = _person()
    entered_by = _person()
    entered_at = models.DateTimeField(auto_now_add=True)
    why = models.CharField("why it was put right", max_length=500, blank=True, editable=False)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(minutes__gt=0) | Q(replaces__isnull=False),
                name="%(class)s_has_minutes",
                violation_error_message="Enter the minutes.",
            ),
            models.CheckConstraint(
                condition=Q(assistant_minutes__lte=F("minutes")),
                name="%(class)s_assistant_minutes",
                violation_error_message="An assistant’s minutes are a part of all minutes.",
            ),
            models.CheckConstraint(
                condition=Q(replaces=None, why="") | (Q(replaces__isnull=False) & ~Q(why="")),
                name="%(class)s_put_right_why",
                violation_error_message="Say why it is put right.",
            ),
        ]


class MonitoringEntry(MonitoringWork):
    """Minutes of a day without a talk: reading the data, deciding, changing the plan."""

    class Meta(MonitoringWork.Meta):
        ordering = ["done_on", "entered_at"]
        verbose_name_plural = "minutes of monitoring"
        indexes = [models.Index(fields=["clinic", "patient", "done_on"], name="monitoring_minutes")]

    def __str__(self) -> str:
        return f"{self.minutes} minutes on {self.done_on}"


class LiveTalk(MonitoringWork):
    """A talk in real time, both ways. Letters and messages are none."""

    began_at = models.DateTimeField("began at")
    channel = models.CharField(max_length=10, choices=Channel.choices)
    with_whom = models.CharField("with whom", max_length=10, choices=Partner.choices)

    class Meta(MonitoringWork.Meta):
        ordering = ["began_at", "entered_at"]
        verbose_name_plural = "live talks"
        indexes = [models.Index(fields=["clinic", "patient", "done_on"], name="monitoring_talks")]

    def __str__(self) -> str:
        return f"{self.get_channel_display()}, {self.minutes} minutes on {self.done_on}"


def _month() -> Any:
    return models.DateField(help_text="Its first day.")


def _is_first_day(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(month__day=1), name=name)


class MonitoringAnswers(PatientData):
    """Who else bills what in a month, answered by a person. Appended; the newest counts."""

    month = _month()
    other_practitioner = models.BooleanField(
        "another practitioner bills this monitoring within these 30 days"
    )
    physiologic = models.BooleanField("physiologic monitoring (RPM) is billed in this month")
    global_period = models.BooleanField("the patient is in the global period of an operation")
    home_health = models.BooleanField("a home health plan of care is running")
    note = models.CharField(max_length=500, blank=True)
    answered_at = models.DateTimeField(auto_now_add=True)
    answered_by = _person()

    class Meta:
        ordering = ["answered_at"]
        verbose_name_plural = "answers about other services"
        indexes = [models.Index(fields=["clinic", "patient", "month"], name="monitoring_answers")]
        constraints = [_is_first_day("monitoring_answers_of_month")]

    def __str__(self) -> str:
        return f"Answers for {self.month:%B %Y}"


class MonitoringLock(PatientData):
    """A month that was signed, or opened again. Appended; the one with the highest number counts.

    `sheet` is the worksheet as it was signed, in words (`programs.progress.monitoring_sheet`): what
    comes in later does not change it.
    """

    month = _month()
    number = models.PositiveSmallIntegerField(editable=False)
    is_locked = models.BooleanField("signed")
    words = models.TextField("conclusion, or why it was opened again", max_length=2000)
    sheet = models.JSONField(null=True, editable=False)
    at = models.DateTimeField(auto_now_add=True)
    by = _person()

    class Meta:
        ordering = ["number"]
        verbose_name_plural = "signed months of monitoring"
        constraints = [
            _is_first_day("monitoring_lock_of_month"),
            models.UniqueConstraint(
                fields=["patient", "month", "number"], name="monitoring_lock_number"
            ),
            models.CheckConstraint(
                condition=Q(is_locked=True, sheet__isnull=False)
                | Q(is_locked=False, sheet__isnull=True),
                name="monitoring_lock_keeps_sheet",
            ),
            models.CheckConstraint(condition=~Q(words=""), name="monitoring_lock_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.month:%B %Y} {'signed' if self.is_locked else 'opened again'} by {self.by}"
