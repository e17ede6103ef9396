"""What patients read of an exercise, in another language."""

from collections.abc import Iterable, Mapping

from django.conf import settings
from django.db import models
from modelcluster.fields import ParentalKey
from wagtail.models import Locale, Orderable

from programs.models.fields import LinesField

ENGLISH = "en"  # the library's own language
# What patients read, as the exercise has it in English; `tempo` stands beside its dosage.
SPOKEN = ("patient_title", "start", "steps", "cue", "patient_care", "equipment", "tempo")


class ExerciseTextManager(models.Manager["ExerciseText"]):
    def get_queryset(self) -> models.QuerySet["ExerciseText"]:
        """With the language, which every reading of a text asks for."""
        return super().get_queryset().select_related("locale")


class ExerciseText(Orderable):
    """One language of one exercise. What is left empty is read in English."""

    exercise = ParentalKey("programs.Exercise", on_delete=models.CASCADE, related_name="texts")
    locale = models.ForeignKey(
        Locale, on_delete=models.PROTECT, related_name="+", verbose_name="language"
    )
    patient_title = models.CharField("title for patients", max_length=80, blank=True)
    start = models.TextField("starting position", blank=True)
    steps = LinesField(models.TextField(), blank=True, default=list)
    cue = models.CharField(max_length=250, blank=True)
    patient_care = models.TextField("what to take care of", blank=True)
    equipment = models.CharField(max_length=200, blank=True)
    tempo = models.CharField("tempo, in words", max_length=60, blank=True)

    objects = ExerciseTextManager()

    class Meta(Orderable.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["exercise", "locale"],
                name="exercise_text_once_a_language",
                violation_error_message="This language is there already.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.locale}: {self.patient_title}"

    def spoken(self) -> dict[str, object]:
        """What is filled in, by field."""
        return {name: value for name in SPOKEN if (value := getattr(self, name))}


def texts_from(data: Mapping[str, Mapping[str, object]]) -> list[ExerciseText]:
    """Unsaved, from what `texts_json` gives. Raises ValueError for a language or field that is not
    known here; other faults are `clean_fields`'s to find.
    """
    found = []
    for order, (code, words) in enumerate(data.items()):
        if code not in dict(settings.LANGUAGES) or not words.keys() <= set(SPOKEN):
            raise ValueError(f"“{code}” is no language here, or says more than an exercise has.")
        locale = Locale.objects.get_or_create(language_code=code)[0]
        found.append(ExerciseText(locale=locale, sort_order=order, **words))
    return found


def texts_json(texts: Iterable[ExerciseText]) -> dict[str, dict[str, object]]:
    """{language code: {field: words}}, as frozen into a plan."""
    return {text.locale.language_code: text.spoken() for text in texts}
