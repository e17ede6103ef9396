"""A practice and its clock."""

import datetime as dt
import uuid
from zoneinfo import ZoneInfo, available_timezones

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import get_language

from accounts import countries, phones
from accounts.npi import npi_field
from accounts.office_hours import EXAMPLE, opens_again, said, validate_office_hours
from accounts.private_files import private_storage


def validate_time_zone(name: str) -> None:
    if name not in available_timezones():
        raise ValidationError(f"'{name}' is not a time zone. Write it like America/New_York.")


def validate_country(code: str) -> None:
    if code not in countries.names():
        raise ValidationError("Write a country by its two letters, such as US.")


class GlucoseUnit(models.TextChoices):
    MG = "mg/dL", "mg/dL"
    MMOL = "mmol/L", "mmol/L"


class MonitoredDays(models.TextChoices):
    """Which days count as days with data (`programs.monitoring.days`): sources leave it open."""

    ANSWERS = "answers", "Days with a session or form that was answered"
    ACTIVITY = "activity", "Also days with a message, a report of signs or a login"
    ACCESS = "access", "All days since the first login"


def logo_path(clinic: "Clinic", name: str) -> str:
    """A name of its own for each: letters keep the one that they were made with."""
    return f"logos/{clinic.pk}/{uuid.uuid4()}.png"


