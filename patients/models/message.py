"""The thread between a patient and their care team, and who has read how far."""

import uuid
from typing import TYPE_CHECKING, Any, ClassVar, TypedDict

from django.conf import settings
from django.db import models
from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from accounts.models import Clinic, User
from accounts.permissions import Permission
from patients.models.base import PatientData, PatientDataQuerySet
from patients.models.patient import Patient
from patients.pictures import picture_path, private_storage

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

LONGEST = 4000


class MessageQuerySet(PatientDataQuerySet):
    def visible_to(self, user: User) -> "MessageQuerySet":
        """To a caregiver only where the patient shares the messages."""
        shown = super().visible_to(user)
        if user.is_caregiver:
            sharing = user.cares_for.active().filter(reads_messages=True)
            shown = shown.filter(patient__in=sharing.values("patient"))
        return shown

    def to_be_answered(self) -> "MessageQuerySet":
        """Of each patient the first message that waits: after the care team's last one, and not
        said to need no answer. Reading it changes nothing.
        """
        said = self.model._default_manager.filter(patient=OuterRef("patient"), from_patient=False)
        settled = AnswerMark.objects.filter(patient=OuterRef("patient")).values("up_to")
        return (
            self.filter(from_patient=True)
            .filter(number__gt=Coalesce(Subquery(said.values("number")[:1]), Value(0)))
            .filter(number__gt=Coalesce(Subquery(settled), Value(0)))
            .order_by("patient_id", "number")
            .distinct("patient_id")
        )

    def for_reader(self, reader: User) -> "MessageQuerySet":
        """What the other side wrote: a patient reads the team's words, the team the patient's."""
        return self.filter(from_patient=not reader.may(Permission.ENTER_PORTAL))


class Message(PatientData):
    """One message. The id comes from the client: sent twice, stored once. Never edited.

    `number` counts a patient's messages from 1 without gaps, in the order they were stored, so that
    'read up to 12' means the same on every server.
    """

    number = models.PositiveIntegerField(editable=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )
    from_patient = models.BooleanField(editable=False)
    written_at = models.DateTimeField(editable=False)
    text = models.TextField(blank=True, max_length=LONGEST, editable=False)
    picture = models.FileField(
        blank=True, max_length=200, storage=private_storage, upload_to=picture_path, editable=False
    )
    picture_width = models.PositiveSmallIntegerField(null=True, editable=False)
    picture_height = models.PositiveSmallIntegerField(null=True, editable=False)

    objects: ClassVar[Any] = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        indexes = [models.Index(fields=["clinic", "patient", "-number"])]
        constraints = [
            models.UniqueConstraint(fields=["patient", "number"], name="message_number_once"),
            models.CheckConstraint(
                condition=~Q(text="") | ~Q(picture=""),
                name="message_says_something",
                violation_error_message="Write a few words, or add a picture.",
            ),
            models.CheckConstraint(
                condition=Q(picture="", picture_width=None, picture_height=None)
                | (~Q(picture="") & Q(picture_width__isnull=False, picture_height__isnull=False)),
                name="message_picture_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"Message {self.number}"


class ThreadMark(PatientData):
    """How far one reader has read a patient's thread, and when they last read in it."""

    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )
    up_to = models.PositiveIntegerField(help_text="The number of the newest message shown.")
    read_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["patient", "reader"], name="thread_mark_one_a_reader")
        ]

    def __str__(self) -> str:
        return f"Read up to {self.up_to}"


class AnswerMark(PatientData):
    """Up to which of a patient's messages the care team says that none needs an answer."""

    up_to = models.PositiveIntegerField()
    marked_at = models.DateTimeField()
    marked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["patient"], name="answer_mark_one")]

    def __str__(self) -> str:
        return f"Settled up to {self.up_to}"


class Unread(TypedDict):
    """What `with_unread` adds."""

    unread_messages: int


if TYPE_CHECKING:
    PatientWithUnread = WithAnnotations[Patient, Unread]


def with_unread(patients: "QuerySet[Patient]", reader: User) -> "QuerySet[PatientWithUnread]":
    """Annotated with `unread_messages`: how many of the other side's `reader` has not read.

    0 for those who don't read messages, such as a clinic's administrator. No query of its own.
    """
    if not (reader.may(Permission.ENTER_PORTAL) or reader.may(Permission.TREAT)):
        return patients.annotate(unread_messages=Value(0))
    mark = ThreadMark.objects.filter(patient=OuterRef("patient"), reader=reader).values("up_to")
    unread = (
        Message.objects.for_reader(reader)
        .filter(patient=OuterRef("pk"), number__gt=Coalesce(Subquery(mark), Value(0)))
        .order_by()
        .values("patient")
        .annotate(count=models.Count("pk"))
        .values("count")
    )
    return patients.annotate(unread_messages=Coalesce(Subquery(unread), Value(0)))


class CannedAnswer(models.Model):
    """An answer that a clinic's therapists send often; it is put into the field, to be changed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(
        Clinic, on_delete=models.CASCADE, related_name="canned_answers", editable=False
    )
    title = models.CharField(max_length=60)
    text = models.TextField(max_length=LONGEST)
    changed_at = models.DateTimeField(auto_now=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )

    class Meta:
        ordering = ["title"]
        constraints = [
            models.UniqueConstraint(
                F("clinic"),
                models.functions.Lower("title"),
                name="canned_answer_title_once",
                violation_error_message="There is an answer with this title already.",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="canned_answer_has_words"),
        ]

    def __str__(self) -> str:
        return self.title
