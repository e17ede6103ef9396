import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from accounts.office_hours import opens_again, parsed, said

WEEK = "Mon-Fri 8:00-17:00, Sat 9:00-12:00"
ZONE = ZoneInfo("America/New_York")


def at(day, hour, minute=0):
    """The 16th of November 2026 is a Monday."""
    return dt.datetime(2026, 11, 15 + day, hour, minute, tzinfo=ZONE)


@pytest.mark.parametrize("now", [at(1, 8), at(3, 16, 59), at(6, 9)])
def test_while_open_nothing_is_said(now):
    assert opens_again(WEEK, now) is None


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        (at(1, 7, 59), at(1, 8)),
        (at(1, 17), at(2, 8)),
        (at(5, 20), at(6, 9)),
        (at(6, 12), at(8, 8)),
        (at(7, 3), at(8, 8)),
    ],
)
def test_while_closed_the_next_opening_is_named(now, opens):
    assert opens_again(WEEK, now) == opens


def test_without_hours_nothing_is_claimed():
    assert opens_again("", at(7, 3)) is None


def test_one_afternoon_a_week_opens_a_week_later():
    assert opens_again("Wed 13:00-15:00", at(3, 15)) == at(10, 13)


@pytest.mark.parametrize(
    "text",
    [
        "weekdays",
        "Mon-Fri",
        "Fri-Mon 8:00-9:00",
        "Mon 9:00-8:00",
        "Mon 8:00-25:00",
        "Xyz 8:00-9:00",
    ],
)
def test_other_words_are_refused_with_an_example(text):
    with pytest.raises(ValidationError, match="Mon-Fri 8:00-17:00"):
        parsed(text)


@given(st.datetimes(dt.datetime(2025, 1, 1), dt.datetime(2028, 1, 1)))
def test_the_opening_is_ahead_and_open(moment):
    now = moment.replace(tzinfo=ZONE)
    opens = opens_again(WEEK, now)
    if opens is not None:
        assert opens > now
        assert opens_again(WEEK, opens) is None


def test_its_days_are_said_in_the_language_of_the_page():
    assert said(WEEK) == WEEK
    with translation.override("es"):
        assert said(WEEK) == "lun-vie 8:00-17:00, sáb 9:00-12:00"
        assert said("") == ""
