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
    library = Exercise.objects.offered_to(user)
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


Neighbors = dict[int, tuple[list[Exercise], list[Exercise]]]


def neighbors(exercises: Iterable[Exercise], user: User) -> Neighbors:
    """The next easier and the next harder forms of many exercises, in three queries."""
    wanted = {exercise.pk for exercise in exercises}
    easier = _links("easier_exercises", wanted) | _turned(_links("harder_exercises", wanted))
    harder = _turned(easier)
    library = Exercise.objects.offered_to(user)
    near = {pk for pair in easier for pk in pair}
    by_pk = library.in_bulk(near)
    return {
        pk: (
            [by_pk[to] for start, to in sorted(easier) if start == pk and to in by_pk],
            [by_pk[to] for start, to in sorted(harder) if start == pk and to in by_pk],
        )
        for pk in wanted
    }


def _links(relation: str, wanted: set[int]) -> set[tuple[int, int]]:
    """From an exercise to the one that it names."""
    through = getattr(Exercise, relation).through
    near = Q(from_exercise__in=wanted) | Q(to_exercise__in=wanted)
    return set(through.objects.filter(near).values_list("from_exercise", "to_exercise"))


def _turned(links: set[tuple[int, int]]) -> set[tuple[int, int]]:
    return {(end, start) for start, end in links}
