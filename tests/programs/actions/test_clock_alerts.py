import datetime as dt
import uuid
from unittest.mock import patch

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Clinic
from patients.actions import episodes
from patients.models import Episode, Patient
from programs import jobs
from programs.actions import (
    alerts,
    check_ins,
    clock_alerts,
    discharge,
    pauses,
    phases,
    plans,
    sessions,
)
from programs.models import Alert, Measure
from programs.models.alert import Severity
from programs.models.check_in import AnsweredWith
from programs.progress.caseload import Show, Wanted, caseload
from tests.conftest import client_of, form_of, make_episode, make_plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def daily():
    """One session is due on each day that is not paused."""

    def due(prescriptions, weekdays, day):
        return 1

    with patch("programs.course.course.sessions_due", due):
        yield


def log(plan, days_ago, **answers):
    at = timezone.now() - dt.timedelta(days=days_ago)
    rows = list(plan.prescriptions.filter(phase__number=1, included=True))
    done = dict.fromkeys([row.pk for row in rows], "all")
    return sessions.record(
        session_id=uuid.uuid4(), plan=plan, done=done, by=plan.patient.user, at=at, **answers
    )


def log_all(plan, until=1, days=20):
    for days_ago in range(until, days):
        log(plan, days_ago)


def measured(patient, by, code, days_ago, **answers):
    Episode.objects.filter(patient=patient).update(opened_at=timezone.now() - dt.timedelta(99))
    return check_ins.record_measure(
        check_in_id=uuid.uuid4(),
        patient=patient,
        measure=Measure.objects.get(code=code),
        answers=answers,
        answered_with=AnsweredWith.CLINIC,
        by=by,
        on=patient.clinic.today() - dt.timedelta(days=days_ago),
    )


def symptoms(plan, days_ago, score):
    return check_ins.record(
        check_in_id=uuid.uuid4(),
        plan=plan,
        form=form_of(plan),
        answers={"M2": {"numb": score, "tingling": 3, "burning": 3, "stabbing": None}},
        by=plan.patient.user,
        at=timezone.now() - dt.timedelta(days=days_ago),
    )


def look(patient):
    return sorted(alert.rule for alert in clock_alerts.of_patient(patient))


def second_phase(plan, priya):
    phase = plan.phases.get(number=2)
    phases.start(
        phase=phase,
        by=priya,
        at=timezone.now() - dt.timedelta(days=30),
        reason="Steady in the clinic.",
    )


def only(rule):
    """What one rule finds, the others left out."""
    return lambda patient: [one for one in look(patient) if one == rule]


def told(patient, rule):
    """How often a rule was raised so far: by an answer, or by looking now."""
    look(patient)
    return Alert.objects.filter(rule=rule).count()


# A15


@pytest.mark.parametrize(("days", "is_raised"), [(6, False), (7, True), (12, True)])
def test_no_log_for_seven_days(ana, plan, priya, daily, days, is_raised):
    second_phase(plan, priya)
    log_all(plan, until=days)
    assert only("A15")(ana) == (["A15"] if is_raised else [])


@pytest.mark.parametrize(("days", "is_raised"), [(2, False), (3, True)])
def test_three_days_in_the_first_phase(ana, plan, daily, days, is_raised):
    log_all(plan, until=days)
    assert only("A15")(ana) == (["A15"] if is_raised else [])


def test_days_without_anything_due_are_no_silence(ana, plan, daily):
    log_all(plan, until=4)
    with patch("programs.course.course.sessions_due", lambda *args: 0):
        assert look(ana) == []
    assert look(ana) == ["A15"]


def test_silence_is_low_and_told_once(ana, plan, daily, priya):
    log_all(plan, until=4)
    [alert] = clock_alerts.of_patient(ana)
    assert (alert.severity, alert.message) == (Severity.LOW, "No log for 4 days")
    assert alert.plan == plan
    assert alert.since == plan.clinic.today() - dt.timedelta(days=4)
    assert look(ana) == []
    alerts.acknowledge(alert=alert, response="Called, all is well.", by=priya)
    assert look(ana) == []


def test_a_new_silence_is_told_anew(ana, plan, daily, priya, monkeypatch):
    log_all(plan, until=4)
    [alert] = clock_alerts.of_patient(ana)
    alerts.acknowledge(alert=alert, response="Called, all is well.", by=priya)
    log(plan, 0)
    monkeypatch.setattr(timezone, "now", lambda now=timezone.now: now() + dt.timedelta(days=4))
    assert "A15" in look(ana)


def test_a_pause_is_no_silence_and_restarts_the_count(ana, plan, daily, priya, monkeypatch):
    log_all(plan, until=1)
    pauses.pause(plan=plan, why="holiday", by=priya)
    now = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: now() + dt.timedelta(days=9))
    assert look(ana) == []
    pauses.resume(plan=plan, by=priya)
    assert look(ana) == []
    monkeypatch.setattr(timezone, "now", lambda: now() + dt.timedelta(days=12))
    assert "A15" in look(ana)


