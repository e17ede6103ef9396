"""What a patient was advised stays in force the next day, until a therapist has looked."""

import datetime as dt
import re
import uuid

import pytest
from django.db.models import F
from django.utils import timezone

from programs.actions import alerts, corrections, plans, restrictions, sessions
from programs.alerts.rules import RULES, holds
from programs.course import today
from programs.course.today import State
from programs.handout import loading
from programs.models import Alert, Exercise, ExerciseLog, Plan, Restriction
from programs.models.alert import Code, Severity
from programs.models.restriction import Kind
from programs.safety import holding
from programs.safety.holding import Held
from tests.conftest import make_episode, make_plan

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 11, 23)
NEXT = DAY + dt.timedelta(days=1)


def rows_of_rule(code, severity=None):
    rule = RULES[code]
    return {(one.kind, one.for_a_day) for one in holds(rule.code, severity or rule.severity)}


@pytest.mark.parametrize(
    ("code", "held"),
    [
        ("A7", {(Kind.STANDING, False)}),
        ("A8", {(Kind.TODAY, True)}),
        ("A10", {(Kind.NERVE, False)}),
        ("A12", {(Kind.NERVE, True), (Kind.TENSION, False)}),
        ("A13", {(Kind.NERVE, False)}),
        ("A18", {(Kind.MISFIT, False)}),
        ("A19", {(Kind.TODAY, True)}),
        ("STOP", {(Kind.TODAY, True)}),
        ("A11", set()),
        ("A15", set()),
        *((code, {(Kind.ALL, False)}) for code in ("A1", "A4", "A5", "A6", "A9", "A20", "CALF")),
    ],
)
def test_what_a_rule_holds_back(code, held):
    assert rows_of_rule(Code(code)) == held


@pytest.mark.parametrize("severity", [Severity.CRITICAL, Severity.URGENT])
def test_an_urgent_alert_holds_everything(severity):
    assert rows_of_rule(Code.A8, severity) == {(Kind.ALL, False)}


def test_a_restriction_covers_its_days_and_not_the_day_it_was_lifted():
    day = Held(Kind.NERVE, DAY, until=NEXT)
    assert [day.covers(DAY + dt.timedelta(days=n)) for n in (-1, 0, 1, 2)] == [0, 1, 1, 0]
    lifted = Held(Kind.NERVE, DAY, lifted=NEXT)
    assert [lifted.covers(one) for one in (DAY, NEXT)] == [True, False]


def test_the_stricter_words_say_it_once():
    nerve, tension = Held(Kind.NERVE, DAY), Held(Kind.TENSION, DAY)
    assert holding.said([tension, nerve, Held(Kind.NERVE, DAY, until=DAY)], DAY) == [
        Kind.NERVE.words
    ]
    standing = Held(Kind.STANDING, DAY)
    assert holding.said([tension, standing], DAY) == [Kind.STANDING.words, Kind.TENSION.words]
    assert holding.said([Held(Kind.NERVE, DAY, until=DAY)], DAY) == [Kind.NERVE.words_for_a_day]


# In the patient's day


def log(plan, days_ago=0, **answers):
    return sessions.record(
        session_id=uuid.uuid4(),
        plan=plan,
        done={},
        by=plan.patient.user,
        at=timezone.now() - dt.timedelta(days=days_ago),
        **answers,
    )


def rows_of(form):
    return {row.shown.code for row in form.prescriptions}


def kinds(rows):
    return {row.shown.kind for row in rows}


def shown(response):
    """Without what only the device's script shows."""
    hidden = r"<div[^>]*data-held-here=.*?</div>"
    return re.sub(hidden, "", response.content.decode(), flags=re.DOTALL)


def open_page(client, plan):
    return client.get(f"/portal/session/{plan.pk}/{uuid.uuid4()}/")


RISE = {"pain_before": 2, "pain_after": 7}
FALL = {"falls": 1}
GREW = {"new_signs": ["numb_area"]}
NEXT_MORNING = {"settled": "next_morning"}


@pytest.mark.parametrize("answers", [RISE, GREW, NEXT_MORNING])
def test_next_day_nerve_movements_are_left_out_and_it_is_said(as_ana, ana, plan, answers):
    log(plan, days_ago=1, **answers)
    day = today.load(ana)
    assert "balance" in kinds(plan.prescriptions.filter(included=True))
    assert kinds(day.due) <= {"balance"}
    assert kinds(today.load(ana).left_out) <= {"glide", "tension"}
    assert "Leave out slides and stretches" in shown(as_ana.get("/portal/"))
    session = open_page(as_ana, plan)
    assert {row.shown.kind for row in session.context["form"].prescriptions} == {"balance"}
    copy = as_ana.get(f"/portal/session/{plan.pk}/")
    assert {row.shown.kind for row in copy.context["form"].prescriptions} == {"balance"}
    assert "Left out for now" in as_ana.get("/portal/plan/").content.decode()
    assert "Leave out slides" in loading.current(ana, address="").mark


