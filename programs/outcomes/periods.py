"""Calendar years and quarters. There are no others: the difference of two stretches of days that
overlap is a small group (docs/decisions/0037).
"""

import calendar
import datetime as dt
import re
from dataclasses import dataclass
from zoneinfo import ZoneInfo

_WRITTEN = re.compile(r"(20\d\d)(?:-Q([1-4]))?", re.ASCII)


@dataclass(frozen=True, order=True)
class Period:
    """A whole year, or with `quarter` (1 to 4) a quarter of it, on the clinic's calendar."""

    year: int
    quarter: int = 0

    @property
    def is_year(self) -> bool:
        return not self.quarter

    @property
    def code(self) -> str:
        """As it stands in addresses: '2026', '2026-Q1'."""
        return f"{self.year}-Q{self.quarter}" if self.quarter else f"{self.year}"

    @property
    def first(self) -> dt.date:
        return dt.date(self.year, 3 * self.quarter - 2 if self.quarter else 1, 1)

    @property
    def last(self) -> dt.date:
        month = 3 * self.quarter or 12
        return dt.date(self.year, month, calendar.monthrange(self.year, month)[1])

    @property
    def words(self) -> str:
        """'2026', 'January to March 2026'."""
        return f"{self.first:%B} to {self.last:%B %Y}" if self.quarter else f"{self.year}"

    def moments(self, zone: ZoneInfo) -> tuple[dt.datetime, dt.datetime]:
        """Its beginning, and its end, which is the next one's beginning, on a clinic's wall."""
        days = (self.first, self.last + dt.timedelta(days=1))
        begin, end = (dt.datetime.combine(day, dt.time.min, zone) for day in days)
        return begin, end

    def is_over(self, today: dt.date) -> bool:
        """What still runs is not shown: from one day to the next, one person would be added."""
        return self.last < today


def quarter_of(day: dt.date) -> Period:
    return Period(day.year, (day.month + 2) // 3)


def read(text: str) -> Period | None:
    """From `code`; None for anything else, and for years that are not of this century."""
    found = _WRITTEN.fullmatch(text)
    return Period(int(found[1]), int(found[2] or 0)) if found else None


def finished(since: dt.date, today: dt.date) -> list[Period]:
    """All that are over and hold a day from `since` on, the newest year first, before its quarters.
    Part of a year before `since` makes no difference: nothing happened then.
    """
    every = (
        Period(year, quarter) for year in range(today.year, since.year - 1, -1)
        for quarter in (0, 4, 3, 2, 1)
    )  # fmt: skip
    return [one for one in every if one.is_over(today) and one.last >= since]