def test_who_was_told_to_stop_is_not_silent(ana, plan, daily, priya):
    log_all(plan, until=5)
    screen = episodes.record_screen(episode=plan.episode, present=["new_weakness"], by=priya)
    assert look(ana) == []
    episodes.clear_screen(screen=screen, note="Dr. Low saw her.", by=priya)
    assert look(ana) == []  # counted from today


def test_a_new_plan_has_its_first_days(ana, episode, priya, daily):
    plans.activate(plan=make_plan(episode, priya, active=False), by=priya)
    assert look(ana) == []


def test_nothing_after_the_end(ana, plan, daily, priya):
    discharge.end_care(episode=plan.episode, outcome="goals_met", by=priya)
    assert look(ana) == []


# A16


@pytest.mark.parametrize(("done", "is_raised"), [(6, True), (7, False)])
def test_less_than_half_of_fourteen_days(ana, plan, daily, done, is_raised):
    for days_ago in range(1, done + 1):
        log(plan, days_ago)
    found = clock_alerts.of_patient(ana)
    assert [alert.rule for alert in found] == (["A16"] if is_raised else [])
    if is_raised:
        assert found[0].message == "43 % of sessions logged in 14 days"


@pytest.mark.parametrize(("percent", "is_raised"), [(43, False), (44, True)])
def test_under_what_the_clinic_has_set(ana, plan, daily, clinic, percent, is_raised):
    Clinic.objects.filter(pk=clinic.pk).update(low_adherence=percent)
    for days_ago in range(1, 7):
        log(plan, days_ago)
    found = clock_alerts.of_patient(Patient.objects.get(pk=ana.pk))
    assert [alert.rule for alert in found] == (["A16"] if is_raised else [])


def test_a_low_window_is_told_once_in_fourteen_days(ana, plan, daily, priya, monkeypatch):
    now = timezone.now

    def look_after(days):
        monkeypatch.setattr(timezone, "now", lambda: now() + dt.timedelta(days=days))
        found = [one for one in clock_alerts.of_patient(ana) if one.rule == "A16"]
        for alert in found:
            alerts.acknowledge(alert=alert, response="Called, all is well.", by=priya)
        return len(found)

    assert [look_after(days) for days in (0, 0, 1, 13, 14, 15)] == [1, 0, 0, 0, 1, 0]


def test_a_pause_within_the_window_leaves_it_out(ana, plan, daily, priya, monkeypatch):
    log(plan, 1)
    pauses.pause(plan=plan, why="illness", by=priya, last=plan.clinic.today())
    now = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: now() + dt.timedelta(days=14))
    assert only("A16")(ana) == []
    monkeypatch.setattr(timezone, "now", lambda: now() + dt.timedelta(days=15))
    assert only("A16")(ana) == ["A16"]


def test_the_first_two_weeks_are_no_window(ana, episode, priya, daily, monkeypatch):
    plans.activate(plan=make_plan(episode, priya, active=False), by=priya)
    now = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: now() + dt.timedelta(days=13))
    assert only("A16")(ana) == []


# A14


def test_worse_than_at_the_start_in_two_reviews(ana, plan):
    for days_ago, score in ((30, 3), (16, 6)):
        symptoms(plan, days_ago, score)
    assert told(ana, "A14") == 0
    symptoms(plan, 2, 7)
    [alert] = Alert.objects.filter(rule="A14")  # raised with the answer itself
    assert "worse than at the start in 2 reviews" in alert.message
    assert alert.severity == Severity.MODERATE


def test_a_run_of_worse_reviews_is_told_once(ana, plan, priya):
    for days_ago, score in ((30, 3), (23, 6), (16, 6)):
        symptoms(plan, days_ago, score)
    [alert] = Alert.objects.filter(rule="A14")  # raised with the answer itself
    alerts.acknowledge(alert=alert, response="Referred to Dr. Low.", by=priya)
    symptoms(plan, 9, 7)
    assert told(ana, "A14") == 1


def test_one_good_review_between_is_no_run(ana, plan):
    for days_ago, score in ((30, 3), (23, 6), (16, 3), (9, 6)):
        symptoms(plan, days_ago, score)
    assert told(ana, "A14") == 0


def test_two_answers_of_one_day_are_one_review(ana, plan):
    symptoms(plan, 30, 3)
    for _ in range(2):
        symptoms(plan, 2, 7)
    assert told(ana, "A14") == 0


def test_no_change_after_six_weeks(ana, plan, priya):
    """The plan of the tests began 42 days ago."""
    symptoms(plan, 35, 5)
    assert told(ana, "A14") == 0  # asked once: nothing is known
    symptoms(plan, 2, 5)
    [alert] = Alert.objects.filter(rule="A14")  # raised with the answer itself
    assert alert.message == "No change that matters after 6 weeks"
    alerts.acknowledge(alert=alert, response="Referred to Dr. Low.", by=priya)
    assert told(ana, "A14") == 1


