"""Courses of care that have ended, with words in them that no number may tell."""

import dataclasses
import itertools
from typing import Any

from accounts.models import User
from patients.models import Episode
from programs.demo import past
from tests.conftest import FINDINGS

SECRET = {"summary": "Secret summary", "precautions": "Secret precautions"}
PAIN = {"now": 0, "average": 0, "worst": 0}
_numbers = itertools.count()


@dataclasses.dataclass
class Story(past.Story):
    first_name: str = "Numerata"
    title: str = "Secret title"
    note: str = "Secret note"

    def __post_init__(self) -> None:
        number = next(_numbers)
        self.last_name = self.last_name or f"Secretfield{number}"
        self.email = self.email or f"secret{number}@patients.test"
        self.findings = FINDINGS | self.findings | SECRET


def pains(first: int, last: int, days: int = 21) -> dict[int, dict[str, Any]]:
    """Pain (M1), the same in all three of its lines, on the first day and later."""
    return {day: {"M1": dict.fromkeys(PAIN, value)} for day, value in ((0, first), (days, last))}


def make(
    by: User, stories: list[past.Story], versions: dict[str, int] | None = None
) -> list[Episode]:
    return past.make(by, stories, {"M1": 1, "M2": 1} | (versions or {}))
