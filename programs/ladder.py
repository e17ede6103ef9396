"""Easier and harder forms of an exercise as one ladder."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from accounts.models import User
from programs.models import Exercise

MOST_STEPS = 4  # each way


def ladder(exercise: Exercise, user: User) -> list[list[Exercise]]:
    """Steps from the easiest to the hardest form; the exercise itself is one of them.

    A link counts from both ends: what names this one as its harder form is easier. One query a
    step, and each exercise is on one step only.
    """
    library = Exercise.objects.visible_to(user).active()
    seen = {exercise.pk}
    down = list(_steps(exercise, library, seen, "easier_exercises", "harder_exercises"))
    up = list(_steps(exercise, library, seen, "harder_exercises", "easier_exercises"))
    return [*reversed(down), [exercise], *up]


def _steps(
    start: Exercise, library: QuerySet[Exercise], seen: set[int], forward: str, backward: str
) -> Iterable[list[Exercise]]:
    step = [start]
    for _ in range(MOST_STEPS):
        named = Q(pk__in=_targets(step, forward)) | Q(**{f"{backward}__in": step})
        found = library.filter(named).exclude(pk__in=seen).distinct()
        step = list(found)
        if not step:
            return
        seen |= {row.pk for row in step}
        yield step


def _targets(step: list[Exercise], relation: str) -> QuerySet[Exercise]:
    through = getattr(Exercise, relation).through
    return through.objects.filter(from_exercise__in=step).values("to_exercise")
