"""What the editor of programs and the composer of plans have in common: lines and phases that are
moved about, and the totals of a phase.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Protocol

from programs.safety import gates
from programs.timing.week import WEEK


class InOrder:
    """A line or a phase among its like. `number` counts from 0; buttons move it by one."""

    number: int

    @property
    def is_first(self) -> bool:
        return self.number == 0

    @property
    def before(self) -> int:
        return self.number - 1

    @property
    def after(self) -> int:
        return self.number + 1


class DueLine(Protocol):
    """A line as the totals see it: due or not, Monday to Sunday, and about how long it takes."""

    @property
    def days(self) -> list[bool]: ...

    @property
    def minutes(self) -> int: ...


class Totals(ABC):
    """The sums over the lines of a phase that count."""

    @property
    @abstractmethod
    def counted(self) -> Sequence[DueLine]: ...

    @property
    def per_day(self) -> list[int]:
        """How many exercises are due, Monday to Sunday."""
        return [sum(line.days[day] for line in self.counted) for day in range(WEEK)]

    @property
    def most_in_a_day(self) -> int:
        return max(self.per_day)

    @property
    def is_too_much(self) -> bool:
        return self.most_in_a_day > gates.MOST_EXERCISES_A_DAY

    @property
    def minutes(self) -> int:
        """Of a session in which all that counts is due."""
        return sum(line.minutes for line in self.counted)
