"""Dosage in words: what is understood, what is shown back, what is refused."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from programs.notation import allowed
from programs.notation.dosage_language import DEFAULTS, LIMITS, parse, say

BASE = {**DEFAULTS, "sets": 3, "reps": 8, "hold_seconds": 5, "rest_seconds": 30, "side": "left"}


def numbers(name):
    return st.integers(*LIMITS[name])


dosages = st.fixed_dictionaries(
    {
        "sets": numbers("sets"),
        "reps": numbers("reps"),
        "hold_seconds": numbers("hold_seconds"),
        "rest_seconds": st.none() | numbers("rest_seconds"),
        "out_seconds": st.none() | numbers("out_seconds"),
        "back_seconds": st.none() | numbers("back_seconds"),
        "times_per_day": numbers("times_per_day"),
        "days_per_week": numbers("days_per_week"),
        "side": st.sampled_from(["left", "right", "both", "none"]),
        "angle_limits": st.sampled_from(
            [{}, {"hip_max": 45.0, "ever_max": 0.0}, {"ankle_min": -15.0}]
        ),
    }
)


@given(dosages)
@settings(max_examples=300, deadline=None)
def test_what_is_said_is_understood(dosage):
    assert parse(say(dosage)) == dosage


@given(dosages)
@settings(max_examples=100, deadline=None)
def test_saying_it_again_changes_nothing(dosage):
    assert say(parse(say(dosage), dosage)) == say(dosage)


@given(st.text(max_size=40))
@settings(max_examples=300, deadline=None)
def test_any_text_is_understood_or_refused_with_words(text):
    with suppress(ValueError):  # anything else would be a page that breaks
        assert parse(text).keys() == DEFAULTS.keys()


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("2x10 hold 3 daily, both", "2×10, hold 3 s, once a day, every day, both sides"),
        ("2 sets of 10, twice a day", "2×10, twice a day, every day"),
        ("3x20 s, 5 d/wk", "3×20 s, once a day, 5 days a week"),
        ("2 X 10 reps; 3/day; 3x/week right side", "2×10, 3 times a day, 3 days a week, right"),
        ("1x8, tempo 3-2, no hold", "1×8, out 3 s, back 2 s, once a day, every day"),
        ("1x8 3 s in 2 s down rest 20", "1×8, rest 20 s, out 3 s, back 2 s, once a day, every day"),
        ("2x10 every day left", "2×10, once a day, every day, left"),
    ],
)
def test_what_therapists_type(typed, shown):
    assert say(parse(typed)) == shown


def test_what_is_not_mentioned_stays():
    assert parse("twice a day", BASE) == {**BASE, "times_per_day": 2}
    assert parse("right", BASE) == {**BASE, "side": "right"}


def test_daily_means_every_day_unless_days_are_said():
    weekly = {**BASE, "days_per_week": 3}
    assert parse("2x10 daily", weekly)["days_per_week"] == 7
    assert parse("2 daily", weekly)["days_per_week"] == 7
    assert parse("2 daily, 5 days a week", weekly)["days_per_week"] == 5
    assert parse("twice a day", weekly)["days_per_week"] == 3


def test_a_new_amount_without_a_hold_has_none():
    found = parse("2x10", BASE)
    assert (found["hold_seconds"], found["rest_seconds"]) == (0, None)
    assert found["side"] == "left"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "Write a dosage"),
        ("two by ten", "not understood"),
        ("2x10, gently", "“gently”"),
        ("11x10", "sets go from 1 to 10"),
        ("2x99", "reps go from 1 to 50"),
        ("2x10 hold 500", "out of range"),
        ("2x10 8 days a week", "days a week go from 1 to 7"),
        ("2x10, left, right", "said twice"),
    ],
)
def test_what_is_refused(typed, words):
    with pytest.raises(ValueError, match=words):
        parse(typed)


def test_the_allowed_range_is_read_and_held_against_a_dosage():
    assert allowed.parse(allowed.EXAMPLE) == {
        "sets": (1, 3),
        "reps": (6, 12),
        "hold_seconds": (0, 5),
        "times_per_day": (1, 2),
        "days_per_week": (5, 7),
    }
    dosage = {**DEFAULTS, "reps": 13, "times_per_day": 3}
    assert allowed.outside("6-12 reps, 1-2 a day", dosage) == ["13 reps (6-12)", "3 a day (1-2)"]
    assert allowed.outside("6-12 reps", {**dosage, "reps": 12}) == []
    assert allowed.outside("", dosage) == []


@pytest.mark.parametrize(("text", "words"), [("often", "not understood"), ("5-2 sets", "smaller")])
def test_a_range_that_is_none_is_refused(text, words):
    with pytest.raises(ValueError, match=words):
        allowed.parse(text)


@pytest.mark.parametrize(
    ("text", "limits"),
    [
        ("2x10, hip at most 45", {"hip_max": 45}),
        ("2x10, left, ever <= 0°, hip at most 45 deg", {"ever_max": 0, "hip_max": 45}),
        ("2x10 knee at least 10 daily", {"knee_min": 10}),
        ("2x10, no angle limits", {}),
        ("3x8", {"hip_max": 60}),
    ],
)
def test_the_range_belongs_to_the_dosage(text, limits):
    assert parse(text, DEFAULTS | {"angle_limits": {"hip_max": 60}})["angle_limits"] == limits


def test_an_angle_that_no_joint_has_is_refused():
    with pytest.raises(ValueError, match="goes from"):
        parse("2x10, hip at most 999")
