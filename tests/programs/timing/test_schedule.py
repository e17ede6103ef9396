import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programs.models import Prescription
from programs.models.dosage import dosage_minutes, dosage_text, frequency_text
from programs.timing.schedule import due_weekdays, most_in_a_day, sessions_due

MONDAY = dt.date(2026, 11, 23)
WEEKDAYS = st.lists(st.integers(0, 6), min_size=1, max_size=7, unique=True)


@given(WEEKDAYS, st.integers(1, 7))
def test_due_weekdays_are_as_many_as_asked_and_among_the_patients_days(days, per_week):
    due = due_weekdays(days, per_week)
    assert due <= set(days)
    assert len(due) == min(per_week, len(days))


@given(WEEKDAYS, st.integers(1, 7), st.dates(dt.date(2020, 1, 1), dt.date(2030, 12, 31)))
def test_each_week_is_like_the_next_across_months_years_and_daylight_saving(days, per_week, day):
    row = Prescription(days_per_week=per_week, times_per_day=1, included=True)
    week_later = day + dt.timedelta(days=7)
    assert sessions_due([row], days, day) == sessions_due([row], days, week_later)


def test_three_a_week_of_six_days_are_every_other_day():
    assert due_weekdays([0, 1, 2, 3, 4, 5], 3) == {0, 2, 4}


def test_sessions_of_a_day_are_those_of_the_most_frequent_exercise():
    twice = Prescription(days_per_week=7, times_per_day=2, included=True)
    once = Prescription(days_per_week=7, times_per_day=1, included=True)
    off = Prescription(days_per_week=7, times_per_day=6, included=False)
    assert sessions_due([once, twice, off], range(7), MONDAY) == 2
    assert sessions_due([off], range(7), MONDAY) == 0


def test_most_in_a_day_counts_the_fullest_day():
    daily = Prescription(days_per_week=7, times_per_day=1, included=True)
    mondays = Prescription(days_per_week=1, times_per_day=1, included=True)
    assert most_in_a_day([daily, daily, mondays], list(range(7))) == 3


@pytest.mark.parametrize("fullest", range(7))
def test_most_in_a_day_looks_at_each_day_of_the_week(fullest):
    """Also at the weekend, and at days chosen by hand that are none of the plan's."""
    every = [Prescription(weekdays=[day], included=True) for day in range(7)]
    assert most_in_a_day([*every, every[fullest]], [0, 1, 2, 3, 4]) == 2
    assert most_in_a_day([every[fullest]], [0, 1, 2, 3, 4]) == 1


def dose(**changed):
    base = {
        "sets": 2,
        "reps": 10,
        "hold_seconds": 0,
        "rest_seconds": None,
        "out_seconds": None,
        "back_seconds": None,
        "side": "none",
        "times_per_day": 1,
        "days_per_week": 5,
    }
    return base | changed


def test_dosage_reads_as_a_therapist_says_it():
    assert dosage_text(dose()) == "2 × 10"
    assert dosage_text(dose(hold_seconds=3, side="left")) == "2 × 10, hold 3 s, left"
    assert dosage_text(dose(sets=3, reps=1, hold_seconds=20)) == "3 × 20 s"
    assert frequency_text(dose(times_per_day=2, days_per_week=7)) == "twice a day, every day"
    assert frequency_text(dose(days_per_week=1)) == "once a day, 1 day a week"


def test_minutes_count_both_sides_and_rests_and_are_never_nothing():
    assert dosage_minutes(dose(sets=1, reps=1)) == 1
    one_side = dosage_minutes(dose(sets=3, reps=10))
    assert dosage_minutes(dose(sets=3, reps=10, side="both")) > one_side
    assert dosage_minutes(dose(sets=3, reps=10, rest_seconds=60)) > one_side
