"""An alert between raised and closed: whose it is, what was done, and when it goes to another."""

import datetime as dt
import uuid

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.utils import timezone

from patients.actions import patients
from patients.models import CareTeamMember
from programs.actions import alert_work, alerts, mornings, sessions
from programs.actions.sign_reports import record as tell_signs
from programs.models import Alert, AlertStep
from programs.models.alert import Stage
from programs.models.alert_step import StepKind
from tests.trail import newest

pytestmark = pytest.mark.django_db
WORDS = "Called her, nobody answered."


def report(patient, *signs, by=None):
    return tell_signs(report_id=uuid.uuid4(), patient=patient, signs=signs, by=by or patient.user)


@pytest.fixture
def alert(plan, ana):
    """High, and Priya's: she treats Ana alone."""
    report(ana, "dizzy")
    return Alert.objects.get()


@pytest.fixture
def critical(plan, ana):
    report(ana, "chest")
    return Alert.objects.get()


@pytest.fixture
def team(ana, colm, priya):
    """Colm treats Ana, too."""
    patients.join_care_team(patient=ana, therapist=colm, by=priya)


def late(*found, hours=1):
    Alert.objects.filter(pk__in=[one.pk for one in found]).update(
        due_at=timezone.now() - dt.timedelta(hours=hours)
    )


def steps_of(alert):
    return list(alert.steps.values_list("kind", flat=True))


# Raised


def test_an_alert_has_a_time_and_the_therapist_who_treats_alone(alert, priya):
    assert alert.owner == priya
    assert dt.timedelta(hours=23) < alert.due_at - timezone.now() < dt.timedelta(hours=25)
    assert alert.stage is Stage.TAKEN


def test_of_a_team_nobody_has_it_until_somebody_takes_it(team, plan, ana, colm):
    report(ana, "dizzy")
    alert = Alert.objects.get()
    assert (alert.owner, alert.stage) == (None, Stage.RAISED)
    assert sorted(letter.to[0] for letter in mail.outbox) == [
        "colm@riverside.test",
        "priya@riverside.test",
    ]
    alert = alert_work.take(alert=alert, by=colm)
    assert (alert.owner, alert.stage) == (colm, Stage.TAKEN)


def test_the_mail_says_nothing_about_whom_and_what(alert):
    [letter] = mail.outbox
    assert letter.to == ["priya@riverside.test"]
    assert letter.subject == "An alert is waiting"
    for word in ("Ana", "Reyes", "dizzy", "faint", "A8"):
        assert word not in letter.body
    assert "/workspace/inbox/" in letter.body


def test_several_of_one_answer_are_one_mail_and_low_ones_none(plan, ana):
    report(ana, "dizzy", "chest", "weakness")
    assert Alert.objects.count() == 3
    assert len(mail.outbox) == 1
    mail.outbox.clear()
    sessions.record(
        session_id=uuid.uuid4(), plan=plan, by=ana.user, done={}, effort=9, at=timezone.now()
    )
    sessions.record(
        session_id=uuid.uuid4(), plan=plan, by=ana.user, done={}, effort=9, at=timezone.now()
    )
    assert Alert.objects.filter(rule="A17").exists()
    assert mail.outbox == []


def test_who_enters_it_from_paper_is_not_told_of_it(plan, ana, priya):
    report(ana, "dizzy", by=priya)
    assert mail.outbox == []


# Worked on


def test_the_first_look_is_kept_once(alert, priya, colm):
    alert_work.see(alert=alert, by=priya)
    alert_work.see(alert=Alert.objects.get(), by=colm)
    [step] = alert.steps.all()
    assert (step.kind, step.by) == (StepKind.SEEN, priya)


def test_taking_it_twice_is_once(alert, team, colm):
    for _ in range(2):
        alert = alert_work.take(alert=alert, by=colm)
    assert steps_of(alert) == ["taken"]


def test_handed_over_to_the_care_team_only(alert, team, priya, colm, olive, ruth):
    mail.outbox.clear()
    handed = alert_work.hand_over(alert=alert, to=colm, by=priya, words="He knows her better.")
    assert handed.owner == colm
    assert [letter.to for letter in mail.outbox] == [["colm@riverside.test"]]
    step = alert.steps.get()
    assert (step.kind, step.to, step.words) == ("handed", colm, "He knows her better.")
    assert newest("alert.worked").detail == {"step": "handed"}
    for other in (olive, ruth):
        with pytest.raises(ValidationError):
            alert_work.hand_over(alert=alert, to=other, by=priya)


