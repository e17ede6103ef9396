"""Who a patient is in another record system, and what was sent there."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import ConnectedRecord
from patients.models.base import PatientData, PatientDataQuerySet

MORE = "and more there"  # stands at the end of what a record told, where it had more


class RecordLinkQuerySet(PatientDataQuerySet):
    def open(self) -> "RecordLinkQuerySet":
        """Not ended, also where the record is no longer connected."""
        return self.filter(ended_at=None).select_related("record", "clinic", "linked_by")

    def active(self) -> "RecordLinkQuerySet":
        """By which a visit finds its patient."""
        return self.open().filter(record__ended_at=None)


class RecordLink(PatientData):
    """A therapist said, with both open, that this is the same person. `told` is what the record
    last said of their conditions, in words. One that was a mistake ends, and stays with what was
    sent by it.
    """

    record = models.ForeignKey(ConnectedRecord, on_delete=models.PROTECT, related_name="links")
    their_id = models.CharField("their id there", max_length=64)
    told: Any = models.JSONField(default=list, blank=True)
    told_at = models.DateTimeField()
    linked_at = models.DateTimeField(auto_now_add=True)
    linked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )

    ended_at = models.DateTimeField(null=True, editable=False)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
    )

    objects: ClassVar[Any] = RecordLinkQuerySet.as_manager()

    class Meta:
        ordering = ["linked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "record", "their_id"],
                condition=Q(ended_at=None),
                name="record_link_once",
                violation_error_message="Somebody is linked to this person there already.",
            ),
            models.UniqueConstraint(
                fields=["record", "patient"],
                condition=Q(ended_at=None),
                name="record_link_one_a_patient",
                violation_error_message=(
                    "They are linked to somebody else there already. If that was a mistake, end "
                    "that link first, on their page under Record."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.record}: {self.their_id}"

    @property
    def words(self) -> str:
        """What the record said, and when; empty where it said nothing."""
        return self.words_within(None)

    def words_within(self, room: int | None) -> str:
        """The same within so many letters: condition by condition, and how many are left out."""
        begin = f"In {self.record} on {self.clinic.local_date(self.told_at):%-d %b %Y}: "
        listed = [one for one in self.told if one != MORE]
        shown = list(listed)
        while shown:
            left, at_least = len(listed) - len(shown), "at least " if MORE in self.told else ""
            rest = [f"and {at_least}{left} more there"] if left else [MORE] if at_least else []
            words = begin + "; ".join([*shown, *rest]) + "."
            if room is None or len(words) <= room:
                return words
            shown.pop()
        return ""


class SentKind(models.TextChoices):
    LETTER = "letter", "Letter"
    PLAN = "plan", "Plan"


class SentToRecord(PatientData):
    """A letter or a version of a plan that another record has taken, once."""

    link = models.ForeignKey(RecordLink, on_delete=models.PROTECT, related_name="sent")
    kind = models.CharField(max_length=10, choices=SentKind.choices)
    subject = models.UUIDField(help_text="The letter, or the version of the plan.")
    their_id = models.CharField("its id there", max_length=64, blank=True)
    status = models.CharField(
        max_length=20, help_text="Of FHIR, as it was sent: a plan's changes with time."
    )
    digest = models.CharField(
        max_length=64, blank=True, help_text="Of what was sent; empty where an older one may stand."
    )
    sent_at = models.DateTimeField()
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )

    class Meta:
        ordering = ["sent_at"]
        constraints = [
            models.UniqueConstraint(fields=["link", "kind", "subject"], name="sent_to_record_once")
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} to {self.link.record}"