def test_after_a_fall_standing_is_left_out_until_a_therapist_has_looked(as_ana, ana, plan, priya):
    log(plan, days_ago=3, **FALL)
    assert not any(row.shown.is_standing for row in today.load(ana).due)
    form = open_page(as_ana, plan).context["form"]
    assert form.prescriptions
    assert not any(row.shown.is_standing for row in form.prescriptions)
    [raised] = Alert.objects.open()
    alerts.acknowledge(alert=raised, response="Called; no injury, shoes changed.", by=priya)
    assert today.load(ana).held == frozenset()
    form = open_page(as_ana, plan).context["form"]
    assert any(row.shown.is_standing for row in form.prescriptions)


def test_two_days_after_a_bad_morning_slides_are_gentle_and_stretches_out(as_ana, ana, plan):
    session = log(plan, days_ago=3)
    corrections.add_morning(session=session, settled="next_morning", by=ana.user)
    two_days = dt.timedelta(days=2)
    Restriction.objects.update(first=F("first") - two_days, until=F("until") - two_days)
    day = today.load(ana)
    assert holding.kinds(day.held) == {Kind.TENSION}
    assert "tension" not in kinds(day.due)
    assert "Do the slides smaller" in shown(as_ana.get("/portal/"))


def test_when_all_is_held_back_the_day_says_so(as_ana, ana, episode, priya):
    draft = make_plan(episode, priya, "P5", active=False)  # begins with G04 and B02
    draft.prescriptions.update(days_per_week=7)
    plan = plans.activate(plan=draft, by=priya)
    log(plan, **RISE, **FALL)
    day = today.load(ana)
    assert (day.state, day.due) == (State.HELD_BACK, ())
    assert {row.shown.code for row in day.left_out} == {"G04", "B02"}
    page = as_ana.get("/portal/").content.decode()
    assert "Nothing to do today" in page
    assert "data-new-session" not in page
    assert open_page(as_ana, plan).url == "/portal/"


def test_after_stop_the_day_is_over_and_starting_again_is_asked(as_ana, ana, plan):
    log(plan, stopped=True)
    assert today.load(ana).state is State.STOPPED_TODAY
    page = shown(as_ana.get("/portal/"))
    assert "Rest until tomorrow" in page
    assert ">Start<" not in page
    asked = open_page(as_ana, plan)
    assert "Has it settled" in asked.content.decode()
    assert "form" not in asked.context
    address = f"/portal/session/{plan.pk}/{uuid.uuid4()}/?settled=yes"
    assert rows_of(as_ana.get(address).context["form"])
    assert as_ana.get(f"/portal/session/{plan.pk}/").status_code == 302  # none on the device


def test_the_day_after_stop_is_a_day_like_others(ana, plan):
    log(plan, days_ago=1, stopped=True)
    assert today.load(ana).state is not State.STOPPED_TODAY


def test_a_stop_that_was_looked_at_frees_the_day(ana, plan, priya):
    log(plan, stopped=True)
    [raised] = Alert.objects.open()
    alerts.acknowledge(alert=raised, response="A cramp, gone after a minute.", by=priya)
    assert today.load(ana).state is not State.STOPPED_TODAY


def test_dizzy_rests_for_the_day(ana, plan):
    log(plan, new_signs=["dizzy"])
    assert today.load(ana).state is State.STOPPED_TODAY


def test_what_was_answered_on_an_older_page_is_still_stored(as_ana, ana, plan):
    log(plan, **RISE)
    one = uuid.uuid4()
    rows = [str(row.pk) for row in plan.prescriptions.filter(phase__number=1, included=True)]
    data = {"shown": rows, f"done_{rows[0]}": "all"}
    as_ana.post(f"/portal/session/{plan.pk}/{one}/", data)
    assert ExerciseLog.objects.filter(session=one, done="all").count() == 1


def test_the_therapist_reads_what_is_held_back_and_what_closing_does(as_priya, ana, plan):
    log(plan, **RISE)
    overview = as_priya.get(f"/workspace/patients/{ana.pk}/").content.decode()
    assert "Ana leaves out now" in overview
    assert "slides and stretches" in overview
    [raised] = Alert.objects.open()
    assert (
        "slides and stretches" in as_priya.get(f"/workspace/alerts/{raised.pk}/").content.decode()
    )


def test_a_restriction_of_somebody_else_holds_nothing_of_a_patient(ana, plan, bert, colm):
    episode = make_episode(bert, colm)
    restrictions.impose(episode=episode, kind=Kind.ALL, why="A sore is seen.", by=colm)
    row = Plan.objects.filter(pk=plan.pk).annotate(rows=holding.as_rows("patient")).get()
    assert holding.of_rows(row.rows, ana.clinic) == frozenset()


@pytest.mark.parametrize(
    ("code", "kinds"), [("G01", "nerve"), ("T01", "nerve tension"), ("B02", "standing")]
)
def test_a_page_knows_which_kinds_leave_an_exercise_out(code, kinds):
    assert holding.kinds_of(Exercise.objects.get(code=code)) == kinds


def test_a_device_that_holds_something_back_has_words_for_each_kind_but_all():
    assert dict(holding.by_kind()) == {
        kind.value: kind.words for kind in Kind if kind not in {Kind.ALL, Kind.MISFIT}
    }
