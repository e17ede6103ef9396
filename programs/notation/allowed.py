"""The range of dosage that an exercise allows: '1-2 a day, 5-7 days a week, hold 0-5 s'.

Typed and kept as words that a therapist reads; parsed where a dosage is held against it.
"""

import re
from collections.abc import Mapping
from typing import Any

EXAMPLE = "1-3 sets, 6-12 reps, hold 0-5 s, 1-2 a day, 5-7 days a week"

Bounds = dict[str, tuple[int, int]]

_RANGE = r"(\d+)(?:\s*(?:-|–|to)\s*(\d+))?"
_PATTERNS = {
    "sets": rf"{_RANGE}\s*sets?",
    "reps": rf"{_RANGE}\s*reps?",
    "hold_seconds": rf"hold\s*{_RANGE}\s*(?:s|sec|seconds?)?",
    "times_per_day": rf"{_RANGE}\s*(?:times)?\s*(?:a|per|/)\s*day",
    "days_per_week": rf"{_RANGE}\s*(?:days?)?\s*(?:a|per|/)\s*week",
}
_MATCHERS = {name: re.compile(pattern) for name, pattern in _PATTERNS.items()}
_WORDS = {
    "sets": "{} sets",
    "reps": "{} reps",
    "hold_seconds": "hold {} s",
    "times_per_day": "{} a day",
    "days_per_week": "{} days a week",
}


def parse(text: str) -> Bounds:
    """Lowest and highest of each number named; empty for an empty text.

    Raises ValueError with a sentence for the person who typed it.
    """
    bounds: Bounds = {}
    for part in filter(None, (part.strip() for part in text.lower().split(","))):
        for name, matcher in _MATCHERS.items():
            if found := matcher.fullmatch(part):
                low, high = int(found[1]), int(found[2] or found[1])
                if low > high:
                    raise ValueError(f"“{part}” goes down: write the smaller number first.")
                bounds[name] = (low, high)
                break
        else:
            raise ValueError(f"“{part}” is not understood. Write it like: {EXAMPLE}.")
    return bounds


def outside(text: str, dosage: Mapping[str, Any]) -> list[str]:
    """What of a dosage is beyond the range, in words: ['3 a day (1-2)']."""
    return [
        f"{_WORDS[name].format(dosage[name])} ({low}-{high})"
        for name, (low, high) in parse(text).items()
        if not low <= dosage[name] <= high
    ]
