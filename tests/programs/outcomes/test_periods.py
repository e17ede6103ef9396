"""Whole years and whole quarters, and only those that are over."""

import datetime as dt

import pytest

from programs.outcomes import periods
from programs.outcomes.periods import Period


@pytest.mark.parametrize(
    ("period", "first", "last", "words"),
    [
        (Period(2024), "2024-01-01", "2024-12-31", "2024"),
        (Period(2024, 1), "2024-01-01", "2024-03-31", "January to March 2024"),
        (Period(2024, 2), "2024-04-01", "2024-06-30", "April to June 2024"),
        (Period(2024, 4), "2024-10-01", "2024-12-31", "October to December 2024"),
    ],
)
def test_its_days(period, first, last, words):
    assert (period.first.isoformat(), period.last.isoformat(), period.words) == (first, last, words)
    assert periods.read(period.code) == period


def test_each_day_lies_in_one_quarter_and_the_quarters_make_the_year():
    for offset in range(366):
        day = dt.date(2024, 1, 1) + dt.timedelta(days=offset)
        quarter = periods.quarter_of(day)
        assert quarter.first <= day <= quarter.last
    quarters = [Period(2024, number) for number in (1, 2, 3, 4)]
    assert sum(((one.last - one.first).days + 1) for one in quarters) == 366


@pytest.mark.parametrize(
    "text",
    ["", "2024-Q5", "2024-Q0", "2024-q1", "2024-01", "1999", "20240", "２０２４", "2024-Q1 "],
)
def test_nothing_else_is_a_period(text):
    """No day, month, week or stretch of days can be asked for."""
    assert periods.read(text) is None


def test_what_still_runs_is_not_offered():
    found = periods.finished(dt.date(2024, 11, 3), dt.date(2025, 9, 30))
    assert [one.code for one in found] == ["2025-Q2", "2025-Q1", "2024", "2024-Q4"]
    found = periods.finished(dt.date(2024, 11, 3), dt.date(2025, 10, 1))
    assert found[0].code == "2025-Q3"
