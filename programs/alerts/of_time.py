"""Which alerts time itself raises, from what is stored (brief 5: A14, A15, A16, A21).

Each finding carries `since`, the day it counts from: the same finding seen again the
next hour has the same day, and is not raised twice.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from programs.alerts.rules import RULES
from programs.course.adherence import adherence
from programs.course.course import Course
from programs.course.silence import Silence, pause_ends
from programs.measures.definition import Definition
from programs.measures.reading import Level, changes
from programs.measures.scoring import Score, compared
from programs.models.alert import Code, Severity
from programs.progress.answered import Scored, Versions, by_measure

WINDOW_DAYS = 14
# 'No change by week 4-6': looked at from the end of week 6 on, while that is news.
NO_CHANGE_DAYS = range(42, 57)
FIRST_DAY = 28  # of the window: the end of week 4
REVIEW_DAYS = 28  # an older answer says nothing about now
STANDS_FEWER, SECONDS_SLOWER = 4, 1.1


@dataclass(frozen=True)
class Found:
    rule: Code
    message: str
    since: dt.date
    measure: str = ""  # the code of the one measure that it is about

    @property
    def severity(self) -> Severity:
        return RULES[self.rule].severity


def silent(found: Silence | None) -> Found | None:
    """A15."""
    return Found(Code.A15, f"No log for {found.days} days", found.since) if found else None


def low_adherence(
    courses: Sequence[Course],
    done: Mapping[dt.date, int],
    today: dt.date,
    *,
    free_since: dt.date | None,
) -> Found | None:
    """A16: under 50 % of the sessions due in 14 whole days, or what the clinic has set, none of
    the days paused or stopped.

    `free_since` is the day on which the last stop was lifted.
    """
    first, last = today - dt.timedelta(days=WINDOW_DAYS), today - dt.timedelta(days=1)
    begun = min(course.first for course in courses)
    ends = pause_ends(courses[-1], today)
    if max(_known(begun, free_since, *(end + dt.timedelta(days=1) for end in ends))) > first:
        return None
    if courses[-1].pause_on(today):
        return None
    percent = adherence(courses, done, first=first, last=last).percent
    if percent is None or percent >= courses[-1].plan.clinic.low_adherence:
        return None
    words = f"{percent} % of sessions logged in {WINDOW_DAYS} days"
    return Found(Code.A16, words, first)


def _known(*days: dt.date | None) -> list[dt.date]:
    return [day for day in days if day is not None]


Answers = list[tuple[dt.date, list[Score]]]


def each_day(scored: Sequence[Scored], known: Versions) -> Iterator[tuple[Definition, Answers]]:
    """Each measure's answers that compare, one a day (the last), oldest first."""
    for definition, answers in by_measure(scored, known):
        days = {check_in.answered_on: scores for check_in, scores in answers}
        yield definition, sorted(days.items())


def worse_reviews(scored: Sequence[Scored], known: Versions, today: dt.date) -> list[Found]:
    """A14, first half: the newest two reviews are both worse than the first, by what matters."""
    found = []
    for definition, answers in each_day(scored, known):
        levels = [_levels(definition, answers, index) for index in range(len(answers))]
        worse = [Level.CHANGE_WORSE in one for one in levels]
        # A question that itself compares with the start needs no first answer to compare with.
        needed = 2 if definition.asks_for_change else 3
        if len(worse) < needed or not (worse[-1] and worse[-2]):
            continue
        if not _is_recent(answers, today):
            continue
        start = len(worse)
        while start and worse[start - 1]:
            start -= 1
        words = f"{definition.title}: worse than at the start in 2 reviews"
        found.append(Found(Code.A14, words, answers[start][0], definition.code))
    return sorted(found, key=lambda one: one.since)


def no_change(
    scored: Sequence[Scored], known: Versions, today: dt.date, *, days_of_care: int, begun: dt.date
) -> Found | None:
    """A14, second half: after 6 weeks of care no measure asked twice has changed by what matters.

    `days_of_care` leaves out paused days. All answers since the end of week 4 are looked at;
    without a second answer nothing is known, nor raised.
    """
    if days_of_care not in NO_CHANGE_DAYS:
        return None
    window = today - dt.timedelta(days=days_of_care - FIRST_DAY)
    asked = [
        _levels(definition, answers, index)
        for definition, answers in each_day(scored, known)
        if definition.change
        for index in range(1, len(answers))
        if answers[index][0] >= window and _compare(definition, answers, index)
    ]
    changed = {Level.CHANGE_BETTER, Level.CHANGE_WORSE}
    if not asked or any(changed & levels for levels in asked):
        return None
    return Found(Code.A14, "No change that matters after 6 weeks", begun)


def _levels(definition: Definition, answers: Answers, index: int) -> set[Level]:
    return {one.level for one in changes(definition, answers[index][1], answers[0][1])}


def _compare(definition: Definition, answers: Answers, index: int) -> bool:
    """Something was answered both times: without that, nothing is known of a change."""
    now, first = compared(definition, answers[index][1], answers[0][1])
    known = {score.key for score in first if score.value is not None}
    return any(score.key in known for score in now if score.value is not None)


def _is_recent(answers: Answers, today: dt.date) -> bool:
    return (today - answers[-1][0]).days <= REVIEW_DAYS


def weaker_or_slower(scored: Sequence[Scored], known: Versions, today: dt.date) -> list[Found]:
    """A21: the newest chair stand or TUG is worse than the first or the one before, beyond MDC."""
    found = []
    for definition, answers in each_day(scored, known):
        if definition.code not in ("M5", "M7") or len(answers) < 2:
            continue
        values = [_value(definition.code, scores) for _, scores in answers]
        now = values[-1]
        before = [value for value in (values[0], values[-2]) if value is not None]
        if now is None or not before or not _is_recent(answers, today):
            continue
        if definition.code == "M5" and max(before) - now >= STANDS_FEWER:
            words = f"Chair stand: {now:g}, before {max(before):g}"
        elif definition.code == "M7" and round(now - min(before), 2) >= SECONDS_SLOWER:
            words = f"Timed Up & Go: {now:g} s, before {min(before):g} s"
        else:
            continue
        found.append(Found(Code.A21, words, answers[-1][0], definition.code))
    return found


def _value(code: str, scores: Sequence[Score]) -> float | None:
    return next((score.value for score in scores if score.key == code), None)