def test_put_off_with_a_reason_and_a_bound(alert, priya):
    until = timezone.now() + dt.timedelta(hours=2)
    with pytest.raises(ValidationError, match="Say why"):
        alert_work.snooze(alert=alert, until=until, words="later", by=priya)
    for wrong in (timezone.now() - dt.timedelta(1), alert.due_at + dt.timedelta(days=2)):
        with pytest.raises(ValidationError, match="longer than"):
            alert_work.snooze(alert=alert, until=wrong, words=WORDS, by=priya)
    put_off = alert_work.snooze(alert=alert, until=until, words=WORDS, by=priya)
    assert put_off.stage is Stage.SNOOZED
    assert not Alert.objects.waiting().exists()
    assert not put_off.is_overdue
    Alert.objects.update(snoozed_until=timezone.now() - dt.timedelta(minutes=1))
    assert Alert.objects.waiting().exists()


def test_what_is_critical_can_not_wait(critical, priya):
    until = timezone.now() + dt.timedelta(minutes=5)
    with pytest.raises(ValidationError, match="critical"):
        alert_work.snooze(alert=critical, until=until, words=WORDS, by=priya)


def test_putting_off_again_and_again_ends(alert, priya):
    for _ in range(3):
        until = timezone.now() + dt.timedelta(hours=20)
        alert_work.snooze(alert=alert, until=until, words=WORDS, by=priya)
    Alert.objects.update(due_at=timezone.now() - dt.timedelta(hours=23),
                         raised_at=timezone.now() - dt.timedelta(hours=47))  # fmt: skip
    with pytest.raises(ValidationError, match="longer than"):
        alert_work.snooze(
            alert=Alert.objects.get(), until=timezone.now() + dt.timedelta(hours=2),
            words=WORDS, by=priya,
        )  # fmt: skip


def test_the_history_ends_with_how_it_was_closed(alert, priya):
    alert_work.see(alert=alert, by=priya)
    alert_work.note(alert=alert, words=WORDS, by=priya)
    alerts.acknowledge(alert=alert, response="She is well again.", by=priya)
    assert steps_of(alert) == ["seen", "noted", "closed"]
    assert alert.steps.last().words == "She is well again."
    for act in (
        lambda: alert_work.take(alert=alert, by=priya),
        lambda: alert_work.note(alert=alert, words=WORDS, by=priya),
        lambda: alert_work.hand_over(alert=alert, to=priya, by=priya),
    ):
        with pytest.raises(ValidationError, match="closed"):
            act()


def test_steps_are_never_changed(alert, priya):
    alert_work.note(alert=alert, words=WORDS, by=priya)
    for act in (AlertStep.objects.all().delete, lambda: AlertStep.objects.update(words="")):
        with pytest.raises(DatabaseError, match="appended"), transaction.atomic():
            act()


# Time passes


def test_overdue_it_goes_to_the_second_reader_once(alert, clinic, colm, priya):
    clinic.second_reader = colm
    clinic.save()
    mail.outbox.clear()
    assert alert_work.escalate_overdue(clinic) == []
    late(alert)
    assert alert_work.escalate_overdue(clinic) == [alert]
    assert alert_work.escalate_overdue(clinic) == []
    alert.refresh_from_db()
    assert alert.owner == colm
    assert alert.is_overdue
    assert CareTeamMember.objects.filter(patient=alert.patient, therapist=colm).exists()
    assert sorted(letter.to[0] for letter in mail.outbox) == [
        "colm@riverside.test",
        "priya@riverside.test",
    ]
    assert {letter.subject for letter in mail.outbox} == {"An alert is overdue"}
    step = alert.steps.get()
    assert (step.kind, step.by, step.to) == ("escalated", None, colm)


def test_without_a_second_reader_the_team_is_told_again(alert, clinic, priya):
    mail.outbox.clear()
    late(alert)
    assert alert_work.escalate_overdue(clinic) == [alert]
    alert.refresh_from_db()
    assert alert.owner == priya
    assert [letter.to for letter in mail.outbox] == [["priya@riverside.test"]]


def test_a_second_reader_who_has_left_gets_nothing(alert, clinic, colm):
    clinic.second_reader = colm
    clinic.save()
    colm.is_active = False
    colm.save()
    clinic.refresh_from_db()
    late(alert)
    alert_work.escalate_overdue(clinic)
    alert.refresh_from_db()
    assert alert.owner != colm


def test_what_is_put_off_or_closed_does_not_go(alert, clinic, priya):
    until = timezone.now() + dt.timedelta(hours=1)
    alert_work.snooze(alert=alert, until=until, words=WORDS, by=priya)
    late(alert)
    assert alert_work.escalate_overdue(clinic) == []
    Alert.objects.update(snoozed_until=None)
    alerts.acknowledge(alert=alert, response="She is well again.", by=priya)
    assert alert_work.escalate_overdue(clinic) == []


# In the morning


def test_the_morning_mail_counts_and_names_nobody(alert, clinic, priya, colm):
    late(alert)  # and the plan has come to its end
    mail.outbox.clear()
    assert mornings.of_clinic(clinic) == 1
    [letter] = mail.outbox
    assert letter.to == ["priya@riverside.test"]
    assert "2 things wait for you, 2 of them longer than they should" in " ".join(
        letter.body.split()
    )
    assert "Ana" not in letter.body
