import pytest

from programs.course.response import Color, baseline, color, reasons
from programs.models import Session

STEADY = {"pain_before": 1, "pain_after": 1, "settled": "minute"}


def session(**answers):
    return Session(**answers)


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"pain_before": 3, "pain_after": 3}, Color.GREEN),
        ({"pain_before": 2, "pain_after": 4, "settled": "half_hour"}, Color.GREEN),
        ({"pain_before": 2, "pain_after": 4}, Color.UNKNOWN),  # settled is not known
        ({"pain_before": 2, "pain_after": 3}, Color.UNKNOWN),  # one point has to settle too
        ({"pain_before": 2, "pain_after": 4, "settled": "not_yet"}, Color.UNKNOWN),
        ({"pain_before": 1, "pain_after": 4, "settled": "minute"}, Color.AMBER),  # rose 3
        # Against the patient's own 'before': a steady 5 is steady, a fall is better.
        ({"pain_before": 5, "pain_after": 5, "settled": "minute"}, Color.GREEN),
        ({"pain_before": 8, "pain_after": 5, "settled": "minute"}, Color.GREEN),
        ({"pain_before": 4, "pain_after": 5, "settled": "minute"}, Color.AMBER),  # up, over 4
        ({"pain_after": 5, "settled": "minute"}, Color.AMBER),  # over 4, and no 'before'
        ({"pain_before": 7, "pain_after": 7, "settled": "minute"}, Color.AMBER),  # severe
        ({"pain_before": 9, "pain_after": 7, "settled": "minute"}, Color.AMBER),  # still severe
        ({"pain_before": 6, "pain_after": 6, "settled": "minute"}, Color.GREEN),
        ({"pain_before": 1, "pain_after": 1, "settled": "by_morning"}, Color.AMBER),
        ({"pain_before": 0, "pain_after": 4, "settled": "minute"}, Color.RED),  # rose 4
        ({"pain_before": 1, "pain_after": 1, "settled": "next_morning"}, Color.RED),
        ({"new_signs": ["weakness"]}, Color.RED),
        ({"skin_check": "changed"}, Color.RED),
        ({"falls": 1}, Color.RED),
        ({"fall_injury": True}, Color.RED),
        ({"falls": 0, "new_signs": []}, Color.UNKNOWN),
        ({"pain_before": 0}, Color.UNKNOWN),  # an empty answer is no 0
        ({}, Color.UNKNOWN),
        ({**STEADY, "near_falls": 1}, Color.AMBER),
        ({**STEADY, "effort": 8}, Color.AMBER),
        ({**STEADY, "effort": 7, "near_falls": 0}, Color.GREEN),
        ({**STEADY, "skin_before": "not_done"}, Color.UNKNOWN),
        ({**STEADY, "skin_before": "not_done", "skin_check": "fine"}, Color.GREEN),
    ],
)
def test_color(answers, expected):
    assert color(session(**answers), feeling="intact") == expected


@pytest.mark.parametrize("feeling", ["lost", "reduced"])
@pytest.mark.parametrize("before", ["", "fine", "not_done"])
@pytest.mark.parametrize(
    ("after", "expected"),
    [("", Color.UNKNOWN), ("not_done", Color.UNKNOWN), ("fine", Color.GREEN)],
)
def test_numb_skin_has_to_be_looked_at_before_anything_is_green(feeling, before, after, expected):
    found = session(**STEADY, skin_before=before, skin_check=after)
    assert color(found, feeling=feeling) == expected


def test_reasons_name_each_sign():
    answers = {"pain_before": 1, "pain_after": 6, "falls": 2, "skin_check": "changed"}
    found = reasons(session(**answers, near_falls=1, effort=9), feeling="intact")
    assert found == [
        "pain rose 5 points",
        "pain 6 after",
        "skin changed",
        "2 falls",
        "1 near-fall",
        "effort 9",
    ]


def test_reasons_name_nothing_at_the_limits_themselves_and_count_in_words():
    at_the_limit = {"pain_before": 2, "pain_after": 4, "settled": "half_hour", "effort": 7}
    assert reasons(session(**at_the_limit), feeling="intact") == []
    assert reasons(session(falls=1, near_falls=2), feeling="intact") == ["1 fall", "2 near-falls"]


def test_reasons_name_what_nobody_answered():
    assert reasons(session(), feeling="lost") == [
        "pain not answered",
        "not known how it settled",
        "skin not looked at",
    ]
    assert reasons(session(**STEADY), feeling="intact") == []


def test_baseline_is_the_median_worst_of_the_first_three_answered():
    logs = [
        session(pain_before=2, pain_after=6),
        session(),
        session(pain_before=3),
        session(pain_before=4, pain_after=1),
        session(pain_before=10),
    ]
    assert baseline(logs) == 4


def test_baseline_needs_three_answers():
    two = [session(pain_before=2), session(), session(pain_before=3)]
    assert baseline(two) is None
    assert baseline([*two, session(pain_before=7)]) == 3
