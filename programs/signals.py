"""What follows by itself: public pages show a changed exercise, plans are asked if they fit."""

from typing import Any

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from cms.caching import content_changed
from patients.models import Episode
from patients.signals import findings_changed
from programs.actions import findings
from programs.library import public as public_library
from programs.models import Exercise, Program
from programs.models.exercise_text import ExerciseText


@receiver([post_save, post_delete], sender=Exercise)
def refresh_public_pages(instance: Exercise, **kwargs: Any) -> None:
    content_changed()
    public_library.exercise_changed(instance)


@receiver([post_save, post_delete], sender=ExerciseText)
def refresh_what_is_told(instance: ExerciseText, **kwargs: Any) -> None:
    """Saved after the exercise that it tells of."""
    content_changed()
    public_library.exercise_changed(instance.exercise)


@receiver([post_save, post_delete], sender=Program)
def refresh_program_summaries(**kwargs: Any) -> None:
    content_changed()


@receiver(findings_changed, sender=Episode)
def ask_plans_again(episode: Episode, **kwargs: Any) -> None:
    findings.after_findings(episode)
