"""What runs out soon, or has: said on top of the page, in time to do something about it."""

import datetime as dt
from collections.abc import Iterator

from programs.monitoring.calendar import DAY, day_words, last_of
from programs.monitoring.facts import Facts
from programs.monitoring.lines import Clock, Line, State, counted
from programs.monitoring.worksheet import Worksheet

# Of an interval and of a month; and of a plan of care, which somebody else has to sign again.
SOON = 7 * DAY
PLAN_SOON = 14 * DAY


def warnings(facts: Facts, sheet: Worksheet, *, today: dt.date) -> list[str]:
    """In sentences; empty for a month that is over and has nothing open."""
    return [
        *_of_consent(facts, sheet),
        *_of_rules(sheet),
        *_of_clocks(sheet, today),
        *_of_plan(facts, sheet, today),
    ]


def _of_consent(facts: Facts, sheet: Worksheet) -> Iterator[str]:
    allowed = [care.allowed for care in facts.cares if care.allowed]
    if not allowed:
        yield "No consent is on record: nothing counts yet."
        return
    for care in facts.cares:
        if care.withdrawn_on and sheet.month <= care.withdrawn_on <= last_of(sheet.month):
            day = day_words(care.withdrawn_on)
            yield f"The consent was withdrawn on {day}: nothing counts from then on."
    if not any(care.monitored(facts.days) for care in facts.cares):
        yield "Monitoring has not begun: there is no day with data since the consent."


def _of_rules(sheet: Worksheet) -> Iterator[str]:
    known = sheet.rules.known_until
    if last_of(sheet.month) > known:
        yield (
            f"The newest rules known here hold until {day_words(known)}. Check what holds now"
            " before you use these counts."
        )


def _of_clocks(sheet: Worksheet, today: dt.date) -> Iterator[str]:
    """Of each clock that ends within a week: the next code that can be reached, or that none can.

    Further minutes on top of a code that is met press nobody.
    """
    told: set[tuple[Clock, dt.date]] = set()
    for line in sheet.lines:
        clock = (line.clock, line.last)
        is_soon = today <= line.last <= today + SOON
        if (
            not is_soon
            or line.state.is_met
            or clock in told
            or line.code == sheet.rules.further.code
        ):
            continue
        when = "today" if line.last == today else f"in {counted((line.last - today).days, 'day')}"
        end = "The month ends" if line.clock is Clock.MONTH else f"{line.clock.capitalize()} end"
        if line.state is State.NOT_YET:
            told.add(clock)
            yield f"{end} {when}, on {day_words(line.last)}. For {line.code}: {_and(line)}."
        elif line.clock is not Clock.MONTH and not _is_other(line):
            yield f"{end} {when}: {line.code} is out of reach ({_and(line)})."


def _is_other(line: Line) -> bool:
    """Not met because a higher code is."""
    return line.band.most is not None and line.count > line.band.most


def _and(line: Line) -> str:
    return "; ".join(line.reasons)


def _of_plan(facts: Facts, sheet: Worksheet, today: dt.date) -> Iterator[str]:
    """While the month runs: that the plan of care has to be certified again."""
    for care in facts.cares:
        until = care.certified_until
        is_running = care.allowed is not None and today in care.allowed
        if until is None or not is_running or sheet.is_over:
            continue
        if until < today:
            yield f"The certification of the plan of care ended on {day_words(until)}."
        elif until <= today + PLAN_SOON:
            days = (until - today).days
            when = "today" if not days else f"in {counted(days, 'day')}"
            yield f"The certification of the plan of care ends {when}, on {day_words(until)}."
