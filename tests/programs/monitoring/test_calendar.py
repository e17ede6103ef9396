"""Months and intervals of 30 days."""

import datetime as dt
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programs.monitoring.calendar import (
    DAY,
    Interval,
    Span,
    day_words,
    in_words,
    intervals,
    last_of,
    month_before,
    month_in,
    month_of,
    next_month,
)

days = st.dates(dt.date(2025, 1, 1), dt.date(2029, 12, 31))
NOV = dt.date(2026, 11, 1)


@given(days)
def test_each_day_is_of_one_month(day):
    month = month_of(day)
    assert month <= day <= last_of(month)
    assert next_month(month) == last_of(month) + DAY
    assert month_before(next_month(month)) == month
    assert month_in(f"{day:%Y-%m}") == month


@pytest.mark.parametrize(
    "text", ["", "2026", "2026-13", "2026-00", "26-11", "2026-11-01", "٢٠٢٦-11"]
)
def test_what_is_no_month(text):
    assert month_in(text) is None


@pytest.mark.parametrize(("year", "length"), [(2026, 28), (2028, 29)])
def test_february(year, length):
    assert last_of(dt.date(year, 2, 1)) == dt.date(year, 2, length)


@st.composite
def spans(draw):
    first = draw(days)
    length = draw(st.none() | st.integers(0, 200))
    return Span(first, None if length is None else first + length * DAY)


@given(st.lists(spans(), max_size=4), days)
def test_intervals_are_30_days_and_none_overlaps(some, until):
    found = [interval for _, interval in intervals(some, until)]
    for one in found:
        assert len(one.days) == 30 == len(set(one.days))
        assert one.days[0] == one.first <= until
        assert one.days[-1] == one.last
    for one, after in itertools.pairwise(found):
        assert one.last < after.first


@given(spans(), days)
def test_no_monitored_day_is_left_out(span, until):
    found = [interval for _, interval in intervals([span], until)]
    day = span.first
    while day <= min(until, span.last or until):
        assert sum(day in one for one in found) == 1
        day += DAY
    assert [one.number for one in found] == list(range(1, len(found) + 1))


@given(days)
def test_a_month_sees_at_most_two_intervals_end(start):
    found = [one for _, one in intervals([Span(start)], start + 800 * DAY)]
    by_month = {}
    for one in found:
        by_month.setdefault(month_of(one.last), []).append(one)
    assert {len(ends) for ends in by_month.values()} <= {1, 2}
    for month, ends in by_month.items():
        if len(ends) == 2:  # the first day and the last of one with 31
            assert (ends[0].last, ends[1].last) == (month, last_of(month))


def test_a_second_span_waits_until_the_first_ones_days_are_over():
    first = Span(dt.date(2026, 3, 1), dt.date(2026, 3, 10))
    second = Span(dt.date(2026, 3, 15))
    found = list(intervals([second, first], dt.date(2026, 4, 1)))
    assert found == [
        (1, Interval(dt.date(2026, 3, 1), 1)),
        (0, Interval(dt.date(2026, 3, 31), 1)),
    ]


def test_a_day_in_words():
    assert day_words(NOV) == "1 Nov 2026"


def test_days_in_words():
    some = [2, 3, 4, 9, 30]
    assert in_words(NOV.replace(day=day) for day in some) == "2–4, 9, 30 Nov"
    assert in_words([dt.date(2026, 11, 30), dt.date(2026, 12, 1)]) == "30 Nov; 1 Dec"
    assert in_words([dt.date(2026, 12, 31), dt.date(2027, 1, 1)]) == "31 Dec 2026; 1 Jan 2027"
    assert in_words([]) == ""