def test_a_change_that_matters_is_a_change(ana, plan):
    symptoms(plan, 35, 7)
    symptoms(plan, 2, 4)
    assert told(ana, "A14") == 0


def test_paused_days_are_no_days_of_care(ana, plan, priya):
    plan.episode.pauses.create(
        patient=ana,
        first=plan.clinic.today() - dt.timedelta(days=20),
        last=plan.clinic.today() - dt.timedelta(days=19),
        why="illness",
        made_by=priya,
    )
    symptoms(plan, 35, 5)
    symptoms(plan, 2, 5)
    assert told(ana, "A14") == 0


# A21


@pytest.mark.parametrize(
    ("stands", "is_raised"),
    [([12, 9], False), ([12, 8], True), ([8, 14, 10], True), ([8, 14, 11], False)],
)
def test_four_stands_fewer(ana, plan, priya, stands, is_raised):
    for index, count in enumerate(stands):
        answers = {"stands": count, "over_half_way": False, "arms_used": False}
        measured(ana, priya, "M5", 20 - index * 5, **answers)
    assert told(ana, "A21") == is_raised


@pytest.mark.parametrize(("seconds", "is_raised"), [([10, 11], False), ([10, 11.1], True)])
def test_eleven_tenths_slower(ana, plan, priya, seconds, is_raised):
    for index, taken in enumerate(seconds):
        measured(ana, priya, "M7", 20 - index * 5, seconds=taken)
    assert told(ana, "A21") == is_raised


def test_each_worse_test_is_told_once(ana, plan, priya):
    for days_ago, taken in ((20, 10), (10, 13)):
        measured(ana, priya, "M7", days_ago, seconds=taken)
    [alert] = Alert.objects.filter(rule="A21")
    assert alert.message == "Timed Up & Go: 13 s, before 10 s"
    alerts.acknowledge(alert=alert, response="Retested on Monday.", by=priya)
    assert told(ana, "A21") == 1
    measured(ana, priya, "M7", 1, seconds=13)
    assert told(ana, "A21") == 2


def test_an_old_answer_says_nothing_about_now(ana, plan, priya):
    for days_ago, taken in ((40, 10), (35, 13)):
        measured(ana, priya, "M7", days_ago, seconds=taken)
    assert told(ana, "A21") == 0


# Raising


def test_the_database_refuses_the_same_alert_twice(ana, plan, daily, priya):
    log_all(plan, until=4)
    [alert] = clock_alerts.of_patient(ana)
    alerts.acknowledge(alert=alert, response="Called, all is well.", by=priya)
    again = Alert(patient=ana, plan=plan, rule="A15", severity="low", since=alert.since)
    again.raised_at = again.due_at = timezone.now()
    with pytest.raises(IntegrityError, match="alert_once_a_since"), transaction.atomic():
        again.save()


def test_the_hourly_job_looks_at_every_clinic(ana, plan, bert, colm, olive, daily, clinic):
    make_plan(make_episode(bert, colm), colm)
    jobs.raise_alerts(clinic_id=str(olive.clinic_id))
    assert not Alert.objects.exists()
    for _ in range(2):
        jobs.raise_alerts(clinic_id=str(clinic.pk))
    told = Alert.objects.order_by("rule").values_list("patient__first_name", "rule")
    assert sorted(told) == [("Ana", "A15"), ("Ana", "A16"), ("Bert", "A15"), ("Bert", "A16")]


def test_the_hourly_job_queues_one_for_each_clinic(clinic, olive):
    from procrastinate.contrib.django.models import ProcrastinateJob

    jobs.queue_alerts(timestamp=0)
    names = set(ProcrastinateJob.objects.values_list("task_name", flat=True))
    assert names == {"programs.jobs.raise_alerts"}
    assert ProcrastinateJob.objects.count() == 2


def test_who_is_only_silent_keeps_a_list_of_their_own(ana, plan, daily, priya):
    second_phase(plan, priya)
    log_all(plan, until=8)
    assert look(ana) == ["A15"]
    cases = caseload(priya, Wanted(show=Show.SILENT))
    assert cases.keys(slice(9)) == [ana.pk]
    assert cases.numbers == {Show.ALL: 1, Show.NEEDS: 0, Show.SILENT: 1}


def test_the_alerts_page_says_where_it_comes_from(ana, plan, daily, priya):
    log_all(plan, until=4)
    [alert] = clock_alerts.of_patient(ana)
    content = client_of(priya).get(f"/workspace/alerts/{alert.pk}/").content.decode()
    assert "No log for 4 days" in content
    assert "Where it comes from" in content
    assert "does not fit" not in content
