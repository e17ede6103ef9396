"""A worksheet's lines: one code, what was counted for it, and what is missing."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from programs.monitoring.rules import Band


class State(StrEnum):
    """How a code stands. Nothing here says that it may be billed."""

    MET = "met"
    SO_FAR = "so far"  # met, and its clock still runs
    NOT_YET = "not yet"
    NOT_MET = "not met"

    @property
    def is_met(self) -> bool:
        return self in (State.MET, State.SO_FAR)


class Clock(StrEnum):
    EPISODE = "the first 30 days"
    INTERVAL = "30 days"
    MONTH = "calendar month"


@dataclass(frozen=True)
class Line:
    """`count` days or minutes from `first` to `last`, `least` of them where the band is on top of
    another's. `reasons` say why it is not met, or what it rests on; `lacks` what else has to be
    there first, whatever the count.
    """

    band: Band
    clock: Clock
    first: dt.date
    last: dt.date
    count: int
    state: State
    least: int = 0
    times: int = 1
    reasons: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()

    @property
    def code(self) -> str:
        return self.band.code

    @property
    def limits(self) -> str:
        """'2 to 15'; for each further 20 minutes '40, 60 …'."""
        if not self.least:
            return self.band.limits
        return f"{self.least}, {self.least + self.band.least} …"

    @property
    def unit(self) -> str:
        return "minute" if self.clock is Clock.MONTH else "day"

    @property
    def is_ready(self) -> bool:
        """Its count is met for good, and nothing else is missing."""
        return self.state is State.MET and not self.lacks

    @property
    def verdict(self) -> str:
        match self.state:
            case State.MET:
                times = f", {self.times} times" if self.times > 1 else ""
                return f"meets the count for {self.code}{times}"
            case State.SO_FAR:
                times = f", {self.times} times" if self.times > 1 else ""
                return f"meets the count for {self.code}{times} so far"
            case State.NOT_YET:
                return "not yet"
        return "does not meet the count"


def counted(number: int, unit: str, more: str = "") -> str:
    """'1 day', '2 more days'."""
    return f"{number} {more}{unit}{'' if number == 1 else 's'}"
