"""Patients and the therapists who may see them."""

import datetime as dt
import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Clinic, User
from accounts.permissions import Permission
from patients import searching
from patients.models.fields import when_changed


class Language(models.TextChoices):
    ENGLISH = "en", "English"
    SPANISH = "es", "Spanish"


class TextSize(models.TextChoices):
    """Of the portal and of paper; the values are those of `programs.handout.render.Size`."""

    NORMAL = "normal", _("Normal")
    LARGE = "large", _("Large")
    VERY_LARGE = "very-large", _("Very large")


class ShownPerson(models.TextChoices):
    """Whom a patient sees do the exercises; the values are names in `programs.motion.people`."""

    IN_TURN = "", _("Different people")
    WOMAN_72 = "woman_72", _("A woman of 72")
    MAN_68 = "man_68", _("A man of 68")
    WOMAN_40 = "woman_40", _("A woman of 40")
    MAN_35 = "man_35", _("A man of 35")
    WOMAN_55 = "woman_55", _("A woman of 55")
    WOMAN_80 = "woman_80", _("A woman of 80")


class Sex(models.TextChoices):
    """Only for norms that differ by sex, such as the chair stand's."""

    FEMALE = "female", "Female"
    MALE = "male", "Male"


class Gender(models.TextChoices):
    """Administrative gender, as other records ask for it (HL7); no norm goes by it."""

    FEMALE = "female", "Female"
    MALE = "male", "Male"
    OTHER = "other", "Other"
    UNKNOWN = "unknown", "Unknown"


class PatientQuerySet(models.QuerySet["Patient"]):
    def visible_to(self, user: User) -> Self:
        """The patients that `user` may see.

        A therapist: those on whose care team they are now. A clinic administrator: all of the
        clinic. A patient: themselves. A caregiver: who shares with them now. Everyone else, the
        platform's administrators too: none.
        """
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.is_caregiver:
            return self.filter(
                caregivers__user=user,
                caregivers__accepted_at__isnull=False,
                caregivers__ended_at=None,
            )
        if user.may(Permission.ENTER_PORTAL):
            return self.filter(user=user)
        in_clinic = self.filter(clinic_id=user.clinic_id)
        if user.may(Permission.SEE_ALL_PATIENTS_OF_CLINIC):
            return in_clinic
        if user.may(Permission.TREAT):
            teams = CareTeamMember.objects.filter(therapist=user, ended_at=None)
            return in_clinic.filter(pk__in=teams.values("patient_id"))
        return self.none()

    def named(self, typed: str) -> Self:
        """Found by what was typed: parts of names, birth date, email, telephone, record number."""
        return searching.found(self, typed)

    def nearly_named(self, typed: str) -> Self:
        """Those with similar names, for when nobody is `named`; the most similar first."""
        return searching.similar(self, typed)


class Patient(models.Model):
    """A person in a clinic's care. May exist without a login."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(
        Clinic, on_delete=models.PROTECT, related_name="patients", editable=False
    )
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, editable=False
    )
    first_name = models.CharField(max_length=80)
    last_name = models.CharField(max_length=80)
    birth_date = models.DateField()
    sex = models.CharField(max_length=10, choices=Sex.choices, blank=True)
    gender = models.CharField(
        max_length=10, choices=Gender.choices, blank=True, default="", db_default=""
    )
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    language = models.CharField(max_length=5, choices=Language.choices, default=Language.ENGLISH)
    text_size = models.CharField(
        max_length=12, choices=TextSize.choices, default=TextSize.NORMAL, editable=False
    )
    shown_person = models.CharField(
        max_length=12,
        choices=ShownPerson.choices,
        blank=True,
        default="",
        db_default="",
        editable=False,
    )
    record_number = models.CharField("clinic's record number", max_length=40, blank=True)
    erasure_asked_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = when_changed()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )

    objects = PatientQuerySet.as_manager()

    class Meta:
        ordering = ["last_name", "first_name", "id"]
        indexes = [models.Index(fields=["clinic", "last_name", "first_name"])]
        constraints = [
            models.CheckConstraint(
                condition=~Q(email="") | ~Q(phone=""),
                name="patient_can_be_reached",
                violation_error_message="Enter an email address or a phone number.",
            ),
            models.UniqueConstraint(
                fields=["clinic", "record_number"],
                condition=~Q(record_number=""),
                name="patient_record_number_unique",
                violation_error_message="Another patient has this record number.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}"

    @property
    def age(self) -> int:
        """Whole years on the clinic's date."""
        return self.age_on(self.clinic.today())

    def age_on(self, day: dt.date) -> int:
        """Whole years on that day."""
        born = self.birth_date
        return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


class CareTeamMember(models.Model):
    """A therapist who may see a patient, from `added_at` until `ended_at`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="care_team")
    therapist = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="care_team_memberships"
    )
    added_at = models.DateTimeField(auto_now_add=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    # Of a substitute, who leaves when it is over.
    cover = models.ForeignKey(
        "patients.Cover", null=True, blank=True, on_delete=models.PROTECT, related_name="members"
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    class Meta:
        ordering = ["added_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["therapist", "patient"],
                condition=Q(ended_at=None),
                name="care_team_member_once",
                violation_error_message="This therapist is already on the care team.",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="care_team_ended_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.therapist} for {self.patient}"
