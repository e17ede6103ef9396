import datetime as dt
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from programs.actions import corrections, sessions
from programs.course import on_day, paper, response
from programs.models import Alert, ExerciseLog, Session
from programs.progress import caseload, overview, standing
from programs.progress import of_patient as progress

pytestmark = pytest.mark.django_db


@pytest.fixture
def wrong(plan, ana):
    """Entered with pain 9 and a fall that never was."""
    row = plan.phases.get(number=1).prescriptions.all()[0]
    return sessions.record(
        session_id=uuid.uuid4(),
        plan=plan,
        done={row.pk: sessions.Log("some", None, "tired")},
        by=ana.user,
        pain_before=2,
        pain_after=9,
        falls=1,
    )


def put_right(wrong, by, **answers):
    done = {log.prescription_id: "all" for log in wrong.exercise_logs.all()}
    return corrections.correct(session=wrong, session_id=uuid.uuid4(), done=done, by=by, **answers)


def test_only_the_correction_counts(wrong, ana, priya, plan, monkeypatch):
    monkeypatch.setattr("programs.course.course.sessions_due", lambda *asked: 1)  # Sundays, too
    right = put_right(wrong, ana.user, pain_before=2, pain_after=2, falls=0)
    today = ana.clinic.today()
    assert [row.session for row in overview.session_rows(overview.sessions_of(ana))] == [right]
    assert overview.load(ana).adherence.done == 1
    assert progress.load(ana).weeks[-1].falls == 0
    assert [week.adherence.days[-1].done for week in progress.load(ana).weeks[-1:]] == [1]
    assert standing.sessions_of(plan.episode) == [right]
    assert on_day.load(ana, today).sessions == [right]
    assert paper.grid(ana, today).days[-1].stored == [right]
    [row] = caseload.caseload(priya)[:9]
    assert row.last_pain == 2
    assert row.fortnight.days[-1].state == response.color(right, feeling="intact") == "green"


def test_the_wrong_one_is_kept_whole(wrong, ana):
    put_right(wrong, ana.user, pain_after=2)
    kept = Session.objects.get(pk=wrong.pk)
    assert (kept.pain_after, kept.falls) == (9, 1)
    assert ExerciseLog.objects.get(session=kept).why_not == "tired"


def test_its_alerts_stay_until_looked_at_and_are_not_raised_twice(wrong, ana):
    before = set(Alert.objects.values_list("rule", flat=True))
    assert before == {"A7", "A10"}
    put_right(wrong, ana.user, pain_before=2, pain_after=9, falls=0, new_signs=["weakness"])
    rules = sorted(Alert.objects.values_list("rule", flat=True))
    assert rules == ["A10", "A4", "A7"]
    assert set(Alert.objects.open().values_list("rule", flat=True)) == {"A10", "A4", "A7"}


def test_later_sessions_are_compared_with_what_counts(wrong, ana, plan):
    put_right(wrong, ana.user, effort=2, near_falls=0)
    later = sessions.record(session_id=uuid.uuid4(), plan=plan, done={}, by=ana.user, near_falls=1)
    assert not Alert.objects.filter(session=later).exists()


def test_a_chain_of_corrections_ends_in_one(wrong, ana):
    second = put_right(wrong, ana.user, pain_after=3)
    third = put_right(second, ana.user, pain_after=4)
    assert list(Session.objects.current()) == [third]
    assert third.done_at == wrong.done_at


def test_the_first_answer_of_the_morning_stays(plan, ana):
    at = timezone.now() - dt.timedelta(days=1)
    session = sessions.record(
        session_id=uuid.uuid4(), plan=plan, done={}, by=ana.user, at=at, pain_after=3, stopped=True
    )
    first = corrections.add_morning(session=session, settled="half_hour", by=ana.user)
    again = corrections.add_morning(session=session, settled="next_morning", by=ana.user)
    assert (again, again.settled, again.pain_after) == (first, "half_hour", 3)
    assert Alert.objects.filter(rule="STOP").count() == 1


def test_the_morning_has_its_own_answers(wrong, ana):
    with pytest.raises(ValidationError):
        corrections.add_morning(session=wrong, settled="not_yet", by=ana.user)


def test_the_database_refuses_two_replacements_and_a_loop(wrong, ana, plan):
    put_right(wrong, ana.user)
    facts = {
        "patient": ana,
        "plan": plan,
        "phase": wrong.phase,
        "done_at": wrong.done_at,
        "done_on": wrong.done_on,
        "entered_by": ana.user,
    }
    with pytest.raises(IntegrityError, match="replaces"), transaction.atomic():
        Session.objects.create(replaces=wrong, source="correction", **facts)
    one = uuid.uuid4()
    with pytest.raises(IntegrityError, match="replaces_another"), transaction.atomic():
        Session.objects.create(id=one, replaces_id=one, source="correction", **facts)
    with pytest.raises(IntegrityError, match="for_a_reason"), transaction.atomic():
        Session.objects.create(source="correction", **facts)


def test_the_database_refuses_a_reason_for_what_was_done(wrong):
    log = wrong.exercise_logs.get()
    other = wrong.plan.prescriptions.exclude(pk=log.prescription_id)[0]
    with pytest.raises(IntegrityError, match="reason"), transaction.atomic():
        ExerciseLog.objects.create(
            patient=wrong.patient, session=wrong, prescription=other, done="all", why_not="hurts"
        )


def test_old_and_new_are_one_whole(wrong, ana, monkeypatch):
    def broken(**kwargs):
        raise RuntimeError("no")

    monkeypatch.setattr(sessions.audit, "record", broken)
    with pytest.raises(RuntimeError):
        put_right(wrong, ana.user, pain_after=1)
    assert list(Session.objects.current()) == [wrong]
