"""When somebody has to stand by."""

from typing import Protocol

from patients.models import Episode


class Done(Protocol):
    """An exercise as it is done: in the library, frozen in a plan, or judged by the gates."""

    @property
    def is_standing(self) -> bool: ...
    @property
    def asks_helper(self) -> bool: ...


def is_needed(exercise: Done, episode: Episode) -> bool:
    """On one's feet, because of the task or of the person (brief 1.6, point 3)."""
    return exercise.is_standing and (exercise.asks_helper or episode.falls_or_aid)
