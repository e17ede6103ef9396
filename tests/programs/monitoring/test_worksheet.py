"""Which count is met, and what is missing: over the edges of months, intervals and years."""

import datetime as dt
import itertools
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programs.monitoring import lacks, soon, words
from programs.monitoring.calendar import DAY, last_of, month_of, next_month
from programs.monitoring.days import DataDays
from programs.monitoring.facts import Answers, Care, Facts, Work
from programs.monitoring.lines import State
from programs.monitoring.rules import RULES, rules_on
from programs.monitoring.worksheet import counted_intervals, worksheet

OCT, NOV = dt.date(2026, 10, 1), dt.date(2026, 11, 1)
START = dt.date(2026, 10, 10)  # 30 days end on 8 November
END = START + 29 * DAY
NO = Answers(other_practitioner=False, physiologic=False, global_period=False, home_health=False)
CARE = Care(
    episode="one",
    consent_on=START,
    set_up_on=START,
    is_musculoskeletal=True,
    impairment="R26.81 unsteadiness on feet",
    reason="Balance work at home is adapted each week.",
    certified_on=START,
    certified_until=START + 90 * DAY,
)


def days_of(start, count):
    return DataDays(counted=frozenset(start + n * DAY for n in range(count)))


def facts(count=0, *, work=(), care=CARE, start=START, answers=NO, **more):
    return Facts((care,), days_of(start, count), tuple(work), answers, **more)


def talk(minutes=5, on=NOV, **more):
    return Work(on, minutes, is_talk=True, **more)


def states(sheet):
    """Of an interval that ended and of the one that runs, the former's."""
    return {line.code: line.state for line in reversed(sheet.lines)}


def line(sheet, code):
    [found] = [one for one in sheet.lines if one.code == code]
    return found


def of_november(*args, today=NOV + 40 * DAY, **more):
    return worksheet(facts(*args, **more), NOV, today=today)


# Days with data in 30


@pytest.mark.parametrize(
    ("count", "low", "high"),
    [
        (0, None, None),
        (1, State.NOT_MET, State.NOT_MET),
        (2, State.MET, State.NOT_MET),
        (15, State.MET, State.NOT_MET),
        (16, State.NOT_MET, State.MET),
        (30, State.NOT_MET, State.MET),
    ],
)
def test_two_to_fifteen_days_and_sixteen_to_thirty(count, low, high):
    found = states(of_november(count))
    assert (found.get("98985"), found.get("98977")) == (low, high)


def test_days_after_the_thirtieth_belong_to_the_next_interval():
    found = counted_intervals(facts(45), NOV + 60 * DAY)
    assert [len(one.days) for one in found[:2]] == [30, 15]
    assert found[0].interval.last == END
    assert found[1].interval.first == END + DAY


def test_while_it_runs_it_says_how_many_more():
    sheet = of_november(14, today=START + 20 * DAY)
    assert line(sheet, "98985").state is State.SO_FAR
    high = line(sheet, "98977")
    assert (high.state, high.reasons) == (State.NOT_YET, ("2 more days",))


@pytest.mark.parametrize(("today", "state"), [(END, State.NOT_YET), (END + DAY, State.NOT_MET)])
def test_the_last_day_is_still_in(today, state):
    assert states(of_november(15, today=today))["98977"] is state


def test_what_can_no_longer_be_reached_is_said():
    high = line(of_november(10, today=END - DAY), "98977")
    assert high.state is State.NOT_MET
    assert high.reasons == ("6 more days would be needed, and 2 are left",)


def test_an_interval_is_of_the_month_in_which_it_ends():
    of_october = worksheet(facts(16), OCT, today=NOV + 40 * DAY)
    assert "98977" not in states(of_october)
    assert len(of_october.intervals) == 1


def test_while_an_interval_runs_this_month_shows_it_too():
    of_october = worksheet(facts(16), OCT, today=START + 15 * DAY)
    assert line(of_october, "98977").state is State.SO_FAR
    assert "98977" not in states(worksheet(facts(16), OCT, today=NOV))


def test_entered_start_goes_before_the_first_day_with_data():
    care = replace(CARE, starts_on=START + 5 * DAY)
    [one] = counted_intervals(facts(16, care=care), END)
    assert (one.interval.first, len(one.days)) == (START + 5 * DAY, 11)


def test_no_day_before_the_consent_counts():
    care = replace(CARE, consent_on=START + 3 * DAY)
    [one] = counted_intervals(facts(10, care=care), END)
    assert (one.interval.first, len(one.days)) == (START + 3 * DAY, 7)
    assert counted_intervals(facts(10, care=replace(CARE, consent_on=None)), END) == []


