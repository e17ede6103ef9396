import datetime as dt
import threading
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connections, transaction
from django.utils import timezone

from accounts.models import AuditEvent
from accounts.permissions import Role
from patients.actions import once
from patients.conditions import Condition
from patients.models import Episode
from programs.actions import alerts, check_ins, plans, prescriptions, sessions
from programs.models import Alert, CheckIn, Exercise, ExerciseLog, Plan, ProgressForm, Session
from tests.conftest import form_of, make_clinic, make_episode, make_patient, make_plan, make_user


def record(plan, by, session_id=None, done=None, **answers):
    return sessions.record(
        session_id=session_id or uuid.uuid4(), plan=plan, done=done or {}, by=by, **answers
    )


@pytest.mark.django_db
def test_empty_answers_stay_empty(plan, ana):
    stored = Session.objects.get(pk=record(plan, ana.user).pk)
    for name in ("pain_before", "pain_after", "effort", "falls", "near_falls", "fall_injury",
                 "feelings", "new_signs"):  # fmt: skip
        assert getattr(stored, name) is None, name
    assert stored.settled == ""


@pytest.mark.django_db
def test_the_episode_is_judged_as_it_is_while_it_is_held(plan, ana):
    assert plan.episode.conditions == []  # read before
    later = [Condition.ANTICOAGULATED]
    Episode.objects.filter(pk=plan.episode_id).update(conditions=later)
    course = sessions.hold(plan)
    assert course.plan.episode.conditions == later
    assert course.plan.clinic == ana.clinic


@pytest.mark.django_db
def test_none_of_these_is_not_the_same_as_no_answer(plan, ana):
    assert Session.objects.get(pk=record(plan, ana.user, new_signs=[]).pk).new_signs == []


@pytest.mark.django_db
def test_the_same_id_is_stored_once_and_answered_as_success(plan, ana):
    one = uuid.uuid4()
    row = plan.prescriptions.first()
    first = record(plan, ana.user, one, {row.pk: "all"}, pain_before=3, falls=1)
    again = record(plan, ana.user, one, {row.pk: "none"}, pain_before=9, falls=1)
    assert again == first
    assert again.pain_before == 3
    assert ExerciseLog.objects.count() == 1
    assert Alert.objects.count() == 1
    assert AuditEvent.objects.filter(action="session.recorded").count() == 1


@pytest.mark.django_db
def test_another_patients_id_does_not_exist(plan, ana, bert, colm):
    one = record(plan, ana.user)
    theirs = make_plan(make_episode(bert, colm), colm)
    with pytest.raises(once.NotYours):
        record(theirs, bert.user, one.pk)


@pytest.mark.django_db
def test_an_answer_belongs_to_the_version_that_was_on_screen(plan, ana, priya):
    draft = plans.adapt(plan=plan, by=priya, reason="Going well.")
    plans.activate(plan=draft, by=priya)
    plan.refresh_from_db()
    assert record(plan, ana.user).plan == plan


@pytest.mark.django_db
def test_a_draft_takes_no_answers(draft, ana):
    with pytest.raises(ValidationError):
        record(draft, ana.user)


@pytest.mark.django_db
@pytest.mark.parametrize("answers", [{"pain_before": 11}, {"settled": "soon"}, {"falls": 51},
                                     {"feelings": ["odd"]}, {"new_signs": ["none"]}])  # fmt: skip
def test_answers_out_of_range_are_refused(plan, ana, answers):
    with pytest.raises(ValidationError):
        record(plan, ana.user, **answers)
    assert not Session.objects.exists()


@pytest.mark.django_db
def test_an_exercise_of_another_plan_is_refused(plan, ana, bert, colm):
    theirs = make_plan(make_episode(bert, colm), colm).prescriptions.first()
    with pytest.raises(ValidationError):
        record(plan, ana.user, done={theirs.pk: "all"})
    assert not Session.objects.exists()


@pytest.mark.django_db
def test_alert_and_session_are_one_whole(plan, ana, monkeypatch):
    def broken(**kwargs):
        raise RuntimeError("no")

    monkeypatch.setattr(sessions.audit, "record", broken)
    with pytest.raises(RuntimeError):
        record(plan, ana.user, falls=1)
    assert not Session.objects.exists()
    assert not Alert.objects.exists()


