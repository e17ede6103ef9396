"""A patient's question about an article or an exercise, for their care team."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from cms.models import ArticlePage
from patients.models.base import PatientData, PatientDataQuerySet
from programs.models.exercise import Exercise

LONGEST = 2000


class QuestionQuerySet(PatientDataQuerySet):
    def open(self) -> "QuestionQuerySet":
        return self.filter(answered_at=None)

    def answered(self) -> "QuestionQuerySet":
        return self.filter(answered_at__isnull=False)


class Question(PatientData):
    """Asked once and answered once; both stay as they were written."""

    # The title is kept beside them: it tells what was asked about when the page is gone.
    article = models.ForeignKey(
        ArticlePage, null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    exercise = models.ForeignKey(
        Exercise, null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    about = models.CharField(max_length=255, editable=False)
    text = models.TextField(max_length=LONGEST, editable=False)
    asked_at = models.DateTimeField(auto_now_add=True)
    answer = models.TextField(blank=True, max_length=LONGEST, editable=False)
    answered_at = models.DateTimeField(null=True, editable=False)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
    )

    objects: ClassVar[Any] = QuestionQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at"]
        indexes = [models.Index(fields=["clinic", "patient", "answered_at"])]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="question_has_words"),
            models.CheckConstraint(
                condition=Q(answered_at=None, answered_by=None, answer="")
                | (Q(answered_at__isnull=False, answered_by__isnull=False) & ~Q(answer="")),
                name="question_answered_whole",
                violation_error_message="Write an answer.",
            ),
        ]

    def __str__(self) -> str:
        return f"About {self.about}"
