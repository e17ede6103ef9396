"""What time raises in a whole clinic: as much as for each alone, in as many queries as for one."""

import datetime as dt
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from patients.models import Patient
from programs.actions import clock_alerts, plans, sessions
from programs.alerts import by_clock
from programs.alerts.of_time import Found
from programs.models import Alert, Plan
from programs.models.alert import Code
from tests.conftest import give_login, make_episode, make_patient, make_plan
from tests.programs.actions.test_clock_alerts import daily, log

pytestmark = pytest.mark.django_db
__all__ = ["daily"]


@pytest.fixture
def other(plan, priya):
    """Cora's plan, begun when Ana's was."""
    return begun_as(plan, make_plan(make_episode(make_patient(priya, "Cora"), priya), priya, "P3"))


def begun_as(plan, *others):
    begun = {"starts_on": plan.starts_on, "effective_at": plan.effective_at}
    Plan.objects.filter(pk__in=[one.pk for one in others]).update(**begun)
    return others[0]


def test_many_are_looked_at_in_as_many_queries_as_one(
    ana, plan, priya, daily, clinic, django_assert_num_queries
):
    with CaptureQueriesContext(connection) as one:
        assert [one.rule for _, one in by_clock.new(clinic, [ana.pk])] == ["A15", "A16"]
    people = [make_patient(priya, name) for name in ("Cora", "Dan", "Eve")]
    begun_as(plan, *(make_plan(make_episode(one, priya), priya, "P3") for one in people))
    everybody = list(Patient.objects.filter(clinic=clinic).values_list("pk", flat=True))
    with django_assert_num_queries(len(one)):
        found = list(by_clock.new(clinic, everybody))
    assert {one.patient_id for one, _ in found} == set(everybody)
    each = [new for key in everybody for new in by_clock.new(clinic, [key])]
    assert {(plan.pk, one) for plan, one in found} == {(plan.pk, one) for plan, one in each}


def test_a_record_that_cant_be_read_keeps_nobody_elses_alerts_back(
    ana, plan, other, daily, clinic, monkeypatch
):
    of_measures = by_clock._of_measures

    def fails_for_ana(check_ins, known, courses, today):
        if courses[0].plan.patient_id == ana.pk:
            raise KeyError("M99")
        return of_measures(check_ins, known, courses, today)

    monkeypatch.setattr(by_clock, "_of_measures", fails_for_ana)
    with pytest.raises(ExceptionGroup):
        clock_alerts.of_clinic(clinic)
    assert set(Alert.objects.values_list("patient", flat=True)) == {other.patient_id}


def test_a_clinic_is_looked_at_in_parts(ana, plan, other, daily, clinic, monkeypatch):
    monkeypatch.setattr(clock_alerts, "AT_A_TIME", 1)
    raised = clock_alerts.of_clinic(clinic)
    assert {alert.patient for alert in raised} == {ana, other.patient}
    assert clock_alerts.of_clinic(clinic) == []


def test_what_was_told_and_logged_of_others_says_nothing_of_a_patient(
    ana, plan, other, priya, daily, clinic
):
    """Cora's alerts are told, and her sessions logged; Ana is as silent as before."""
    give_login(other.patient, priya)
    other.patient.refresh_from_db()
    alone = [one for _, one in by_clock.new(clinic, [ana.pk])]
    for days_ago in range(1, 15):
        log(other, days_ago)
    clock_alerts.of_patient(other.patient)
    both = list(by_clock.new(clinic, [ana.pk, other.patient_id]))
    assert [one for plan, one in both if plan.patient_id == ana.pk] == alone


def test_of_the_versions_of_a_plan_the_one_in_force_is_told_of(ana, plan, priya, daily, clinic):
    draft = plans.adapt(plan=plan, by=priya, reason="She walks better now.")
    newer = plans.activate(plan=draft, by=priya, at=timezone.now() - dt.timedelta(days=1))
    assert {one.pk for one, _ in by_clock.new(clinic, [ana.pk])} == {newer.pk}


def test_sessions_in_which_nothing_was_done_count_for_nothing(ana, plan, daily, clinic):
    for days_ago in range(1, 15):
        at = timezone.now() - dt.timedelta(days=days_ago)
        sessions.record(session_id=uuid.uuid4(), plan=plan, done={}, by=ana.user, at=at)
    assert [one.rule for _, one in by_clock.new(clinic, [ana.pk])] == ["A16"]


def test_of_two_alerts_of_a_kind_one_is_told(ana, plan, daily, clinic):
    today = clinic.today()
    found = [Found(Code.A16, "Few", today), Found(Code.A16, "Few again", today)]
    told = by_clock._Told()
    assert list(by_clock._once(found, told)) == found[:1]
