import datetime as dt
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programs.actions import phases, plans, sessions
from programs.course.adherence import Adherence, Band, Day, adherence
from programs.course.course import Course
from programs.models import Session

DAY = dt.date(2026, 11, 23)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 6)), max_size=40))
def test_done_never_exceeds_due_and_extra_holds_the_rest(days):
    one = Adherence([Day(DAY, due, done) for due, done in days])
    assert one.done <= one.due
    assert one.done + one.extra == sum(done for _, done in days)
    assert one.percent is None or 0 <= one.percent <= 100


@pytest.mark.parametrize(
    ("due", "done", "band"),
    [(0, 0, Band.NONE), (10, 8, Band.GOOD), (10, 7, Band.PARTIAL), (10, 5, Band.PARTIAL),
     (10, 4, Band.LOW)],
)  # fmt: skip
def test_bands(due, done, band):
    assert Adherence([Day(DAY, due, done)]).band is band


@pytest.mark.parametrize(
    ("due", "done", "state"),
    [(0, 0, "rest"), (0, 1, "extra"), (1, 0, "unknown"), (2, 1, "part"), (2, 2, "done")],
)
def test_a_day_without_a_log_is_unknown_not_missed(due, done, state):
    assert Day(DAY, due, done).state == state


@pytest.mark.django_db
def test_only_sessions_with_something_done_count_and_days_before_the_start_do_not(plan, ana):
    row = plan.prescriptions.first()
    today = ana.clinic.today()

    def record(done):
        sessions.record(session_id=uuid.uuid4(), plan=plan, done={row.pk: done}, by=ana.user)

    record("none")
    record("")
    course = Course.load([plan])
    found = Session.objects
    assert adherence(course, found.done_by_day(), first=today, last=today).done == 0
    record("some")
    week_before_start = course[0].first - dt.timedelta(days=7)
    whole = adherence(course, found.done_by_day(), first=week_before_start, last=today)
    assert sum(day.done for day in whole.days) == 1
    assert sum(day.due for day in whole.days if day.date < course[0].first) == 0


@pytest.mark.django_db
def test_a_replaced_version_hands_its_days_to_the_next(plan, priya):
    draft = plans.adapt(plan=plan, by=priya, reason="Going well.")
    new = plans.activate(plan=draft, by=priya)
    plan.refresh_from_db()
    old_course, new_course = Course.load([new, plan])
    today = plan.clinic.today()
    assert [old_course.plan, new_course.plan] == [plan, new]
    assert not old_course.holds_on(today)
    assert new_course.holds_on(today)
    assert old_course.holds_on(today - dt.timedelta(days=1))


@pytest.mark.django_db
def test_phase_is_what_the_therapist_said_on_that_day(plan, priya):
    today = plan.clinic.today()
    phases.start(phase=plan.phases.get(number=2), by=priya, reason="Steady in the clinic.")
    course = Course.load([plan])[0]
    assert course.phase_on(today).number == 2
    assert course.phase_on(today - dt.timedelta(days=1)).number == 1
