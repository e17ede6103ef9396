"""When an alert was looked at, and when it was closed."""

import datetime as dt
from unittest import mock

import pytest
from django.utils import timezone

from programs.course.adherence import adherence, done_by_day
from programs.course.course import Course
from programs.models import Alert, AlertStep, Plan, Session
from programs.models.restriction import Kind
from programs.outcomes import answering
from programs.outcomes.periods import Period
from programs.progress import answered
from tests.conftest import make_episode, make_patient, make_plan
from tests.programs.outcomes.made import Story, make, pains

pytestmark = pytest.mark.django_db
YEAR = Period(2025)


@pytest.fixture
def alert(ruth):
    (episode,) = make(ruth, [Story(dt.date(2025, 5, 20))])
    plan = Plan.objects.get(episode=episode)
    at = plan.effective_at
    return Alert.objects.create(
        patient=episode.patient, plan=plan, rule="A15", severity="high", message="No log",
        raised_at=at, due_at=at + dt.timedelta(days=1),
    )  # fmt: skip


def hours(number):
    return dt.timedelta(hours=number)


def step_at(alert, number, **fields):
    with mock.patch("django.utils.timezone.now", return_value=alert.raised_at + hours(number)):
        AlertStep.objects.create(alert=alert, patient=alert.patient, **fields)


def only(ruth):
    (found,) = answering.load(ruth, YEAR)
    return found.until_looked_at, found.until_closed


def test_nobody_has_looked(ruth, alert):
    assert only(ruth) == (None, None)


def test_the_first_that_somebody_did_counts(ruth, alert, priya):
    step_at(alert, 5, kind="taken", by=priya)
    assert only(ruth) == (5, None)
    Alert.objects.filter(pk=alert.pk).update(seen_at=alert.raised_at + hours(2))
    assert only(ruth) == (2, None)
    Alert.objects.filter(pk=alert.pk).update(
        acknowledged_at=alert.raised_at + hours(9), acknowledged_by=priya, response="Called her.",
        ending="done",
    )  # fmt: skip
    assert only(ruth) == (2, 9)


def test_what_the_clock_did_is_nobodys_looking(ruth, alert, priya):
    step_at(alert, 1, kind="escalated", to=priya)
    assert only(ruth) == (None, None)


def test_it_counts_in_the_period_in_which_it_was_raised(ruth, alert):
    assert answering.load(ruth, Period(2025, 2))[0].quarter == Period(2025, 2)
    assert answering.load(ruth, Period(2025, 3)) == []
    assert answering.load(ruth, Period(2024)) == []


def test_another_clinics_alerts_do_not_count(alert, olive, priya):
    assert answering.load(olive, YEAR) == []
    assert answering.load(priya, YEAR) == []


# What is read for many at once is what is read for one.


def test_a_course_that_is_loaded_to_be_counted_counts_the_same(
    plan, ana, priya, django_assert_num_queries
):
    other = make_plan(make_episode(make_patient(priya, "Cora"), priya), priya, "P3")
    today, first = ana.clinic.today(), ana.clinic.today() - dt.timedelta(weeks=6)
    held = dict.fromkeys(["clinic", "patient"])
    held |= {"clinic": ana.clinic, "patient": ana, "episode": plan.episode}
    plan.episode.restrictions.create(
        **held, kind=Kind.NERVE, cause="therapist", why="Sore", first=first + dt.timedelta(days=9),
        made_by=priya, made_at=timezone.now(),
    )  # fmt: skip
    plans = list(Plan.objects.filter(pk__in=[plan.pk, other.pk]).select_related("clinic"))
    done = done_by_day(Session.objects.current().with_done())

    def counted(**how):
        courses = sorted(Course.load(plans, **how), key=lambda one: str(one.plan.pk))
        return [adherence([one], done, first=first, last=today).days for one in courses]

    usual = counted()
    courses = Course.load(plans, to_count=True)
    with django_assert_num_queries(0):
        for course in courses:
            adherence([course], done, first=first, last=today)
    assert counted(to_count=True) == usual
    assert sum(day.due for days in usual for day in days) > 40


def test_answers_of_many_episodes_are_those_of_each(ruth, priya, ana, episode, plan):
    episodes = make(ruth, [Story(dt.date(2025, 5, 20), answers=pains(7, 4)) for _ in range(3)])
    found = answered.of_episodes([*episodes, episode])
    for one in (*episodes, episode):
        assert found[one.pk] == answered.of_episode(one)
