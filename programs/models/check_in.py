"""Answered progress forms."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from programs.measures.foot_regions import regions_in_words
from programs.models.plan import Plan
from programs.models.progress_form import ProgressFormVersion
from programs.models.replaceable import Replaceable
from programs.notation.question_kinds import QuestionKind


def answer_words(part: dict, answer: object) -> str:
    """'6', 'yes', 'left heel, right heel', or 'not answered'."""
    if answer is None:
        return "not answered"
    if isinstance(answer, bool):
        return "yes" if answer else "no"
    if isinstance(answer, list):
        return (
            regions_in_words(answer) if part["kind"] == QuestionKind.FOOT_MAP else ", ".join(answer)
        )
    return f"{answer} {part['unit']}" if part["kind"] == QuestionKind.NUMBER else str(answer)


class AnsweredWith(models.TextChoices):
    ALONE = "alone", "By the patient"
    HELPER = "helper", "With a helper"
    CLINIC = "clinic", "In the clinic"


class CheckIn(Replaceable):
    """One answered form. The id comes from the client: sent twice, stored once.

    `answers` is {measure code: {item: answer}}, and under "questions" the form's own ones by name;
    what was left empty is null. `versions` says which definition of each measure was answered;
    scores are computed from both. Without `form` it is a measure that a therapist recorded; such
    a one can be put right by a newer record. One without versions says that nothing was measured.
    """

    plan = models.ForeignKey(
        Plan, on_delete=models.PROTECT, null=True, blank=True, related_name="check_ins"
    )
    form = models.ForeignKey(
        ProgressFormVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField()
    answered_on = models.DateField(help_text="The clinic's date of answered_at.")
    received_at = models.DateTimeField(
        auto_now_add=True,
        db_default=Now(),
        help_text="Later than answered_at where the device was offline, or somebody typed it in.",
    )
    answered_with = models.CharField(
        max_length=10, choices=AnsweredWith.choices, default=AnsweredWith.ALONE
    )
    answers = models.JSONField()
    versions = models.JSONField()
    note = models.TextField(blank=True, max_length=2000)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        help_text="The therapist who measured; not known of older records.",
    )

    class Meta:
        ordering = ["-answered_at"]
        indexes = [models.Index(fields=["clinic", "patient", "-answered_at"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(form=None) | Q(plan__isnull=False), name="check_in_form_of_a_plan"
            ),
            models.CheckConstraint(
                condition=Q(replaces=None) | (Q(form=None) & ~Q(replaces=F("id"))),
                name="check_in_replaces_a_measure",
            ),
            models.CheckConstraint(
                condition=Q(form=None) | Q(taken_by=None), name="check_in_form_is_the_patients"
            ),
        ]

    def __str__(self) -> str:
        return f"Check-in of {self.answered_on}"

    @property
    def measures(self) -> dict[str, dict]:
        """The answers to measures alone."""
        return {code: self.answers[code] for code in self.versions}

    @property
    def asked(self) -> list[tuple[str, str]]:
        """The form's own questions with their answers, in words, as they stood on the form."""
        if self.form is None:
            return []
        return [
            (part["text"], answer_words(part, self.questions[part["name"]]))
            for part in self.form.parts
            if part["name"] in self.questions
        ]

    @property
    def questions(self) -> dict[str, object]:
        """The answers to the form's own questions, by name."""
        return dict(self.answers.get("questions", {}))
