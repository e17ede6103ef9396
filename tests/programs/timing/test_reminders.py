import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programs.timing.reminders import moment, next_slot, repeat_time, slots_between, slots_of

NEW_YORK = ZoneInfo("America/New_York")
ZONES = [
    "America/New_York",
    "America/Los_Angeles",
    "Europe/Berlin",
    "Australia/Lord_Howe",  # half an hour of daylight saving
    "America/Havana",  # the clock is put back over midnight
    "Pacific/Apia",
    "Asia/Kathmandu",
    "Africa/Casablanca",
    "America/St_Johns",
]
zones = st.sampled_from(ZONES).map(ZoneInfo)
minutes_of_a_day = st.times().map(lambda at: at.replace(second=0, microsecond=0))
times = st.lists(minutes_of_a_day, min_size=1, max_size=3, unique=True)
moments = st.datetimes(dt.datetime(2024, 1, 1), dt.datetime(2030, 1, 1), timezones=st.just(dt.UTC))


@given(moments, times, zones, st.booleans(), st.integers(1, 60 * 24 * 10))
def test_going_from_slot_to_slot_meets_each_once(start, chosen, zone, repeat, minutes):
    until = start + dt.timedelta(minutes=minutes)
    met, at = [], start
    while (slot := next_slot(at, chosen, zone, repeat=repeat)).due_at <= until:
        met += list(slots_between(at, slot.due_at, chosen, zone, repeat=repeat))
        at = slot.due_at
    whole = list(slots_between(start, until, chosen, zone, repeat=repeat))
    assert sorted(met) == sorted(whole)
    assert len({(slot.on, slot.at) for slot in met}) == len(met)


@given(st.dates(dt.date(2024, 1, 1), dt.date(2030, 1, 1)), times, zones)
def test_each_day_has_each_of_its_times_once(day, chosen, zone):
    slots = slots_of(day, chosen, zone, repeat=False)
    assert sorted(slot.at for slot in slots) == sorted(chosen)
    assert {slot.on for slot in slots} == {day}


@given(st.dates(dt.date(2024, 1, 1), dt.date(2030, 1, 1)), st.times(), zones)
def test_the_wall_shows_the_chosen_time_but_where_the_clock_skips_it(day, at, zone):
    due = moment(day, at, zone)
    wall = due.astimezone(zone)
    meant = dt.datetime.combine(day, at, tzinfo=zone)
    offsets = {meant.replace(fold=fold).utcoffset() for fold in (0, 1)}
    if len(offsets) == 1:
        assert (wall.date(), wall.time()) == (day, at)
    else:  # skipped or twice: within an hour of it
        assert abs(wall.replace(tzinfo=None) - dt.datetime.combine(day, at)) <= dt.timedelta(
            hours=1
        )


@given(times)
def test_a_repeat_is_later_that_day_and_never_at_night(chosen):
    again = repeat_time(chosen)
    if again is None:
        assert max(chosen) > dt.time(20)
    else:
        assert again > max(chosen)
        assert again <= dt.time(21)
        assert again not in chosen


@pytest.mark.parametrize(
    ("day", "utc"),
    [
        (dt.date(2026, 3, 7), 13),  # Saturday before the clock goes forward
        (dt.date(2026, 3, 8), 12),
        (dt.date(2026, 10, 31), 12),
        (dt.date(2026, 11, 1), 13),  # the clock went back that night
    ],
)
def test_eight_stays_eight_over_daylight_saving(day, utc):
    [slot] = slots_of(day, [dt.time(8)], NEW_YORK, repeat=False)
    assert slot.due_at == dt.datetime.combine(day, dt.time(utc), tzinfo=dt.UTC)


def test_a_skipped_time_comes_at_the_moment_it_would_have():
    [slot] = slots_of(dt.date(2026, 3, 8), [dt.time(2, 30)], NEW_YORK, repeat=False)
    assert slot.due_at.astimezone(NEW_YORK).time() == dt.time(3, 30)


def test_a_time_that_comes_twice_is_meant_the_first_time():
    start = dt.datetime(2026, 11, 1, 4, tzinfo=dt.UTC)
    until = start + dt.timedelta(hours=12)
    found = list(slots_between(start, until, [dt.time(1, 30)], NEW_YORK, repeat=False))
    assert [slot.due_at.hour for slot in found] == [5]


@pytest.mark.parametrize(
    ("last", "again"),
    [("09:00", "12:00"), ("19:00", "21:00"), ("20:30", None), ("23:00", None)],
)
def test_the_repeat_follows_the_last_time(last, again):
    expected = dt.time.fromisoformat(again) if again else None
    assert repeat_time([dt.time(8), dt.time.fromisoformat(last)]) == expected
