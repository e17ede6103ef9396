"""Clinical notes and the letters that are made of them. Neither is ever edited: what changes is a
new row.
"""

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from patients.models import Episode
from patients.models.base import PatientData
from patients.models.patient import Language
from programs.models.replaceable import Replaceable

LONGEST_NOTE = 20_000  # letters
LONGEST_LETTER = 20_000


class NoteKind(models.TextChoices):
    INITIAL = "initial", "Initial note"
    PROGRESS = "progress", "Progress note"
    DISCHARGE = "discharge", "Discharge note"


class ClinicalNote(Replaceable):
    """One version of a note about an episode, from `first` to `last`, both included.

    A new version replaces the one before, which is kept. `facts` are the sentences that the data
    said when it was saved, with the rows that each number stands on (`programs.notes.wording`):
    where one of them still stands in `text`, its numbers lead there. The id is the client's: the
    same version sent twice is stored once.
    """

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="notes")
    kind = models.CharField("kind of note", max_length=10, choices=NoteKind.choices)
    language = models.CharField(max_length=5, choices=Language.choices, default=Language.ENGLISH)
    version = models.PositiveSmallIntegerField(
        "version of the note", default=1, validators=[MinValueValidator(1)], editable=False
    )
    first = models.DateField("first day of the note")
    last = models.DateField("last day of the note")
    text = models.TextField("text of the note", max_length=LONGEST_NOTE)
    facts = models.JSONField(default=list, editable=False)
    written_at = models.DateTimeField("written", default=timezone.now, editable=False)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name="written by",
    )

    class Meta:
        ordering = ["written_at"]
        indexes = [models.Index(fields=["clinic", "patient", "written_at"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(last__gte=F("first")),
                name="note_ends_after_it_begins",
                violation_error_message="The last day comes before the first.",
            ),
            models.CheckConstraint(
                condition=~Q(text=""),
                name="note_says_something",
                violation_error_message="A note needs a text.",
            ),
            models.CheckConstraint(
                condition=Q(replaces=None, version=1)
                | Q(replaces__isnull=False, version__gt=1) & ~Q(replaces=F("id")),
                name="note_version_replaces_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.last}"


class Recipient(models.TextChoices):
    REFERRER = "referrer", "Referrer"
    PHYSICIAN = "physician", "Physician"
    PATIENT = "patient", "Patient"

    @property
    def is_clinician(self) -> bool:
        return self is not Recipient.PATIENT


class Letter(PatientData):
    """A letter made from a version of a note, frozen when it was made: typeset at any time, it says
    the same.

    `warning` is what stands on top of it, a line each: open red flags and urgent alerts. `advice`
    is a patient's: when to stop and whom to call. `head` is what the letter needs of clinic,
    patient and who signs, as they were (`programs.notes.letters.Head`).
    """

    note = models.ForeignKey(ClinicalNote, on_delete=models.PROTECT, related_name="letters")
    to = models.CharField("letter to", max_length=10, choices=Recipient.choices)
    name = models.CharField("name of the recipient", max_length=120)
    address = models.TextField("address of the recipient", blank=True, max_length=400)
    language = models.CharField(max_length=5, choices=Language.choices, default=Language.ENGLISH)
    subject = models.CharField("subject of the letter", max_length=160)
    warning = models.TextField("on top of the letter", blank=True, editable=False)
    text = models.TextField("text of the letter", max_length=LONGEST_LETTER)
    advice = models.TextField("when to get help", blank=True, editable=False)
    head = models.JSONField(default=dict, editable=False)
    made_on = models.DateField("date of the letter", editable=False)
    made_at = models.DateTimeField("made", default=timezone.now, editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name="signed by",
    )

    class Meta:
        ordering = ["made_at"]
        indexes = [models.Index(fields=["clinic", "patient", "made_at"])]
        constraints = [
            models.CheckConstraint(
                condition=~Q(text="") & ~Q(name="") & ~Q(subject=""),
                name="letter_is_whole",
                violation_error_message="A letter needs a recipient, a subject and a text.",
            )
        ]

    def __str__(self) -> str:
        return f"Letter to {self.name}, {self.made_on}"
