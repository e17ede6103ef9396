"""The thresholds of what time raises, each on both of its sides (brief 5: A14, A16, A21)."""

import datetime as dt

import pytest

from programs.actions import pauses
from programs.alerts import of_time
from programs.course.course import Course
from programs.models import CheckIn, Measure
from programs.progress import answered

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 23)
BEGUN = TODAY - dt.timedelta(days=200)


def scored(code, *answers):
    """(days ago, answers) of one measure, as the rules get them: scored, and the definitions."""
    newest = Measure.objects.filter(code=code).order_by("version").last()
    known = Measure.objects.versions([code])
    found = [
        CheckIn(
            answered_on=TODAY - dt.timedelta(days=ago), answers={code: given},
            versions={code: newest.version},
        )
        for ago, given in answers
    ]  # fmt: skip
    return answered.scored(found, known), known


def numb(value):
    return {"numb": value, "tingling": 3, "burning": 3, "stabbing": 3}


def still(*answers, days=50, code="M2"):
    return of_time.no_change(*scored(code, *answers), TODAY, days_of_care=days, begun=BEGUN)


@pytest.mark.parametrize(("days", "is_raised"), [(41, False), (42, True), (56, True), (57, False)])
def test_no_change_is_looked_at_from_the_end_of_week_6_for_two_weeks(days, is_raised):
    found = still((days, numb(5)), (1, numb(5)), days=days)
    assert (found is not None) is is_raised
    if found:
        assert (found.rule, found.since) == ("A14", BEGUN)


@pytest.mark.parametrize(("ago", "is_raised"), [(22, True), (23, False)])
def test_only_answers_since_the_end_of_week_4_say_it(ago, is_raised):
    """In care for 50 days, the 28th of which was 22 days ago."""
    assert (still((49, numb(5)), (ago, numb(5))) is not None) is is_raised


def test_one_answer_is_nothing_to_compare():
    assert still((1, numb(5))) is None


def test_an_empty_answer_is_nothing_to_compare_with():
    nothing = dict.fromkeys(["numb", "tingling", "burning", "stabbing"])
    assert still((49, nothing), (1, numb(5))) is None
    assert still((49, numb(5)), (1, nothing)) is None
    assert still((49, nothing | {"numb": 5}), (1, nothing | {"burning": 5})) is None


def test_a_change_that_matters_in_any_of_them_is_a_change():
    assert still((49, numb(5)), (10, numb(1)), (1, numb(5))) is None


def test_a_measure_that_knows_no_change_says_nothing():
    newest = Measure.objects.filter(code="M8").order_by("version").last().parsed
    stages = {item.key: 5 for item in newest.items}
    assert newest.change == ()
    assert still((49, stages), (1, stages), code="M8") is None


def worse(code, *answers):
    return of_time.worse_reviews(*scored(code, *answers), TODAY)


@pytest.mark.parametrize(("ago", "is_raised"), [(28, True), (29, False)])
def test_an_older_review_says_nothing_about_now(ago, is_raised):
    found = worse("M2", (90, numb(1)), (60, numb(8)), (ago, numb(8)))
    assert bool(found) is is_raised


def test_a_run_counts_from_its_first_day():
    (found,) = worse("M2", (90, numb(1)), (60, numb(8)), (40, numb(8)), (2, numb(8)))
    assert found.since == TODAY - dt.timedelta(days=60)
    (found,) = worse("M2", (90, numb(1)), (60, numb(8)), (50, numb(1)), (40, numb(8)), (2, numb(8)))
    assert found.since == TODAY - dt.timedelta(days=40)


def test_a_question_about_change_needs_two_answers_and_no_first_one():
    item = Measure.objects.filter(code="M14").order_by("version").last().parsed.items[0]
    much = {item.key: item.minimum}
    assert len(worse("M14", (20, much), (2, much))) == 1
    assert worse("M14", (2, much)) == []


@pytest.mark.parametrize(("ago", "is_raised"), [(28, True), (29, False)])
def test_a_weaker_test_of_long_ago_says_nothing_about_now(ago, is_raised):
    stands = [(60, 12), (ago, 8)]
    given = [
        (days, {"stands": count, "over_half_way": False, "arms_used": False})
        for days, count in stands
    ]
    found = of_time.weaker_or_slower(*scored("M5", *given), TODAY)
    assert bool(found) is is_raised


def stands(count):
    return {"stands": count, "over_half_way": False, "arms_used": False}


def test_a_test_that_was_not_taken_is_passed_over():
    (found,) = of_time.weaker_or_slower(
        *scored("M5", (60, stands(None)), (30, stands(12)), (1, stands(8))), TODAY
    )
    assert (found.message, found.since) == (
        "Chair stand: 8, before 12", TODAY - dt.timedelta(days=1),
    )  # fmt: skip
    given = scored("M5", (60, stands(12)), (1, stands(None)))
    assert of_time.weaker_or_slower(*given, TODAY) == []


@pytest.mark.parametrize(("now", "is_raised"), [(13.06, False), (13.1, True)])
def test_a_tenth_of_a_second_is_no_rounding(now, is_raised):
    given = scored("M7", (60, {"seconds": 12.0}), (1, {"seconds": now}))
    assert bool(of_time.weaker_or_slower(*given, TODAY)) is is_raised


# A16, with one session due on each day


@pytest.fixture
def daily(monkeypatch):
    monkeypatch.setattr("programs.course.course.sessions_due", lambda *given: 1)


def few(plan, done, *, free_since=None):
    today = plan.clinic.today()
    counted = dict.fromkeys((today - dt.timedelta(days=ago) for ago in done), 1)
    courses = Course.load([type(plan).objects.select_related("clinic").get(pk=plan.pk)])
    return of_time.low_adherence(courses, counted, today, free_since=free_since)


@pytest.mark.parametrize(
    ("done", "is_raised"),
    [
        (range(1, 8), False),  # 7 of 14: 50 %
        (range(1, 7), True),
        (range(8, 15), False),  # the first day of the window counts
        (range(9, 16), True),  # and the one before does not
        ([0, *range(1, 7)], True),  # today is not over
    ],
)
def test_fourteen_whole_days_before_today_are_counted(plan, daily, done, is_raised):
    assert (few(plan, done) is not None) is is_raised


def test_days_before_a_stop_was_lifted_are_not_counted(plan, daily):
    first = plan.clinic.today() - dt.timedelta(days=14)
    assert few(plan, [], free_since=first) is not None
    assert few(plan, [], free_since=first + dt.timedelta(days=1)) is None


@pytest.mark.parametrize(("ended", "is_raised"), [(15, True), (14, False)])
def test_a_pause_within_the_window_leaves_it_out(plan, priya, daily, ended, is_raised):
    today = plan.clinic.today()
    pauses.pause(
        plan=plan, why="holiday", by=priya, first=today + dt.timedelta(days=1),
        last=today + dt.timedelta(days=2),
    )  # fmt: skip
    plan.episode.pauses.update(
        first=today - dt.timedelta(days=ended + 3), last=today - dt.timedelta(days=ended)
    )
    assert (few(plan, []) is not None) is is_raised