def test_from_the_withdrawal_on_nothing_counts():
    care = replace(CARE, withdrawn_on=START + 10 * DAY)
    sheet = of_november(20, care=care)
    assert line(sheet, "98985").count == 10
    assert "ended on 19 Oct 2026" in " ".join(line(sheet, "98985").reasons)


def test_two_intervals_that_end_in_a_month_have_lines_of_their_own():
    start = dt.date(2026, 12, 2)  # ends on 31 December; the one before ended on the first
    care = replace(CARE, consent_on=start - 30 * DAY, starts_on=start - 30 * DAY)
    sheet = worksheet(
        facts(60, care=care, start=start - 30 * DAY), dt.date(2026, 12, 1),
        today=dt.date(2027, 1, 9),
    )  # fmt: skip
    met = [one for one in sheet.met if one.code == "98977"]
    assert [one.last.day for one in met] == [1, 31]


# Set-up


def test_set_up_is_said_once_on_the_day_that_reached_it():
    sheet = worksheet(facts(20), OCT, today=NOV + 40 * DAY)
    assert line(sheet, "98975").state is State.MET
    assert "11 Oct 2026" in line(sheet, "98975").reasons[0]
    assert "98975" not in states(of_november(20))


def test_a_set_up_that_was_reached_counts_no_days_of_the_next_month():
    then = worksheet(facts(22), OCT, today=NOV)  # up to the last of October
    later = worksheet(facts(30), OCT, today=NOV + 40 * DAY)
    assert line(later, "98975") == line(then, "98975")
    assert line(then, "98975").count == 22


def test_a_second_consent_in_the_episode_is_no_second_set_up():
    first = replace(CARE, withdrawn_on=START + 5 * DAY)
    again = replace(CARE, consent_on=NOV, starts_on=NOV)
    both = Facts((first, again), days_of(START, 60), (), NO)
    codes = [
        one.code
        for month in (OCT, NOV, dt.date(2026, 12, 1))
        for one in worksheet(both, month, today=dt.date(2027, 3, 1)).lines
    ]
    assert codes.count("98975") == 1


def test_before_2026_set_up_asked_for_sixteen_days():
    start = dt.date(2025, 6, 2)
    care = replace(CARE, consent_on=start, certified_on=start, certified_until=start + 90 * DAY)
    sheet = worksheet(facts(15, care=care, start=start), month_of(start + 29 * DAY),
                      today=dt.date(2025, 9, 1))  # fmt: skip
    assert line(sheet, "98975").state is State.NOT_MET
    assert set(states(sheet)) == {"98975", "98977", "98980", "98981"}


# Minutes of a month


@pytest.mark.parametrize(
    ("minutes", "met", "times"),
    [
        (9, [], 0),
        (10, ["98979"], 0),
        (19, ["98979"], 0),
        (20, ["98980"], 0),
        (39, ["98980"], 0),
        (40, ["98980", "98981"], 1),
        (59, ["98980", "98981"], 1),
        (60, ["98980", "98981"], 2),
        (100, ["98980", "98981"], 4),
    ],
)
def test_minutes_and_their_codes(minutes, met, times):
    sheet = of_november(work=[talk(5), Work(NOV, minutes - 5)])
    assert [one.code for one in sheet.met] == met
    if times:
        assert line(sheet, "98981").times == times


def test_without_a_live_talk_nothing_is_met():
    sheet = of_november(work=[Work(NOV, 50)])
    assert sheet.met == []
    assert "a live talk in November" in line(sheet, "98980").reasons


def test_a_talk_in_person_counts_where_the_clinic_says_so():
    work = [talk(20, in_person=True)]
    assert of_november(work=work).minutes.total == 0
    assert of_november(work=work).minutes.left_out == 20
    sheet = of_november(work=work, in_person_counts=True)
    assert [one.code for one in sheet.met] == ["98980"]


def test_a_talk_that_was_taken_back_is_none():
    sheet = of_november(work=[Work(NOV, 30), talk(0)])
    assert sheet.minutes.talks == 0
    assert sheet.met == []


def test_nothing_rolls_over():
    work = [talk(19, on=last_of(NOV)), talk(19, on=next_month(NOV))]
    for month in (NOV, next_month(NOV)):
        sheet = worksheet(facts(work=work), month, today=dt.date(2027, 3, 1))
        assert sheet.minutes.total == 19


