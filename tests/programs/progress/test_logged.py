"""What is read of an episode's sessions: few are read whole, many by their ends."""

import datetime as dt
import uuid

import pytest

from programs.actions import corrections, sessions
from programs.course import response
from programs.models import Session
from programs.progress import logged, of_patient, overview, series
from programs.progress.logged import Line, Logged

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 30)


def record(plan, days_ago, **answers):
    row = plan.phases.first().prescriptions.first()
    at = dt.datetime.now(dt.UTC) - dt.timedelta(days=days_ago)
    return sessions.record(
        session_id=uuid.uuid4(), plan=plan, done={row.pk: "all"}, by=plan.patient.user, at=at,
        **answers,
    )  # fmt: skip


@pytest.fixture
def ten(plan):
    """The first says a pain after it and where it is numb; then pains fall from 6 to 1."""
    pains = [None, None, 6, 4, 5, 4, 3, 2, 2, 1]
    first = record(plan, 20, pain_after=1, numb_regions=["L_sole_heel"])
    more = [
        record(
            plan, 20 - number, pain_before=pains[number], falls=number % 2,
            numb_regions=["R_sole_heel"] if number == 8 else None,
        )
        for number in range(1, 10)
    ]  # fmt: skip
    return [first, *more]


@pytest.mark.parametrize("most", [600, 4])
def test_what_is_compared_with_is_the_same_for_few_and_many(plan, ten, monkeypatch, most):
    monkeypatch.setattr(logged, "MOST", most)
    for query in (logged._newest, logged._first_pains, logged._first_before, logged._first_maps):
        monkeypatch.setattr(logged, query.__name__, query.__wrapped__)
    found = Logged.load([plan.pk])
    assert len(found.lines) == min(most, 10)
    assert [one.done_on for one in found.lines] == sorted(one.done_on for one in found.lines)
    assert found.last_on == ten[-1].done_on
    assert found.baseline == response.baseline(ten) == 4
    assert found.then_and_now == (6, 1)
    assert [day for day, _ in found.maps] == [ten[0].done_on, ten[8].done_on]


def test_a_sole_map_among_the_newest_is_one_map(plan, monkeypatch):
    monkeypatch.setattr(logged, "MOST", 2)
    for query in (logged._newest, logged._first_pains, logged._first_before, logged._first_maps):
        monkeypatch.setattr(logged, query.__name__, query.__wrapped__)
    for number in range(4):
        record(plan, 9 - number, numb_regions=["L_sole_heel"] if number == 3 else None)
    found = Logged.load([plan.pk])
    assert len(found.maps) == 1
    assert found.then_and_now is None


def test_what_was_put_right_is_not_read(plan, ten):
    corrections.correct(
        session=ten[-1], session_id=uuid.uuid4(), done={}, by=plan.patient.user, pain_before=5
    )
    found = Logged.load([plan.pk])
    assert len(found.lines) == 10
    assert found.then_and_now == (6, 5)
    assert not found.lines[-1].something_done


def test_nothing_is_nothing(plan):
    found = Logged.load([plan.pk])
    assert (found.lines, found.baseline, found.then_and_now) == ([], None, None)
    assert (found.maps, found.last_on) == ([], None)
    assert series.pain_chart(found).is_empty
    assert Logged.load([]) == found


def test_one_answer_is_no_change(plan):
    record(plan, 3, pain_before=4)
    record(plan, 2)
    assert Logged.load([plan.pk]).then_and_now is None


def lines(count):
    return [
        Line(
            done_on=TODAY - dt.timedelta(days=count - 1 - at), pain_before=at % 7,
            pain_after=None if at % 3 else 2, falls=0, numb_regions=None, something_done=True,
        )
        for at in range(count)
    ]  # fmt: skip


def test_each_session_is_a_point_until_there_are_very_many():
    few = lines(series.MOST_DRAWN)
    assert len(series.pain_chart(Logged(few)).rows) == series.MOST_DRAWN
    many = lines(series.MOST_DRAWN + 4)
    chart = series.pain_chart(Logged(many))
    assert len(chart.rows) == -(-len(many) // 7)
    assert "the worst of each week" in chart.title
    assert chart.rows[-1] == (TODAY, [6, 2])
    assert chart.band is None
    assert chart.rows[0][0] == TODAY - dt.timedelta(days=7 * (len(chart.rows) - 1))


def test_a_week_without_an_answer_is_a_gap():
    rows = [(TODAY - dt.timedelta(days=14), (None, None)), (TODAY, (3, None)), (TODAY, (5, 1))]
    assert series.worst_of_weeks(rows) == [(rows[0][0], (None, None)), (TODAY, (5, 1))]


def test_pages_read_no_more_of_many_sessions_than_of_few(plan, ana):
    first = dt.datetime.now(dt.UTC) - dt.timedelta(days=30)
    phase = plan.phases.first()
    Session.objects.bulk_create(
        Session(
            clinic=ana.clinic, patient=ana, plan=plan, phase=phase, entered_by=ana.user,
            done_at=first - dt.timedelta(hours=8 * number), pain_before=number % 8,
            done_on=(first - dt.timedelta(hours=8 * number)).date(),
        )
        for number in range(logged.MOST + 50)
    )  # fmt: skip
    assert len(overview.load(ana).pain.rows) <= series.MOST_DRAWN
    assert len(overview.load(ana).recent) == overview.SESSIONS_SHOWN
    assert len(of_patient.load(ana).pain.rows) <= series.MOST_DRAWN
