"""The figures of a period: counted once, by people, and shown only where that may be."""

from dataclasses import replace
from itertools import count

import pytest

from programs.course.adherence import Band
from programs.measures.definition import Better
from programs.models.alert import Code
from programs.outcomes import figures, tables
from programs.outcomes.answering import Raised
from programs.outcomes.ended import NO_PROGRAM, Answered, Courses, Ended, Line, Made, Verdict
from programs.outcomes.figures import ALL, Hidden, Median, Share, Spread
from programs.outcomes.periods import Period
from programs.outcomes.statistics import Interval

YEAR = Period(2025)
PEOPLE = count(1)
PAIN = Line("M1", "M1 Pain 0-10", Better.LOWER, ())
PROGRAMS = {code: Made(code, f"{code} Program", code) for code in ("P1", "P2", "P3")}


def course(code="P1", quarter=1, *, change=None, verdict=Verdict.BETTER, percent=100,
           outcome="goals_met", patient=None, **more):  # fmt: skip
    """One of four weeks; `percent` of 100 sessions were done."""
    answers = {} if change is None else {"M1": Answered(8, 8 + change, verdict)}
    return Ended(
        patient or next(PEOPLE), Period(2025, quarter), PROGRAMS[code], 60, "female", "diabetes",
        "both", outcome, 4, 100, percent, Band.GOOD if percent >= 80 else Band.PARTIAL,
        outcome == "stopped", False, answers, **more,
    )  # fmt: skip


def of_year(*many, period=YEAR, alerts=(), line=PAIN):
    ended = [one for group in many for one in group]
    return figures.of_period(period, Courses(ended, [line]), list(alerts))


def times(number, **fields):
    return [course(**fields) for _ in range(number)]


def test_a_median_comes_with_its_interval():
    found = of_year([course(change=-change) for change in range(12)])
    # 12 values from -11 to 0: x(3) to x(10), 96.1 % sure.
    (change,) = found.changes[ALL]
    assert change.count == 12
    assert change.change == Median(-5.5, Interval(-9, -2, pytest.approx(1 - 2 * 79 / 4096)))


def test_a_share_is_shown_where_both_sides_of_it_are_enough():
    enough = of_year(times(11, change=-3) + times(15, change=0, verdict=Verdict.NEITHER))
    better = enough.changes[ALL][0].better
    assert isinstance(better, Share)
    assert (better.count, better.among) == (11, 26)
    few = of_year(times(10, change=-3) + times(16, change=0, verdict=Verdict.NEITHER))
    assert isinstance(few.changes[ALL][0].better, Hidden)
    rest = of_year(times(16, change=-3) + times(10, change=0, verdict=Verdict.NEITHER))
    assert isinstance(rest.changes[ALL][0].better, Hidden)


def test_who_got_worse_is_shown_where_none_of_three_groups_is_small():
    change = of_year(
        times(12, change=-3)
        + times(12, change=0, verdict=Verdict.NEITHER)
        + times(11, change=3, verdict=Verdict.WORSE)
    ).changes[ALL][0]
    assert (change.better.count, change.worse.count) == (12, 11)
    change = of_year(
        times(12, change=-3)
        + times(12, change=0, verdict=Verdict.NEITHER)
        + times(3, change=3, verdict=Verdict.WORSE)
    ).changes[ALL][0]
    assert change.better.count == 12
    assert isinstance(change.worse, Hidden)


def test_people_are_counted_for_what_is_shown_and_courses_in_what_is_said():
    ten = [next(PEOPLE) for _ in range(10)]
    twice = [course(patient=one, quarter=quarter) for one in ten for quarter in (1, 2)]
    assert isinstance(of_year(twice).care[ALL].count, Hidden)
    found = of_year(twice, times(4), times(9, quarter=2))
    assert found.care[ALL].count == 33


def test_total_minus_programs_gives_nobody_away():
    found = of_year(times(30, code="P1"), times(12, code="P2"), times(4, code="P3"))
    assert found.care[ALL].count == 46
    assert found.care["P1"].count == 30
    assert isinstance(found.care["P3"].count, Hidden)
    assert isinstance(found.care["P2"].count, Hidden)  # else 46 - 30 - 12 = 4


