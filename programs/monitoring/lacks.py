"""What has to be on record besides the counts: papers, and who else bills what."""

import datetime as dt
from collections.abc import Iterable, Iterator

from programs.monitoring.calendar import Span, day_words
from programs.monitoring.facts import Answers, Care

NO_CONSENT = "the patient’s consent, with its date"
NO_SET_UP = "the entry of the set-up and of what was taught"
NO_PLAN = "the plan of care with the dates of its certification"
NO_REASON = "why the plan of care asks for monitoring"
NO_IMPAIRMENT = (
    "the musculoskeletal impairment or diagnosis that the plan treats: a person names it"
)
ONLY_NERVES = "a musculoskeletal impairment: what is entered is neurologic alone"
NO_ANSWERS = "the four answers about other services in this month"
OTHERS = "that nobody else bills this monitoring: one practitioner a patient in 30 days"
PHYSIOLOGIC = "a month without physiologic monitoring (RPM): not both in one"
HOME_HEALTH = "the payer’s word: a home health plan of care is running"


def for_management(cares: Iterable[Care], span: Span, answers: Answers | None) -> tuple[str, ...]:
    """Of the codes by the month; `cares` are those of the span."""
    found = list(cares)
    lacks = [] if any(care.allowed for care in found) else [NO_CONSENT]
    for care in found:
        lacks += _of_plan(care, span)
    return _once([*lacks, *_of_answers(answers)])


def for_device(care: Care, span: Span, answers: Answers | None) -> tuple[str, ...]:
    return _once([*_of_body(care), *_of_plan(care, span), *_of_answers(answers)])


def for_set_up(care: Care, span: Span, answers: Answers | None) -> tuple[str, ...]:
    lacks = [] if care.set_up_on else [NO_SET_UP]
    return _once([*lacks, *_of_plan(care, span), *_of_answers(answers)])


def _of_body(care: Care) -> Iterator[str]:
    if care.is_musculoskeletal is False:
        yield ONLY_NERVES
    elif care.is_musculoskeletal is None or not care.impairment.strip():
        yield NO_IMPAIRMENT


def _of_plan(care: Care, span: Span) -> Iterator[str]:
    if care.certified_on is None or care.certified_until is None:
        yield NO_PLAN
    else:
        yield from _uncovered(care.certified_on, care.certified_until, _within(span, care))
    if not care.reason.strip():
        yield NO_REASON


def _within(span: Span, care: Care) -> Span:
    """Of the span what was monitored: no plan has to hold before the consent or after its end."""
    allowed = care.allowed
    if allowed is None:
        return span
    ends = [day for day in (span.last, allowed.last) if day is not None]
    return Span(max(span.first, allowed.first), min(ends, default=None))


def _uncovered(begins: dt.date, ends: dt.date, span: Span) -> Iterator[str]:
    if begins > span.first:
        needed, known = day_words(span.first), day_words(begins)
        yield f"a plan of care that was certified by {needed}: it is from {known}"
    if span.last is not None and ends < span.last:
        needed, known = day_words(span.last), day_words(ends)
        yield f"a plan of care that holds until {needed}: it is certified to {known}"


def _of_answers(answers: Answers | None) -> Iterator[str]:
    if answers is None:
        yield NO_ANSWERS
        return
    if answers.other_practitioner:
        yield OTHERS
    if answers.physiologic:
        yield PHYSIOLOGIC
    if answers.home_health:
        yield HOME_HEALTH


def _once(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words))
