"""What a patient put aside to read later."""

from django.db import models
from django.db.models import Q

from cms.models import ArticlePage
from patients.models.base import PatientData
from programs.models.exercise import Exercise


class SavedPage(PatientData):
    """An article or an exercise on the patient's own reading list; it goes with what it names."""

    article = models.ForeignKey(
        ArticlePage, null=True, on_delete=models.CASCADE, related_name="+", editable=False
    )
    exercise = models.ForeignKey(
        Exercise, null=True, on_delete=models.CASCADE, related_name="+", editable=False
    )
    saved_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-saved_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(article__isnull=False, exercise=None)
                | Q(article=None, exercise__isnull=False),
                name="saved_page_is_one_thing",
            ),
            models.UniqueConstraint(fields=["patient", "article"], name="saved_article_once"),
            models.UniqueConstraint(fields=["patient", "exercise"], name="saved_exercise_once"),
        ]

    def __str__(self) -> str:
        return f"Saved by {self.patient}"
