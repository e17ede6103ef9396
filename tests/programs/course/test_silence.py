"""One silence: the hourly rule, the list and the overview say the same, whatever came before."""

import pytest

from accounts.models import Clinic, User
from patients.actions import episodes
from patients.models import Patient
from programs.actions import clock_alerts, pauses, plans, restrictions
from programs.models.restriction import Kind
from programs.progress import overview
from programs.progress.caseload import Show, Wanted, caseload
from tests.programs.actions.test_clock_alerts import daily, log_all, second_phase  # noqa: F401

pytestmark = pytest.mark.django_db


def nothing(plan, by):
    """Nothing keeps the patient from anything."""


def paused(plan, by):
    pauses.pause(plan=plan, why="holiday", by=by)


def flagged(plan, by):
    episodes.record_screen(episode=plan.episode, present=["new_weakness"], by=by)


def freed_today(plan, by):
    screen = episodes.record_screen(episode=plan.episode, present=["new_weakness"], by=by)
    episodes.clear_screen(screen=screen, note="Dr. Low saw her today.", by=by)


def held(plan, by):
    restrictions.impose(episode=plan.episode, kind=Kind.ALL, why="Wait for the X-ray.", by=by)


def all_that_is_due_held(plan, by):
    for kind in (Kind.STANDING, Kind.NERVE):
        restrictions.impose(episode=plan.episode, kind=kind, why="Wait for the X-ray.", by=by)


def ended(plan, by):
    plans.end(plan=plan, outcome="goals_met", summary="", by=by)


@pytest.mark.parametrize(
    ("phase", "days", "state", "is_silent"),
    [
        (1, 2, nothing, False),
        (1, 3, nothing, True),
        (2, 6, nothing, False),
        (2, 7, nothing, True),
        (2, 12, paused, False),
        (2, 12, flagged, False),
        (2, 12, freed_today, False),
        (2, 12, held, False),
        (2, 12, all_that_is_due_held, False),
        (2, 12, ended, False),
    ],
)
def test_all_say_the_same(ana, plan, priya, daily, phase, days, state, is_silent):  # noqa: F811
    if phase == 2:
        second_phase(plan, priya)
    log_all(plan, until=days)
    state(plan, priya)
    all_say(ana, priya, days, is_silent)


@pytest.mark.usefixtures("daily")
@pytest.mark.parametrize(
    ("phase", "days", "is_silent"),
    [(1, 4, False), (1, 5, True), (2, 9, False), (2, 10, True)],
)
def test_all_go_by_the_clinics_setting(ana, plan, priya, clinic, phase, days, is_silent):
    Clinic.objects.filter(pk=clinic.pk).update(silent_days=10, silent_days_first_phase=5)
    if phase == 2:
        second_phase(plan, priya)
    log_all(plan, until=days)
    all_say(Patient.objects.get(pk=ana.pk), User.objects.get(pk=priya.pk), days, is_silent)


def all_say(ana, priya, days, is_silent):
    [row] = [one for one in caseload(priya)[:9] if one.patient == ana]
    found = [
        "A15" in [alert.rule for alert in clock_alerts.of_patient(ana)],
        row.silence is not None,
        overview.load(ana).silence is not None,
    ]
    assert found == [is_silent] * 3
    if is_silent:
        assert (row.silence.days, overview.load(ana).silence.days) == (days, days)
        assert caseload(priya, Wanted(show=Show.SILENT)).keys(slice(9)) == [ana.pk]
        assert ana.pk not in caseload(priya, Wanted(show=Show.NEEDS)).keys(slice(9))