@pytest.mark.django_db
def test_the_database_refuses_to_edit_a_session(plan, ana):
    one = record(plan, ana.user, pain_before=1)
    with pytest.raises(IntegrityError, match="appended"), transaction.atomic():
        Session.objects.filter(pk=one.pk).update(pain_before=9)


@pytest.mark.django_db
def test_the_database_refuses_pain_over_ten(plan, ana):
    with pytest.raises(IntegrityError, match="0_to_10"), transaction.atomic():
        Session.objects.create(
            patient=ana,
            plan=plan,
            phase=plan.phases.first(),
            done_at=dt.datetime.now(dt.UTC),
            done_on=dt.date.today(),
            entered_by=ana.user,
            pain_before=11,
        )


@pytest.mark.django_db
def test_the_date_is_the_clinics(plan, ana):
    late = dt.datetime(2026, 11, 24, 3, 30, tzinfo=dt.UTC)  # 22:30 on the 23rd in New York
    session = sessions.record(session_id=uuid.uuid4(), plan=plan, done={}, by=ana.user, at=late)
    assert session.done_on == dt.date(2026, 11, 23)


@pytest.mark.django_db
def test_an_alert_is_closed_once_and_with_words(plan, ana, priya):
    record(plan, ana.user, falls=1)
    alert = Alert.objects.get()
    with pytest.raises(ValidationError):
        alerts.acknowledge(alert=alert, response="  ", by=priya)
    alerts.acknowledge(alert=alert, response="Called; reassess Monday.", by=priya)
    with pytest.raises(ValidationError, match="colleague"):
        alerts.acknowledge(alert=alert, response="Looked at it, too.", by=priya)


@pytest.mark.django_db
def test_closing_an_alert_is_kept_with_who_and_which(plan, ana, priya):
    record(plan, ana.user, falls=1)
    alert = Alert.objects.get()
    with pytest.raises(ValidationError):
        alerts.acknowledge(alert=alert, response="", by=priya)
    assert not AuditEvent.objects.filter(action="alert.acknowledged").exists()
    alerts.acknowledge(alert=alert, response="Called; reassess Monday.", by=priya)
    event = AuditEvent.objects.get(action="alert.acknowledged")
    assert (event.patient_id, event.actor_id) == (ana.pk, priya.uuid)
    assert (event.subject_id, event.detail) == (str(alert.pk), {"rule": "A7", "ending": "done"})


@pytest.mark.django_db
def test_the_baseline_is_that_of_the_episodes_first_sessions(plan, ana):
    now = dt.datetime.now(dt.UTC)
    for days_ago, pain in ((9, 2), (8, 2), (7, 2), (2, 4)):
        sessions.record(
            session_id=uuid.uuid4(), plan=plan, done={}, by=ana.user, pain_before=pain,
            at=now - dt.timedelta(days=days_ago),
        )  # fmt: skip
    assert not Alert.objects.exists()
    record(plan, ana.user, pain_before=4)
    assert Alert.objects.get().rule == "A11"


@pytest.mark.django_db
def test_check_in_is_stored_once_with_its_versions(plan, ana):
    one = uuid.uuid4()
    answers = {"M2": {"numb": 4, "tingling": None, "burning": 0, "stabbing": 1}}
    stored = check_ins.record(
        check_in_id=one, plan=plan, form=form_of(plan), answers=answers, by=ana.user
    )
    check_ins.record(
        check_in_id=one, plan=plan, form=form_of(plan), answers={"M2": {}}, by=ana.user
    )
    assert CheckIn.objects.count() == 1
    assert stored.versions == {"M2": 1}
    assert CheckIn.objects.get().answers["M2"]["tingling"] is None


@pytest.mark.django_db
def test_a_measure_that_is_not_on_the_plan_is_refused(plan, ana):
    with pytest.raises(ValidationError):
        check_ins.record(
            check_in_id=uuid.uuid4(),
            plan=plan,
            form=ProgressForm.objects.get(code="monthly").version,
            answers={"M14": {}},
            by=ana.user,
        )


