import datetime as dt
import uuid

import pytest

from programs.actions import check_ins, plans, sessions
from programs.course import today
from programs.progress import of_patient as progress
from programs.progress import overview, series
from programs.progress.logged import Logged
from tests.conftest import form_of

pytestmark = pytest.mark.django_db
MIDDAY = dt.time(12, tzinfo=dt.UTC)


def record(plan, user, days_ago=0, **answers):
    at = dt.datetime.combine(plan.clinic.today() - dt.timedelta(days=days_ago), MIDDAY)
    at += dt.timedelta(hours=5)  # noon in New York, give or take an hour
    rows = list(plan.prescriptions.filter(phase__number=1, included=True))
    return sessions.record(
        session_id=uuid.uuid4(),
        plan=plan,
        done=dict.fromkeys([row.pk for row in rows], "all"),
        by=user,
        at=at,
        **answers,
    )


def test_red_answers_come_first(plan, ana):
    red = record(plan, ana.user, 3, falls=1)
    record(plan, ana.user, 1, pain_before=1, pain_after=1)
    rows = overview.session_rows(overview.sessions_of(ana))
    assert rows[0].session == red
    assert rows[1].color == "green"


def test_an_empty_pain_is_a_gap_in_the_line_and_never_zero(plan, ana):
    for days_ago, before in ((4, 5), (3, 4), (2, None), (1, 3), (0, 2)):
        record(plan, ana.user, days_ago, pain_before=before)
    chart = series.pain_chart(Logged.load([plan.pk]))
    before = chart.lines[0]
    assert [point.value for point in before.points] == [5, 4, None, 3, 2]
    assert len(before.segments) == 2
    assert chart.lines[1].segments == []


def test_check_in_charts_draw_one_line_a_feeling(plan, ana):
    for numb in (7, None, 5):
        answers = {"M2": {"numb": numb, "tingling": 1, "burning": 1, "stabbing": 0}}
        check_ins.record(
            check_in_id=uuid.uuid4(), plan=plan, form=form_of(plan), answers=answers, by=ana.user
        )
    charts = overview.check_in_history(ana).charts
    assert [line.label for line in charts[0].lines] == ["Numb", "Tingling", "Burning", "Stabbing"]
    assert [point.value for point in charts[0].lines[0].points] == [7, None, 5]


@pytest.mark.parametrize("count", [1, 3])
def test_overview_costs_the_same_whatever_the_history(plan, ana, count, django_assert_num_queries):
    for days_ago in range(count):
        record(plan, ana.user, days_ago, pain_before=2)
    with django_assert_num_queries(13):
        overview.load(ana)


@pytest.mark.parametrize("count", [1, 3])
def test_today_costs_the_same_whatever_the_history(plan, ana, count, django_assert_num_queries):
    for days_ago in range(count):
        record(plan, ana.user, days_ago, pain_before=2)
    with django_assert_num_queries(5):
        today.load(ana)


def test_silence_counts_from_the_last_session(plan, ana):
    record(plan, ana.user, 9)
    loaded = overview.load(ana)
    assert loaded.silence.days == 9


def test_weeks_count_from_the_first_day(plan, ana):
    record(plan, ana.user, 0)
    weeks = progress.load(ana).weeks
    assert [week.number for week in weeks] == list(range(1, 8))
    assert sum(week.adherence.done + week.adherence.extra for week in weeks) == 1


def test_today_states(ana, priya, episode, plan):
    state = today.load(ana).state
    assert state in (today.State.DUE, today.State.REST)
    plans.end(plan=plan, by=priya)
    assert today.load(ana).state is today.State.ENDED


def test_today_is_done_after_the_session(plan, ana, priya):
    draft = plans.adapt(plan=plan, by=priya, reason="Going well.")
    for row in draft.prescriptions.all():
        row.days_per_week, row.times_per_day = 7, 1
        row.save()
    active = plans.activate(plan=draft, by=priya)
    day = today.load(ana)
    assert day.state is today.State.DUE
    assert day.minutes > 0
    row = active.prescriptions.filter(phase__number=1).first()
    sessions.record(session_id=uuid.uuid4(), plan=active, done={row.pk: "some"}, by=ana.user)
    assert today.load(ana).state is today.State.DONE


def test_the_check_in_is_due_once_a_week(plan, ana):
    assert [due.version.form.code for due in today.load(ana).forms_due] == ["weekly"]
    form = form_of(plan)
    check_ins.record(
        check_in_id=uuid.uuid4(), plan=plan, form=form, answers={"M2": {}}, by=ana.user
    )
    assert not today.load(ana).forms_due


def test_safety_items_add_what_the_person_needs(plan, episode):
    rows = tuple(plan.prescriptions.filter(phase__number=1, included=True))
    calm = {item.value for item in today.safety_items(rows, episode)}
    assert "helper" not in calm
    episode.falls_12_months = 1
    assert "helper" in {item.value for item in today.safety_items(rows, episode)}
    seated = tuple(row for row in rows if not row.shown.is_standing)
    assert today.safety_items(seated, episode) == []
    episode.sensation = "reduced"
    assert [item.value for item in today.safety_items(seated, episode)] == ["skin"]
