"""Pauses keep days out of what is due, for the patient and for the list of silent ones."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from programs.actions import clock_alerts, pauses, plans
from programs.course import today
from programs.course.today import State
from programs.models import Pause
from programs.progress import caseload, overview

pytestmark = pytest.mark.django_db


def days(ana, offset):
    return ana.clinic.today() + dt.timedelta(days=offset)


def test_a_pause_from_today_shows_in_the_portal_and_ends_with_resume(plan, ana, priya):
    pauses.pause(plan=plan, why="flare", by=priya)
    now = today.load(ana)
    assert now.state is State.PAUSED
    assert now.pause.last is None
    assert now.forms_due == ()
    pauses.resume(plan=plan, by=priya)
    assert today.load(ana).state in (State.DUE, State.REST)
    # It held for no whole day: nothing stays but the audit.
    assert not Pause.objects.exists()


def test_a_pause_that_has_held_keeps_its_days(plan, ana, priya):
    pause = pauses.pause(plan=plan, why="holiday", by=priya, last=days(ana, 9))
    Pause.objects.filter(pk=pause.pk).update(first=days(ana, -3))
    pauses.resume(plan=plan, by=priya)
    pause.refresh_from_db()
    assert pause.last == days(ana, -1)


def test_a_holiday_to_come_leaves_today_as_it_is(plan, ana, priya):
    pauses.pause(plan=plan, why="holiday", by=priya, first=days(ana, 3), last=days(ana, 10))
    assert today.load(ana).state is not State.PAUSED


def test_a_new_version_does_not_end_a_pause(plan, ana, priya):
    pauses.pause(plan=plan, why="flare", by=priya)
    plans.activate(plan=plans.adapt(plan=plan, by=priya, reason="Less, as agreed."), by=priya)
    assert today.load(ana).state is State.PAUSED


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [(-1, 3, "today or a later day"), (5, 3, "comes before"), (2, 4, "paused already")],
)
def test_days_that_can_not_be_paused(plan, ana, priya, first, last, words):
    pauses.pause(plan=plan, why="holiday", by=priya, first=days(ana, 3), last=days(ana, 8))
    with pytest.raises(ValidationError, match=words):
        pauses.pause(plan=plan, why="flare", by=priya, first=days(ana, first), last=days(ana, last))


def test_two_pauses_never_overlap_in_the_database(plan, ana, priya):
    pauses.pause(plan=plan, why="holiday", by=priya)
    with pytest.raises(IntegrityError, match="pause_one_at_a_time"), transaction.atomic():
        Pause.objects.create(
            patient=ana, episode=plan.episode, first=days(ana, 9), why="flare", made_by=priya
        )


def test_resuming_what_is_not_paused(plan, priya):
    with pytest.raises(ValidationError, match="Nothing is paused"):
        pauses.resume(plan=plan, by=priya)


def test_a_paused_patient_is_not_silent_and_counts_anew_after_it(plan, ana, priya):
    def is_silent():
        [row] = caseload.caseload(priya)[:9]
        return row.silence is not None

    clock_alerts.of_patient(ana)
    assert is_silent()
    assert caseload.caseload(priya).numbers[caseload.Show.SILENT] == 1
    pause = pauses.pause(plan=plan, why="holiday", by=priya)
    assert not is_silent()
    assert caseload.caseload(priya).numbers[caseload.Show.SILENT] == 0
    Pause.objects.filter(pk=pause.pk).update(first=days(ana, -20), last=days(ana, -2))
    assert not is_silent()
    Pause.objects.filter(pk=pause.pk).update(last=days(ana, -8))
    assert is_silent()


def test_a_change_for_later_shows_the_version_that_holds_in_the_list(plan, ana, priya):
    draft = plans.adapt(plan=plan, by=priya, reason="Later, as agreed.")
    plans.change(plan=draft, by=priya, starts_on=days(ana, 4))
    plans.activate(plan=draft, by=priya)
    (row,) = caseload.caseload(priya)[:9]
    assert row.plan == plan
    assert row.phase == plan.phases.first()
    assert overview.load(ana).plan == plan


def test_going_on_leaves_a_holiday_that_is_to_come(plan, ana, priya):
    today_ = ana.clinic.today()
    pauses.pause(plan=plan, why="flare", by=priya, last=today_ + dt.timedelta(days=3))
    holiday = pauses.pause(
        plan=plan,
        why="holiday",
        by=priya,
        first=today_ + dt.timedelta(days=30),
        last=today_ + dt.timedelta(days=40),
    )
    pauses.resume(plan=plan, by=priya)
    assert list(Pause.objects.all()) == [holiday]
    pauses.withdraw(pause=holiday, plan=plan, by=priya)
    assert not Pause.objects.exists()


def test_a_pause_that_runs_is_not_withdrawn(plan, ana, priya):
    running = pauses.pause(plan=plan, why="flare", by=priya)
    with pytest.raises(ValidationError, match="has begun already"):
        pauses.withdraw(pause=running, plan=plan, by=priya)


def test_the_next_plan_does_not_begin_paused(plan, ana, priya):
    pauses.pause(plan=plan, why="illness", by=priya)
    plans.end(plan=plan, by=priya, outcome="improved")
    assert not Pause.objects.on(ana.clinic.today()).exists()