def test_work_without_a_consent_does_not_count():
    sheet = of_november(work=[talk(30)], care=replace(CARE, consent_on=None))
    assert (sheet.minutes.total, sheet.minutes.left_out) == (0, 30)
    assert lacks.NO_CONSENT in line(sheet, "98980").lacks


def test_in_2025_there_is_no_code_for_ten_minutes():
    month = dt.date(2025, 11, 1)
    care = replace(CARE, consent_on=month)
    sheet = worksheet(facts(work=[talk(15, on=month)], care=care), month, today=NOV)
    assert "98979" not in states(sheet)
    assert sheet.met == []


# Properties


months = st.dates(dt.date(2025, 1, 1), dt.date(2028, 12, 31)).map(month_of)
some_work = st.lists(
    st.builds(
        Work,
        on=st.dates(dt.date(2025, 1, 1), dt.date(2028, 12, 31)),
        minutes=st.integers(0, 90),
        is_talk=st.booleans(),
        in_person=st.booleans(),
    ),
    max_size=12,
)
some_days = st.frozensets(st.dates(dt.date(2025, 1, 1), dt.date(2028, 12, 31)), max_size=60)
some_cares = st.builds(
    Care,
    episode=st.sampled_from("ab"),
    consent_on=st.none() | st.dates(dt.date(2025, 1, 1), dt.date(2028, 12, 31)),
    closed_on=st.none() | st.dates(dt.date(2025, 1, 1), dt.date(2028, 12, 31)),
)
some_facts = st.builds(
    lambda cares, days, work: Facts(tuple(cares), DataDays(counted=days), tuple(work), NO),
    st.lists(some_cares, max_size=3),
    some_days,
    some_work,
)


@given(some_facts, months, st.integers(-40, 120))
def test_of_each_clock_at_most_one_code(known, month, later):
    sheet = worksheet(known, month, today=month + later * DAY)
    rules = sheet.rules
    device = {band.code for one in RULES for band in one.device}
    management = {band.code for band in rules.management}
    by_interval = {}
    for one in sheet.met:
        if one.code in device:
            by_interval.setdefault(one.first, []).append(one.code)
    assert all(len(codes) == 1 for codes in by_interval.values())
    assert sum(one.code in management for one in sheet.met) <= 1
    for one in sheet.met:
        if one.code == rules.further.code:
            assert one.count >= rules.management[-1].least + one.times * rules.further.least
            assert one.count < rules.management[-1].least + (one.times + 1) * rules.further.least
        if one.clock.value == "calendar month":
            assert sheet.minutes.talks >= 1
    assert isinstance(soon.warnings(known, sheet, today=month + later * DAY), list)


@given(some_facts, st.integers(0, 120))
def test_no_day_and_no_minute_counts_twice(known, later):
    today = dt.date(2028, 12, 31) + later * DAY
    days = [day for one in counted_intervals(known, today) for day in one.days]
    assert len(days) == len(set(days))
    month, total = dt.date(2025, 1, 1), 0
    while month <= today:
        total += worksheet(known, month, today=today).minutes.total
        month = next_month(month)
    assert total <= sum(work.minutes for work in known.work)


@given(some_facts, months)
def test_what_is_over_is_never_open(known, month):
    sheet = worksheet(known, month, today=last_of(month) + DAY)
    assert {one.state for one in sheet.lines} <= {State.MET, State.NOT_MET, State.NOT_YET}
    for one in sheet.lines:
        if one.last < last_of(month) + DAY:
            assert one.state in (State.MET, State.NOT_MET)


# Rules


def test_rules_hold_from_their_day():
    assert rules_on(dt.date(2025, 12, 31)).version == "2025"
    assert rules_on(dt.date(2026, 1, 1)).version == "2026"
    assert rules_on(dt.date(2030, 1, 1)).version == "2026"
    with pytest.raises(ValueError, match="No rules"):
        rules_on(dt.date(2024, 12, 31))


def test_bands_leave_no_gap_and_do_not_overlap():
    for rules in RULES:
        for bands in (rules.device, rules.management):
            for low, high in itertools.pairwise(bands):
                assert low.most + 1 == high.least


def test_an_interval_over_new_years_says_that_rules_changed():
    start = dt.date(2025, 12, 20)
    care = replace(CARE, consent_on=start, certified_on=start, certified_until=start + 90 * DAY)
    sheet = worksheet(facts(5, care=care, start=start), dt.date(2026, 1, 1),
                      today=dt.date(2026, 3, 1))  # fmt: skip
    assert line(sheet, "98985").state is State.MET
    assert any("no source seen" in reason for reason in line(sheet, "98985").reasons)