def test_a_share_of_the_whole_minus_those_of_programs_gives_nobody_away():
    """30 of 88 dropped out; 12 and 13 of the others would leave five of the third."""
    left = {"outcome": "stopped"}
    found = of_year(
        times(18, code="P1") + times(12, code="P1", **left),
        times(16, code="P2") + times(13, code="P2", **left),
        times(24, code="P3") + times(5, code="P3", **left),
    )
    assert found.care[ALL].dropped_out.count == 30
    assert isinstance(found.care["P3"].dropped_out, Hidden)
    assert sum(isinstance(found.care[one].dropped_out, Hidden) for one in PROGRAMS) == 2


def test_a_year_minus_its_quarters_gives_nobody_away():
    quarters = [times(12, quarter=number) for number in (1, 2, 3)]
    assert of_year(*quarters).care[ALL].count == 36
    assert isinstance(of_year(*quarters, times(4, quarter=4)).care[ALL].count, Hidden)


def test_a_quarter_is_shown_as_a_whole():
    found = of_year(times(30, code="P1"), times(30, code="P2"), period=Period(2025, 1))
    assert set(found.care) == {ALL}
    assert found.care[ALL].count == 60


def test_a_change_without_a_rule_has_no_share():
    found = of_year(times(30, change=-2, verdict=Verdict.NO_RULE))
    (table,) = [one for one in tables.of_figures(found, None) if one.title.endswith("all programs")]
    assert table.rows[0].cells[2:] == [tables.NO_RULE, tables.NO_RULE]
    assert table.notes == ("M1 Pain 0-10: no agreed threshold. Lower is better.",)


def test_cells_in_words():
    share = Share(18, 40, Interval(0.307, 0.602, 0.95))
    assert tables.words(share) == "18 of 40: 45\u00a0% (31 to 60\u00a0%)"
    assert tables.words(Spread(1, 3.5, None)) == "3.5\u00a0h (1\u00a0h to not yet)"
    assert tables.words(Spread(1, None, None)) == "not yet for half of them"
    assert tables.words(Median(2, None)) == "2 (too few for an interval)"
    change = Median(-2, Interval(-3, 0, 0.961))
    assert tables.words(change, is_change=True) == "2 down (3 down to 0, 96.1\u00a0% sure)"
    assert tables.words(Hidden()) == "fewer than 11, or hidden"


def alert(rule=Code.A15, looked=None, closed=None, **fields):
    return Raised(next(PEOPLE), Period(2025, 1), rule, looked, closed, **fields)


def test_open_alerts_count_as_longer_than_any_other():
    answered = [alert(looked=float(number), closed=30.0) for number in range(1, 13)]
    still = [alert() for _ in range(12)]
    found = of_year([], alerts=[*answered, *still]).alerts[ALL]
    # 24 of them: the 6th, the 12th and the 18th.
    assert found.until_looked_at == Spread(6, 12, None)
    assert found.not_looked_at.count == 12
    assert found.still_open.count == 12
    assert found.until_closed == Spread(30, 30, None)


def test_few_open_alerts_are_named_as_hidden_and_count_all_the_same():
    answered = [alert(looked=1.0, closed=2.0) for _ in range(30)]
    found = of_year([], alerts=[*answered, alert(looked=1.0)]).alerts[ALL]
    assert isinstance(found.still_open, Hidden)
    assert found.count == 31


def test_alerts_of_a_rare_rule_are_not_total_minus_others():
    many = [alert(Code.A15) for _ in range(20)] + [alert(Code.A16) for _ in range(20)]
    found = of_year([], alerts=[*many, *(alert(Code.A7) for _ in range(3))]).alerts
    assert found[ALL].count == 43
    assert sum(isinstance(one.count, Hidden) for one in found.values()) == 2
    assert isinstance(found["A7"].count, Hidden)


def test_what_is_no_program_stands_below_the_programs():
    other = replace(course(), made=NO_PROGRAM)
    found = of_year(times(12, code="P2"), [other], times(12, code="P1"))
    care = tables.of_figures(found, None)[0]
    assert [row.heading for row in care.rows] == [
        "All programs", "P1 Program", "P2 Program", "A plan without a program",
    ]  # fmt: skip
