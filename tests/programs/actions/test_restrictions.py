"""What is held back, by whom, and how it is allowed again."""

import datetime as dt
import uuid

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import AuditEvent
from programs.actions import alerts, discharge, restrictions, sessions
from programs.course import calendar_feed, today
from programs.course.adherence import adherence
from programs.course.course import Course
from programs.models import Restriction
from programs.models.restriction import Kind

pytestmark = pytest.mark.django_db
WHY = "Her surgeon asked for it."


def impose(plan, by, kind=Kind.NERVE, **fields):
    return restrictions.impose(episode=plan.episode, kind=kind, why=WHY, by=by, **fields)


def log(plan, done="", **answers):
    rows = [row.pk for row in plan.prescriptions.filter(included=True)] if done else []
    return sessions.record(
        session_id=uuid.uuid4(),
        plan=plan,
        done=dict.fromkeys(rows, done),
        by=plan.patient.user,
        **answers,
    )


def test_a_therapist_holds_back_and_allows_again(ana, plan, priya):
    made = impose(plan, priya)
    assert {row.shown.kind for row in today.load(ana).due} <= {"balance"}
    restrictions.lift(restriction=made, words="The surgeon agrees now.", by=priya)
    assert today.load(ana).held == frozenset()
    assert {"restriction.made", "restriction.lifted"} <= set(
        AuditEvent.objects.values_list("action", flat=True)
    )


@pytest.mark.parametrize("words", ["", "1", "x", "ok", "ok ok ok ok", "  "])
def test_words_are_words(plan, priya, words):
    with pytest.raises(ValidationError):
        restrictions.impose(episode=plan.episode, kind=Kind.ALL, why=words, by=priya)
    made = impose(plan, priya)
    with pytest.raises(ValidationError):
        restrictions.lift(restriction=made, words=words, by=priya)


def test_only_who_treats(plan, ruth, ana):
    for other in (ruth, ana.user):
        with pytest.raises(PermissionDenied):
            impose(plan, other)


def test_lifted_once(plan, priya):
    made = impose(plan, priya)
    restrictions.lift(restriction=made, words="The surgeon agrees now.", by=priya)
    with pytest.raises(ValidationError, match="already"):
        restrictions.lift(restriction=made, words="The surgeon agrees now.", by=priya)


def test_until_a_day(ana, plan, priya):
    tomorrow = plan.clinic.today() + dt.timedelta(days=1)
    impose(plan, priya, until=tomorrow)
    course = Course.load([plan])[0]
    assert course.held_on(tomorrow)
    assert not course.held_on(tomorrow + dt.timedelta(days=1))
    with pytest.raises(ValidationError, match="today or a later day"):
        impose(plan, priya, until=plan.clinic.today() - dt.timedelta(days=1))


def test_what_an_urgent_alert_holds_ends_with_the_alert(plan, priya):
    log(plan, skin_check="changed")
    [row] = Restriction.objects.all()
    assert row.kind == Kind.ALL
    with pytest.raises(ValidationError, match="until its alert is closed"):
        restrictions.lift(restriction=row, words="It looks much better.", by=priya)
    [alert] = plan.sessions.get().alerts.all()
    alerts.acknowledge(alert=alert, response="A red spot, gone by noon.", ending="not_so", by=priya)
    row.refresh_from_db()
    assert (row.lifted_by, row.lifted_words) == (priya, "A red spot, gone by noon.")


def test_the_episodes_end_ends_what_its_therapists_held_back(plan, priya):
    made = impose(plan, priya)
    discharge.end_care(episode=plan.episode, outcome="goals_met", by=priya)
    made.refresh_from_db()
    assert made.lifted_at is not None


def test_held_days_are_not_due_and_not_in_the_calendar(ana, plan, priya):
    day = plan.clinic.today()
    before = calendar_feed.plan_days(ana)
    impose(plan, priya, kind=Kind.ALL)
    assert calendar_feed.plan_days(ana) == []
    course = Course.load([plan])[0]
    assert course.sessions_due_on(day) == 0
    assert adherence([course], {}, first=day, last=day).due == 0
    restriction = Restriction.objects.get()
    restrictions.lift(restriction=restriction, words="The surgeon agrees now.", by=priya)
    assert calendar_feed.plan_days(ana) == before


def test_what_was_done_before_the_stop_was_due(plan, monkeypatch):
    monkeypatch.setattr("programs.course.course.sessions_due", lambda *asked: 1)  # Sundays, too
    log(plan, done="all", stopped=True)
    course = Course.load([plan])[0]
    day = plan.clinic.today()
    [found] = adherence([course], {day: 1}, first=day, last=day).days
    assert (found.due, found.state) == (1, "done")


def test_doing_what_is_held_back_is_told(plan, priya):
    impose(plan, priya)
    session = log(plan, done="all")
    [alert] = session.alerts.filter(rule="HELD")
    assert "G01" in alert.message
    assert not any(code.startswith("B") for code in alert.message.split(": ")[1].split(", "))


def test_the_session_that_raises_it_did_nothing_held_back(plan):
    session = log(plan, done="all", pain_before=1, pain_after=6)
    assert {alert.rule for alert in session.alerts.all()} == {"A10"}


# The database


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"until": dt.date(2020, 1, 1)}, "restriction_ends_after_it_begins"),
        ({"why": ""}, "restriction_has_its_cause"),
        ({"kind": "misfit"}, "restriction_names_what_misfits"),
        ({"codes": ["T02"]}, "restriction_names_what_misfits"),
        ({"lifted_at": timezone.now()}, "restriction_lifted_whole"),
    ],
)
def test_the_database_refuses(plan, priya, fields, name):
    row = impose(plan, priya)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Restriction.objects.filter(pk=row.pk).update(**fields)
