import pytest

from programs.models import Session
from programs.response import Color, baseline, color, reasons


def session(**answers):
    return Session(**answers)


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"pain_before": 3, "pain_after": 3}, Color.GREEN),
        ({"pain_before": 2, "pain_after": 4, "settled": "half_hour"}, Color.GREEN),
        ({"pain_before": 2, "pain_after": 4}, Color.UNKNOWN),  # settled is not known
        ({"pain_before": 2, "pain_after": 4, "settled": "not_yet"}, Color.UNKNOWN),
        ({"pain_before": 1, "pain_after": 4, "settled": "minute"}, Color.AMBER),  # rose 3
        ({"pain_before": 5, "pain_after": 5, "settled": "minute"}, Color.AMBER),  # over 4
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
    ],
)
def test_color(answers, expected):
    assert color(session(**answers)) == expected


def test_reasons_name_each_sign():
    found = reasons(session(pain_before=1, pain_after=6, falls=2, skin_check="changed"))
    assert found == ["pain rose 5 points", "pain 6 after", "skin changed", "2 falls"]


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
    assert baseline([session(pain_before=2), session(), session(pain_before=3)]) is None
