"""How an answer is timed: up from 0, or down to 0 while something is counted."""

from dataclasses import dataclass
from enum import StrEnum

from programs.measures.fields import Fields


class Counts(StrEnum):
    UP = "up"  # the seconds are the answer
    DOWN = "down"  # what was counted until then is the answer


@dataclass(frozen=True)
class Timer:
    """`seconds` is when it stops by itself."""

    counts: Counts
    seconds: float

    @classmethod
    def read(cls, row: Fields) -> "Timer":
        timer = cls(row.one_of(Counts, "counts"), row.number("seconds") or 0.0)
        if timer.seconds <= 0:
            raise row.fault("seconds", "has to be over 0")
        row.done()
        return timer
