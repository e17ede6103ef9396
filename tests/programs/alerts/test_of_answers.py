import datetime as dt

import pytest

from programs.alerts import of_answers
from programs.alerts.of_answers import Before
from programs.models import Session
from programs.models.alert import Severity

NOW = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)


def raised_by(one, earlier, **known):
    return of_answers.raised_by(one, Before(earlier, **known))


def session(days_ago=0.0, **answers):
    return Session(done_at=NOW - dt.timedelta(days=days_ago), **answers)


@pytest.mark.parametrize(
    ("answers", "rule", "severity"),
    [
        ({"new_signs": ["stroke"]}, "A1", Severity.CRITICAL),
        ({"new_signs": ["saddle"]}, "A2", Severity.CRITICAL),
        ({"new_signs": ["cold_foot"]}, "A3", Severity.CRITICAL),
        ({"new_signs": ["weakness"]}, "A4", Severity.URGENT),
        ({"skin_check": "changed"}, "A5", Severity.URGENT),
        ({"falls": 1, "fall_injury": True}, "A6", Severity.URGENT),
        ({"fall_injury": True}, "A6", Severity.URGENT),  # how many falls was left empty
        ({"falls": 1}, "A7", Severity.HIGH),
        ({"near_falls": 2}, "A7", Severity.HIGH),
        ({"new_signs": ["dizzy"]}, "A8", Severity.HIGH),
        ({"new_signs": ["chest"]}, "A9", Severity.CRITICAL),
        ({"pain_before": 2, "pain_after": 6}, "A10", Severity.HIGH),
        ({"settled": "next_morning"}, "A12", Severity.HIGH),
        ({"new_signs": ["numb_area"]}, "A13", Severity.HIGH),
    ],
)
def test_one_answer_raises_its_rule(answers, rule, severity):
    raised = raised_by(session(**answers), [])
    assert [(one.rule, one.severity) for one in raised] == [(rule, severity)]
    assert raised[0].advice


@pytest.mark.parametrize(
    "answers",
    [
        {},
        {"pain_before": 2, "pain_after": 5, "near_falls": 1, "effort": 10},
        {"new_signs": [], "falls": 0, "skin_check": "fine", "settled": "by_morning"},
    ],
)
def test_ordinary_answers_raise_nothing(answers):
    assert raised_by(session(**answers), []) == []


def test_near_falls_add_up_over_seven_days_only():
    now = session(near_falls=1)
    assert raised_by(now, [session(days_ago=6.9, near_falls=1)])
    assert not raised_by(now, [session(days_ago=7.1, near_falls=1)])


def test_a_near_fall_of_exactly_seven_days_ago_is_outside_the_window():
    assert not raised_by(session(near_falls=1), [session(days_ago=7, near_falls=1)])


def test_two_points_over_baseline_in_two_of_three_sessions():
    calm = [session(days_ago=9 - n, pain_before=2) for n in range(3)]
    first_high = session(days_ago=1, pain_before=4)
    high = session(pain_before=4)
    assert [one.rule for one in raised_by(high, [*calm, first_high], baseline=2)] == ["A11"]
    assert not raised_by(high, [*calm, first_high])  # no baseline yet
    assert not raised_by(high, calm, baseline=2)
    assert not raised_by(session(pain_before=3), [*calm, first_high], baseline=2)


def test_hard_effort_twice_in_a_row():
    assert raised_by(session(effort=8), [session(days_ago=1, effort=9)])[0].rule == "A17"
    assert not raised_by(session(effort=8), [session(days_ago=1)])


def test_dizziness_with_chest_pain_is_critical_and_worst_comes_first():
    raised = raised_by(session(new_signs=["dizzy", "weakness", "chest"]), [])
    assert [one.severity for one in raised] == [
        Severity.CRITICAL,
        Severity.CRITICAL,
        Severity.URGENT,
    ]