def test_a_leap_day_is_a_day():
    start = dt.date(2028, 2, 10)
    care = replace(CARE, consent_on=start)
    [one] = counted_intervals(facts(30, care=care, start=start), start + 29 * DAY)
    assert one.interval.last == dt.date(2028, 3, 10)
    assert dt.date(2028, 2, 29) in one.days


# What else has to be there


@pytest.mark.parametrize(
    ("changed", "lack", "code"),
    [
        ({"is_musculoskeletal": None}, lacks.NO_IMPAIRMENT, "98977"),
        ({"is_musculoskeletal": False}, lacks.ONLY_NERVES, "98977"),
        ({"impairment": " "}, lacks.NO_IMPAIRMENT, "98977"),
        ({"certified_on": None}, lacks.NO_PLAN, "98980"),
        ({"reason": ""}, lacks.NO_REASON, "98980"),
    ],
)
def test_papers_that_are_missing(changed, lack, code):
    sheet = of_november(20, work=[talk(20)], care=replace(CARE, **changed))
    found = line(sheet, code)
    assert found.state is State.MET
    assert found.lacks == (lack,)
    assert not found.is_ready
    assert not sheet.is_ready


def test_the_management_codes_ask_for_no_musculoskeletal_impairment():
    sheet = of_november(work=[talk(20)], care=replace(CARE, is_musculoskeletal=None))
    assert line(sheet, "98980").lacks == ()


def test_a_plan_of_care_that_ended_within_the_month():
    care = replace(CARE, certified_until=NOV + 9 * DAY)
    [lack] = line(of_november(work=[talk(20)], care=care), "98980").lacks
    assert "it is certified to 10 Nov 2026" in lack


@pytest.mark.parametrize(
    ("name", "lack"),
    [
        ("other_practitioner", lacks.OTHERS),
        ("physiologic", lacks.PHYSIOLOGIC),
        ("home_health", lacks.HOME_HEALTH),
        ("global_period", None),
    ],
)
def test_who_else_bills_what(name, lack):
    sheet = of_november(work=[talk(20)], answers=replace(NO, **{name: True}))
    assert line(sheet, "98980").lacks == ((lack,) if lack else ())


def test_nobody_answered():
    assert line(of_november(work=[talk(20)], answers=None), "98980").lacks == (lacks.NO_ANSWERS,)


def test_ready_is_what_is_over_met_and_complete():
    assert of_november(20, work=[talk(20)]).is_ready
    assert not of_november(20, work=[talk(20)], today=last_of(NOV)).is_ready
    assert not of_november(0).is_ready


# What runs out soon


def warned(known, month=NOV, *, today):
    return soon.warnings(known, worksheet(known, month, today=today), today=today)


def test_near_the_end_of_30_days():
    known = facts(14)
    assert warned(known, today=END - 9 * DAY) == []
    [one] = warned(known, today=END - 3 * DAY)
    assert one == "30 days end in 3 days, on 8 Nov 2026. For 98977: 2 more days."


def test_near_the_end_of_the_month():
    known = facts(work=[Work(NOV, 8)])
    told = warned(known, today=last_of(NOV))
    assert "The month ends today, on 30 Nov 2026. For 98979: 2 more minutes; " in told[1]
    assert "a live talk in November" in told[1]


def test_the_certification_ends():
    known = facts(20, care=replace(CARE, certified_until=NOV + 12 * DAY))
    [one] = warned(known, today=NOV)
    assert one == "The certification of the plan of care ends in 12 days, on 13 Nov 2026."
    [one] = warned(known, today=NOV + 13 * DAY)
    assert "ended on 13 Nov 2026" in one


def test_no_consent_and_newer_rules():
    known = facts(care=replace(CARE, consent_on=None))
    assert "No consent" in warned(known, today=NOV)[0]
    month = dt.date(2027, 2, 1)
    assert any("Check what holds now" in one for one in warned(facts(), month, today=month))


# Words


def test_the_disclaimers_say_what_they_have_to():
    said = " ".join(words.DISCLAIMERS)
    for part in ("not billing advice", "not listed with or cleared by anybody",
                 "Musculoskeletal or neurologic", "Sources disagree",
                 "Not seen: the final rule"):  # fmt: skip
        assert part in said


def test_a_verdict_never_says_bill():
    for count in range(31):
        for one in of_november(count, work=[talk(count)]).lines:
            assert "bill" not in one.verdict
            assert one.state is not State.MET or one.verdict.startswith("meets the count for")
