"""What is counted of courses of care that have ended: where it begins, ends, and belongs."""

import datetime as dt

import pytest
from django.utils import timezone

from accounts import wall
from patients.actions import erasing
from programs.actions import merging
from programs.models import CheckIn, Program
from programs.models.program import Visibility
from programs.outcomes import ended
from programs.outcomes.ended import Verdict
from programs.outcomes.periods import Period
from tests.programs.outcomes.made import PAIN, Story, make, pains

pytestmark = pytest.mark.django_db
DAY = dt.date(2025, 5, 20)
YEAR, QUARTER = Period(2025), Period(2025, 2)


def one(user, *stories, period=YEAR):
    make(user, list(stories))
    return ended.load(user, period).ended


def program(code="P1"):
    return Program.objects.get(clinic=None, code=code)


def test_a_course_is_read_with_all_that_is_counted(ruth):
    story = Story(DAY, program=program(), done=14, answers=pains(7, 4), sex="male")
    (found,) = one(ruth, story)
    assert (found.quarter, found.weeks, found.outcome) == (QUARTER, 4, "goals_met")
    assert found.made.code == "P1"
    assert (found.age, found.sex, found.cause, found.side) == (69, "male", "entrapment", "right")
    # Due on each of 28 days, done on the first 14: half.
    assert (found.due, found.done) == (28, 14)
    # 7 to 4 is 3 points: by farrar2001, 2 points or 30 % matter, and less pain is better.
    assert found.answers["M1"].change == -3
    assert found.answers["M1"].verdict is Verdict.BETTER


@pytest.mark.parametrize(
    ("first", "last", "verdict"),
    [
        (7, 5, Verdict.BETTER),  # 2 points
        (7, 6, Verdict.NEITHER),  # 1 point, 14 %
        (3, 2, Verdict.BETTER),  # 1 point, 33 %
        (5, 7, Verdict.WORSE),
        (5, 5, Verdict.NEITHER),
    ],
)
def test_the_measures_own_rule_says_whether_a_change_matters(ruth, first, last, verdict):
    (found,) = one(ruth, Story(DAY, answers=pains(first, last)))
    assert found.answers["M1"].verdict is verdict


def test_the_first_and_the_last_answer_count_and_none_between(ruth):
    answers = pains(7, 4) | {10: {"M1": dict.fromkeys(PAIN, 1)}}
    (found,) = one(ruth, Story(DAY, answers=answers))
    assert (found.answers["M1"].first, found.answers["M1"].last) == (7, 4)


def test_an_answer_with_a_gap_is_none_and_one_answer_is_no_change(ruth):
    gap = {"M1": {"now": 3, "average": None, "worst": 3}}
    (found,) = one(ruth, Story(DAY, answers=pains(7, 4) | {25: gap}))
    assert found.answers["M1"].last == 4
    once = {0: {"M1": dict.fromkeys(PAIN, 5)}, 20: gap}
    assert {} in [course.answers for course in one(ruth, Story(DAY, answers=once))]


def test_a_measure_of_parts_has_a_line_for_each(ruth):
    feet = dict.fromkeys(["numb", "tingling", "burning", "stabbing"], 6)
    answers = {0: {"M2": feet}, 21: {"M2": feet | {"numb": 3}}}
    (found,) = one(ruth, Story(DAY, answers=answers))
    assert set(found.answers) == {"M2.numb", "M2.tingling", "M2.burning", "M2.stabbing"}
    assert found.answers["M2.numb"].change == -3


def test_activities_that_somebody_named_are_never_a_line(ruth):
    def named(score, *more):
        rows = [{"name": "Walk with Ernesto", "score": score}, {"name": "Cook", "score": score}]
        return {"M4": {"activities": [*rows, *more]}}

    answers = {0: named(3), 21: named(7, {"name": "Swim", "score": 1})}
    make(ruth, [Story(DAY, answers=answers)], versions={"M4": 2})
    found = ended.load(ruth, YEAR)
    # The mean of the two that both answers scored: 3 to 7, swimming is new.
    assert found.ended[0].answers == {"M4": ended.Answered(3, 7, Verdict.BETTER)}
    assert [line.title for line in found.lines] == ["M4 My activities"]


def test_a_screen_is_no_change(ruth):
    felt = dict.fromkeys(
        f"{side}_{site}" for side in ("right", "left")
        for site in ("big_toe", "first_met", "fifth_met")
    )  # fmt: skip
    answers = {0: {"M9": dict.fromkeys(felt, 1)}, 21: {"M9": dict.fromkeys(felt, 3)}}
    make(ruth, [Story(DAY, answers=answers)], versions={"M9": 1})
    assert ended.load(ruth, YEAR).ended[0].answers == {}


