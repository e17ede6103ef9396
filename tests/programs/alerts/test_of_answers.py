import datetime as dt
from dataclasses import replace

import pytest

from programs.alerts import of_answers
from programs.alerts.of_answers import Before
from programs.models import Session
from programs.models.alert import Severity
from programs.models.session import NewSign

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


# Once a spell, from any baseline, and for whom


def rules_of(sessions, **known):
    """Which rules each session of a history raises, oldest first."""
    return [
        [str(one.rule) for one in raised_by(now, sessions[:index], **known)]
        for index, now in enumerate(sessions)
    ]


def test_hard_twice_of_three_once_a_spell():
    def history(*efforts):
        return [session(20 - n, effort=effort) for n, effort in enumerate(efforts)]

    assert rules_of(history(8, 3, 8)) == [[], [], ["A17"]]
    assert rules_of(history(8, 8, 8, 8, 8)) == [[], ["A17"], [], [], []]
    assert rules_of(history(8, 8, 2, 2, 8, 8)) == [[], ["A17"], [], [], [], ["A17"]]
    assert rules_of(history(8, 2, 2, 8)) == [[], [], [], []]
    assert rules_of(history(7, 7, 7)) == [[], [], []]


@pytest.mark.parametrize(
    ("baseline", "worst", "is_raised"),
    [(9, 10, True), (8.5, 10, True), (8, 10, True), (8, 9, False), (10, 10, False), (3, 5, True)],
)
def test_above_any_baseline_once(baseline, worst, is_raised):
    history = [session(9 - n, pain_before=worst) for n in range(4)]
    found = rules_of(history, baseline=baseline)
    assert found == ([[], ["A11"], [], []] if is_raised else [[], [], [], []])


def test_both_hands_for_two_weeks_once():
    history = [session(20 - n, hands="both") for n in range(18)]
    found = rules_of(history)
    assert [index for index, rules in enumerate(found) if rules] == [14]
    assert rules_of([*history[:10], session(9, hands="one"), *history[11:]])[14:] == [[]] * 4
    assert rules_of([session(20 - n) for n in range(18)]) == [[]] * 18


@pytest.mark.parametrize(("glucose", "is_raised"), [(69, True), (70, False), (None, False)])
def test_low_blood_sugar(glucose, is_raised):
    assert bool(raised_by(session(glucose=glucose), [])) is is_raised


def test_a_fall_that_hurt_on_blood_thinners_is_critical():
    [found] = raised_by(session(fall_injury=True), [], bruises=True)
    assert (found.rule, found.severity) == ("A6", Severity.CRITICAL)
    [found] = raised_by(session(new_signs=["hit_head"]), [], bruises=True)
    assert (found.rule, found.severity) == ("A6", Severity.CRITICAL)


def test_each_rule_once_with_its_worst():
    found = raised_by(session(fall_injury=True, new_signs=["no_rise", "infection"]), [])
    assert sorted(one.rule for one in found) == ["A5", "A6"]


def test_every_sign_has_its_alert():
    assert set(of_answers.SIGNS) == set(NewSign)


@pytest.mark.parametrize(
    ("answers", "rules"),
    [
        ({}, {"STOP"}),
        ({"pain_before": 2, "pain_after": 6}, {"A10"}),
        ({"new_signs": ["weakness"]}, {"A4"}),  # urgent: it says all
        ({"new_signs": ["stroke"]}, {"A1"}),
    ],
)
def test_a_stop_is_told_where_nothing_louder_says_it(answers, rules):
    found = raised_by(session(stopped=True, **answers), [])
    assert {str(one.rule) for one in found} == rules


def test_what_two_answers_say_of_one_rule_is_said_once_and_never_too_long():
    found = of_answers.of_signs(["hot_foot"], skin_changed=True)
    same = of_answers.of_signs([], skin_changed=True)
    assert len(same) == 1
    words = {one.message for one in found}
    assert len(words) == len(found)
    long = [replace(of_answers.SKIN, message=letter * 150) for letter in "abb"]
    [one] = of_answers._once(long)
    assert one.message == f"{'a' * 150}; {'b' * 48}"
    assert len(one.message) == 200


@pytest.mark.parametrize(
    ("now", "before", "is_raised"), [(1, 1, True), (1, 0, False), (2, None, True), (1, None, False)]
)
def test_near_falls_left_empty_count_as_none(now, before, is_raised):
    found = raised_by(session(near_falls=now), [session(1, near_falls=before)])
    assert bool(found) is is_raised


@pytest.mark.parametrize(
    ("efforts", "is_raised"),
    [([8, 3, 8], True), ([8, 8, 8], False), ([8, 3, 3, 8], False), ([8, 8, 3, 8], True)],
)
def test_the_spell_looks_at_three_sessions(efforts, is_raised):
    *earlier, last = [session(9 - day, effort=one) for day, one in enumerate(efforts)]
    rules = [str(one.rule) for one in raised_by(last, earlier)]
    assert ("A17" in rules) is is_raised


def test_a_near_fall_that_was_not_asked_before_is_none():
    assert not raised_by(session(near_falls=1), [session(1), session(2, near_falls=0)])


def test_a_spell_of_effort_with_an_easy_session_in_it_is_one():
    efforts = [8, 3, 8, 8]
    *earlier, last = [session(9 - day, effort=one) for day, one in enumerate(efforts)]
    assert raised_by(last, earlier) == []


def test_sessions_that_say_nothing_of_the_hands_break_no_run():
    run = [session(14 - n, hands="both" if n % 2 == 0 else "") for n in range(14)]
    assert [one.rule for one in raised_by(session(hands="both"), run)] == ["A17"]


def test_what_was_done_though_held_back_is_told_within_the_column():
    codes = [f"G{number:02}" for number in range(90)]
    [told] = raised_by(session(), [], did_held=codes)
    assert len(told.message) == 200
    assert told.message.startswith("Did what was held back: G00, G01")


@pytest.mark.parametrize(
    ("falls", "near_falls", "injury", "bruises", "found"),
    [
        (0, 0, True, False, [of_answers.INJURY]),
        (0, 0, True, True, [of_answers.INJURY_AND_BLEEDING]),
        (1, 5, False, True, [of_answers.FALL]),
        (0, 1, False, False, []), (None, None, False, False, []), (0, None, False, False, []),
    ],
)  # fmt: skip
def test_falls_of_a_form_are_judged_as_in_a_session(falls, near_falls, injury, bruises, found):
    assert of_answers.of_falls(falls, near_falls, injury=injury, bruises=bruises) == found


@pytest.mark.parametrize("near_falls", [2, 3.0])
def test_near_falls_of_a_form_are_counted(near_falls):
    [told] = of_answers.of_falls(0, near_falls, injury=False, bruises=False)
    assert (told.rule, told.message) == ("A7", f"{near_falls:g} near-falls since the last form")