def _together(*jobs):
    """Run jobs in threads at the same moment, each on a connection of its own."""
    barrier = threading.Barrier(len(jobs))
    outcomes = [None] * len(jobs)

    def run(index, job):
        barrier.wait()
        try:
            outcomes[index] = job()
        except Exception as error:
            outcomes[index] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def _committed_plan(name, *, active=True):
    clinic = make_clinic(name)
    therapist = make_user(clinic, name, Role.THERAPIST, "concurrent.test")
    patient = make_patient(therapist, name)
    return make_plan(make_episode(patient, therapist), therapist, active=active), therapist


def test_the_same_session_sent_twice_at_once_is_stored_once(committed):
    plan, therapist = _committed_plan(f"Twice{uuid.uuid4().hex[:8]}")
    one = uuid.uuid4()
    outcomes = _together(*[lambda: record(plan, therapist, one, falls=1)] * 2)
    assert [outcome.pk for outcome in outcomes] == [one, one]
    assert Session.objects.filter(plan=plan).count() == 1
    assert Alert.objects.filter(session=one).count() == 1


@pytest.mark.parametrize(
    "meanwhile",
    [
        lambda plan, by: plans.change(plan=plan, by=by, note="Meanwhile."),
        lambda plan, by: prescriptions.add(
            phase=plan.phases.first(), exercise=Exercise.objects.get(code="B12"), by=by
        ),
        lambda plan, by: prescriptions.remove(prescription=plan.prescriptions.first(), by=by),
        lambda plan, by: plans.discard(plan=plan, by=by),
    ],
)
def test_an_edit_during_activation_never_undoes_or_unfreezes_it(committed, meanwhile):
    """Whichever goes first, the plan is whole: active and frozen, or an editable draft, or gone."""
    plan, therapist = _committed_plan(f"Edit{uuid.uuid4().hex[:8]}", active=False)
    again = Plan.objects.select_related("patient", "episode", "clinic", "program").get(pk=plan.pk)
    outcomes = _together(
        lambda: plans.activate(plan=plan, by=therapist), lambda: meanwhile(again, therapist)
    )
    unexpected = [
        one
        for one in outcomes
        if isinstance(one, Exception) and not isinstance(one, ValidationError | Plan.DoesNotExist)
    ]
    assert not unexpected
    now = Plan.objects.filter(pk=plan.pk).first()
    if now is not None and not isinstance(outcomes[0], Exception):
        assert now.is_active
        assert not now.prescriptions.filter(snapshot=None).exists()


def test_two_therapists_activating_at_once_one_wins_and_the_other_is_told(committed):
    plan, therapist = _committed_plan(f"Race{uuid.uuid4().hex[:8]}", active=False)
    outcomes = _together(*[lambda: plans.activate(plan=plan, by=therapist)] * 2)
    errors = [outcome for outcome in outcomes if isinstance(outcome, ValidationError)]
    assert len(errors) == 1
    assert "frozen" in errors[0].messages[0]
    assert plan.episode.plans.active().count() == 1


@pytest.mark.django_db
def test_queries_of_a_recorded_session(plan, ana, django_assert_num_queries):
    """The patient's POST does not grow with the length of the history."""
    done = dict.fromkeys(plan.prescriptions.values_list("pk", flat=True), "all")
    record(plan, ana.user, done=done, pain_before=3)
    with django_assert_num_queries(12):
        record(plan, ana.user, done=done, pain_before=3)


# Whatever the order of arrival


@pytest.mark.django_db
@pytest.mark.parametrize("order", [(2, 1), (1, 2)])
def test_near_falls_add_up_in_whatever_order_they_arrive(plan, ana, order):
    for days_ago in order:
        record(plan, ana.user, near_falls=1, at=timezone.now() - dt.timedelta(days=days_ago))
    [alert] = Alert.objects.filter(rule="A7")
    assert alert.session.done_on == plan.clinic.local_date(timezone.now() - dt.timedelta(days=1))
    assert alert.restrictions.get().kind == "standing"


@pytest.mark.django_db
def test_yesterdays_effort_after_todays(plan, ana):
    for days_ago in (3, 1, 2):
        record(plan, ana.user, effort=8, at=timezone.now() - dt.timedelta(days=days_ago))
    assert Alert.objects.filter(rule="A17").count() == 1
