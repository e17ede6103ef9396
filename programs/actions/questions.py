"""Asking one's care team about an article or an exercise, and answering."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from cms.models import ArticlePage
from patients.models import Patient
from programs.models import Prescription
from programs.models.question import LONGEST, Question


def _words(text: str, field: str) -> str:
    words = text.strip()
    if not words:
        raise ValidationError({field: _("Write a few words.")})
    if len(words) > LONGEST:
        raise ValidationError({field: _("Use %(most)s characters or fewer.") % {"most": LONGEST}})
    return words


@transaction.atomic
def ask(*, patient: Patient, about: ArticlePage | Prescription, text: str, by: User) -> Question:
    """A new question, about an article or an exercise of the plan.

    Raises ValidationError without words.
    """
    question = Question(patient=patient, text=_words(text, "text"))
    if isinstance(about, ArticlePage):
        question.article, question.about = about, about.title
    else:
        question.exercise, question.about = about.exercise, about.shown.plain_title
    question.save()
    audit.record(action=audit.Action.QUESTION_ASKED, patient=patient, by=by, subject=question)
    return question


@transaction.atomic
def answer(*, question: Question, text: str, by: User) -> Question:
    """Answer it, once. Raises ValidationError without words, or when a colleague was faster."""
    words = _words(text, "answer")
    locked: Question = (
        Question.objects.select_for_update(of=("self",))
        .select_related("patient")
        .get(pk=question.pk)
    )
    if locked.answered_at is not None:
        raise ValidationError("A colleague has already answered this.")
    locked.answer, locked.answered_at, locked.answered_by = words, timezone.now(), by
    locked.save(update_fields=["answer", "answered_at", "answered_by"])
    audit.record(
        action=audit.Action.QUESTION_ANSWERED, patient=locked.patient, by=by, subject=locked
    )
    return locked
