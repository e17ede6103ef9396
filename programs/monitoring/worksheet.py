"""A patient's month: the days with data in each 30, the minutes, and which code's count is met."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from programs.monitoring import lacks
from programs.monitoring.calendar import Interval, Span, day_words, intervals, last_of, month_of
from programs.monitoring.facts import Care, Facts, Work
from programs.monitoring.lines import Clock, Line, State, counted
from programs.monitoring.rules import RULES, Band, Rules, rules_on

CROSSES = (
    "These 30 days began under the rules of {before} and end under those of {after}; no source seen"
    " says which hold. The later ones are used here."
)


@dataclass(frozen=True)
class Counted:
    """An interval with its days. `ends_on` is the last day monitored, where it came before."""

    interval: Interval
    care: Care
    days: tuple[dt.date, ...]
    ends_on: dt.date | None = None

    def left(self, today: dt.date) -> int:
        """Days from today on that could still be counted."""
        end = min(self.interval.last, self.ends_on or dt.date.max)
        begin = max(today, self.interval.first)
        return sum(begin <= day <= end for day in self.interval.days if day not in self.days)


@dataclass(frozen=True)
class Minutes:
    """What counts in the month, and what was entered and does not."""

    total: int = 0
    assistant: int = 0
    talks: int = 0
    left_out: int = 0


@dataclass(frozen=True)
class Worksheet:
    month: dt.date
    rules: Rules
    intervals: tuple[Counted, ...]
    minutes: Minutes
    lines: tuple[Line, ...]
    is_over: bool

    @property
    def met(self) -> list[Line]:
        return [line for line in self.lines if line.state.is_met]

    @property
    def is_ready(self) -> bool:
        """The month is over, and what meets its count has all else that it needs."""
        return self.is_over and bool(self.met) and all(line.is_ready for line in self.met)


def worksheet(facts: Facts, month: dt.date, *, today: dt.date) -> Worksheet:
    """Of the month that begins on this day. Raises ValueError before there are rules.

    An interval belongs to the month in which it ends, where its code is chosen. While it runs, this
    month shows how it stands, too.
    """
    rules = rules_on(last_of(month))
    found = [one for one in counted_intervals(facts, today) if one.interval.touches(month)]
    lines = [*_set_up(facts, month, today), *_device(found, facts, month, today)]
    minutes = counted_minutes(facts, month)
    return Worksheet(
        month=month,
        rules=rules,
        intervals=tuple(found),
        minutes=minutes,
        lines=(*lines, *_management(rules, facts, minutes, month, today)),
        is_over=today > last_of(month),
    )


def counted_intervals(facts: Facts, today: dt.date) -> list[Counted]:
    """All that have begun, the oldest first; each day with data is in one at the most."""
    spans = [(care, span) for care in facts.cares if (span := care.monitored(facts.days))]
    allowed = [span for _, span in spans]
    return [
        Counted(
            interval,
            spans[place][0],
            tuple(
                day
                for day in interval.days
                if day in facts.days.counted and any(day in span for span in allowed)
            ),
            _cut(interval, spans[place][1]),
        )
        for place, interval in intervals(allowed, today)
    ]


def _cut(interval: Interval, span: Span) -> dt.date | None:
    return span.last if span.last is not None and span.last < interval.last else None


def _set_up(facts: Facts, month: dt.date, today: dt.date) -> Iterator[Line]:
    """In the month in which its days are reached, or can no longer be; once an episode."""
    begun: set[str] = set()
    for one in counted_intervals(facts, today):
        if one.interval.number != 1 or one.care.episode in begun:
            continue
        begun.add(one.care.episode)
        interval, band = one.interval, _rules_of(one.interval.last).set_up
        reached = one.days[band.least - 1] if len(one.days) >= band.least else None
        shown = reached or min(interval.last, max(today, interval.first))
        if month_of(shown) != month_of(month):
            continue
        span = Span(interval.first, reached or interval.last)
        # What comes later is of the next month's worksheet, also where it was reached before.
        count = sum(day <= last_of(month) for day in one.days)
        state = State.MET if reached else _open(one.left(today) >= band.least - count)
        needed = counted(band.least, "day")
        reasons = (
            (f"the first {needed} with data were reached on {day_words(reached)}",)
            if reached
            else _short(band, count, one.left(today), "day")
        )
        yield Line(
            band, Clock.EPISODE, interval.first, span.last or interval.last, count, state,
            reasons=(*reasons, *_crossing(interval)),
            lacks=lacks.for_set_up(one.care, span, facts.answers),
        )  # fmt: skip


def _device(found: list[Counted], facts: Facts, month: dt.date, today: dt.date) -> Iterator[Line]:
    is_now = month_of(today) == month_of(month)
    for one in found:
        if month_of(one.interval.last) == month_of(month) or (is_now and today in one.interval):
            rules = _rules_of(one.interval.last)
            for band in rules.device:
                yield _of_interval(one, band, rules, facts, today)


def _of_interval(one: Counted, band: Band, rules: Rules, facts: Facts, today: dt.date) -> Line:
    interval, count, left = one.interval, len(one.days), one.left(today)
    is_over = today > interval.last
    if band.holds(count):
        state = State.MET if is_over else State.SO_FAR
        reasons = [] if is_over else [f"the code is chosen after {day_words(interval.last)}"]
    elif band.most is not None and count > band.most:
        other = next(other for other in rules.device if other.holds(count))
        state, reasons = State.NOT_MET, [f"{other.code} instead: never both in 30 days"]
    else:
        state = _open(count + left >= band.least)
        reasons = [*_short(band, count, left, "day")]
    if one.ends_on is not None:
        reasons.append(f"the monitoring ended on {day_words(one.ends_on)}, within these 30 days")
    span = Span(interval.first, interval.last)
    return Line(
        band, Clock.INTERVAL, interval.first, interval.last, count, state,
        reasons=(*reasons, *_crossing(interval)),
        lacks=lacks.for_device(one.care, span, facts.answers),
    )  # fmt: skip


def counted_minutes(facts: Facts, month: dt.date) -> Minutes:
    """Work under a consent counts; a talk in person only where the clinic has chosen so."""
    of_month = [work for work in facts.work if month_of(work.on) == month_of(month)]
    counting = [work for work in of_month if counts(work, facts)]
    return Minutes(
        total=sum(work.minutes for work in counting),
        assistant=sum(work.assistant_minutes for work in counting),
        talks=sum(work.is_talk and work.minutes > 0 for work in counting),
        left_out=sum(work.minutes for work in of_month) - sum(work.minutes for work in counting),
    )


def counts(work: Work, facts: Facts) -> bool:
    return not why_left_out(work, facts)


def why_left_out(work: Work, facts: Facts) -> str:
    """Empty where it counts."""
    if not any(care.allowed and work.on in care.allowed for care in facts.cares):
        return "no consent on this day: not counted"
    if work.in_person and not facts.in_person_counts:
        return "in person: not counted"
    return ""


def _management(
    rules: Rules, facts: Facts, minutes: Minutes, month: dt.date, today: dt.date
) -> Iterator[Line]:
    first, last = month_of(month), last_of(month)
    cares = [care for care in facts.cares if care.is_of(first, last)]
    missing = lacks.for_management(cares, Span(first, last), facts.answers)
    no_talk = () if minutes.talks else (f"a live talk in {first:%B}",)
    running, total, highest = today <= last, minutes.total, rules.management[-1]
    for band in (*rules.management, rules.further):
        is_further = band is rules.further
        least = highest.least + band.least if is_further else band.least
        if band.most is not None and total > band.most:
            state: State = State.NOT_MET
            reasons: tuple[str, ...] = (f"{highest.code} instead: never both in a month",)
        else:
            short = (counted(least - total, "minute", "more "),) if total < least else ()
            reasons = (*short, *no_talk)
            met = State.SO_FAR if running else State.MET
            state = met if not reasons else _open(running)
        times = (total - highest.least) // band.least if is_further and state.is_met else 1
        yield Line(
            band, Clock.MONTH, first, last, total, state,
            least=least if is_further else 0, times=times, reasons=reasons, lacks=missing,
        )  # fmt: skip


def _short(band: Band, count: int, left: int, unit: str) -> tuple[str, ...]:
    more = counted(band.least - count, unit, "more ")
    if left <= 0:
        return (f"{counted(count, unit)} of {band.least}",)
    if count + left < band.least:
        return (f"{more} would be needed, and {left} {'is' if left == 1 else 'are'} left",)
    return (more,)


def _open(is_possible: bool) -> State:
    return State.NOT_YET if is_possible else State.NOT_MET


def _rules_of(day: dt.date) -> Rules:
    """Of an interval's last day; one that ended before there are rules is in no worksheet."""
    return rules_on(max(day, RULES[0].since))


def _crossing(interval: Interval) -> tuple[str, ...]:
    before, after = _rules_of(interval.first), _rules_of(interval.last)
    if before is after:
        return ()
    return (CROSSES.format(before=before.version, after=after.version),)