def test_what_was_measured_before_the_plan_is_the_baseline_of_its_own_episode(ruth):
    (episode,) = make(ruth, [Story(DAY, answers=pains(7, 4))])
    for days, value in ((-1, 1), (0, 9), (40, 2)):
        at = episode.opened_at + dt.timedelta(days=days, minutes=5)
        CheckIn.objects.create(
            patient=episode.patient, answered_at=at, answered_on=at.date(),
            answers={"M1": dict.fromkeys(PAIN, value)}, versions={"M1": 1},
        )  # fmt: skip
    (found,) = ended.load(ruth, YEAR).ended
    assert (found.answers["M1"].first, found.answers["M1"].last) == (9, 4)


@pytest.mark.parametrize(
    ("day", "is_in"),
    [
        (dt.date(2025, 3, 31), False),
        (dt.date(2025, 4, 1), True),
        (dt.date(2025, 6, 30), True),
        (dt.date(2025, 7, 1), False),
    ],
)
def test_the_clinics_day_of_closing_decides_on_the_quarter(ruth, day, is_in):
    assert bool(one(ruth, Story(day), period=QUARTER)) is is_in


def test_an_open_course_and_one_without_a_plan_do_not_count(ruth, episode, plan):
    assert ended.load(ruth, Period(timezone.now().year)).ended == []


def test_the_program_of_the_first_plan_counts_and_two_are_a_line_of_their_own(ruth):
    both = one(ruth, Story(DAY, program("P1"), program("P2")), Story(DAY, program("P1")))
    assert {x.made.code for x in both} == {"P1 + P2", "P1"}


def test_a_clinics_own_program_has_no_code_and_a_private_one_no_title(ruth, priya, clinic):
    own = Program.objects.create(
        clinic=clinic, owner=priya, code="X1", title="For Ana", visibility=Visibility.PRIVATE
    )
    (found,) = one(ruth, Story(DAY, own))
    assert (found.made.code, found.made.title) == ("own", "Therapists’ private programs")
    Program.objects.filter(pk=own.pk).update(visibility=Visibility.CLINIC)
    (found,) = ended.load(ruth, YEAR).ended
    assert (found.made.code, found.made.title) == ("own", "X1 For Ana")


@pytest.mark.parametrize(
    ("outcome", "done", "has_dropped_out"),
    [
        ("stopped", 42, True),
        ("no_change", 13, True),  # nothing in the last 28 of 42 days
        ("no_change", 15, False),
        ("goals_met", 0, False),
        ("improved", 0, False),
        ("referred", 0, False),
    ],
)
def test_who_has_dropped_out(ruth, outcome, done, has_dropped_out):
    (found,) = one(ruth, Story(DAY, weeks=6, outcome=outcome, done=done))
    assert found.has_dropped_out is has_dropped_out


def test_nobody_sees_another_clinics_courses_nor_a_therapist_those_of_colleagues(
    ruth, priya, olive
):
    make(ruth, [Story(DAY)])
    assert len(ended.load(ruth, YEAR).ended) == 1
    assert ended.load(olive, YEAR).ended == []
    assert ended.load(priya, YEAR).ended == []


def test_it_takes_as_many_queries_for_thirty_as_for_one(ruth, django_assert_num_queries):
    make(ruth, [Story(DAY, program(), answers=pains(7, 4))])
    with django_assert_num_queries(7):
        ended.load(ruth, YEAR)
    make(ruth, [Story(DAY, program(), answers=pains(7, 4)) for _ in range(30)])
    with django_assert_num_queries(7):
        assert len(ended.load(ruth, YEAR).ended) == 31


def test_who_was_erased_is_counted_no_more(ruth):
    episodes = make(ruth, [Story(DAY, answers=pains(7, 4)) for _ in range(2)])
    erasing.erase(patient=episodes[0].patient, by=ruth, archive=lambda patient: b"archive")
    assert len(ended.load(ruth, YEAR).ended) == 1


def test_two_records_that_were_merged_are_one_person(ruth):
    one, other = make(ruth, [Story(DAY), Story(DAY)])
    assert len({course.patient for course in ended.load(ruth, YEAR).ended}) == 2
    with wall.acting(ruth):
        merging.merge(kept=one.patient, gone=other.patient, by=ruth)
    found = ended.load(ruth, YEAR).ended
    assert (len(found), len({course.patient for course in found})) == (2, 1)