class Clinic(models.Model):
    """A practice: it owns its patients, and its clock decides what 'today' is."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=200)
    time_zone = models.CharField(max_length=64, validators=[validate_time_zone])
    country = models.CharField(
        max_length=2,
        blank=True,
        validators=[validate_country],
        help_text="Says how telephone numbers are written and which holidays there are.",
    )
    region = models.CharField(
        "state or province",
        max_length=20,
        blank=True,
        help_text="By its code, such as CA, where its holidays differ from the country's.",
    )
    address = models.TextField(
        max_length=300, blank=True, help_text="On letters, under the clinic's name."
    )
    npi = npi_field()
    logo = models.ImageField(
        upload_to=logo_path,
        storage=private_storage,
        blank=True,
        db_default="",
        help_text="On letters, at the top right.",
    )
    phone = models.CharField(max_length=40, help_text="Shown on every form a patient answers.")
    emergency_number = models.CharField(
        max_length=20, default="911", validators=[phones.validate_short]
    )
    out_of_hours = models.CharField(
        "when nobody answers, in English",
        max_length=200,
        blank=True,
        help_text="Beside the emergency number: such as “At night call Nurse Advice, 555-0100.”",
    )
    out_of_hours_es = models.CharField(
        "when nobody answers, in Spanish",
        max_length=200,
        blank=True,
    )
    office_hours = models.CharField(
        max_length=200,
        blank=True,
        validators=[validate_office_hours],
        help_text=f"When the phone is answered, such as {EXAMPLE}.",
    )
    keeps_holidays = models.BooleanField(
        "closed on public holidays",
        default=False,
        help_text="Those of the country and the state.",
    )
    closed_days = ArrayField(
        models.DateField(),
        default=list,
        blank=True,
        verbose_name="other days on which it is closed",
    )
    open_days = ArrayField(
        models.DateField(),
        default=list,
        blank=True,
        verbose_name="holidays on which it is open all the same",
    )
    language = models.CharField(
        "language of new patients",
        max_length=2,
        choices=[("en", "English"), ("es", "Spanish")],
        default="en",
        help_text="Each patient can have another.",
    )
    screen_days = models.PositiveSmallIntegerField(
        "days after which the red-flag questions are asked again",
        default=30,
        validators=[MinValueValidator(1), MaxValueValidator(90)],
        help_text="Before a plan is activated or moved to another kind of exercise.",
    )
    glucose_unit = models.CharField(
        "unit of blood sugar",
        max_length=6,
        choices=GlucoseUnit.choices,
        default=GlucoseUnit.MG,
    )
    # By when an alert is looked at. Urgent ones: before the phone is no longer answered that day.
    critical_minutes = models.PositiveSmallIntegerField(
        "office minutes for a critical alert",
        default=60,
        validators=[MinValueValidator(5), MaxValueValidator(480)],
    )
    high_hours = models.PositiveSmallIntegerField(
        "hours for a high alert",
        default=24,
        validators=[MinValueValidator(1), MaxValueValidator(72)],
    )
    moderate_days = models.PositiveSmallIntegerField(
        "days for a moderate alert",
        default=2,
        validators=[MinValueValidator(1), MaxValueValidator(7)],
    )
    low_days = models.PositiveSmallIntegerField(
        "days for a low alert",
        default=7,
        validators=[MinValueValidator(1), MaxValueValidator(30)],
    )
    second_reader = models.ForeignKey(
        "accounts.User",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Gets an alert whose time has passed; a therapist of this clinic.",
    )
    digest_hour = models.PositiveSmallIntegerField(
        "hour of the morning's summary by mail",
        default=7,
        null=True,
        blank=True,
        validators=[MaxValueValidator(23)],
        help_text="On the clinic's wall; empty for none.",
    )
    # When time itself raises an alert (programs.alerts). Only what the brief calls a choice of
    # operation can be set: what is about pain or signs is everybody's, and known offline.
    silent_days = models.PositiveSmallIntegerField(
        "days without a log before an alert",
        default=7,
        db_default=7,
        validators=[MinValueValidator(3), MaxValueValidator(14)],
    )
    silent_days_first_phase = models.PositiveSmallIntegerField(
        "the same in a plan's first phase",
        default=3,
        db_default=3,
        validators=[MinValueValidator(2), MaxValueValidator(7)],
    )
    low_adherence = models.PositiveSmallIntegerField(
        "percent of the sessions due in 14 days, below which there is an alert",
        default=50,
        db_default=50,
        validators=[MinValueValidator(30), MaxValueValidator(80)],
    )
    reminder_at = models.TimeField(
        "time of a reminder that is offered to patients",
        default=dt.time(9),
        db_default=dt.time(9),
        help_text="Each patient chooses whether, how and when.",
    )
    suggests_reminders = models.BooleanField(
        "reminders by email are ticked when a patient first opens the page",
        default=False,
        db_default=False,
        help_text="Nothing is sent before the patient has saved it.",
    )
    left_out = ArrayField(
        models.CharField(max_length=30),
        default=list,
        db_default=[],
        blank=True,
        verbose_name="what of the starter library is left out",
        help_text="What is ticked is not offered any more. A plan or program that has it keeps it.",
    )
    record_years = models.PositiveSmallIntegerField(
        "years a record is kept after the last care",
        default=10,
        validators=[MinValueValidator(1), MaxValueValidator(50)],
        help_text="What the law where the clinic is asks for; docs/privacy.md names some.",
    )
    # Remote therapeutic monitoring (US Medicare): docs/operating.md.
    monitoring = models.BooleanField(
        "keeps worksheets of remote monitoring",
        default=False,
        help_text="For clinics in the US that bill Medicare for it, after talking to counsel.",
    )
    monitoring_days = models.CharField(
        "days that count as days with data",
        max_length=10,
        choices=MonitoredDays.choices,
        default=MonitoredDays.ANSWERS,
    )
    monitoring_in_person = models.BooleanField(
        "a talk in person counts as a live talk",
        default=False,
        help_text="Sources disagree. Only time that is not billed under another code.",
    )
    is_editorial = models.BooleanField(
        "keeps the public site",
        default=False,
        help_text="Its therapists and editors write pages, authors and sources for all.",
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            # The list of patients looks back by the first phase's days alone.
            models.CheckConstraint(
                condition=Q(
                    silent_days__range=(3, 14),
                    silent_days_first_phase__range=(2, 7),
                    silent_days_first_phase__lte=F("silent_days"),
                    low_adherence__range=(30, 80),
                ),
                name="clinic_alerts_of_time_in_range",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Writes the telephone number as the country does. Raises ValidationError beside what is
        wrong.
        """
        if self.region and self.region not in countries.regions(self.country):
            known = ", ".join(countries.regions(self.country)[:60])
            raise ValidationError({"region": f"Known there: {known or 'none, leave it empty'}."})
        if self.silent_days_first_phase > self.silent_days:
            words = "No more than in later phases."
            raise ValidationError({"silent_days_first_phase": words})
        try:
            self.phone = phones.written(self.phone, self.country)
        except ValidationError as error:
            raise ValidationError({"phone": error.messages}) from error

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    def today(self) -> dt.date:
        """The date on the clinic's wall."""
        return timezone.now().astimezone(self.zone).date()

    def local_date(self, moment: dt.datetime) -> dt.date:
        return moment.astimezone(self.zone).date()

    @property
    def opens_again(self) -> dt.datetime | None:
        """When the phone is answered next; None while it is, or without known hours."""
        now = timezone.now().astimezone(self.zone)
        return opens_again(self.office_hours, now, self.is_closed_on)

    def is_closed_on(self, day: dt.date) -> bool:
        """Whether the phone is not answered on a day that otherwise has office hours."""
        if day in self.closed_days or not self.keeps_holidays or day in self.open_days:
            return day in self.closed_days
        return bool(countries.holiday(self.country, self.region, day))

    @property
    def office_hours_words(self) -> str:
        """In the language of the page."""
        return said(self.office_hours)

    @property
    def out_of_hours_words(self) -> str:
        """What to do when nobody answers, in the language of the page, else as it is known."""
        words = [self.out_of_hours, self.out_of_hours_es]
        if (get_language() or "").startswith("es"):
            words.reverse()
        return next(filter(None, words), "")
