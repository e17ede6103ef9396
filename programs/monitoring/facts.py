"""What a worksheet is made of: typed by people or read from the log, and nothing supposed."""

import datetime as dt
from dataclasses import dataclass, field

from programs.monitoring.calendar import DAY, Span
from programs.monitoring.days import DataDays


@dataclass(frozen=True)
class Care:
    """What is on record about the monitoring under one consent; None where nobody entered it.

    `episode` names the episode of care: a consent that was withdrawn may be given anew within it.
    `is_musculoskeletal` is a person's answer: False means a neurologic diagnosis alone.
    """

    episode: str = ""
    made_on: dt.date | None = None
    consent_on: dt.date | None = None
    withdrawn_on: dt.date | None = None
    closed_on: dt.date | None = None
    starts_on: dt.date | None = None
    set_up_on: dt.date | None = None
    is_musculoskeletal: bool | None = None
    impairment: str = ""
    reason: str = ""
    certified_on: dt.date | None = None
    certified_until: dt.date | None = None

    @property
    def allowed(self) -> Span | None:
        """From the consent to the last day before its withdrawal, or of the episode."""
        if self.consent_on is None:
            return None
        ends = [self.closed_on] if self.closed_on else []
        ends += [self.withdrawn_on - DAY] if self.withdrawn_on else []
        return Span(self.consent_on, min(ends, default=None))

    @property
    def over_on(self) -> dt.date | None:
        """When it was withdrawn or the episode closed, whichever came first."""
        return min((day for day in (self.withdrawn_on, self.closed_on) if day), default=None)

    def allowed_in(self, first: dt.date, last: dt.date) -> Span | None:
        """The part of it within these days; None for no day of them."""
        allowed = self.allowed
        if allowed is None:
            return None
        begin, end = max(allowed.first, first), min(allowed.last or last, last)
        return Span(begin, end) if begin <= end else None

    def is_of(self, first: dt.date, last: dt.date) -> bool:
        """Whether it was allowed on one of these days; without a consent, whether it was there."""
        span = self.allowed or Span(self.made_on or first, self.closed_on)
        return span.first <= last and (span.last is None or span.last >= first)

    def monitored(self, days: DataDays) -> Span | None:
        """From the day that was entered, else the first with data after the consent."""
        allowed = self.allowed
        if allowed is None:
            return None
        first = self.starts_on or min((day for day in days.counted if day in allowed), default=None)
        if first is None or first not in allowed:
            return None
        return Span(first, allowed.last)


@dataclass(frozen=True)
class Work:
    """Minutes of one day, or of one talk with the patient or a caregiver."""

    on: dt.date
    minutes: int
    assistant_minutes: int = 0
    is_talk: bool = False
    in_person: bool = False


@dataclass(frozen=True)
class Answers:
    """Who else bills what; each answered by a person for one month."""

    other_practitioner: bool
    physiologic: bool
    global_period: bool
    home_health: bool


@dataclass(frozen=True)
class Facts:
    """`in_person_counts`: the clinic's setting. `answers` are of the worksheet's month."""

    cares: tuple[Care, ...] = ()
    days: DataDays = field(default_factory=DataDays)
    work: tuple[Work, ...] = ()
    answers: Answers | None = None
    in_person_counts: bool = False
