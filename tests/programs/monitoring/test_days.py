"""Which days count."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programs.monitoring.calendar import DAY
from programs.monitoring.days import COUNTING_WORDS, Counting, How, Sent, data_days

D = dt.date(2026, 11, 3)
some_days = st.dates(dt.date(2026, 10, 1), dt.date(2026, 12, 31))
sent = st.builds(
    lambda day, how, late: Sent(day, how, day + late * DAY),
    some_days,
    st.sampled_from(How),
    st.integers(0, 3),
)


@given(st.lists(sent))
def test_days_are_counted_and_not_rows(some):
    once, twice = (data_days(rows, Counting.ANSWERS) for rows in (some, some * 2))
    assert once == twice
    assert once.counted == {one.day for one in some if one.how is How.ANSWER}
    assert once.late <= once.counted
    assert not once.counted & (once.paper | once.clinic)


@given(st.lists(sent))
def test_more_generous_settings_count_no_fewer(some):
    strict, wider, widest = (
        data_days(some, counting, first_login=D, until=D + 9 * DAY).counted
        for counting in (Counting.ANSWERS, Counting.ACTIVITY, Counting.ACCESS)
    )
    assert strict <= wider <= widest


def test_paper_typed_by_the_clinic_and_its_own_measures_do_not_count():
    found = data_days([Sent(D, How.PAPER), Sent(D + DAY, How.CLINIC)], Counting.ANSWERS)
    assert (found.counted, found.paper, found.clinic) == (set(), {D}, {D + DAY})


def test_with_something_sent_the_paper_of_that_day_is_not_shown_apart():
    found = data_days([Sent(D, How.PAPER), Sent(D, How.ANSWER)], Counting.ANSWERS)
    assert (found.counted, found.paper) == ({D}, set())


def test_late_is_what_came_on_a_later_day_only():
    late = Sent(D, How.ANSWER, D + DAY)
    assert data_days([late], Counting.ANSWERS).late == {D}
    assert data_days([late, Sent(D, How.ANSWER, D)], Counting.ANSWERS).late == set()


@pytest.mark.parametrize(
    ("counting", "count"), [(Counting.ANSWERS, 0), (Counting.ACTIVITY, 2), (Counting.ACCESS, 5)]
)
def test_logins_are_shown_apart_and_count_by_choice(counting, count):
    some = [Sent(D, How.LOGIN), Sent(D + DAY, How.ACTIVITY)]
    found = data_days(some, counting, first_login=D, until=D + 4 * DAY)
    assert len(found.counted) == count
    assert found.logins == {D}


def test_each_way_to_count_has_its_words():
    assert set(COUNTING_WORDS) == set(Counting)
