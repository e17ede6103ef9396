"""What was ticked on paper, entered later: once, marked, and against what was on the plan then."""

import datetime as dt
import uuid

import pytest
from django.core.exceptions import ValidationError

from programs.actions import plans, prescriptions
from programs.actions.paper import enter
from programs.course import paper
from programs.course.paper import Entry
from programs.models import Alert, Session
from programs.models.session import Source
from tests.conftest import make_plan

pytestmark = pytest.mark.django_db


def day(ana, ago):
    return ana.clinic.today() - dt.timedelta(days=ago)


def entry(ana, ago, codes=("G01",), **more):
    return Entry(session_id=uuid.uuid4(), date=day(ana, ago), done=frozenset(codes), **more)


def test_each_day_is_one_session_marked_as_entered_later(plan, ana, priya):
    entries = [entry(ana, 2, ["G01", "B01"], pain_after=3), entry(ana, 1, falls=0)]
    first, second = enter(patient=ana, entries=entries, by=priya)
    assert (first.source, first.entered_by) == (Source.PAPER, priya)
    assert first.done_on == day(ana, 2)
    assert (first.pain_after, first.falls, second.falls) == (3, None, 0)
    done = {log.prescription.shown.code: log.done for log in first.exercise_logs.all()}
    assert done["G01"] == done["B01"] == "all"
    assert done["G03"] == ""  # not ticked is not known


def test_the_same_page_sent_twice_is_stored_once(plan, ana, priya):
    entries = [entry(ana, 2)]
    for _ in range(2):
        enter(patient=ana, entries=entries, by=priya)
    assert Session.objects.count() == 1


def test_it_belongs_to_the_version_of_that_day(plan, ana, priya):
    draft = plans.adapt(plan=plan, by=priya, reason="Less, as agreed.")
    prescriptions.remove(prescription=draft.prescriptions.first(), by=priya)
    morning = dt.datetime.combine(day(ana, 0), dt.time(0, 1), tzinfo=ana.clinic.zone)
    newer = plans.activate(plan=draft, by=priya, at=morning)
    (session,) = enter(patient=ana, entries=[entry(ana, 3)], by=ana.user)
    assert session.plan == plan
    (session,) = enter(patient=ana, entries=[entry(ana, 0, ["B01"])], by=ana.user)
    assert session.plan == newer


def test_after_noon_the_day_belonged_to_the_version_before(plan, ana, priya):
    draft = plans.adapt(plan=plan, by=priya, reason="Less, as agreed.")
    evening = dt.datetime.combine(day(ana, 1), dt.time(18), tzinfo=ana.clinic.zone)
    newer = plans.activate(plan=draft, by=priya, at=evening)
    by_day = {one.date: one.plan for one in paper.grid(ana, day(ana, 0)).days}
    assert by_day[day(ana, 1)] == plan
    assert by_day[day(ana, 0)] == newer


def test_a_fall_on_paper_raises_its_alert(plan, ana, priya):
    enter(patient=ana, entries=[entry(ana, 1, falls=1)], by=priya)
    assert Alert.objects.get().rule == "A7"


@pytest.mark.parametrize("ago", [-1, 61, 50])
def test_days_that_can_not_be_entered(plan, ana, priya, ago):
    """To come, too long ago, or before the plan; and none of the others is stored then."""
    with pytest.raises(ValidationError):
        enter(patient=ana, entries=[entry(ana, 1), entry(ana, ago)], by=priya)
    assert not Session.objects.exists()


def test_the_grid_is_the_week_with_what_is_stored(plan, ana, priya):
    enter(patient=ana, entries=[entry(ana, 2)], by=priya)
    grid = paper.grid(ana, ana.clinic.today())
    assert [one.date for one in grid.days] == [day(ana, ago) for ago in range(6, -1, -1)]
    assert [len(one.stored) for one in grid.days] == [0, 0, 0, 0, 1, 0, 0]
    assert ("G01", plan.prescriptions.first().shown.plain_title) in grid.rows


def test_a_day_with_several_rounds_is_as_many_sessions_and_one_fall(plan, ana, priya):
    entries = [entry(ana, 1, times=3, falls=1, pain_after=4)]
    for _ in range(2):
        enter(patient=ana, entries=entries, by=priya)
    stored = list(Session.objects.order_by("falls", "pain_after"))
    assert len(stored) == 3
    assert [one.falls for one in stored].count(1) == 1
    assert [one.pain_after for one in stored].count(4) == 1


def test_how_many_times_is_asked_where_more_than_once_is_due(episode, ana, priya):
    draft = make_plan(episode, priya, active=False)
    assert not paper.grid(ana, ana.clinic.today()).asks_times
    prescriptions.change(
        prescription=draft.prescriptions.first(), by=priya, times_per_day=3, days_per_week=7
    )
    plans.activate(plan=draft, by=priya)
    assert paper.grid(ana, ana.clinic.today()).asks_times


def test_on_a_day_of_change_the_sheet_is_that_of_noon(plan, ana, priya):
    day = ana.clinic.today() - dt.timedelta(days=1)
    draft = plans.adapt(plan=plan, by=priya, reason="Changed in the afternoon.")
    draft.starts_on = day
    draft.save()
    evening = dt.datetime.combine(day, dt.time(17), tzinfo=ana.clinic.zone)
    newer = plans.activate(plan=draft, by=priya, at=evening)
    found = {one.date: one.plan for one in paper.grid(ana, day).days}
    assert found[day] == plan
    assert {one.date: one.plan for one in paper.grid(ana, ana.clinic.today()).days}[
        ana.clinic.today()
    ] == newer


def test_the_morning_of_the_last_day_can_be_entered(plan, ana, priya):
    day = ana.clinic.today() - dt.timedelta(days=1)
    plans.end(plan=plan, by=priya, outcome="improved",
              at=dt.datetime.combine(day, dt.time(10), tzinfo=ana.clinic.zone))  # fmt: skip
    assert {one.date: one.plan for one in paper.grid(ana, day).days}[day] == plan


def test_a_corrected_page_is_not_dropped_without_a_word(plan, ana):
    day = ana.clinic.today()
    entry = paper.Entry(session_id=uuid.uuid4(), date=day, done=frozenset({"G01"}))
    enter(patient=ana, entries=[entry], by=ana.user)
    enter(patient=ana, entries=[entry], by=ana.user)  # sent twice: stored once
    assert Session.objects.count() == 1
    changed = paper.Entry(session_id=entry.session_id, date=day, done=frozenset({"B01"}))
    with pytest.raises(ValidationError, match="stored from this page before"):
        enter(patient=ana, entries=[changed], by=ana.user)
