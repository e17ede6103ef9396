"""Each reminder is sent at most once, whatever server, worker or queue do."""

from smtplib import SMTPDataError, SMTPRecipientsRefused
from unittest.mock import Mock

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import IntegrityError, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from patients import sms
from programs import jobs
from programs.actions import reminders
from programs.models import ReminderChoice, ReminderSlot
from programs.models.reminder import SlotState
from tests.programs.reminders.conftest import at, choose

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.off_stage,
    pytest.mark.usefixtures("early"),
]


def test_delivering_twice_sends_once(ana, daily, early):
    choose(ana)
    [slot] = reminders.claim_due(clinic_id=ana.clinic_id, now=at(ana, 9))
    stale = ReminderSlot.objects.select_related("patient__clinic", "patient__user").get()
    assert reminders.deliver(slot=slot, now=at(ana, 9)) == SlotState.SENT
    assert reminders.deliver(slot=stale, now=at(ana, 9)) == SlotState.SENT
    assert len(mail.outbox) == 1


def test_a_worker_that_died_while_sending_does_not_double_it(ana, daily, early):
    choose(ana)
    [slot] = reminders.claim_due(clinic_id=ana.clinic_id, now=at(ana, 9))
    ReminderSlot.objects.update(state=SlotState.SENDING)
    assert reminders.deliver(slot=slot, now=at(ana, 9)) == SlotState.SENDING
    assert mail.outbox == []


def test_a_mail_server_that_is_away_is_tried_again(ana, daily, early, monkeypatch):
    choose(ana)
    [slot] = reminders.claim_due(clinic_id=ana.clinic_id, now=at(ana, 9))
    monkeypatch.setattr(EmailBackend, "open", Mock(side_effect=ConnectionRefusedError))
    with pytest.raises(ConnectionRefusedError):
        reminders.deliver(slot=slot, now=at(ana, 9))
    monkeypatch.undo()
    assert ReminderSlot.objects.get().state == SlotState.WAITING


def test_a_refused_mail_is_not_tried_again_and_the_log_names_nobody(
    ana, daily, early, monkeypatch, caplog
):
    choose(ana)
    [slot] = reminders.claim_due(clinic_id=ana.clinic_id, now=at(ana, 9))
    refused = SMTPRecipientsRefused({ana.user.email: (550, b"No such person")})
    monkeypatch.setattr(EmailBackend, "send_messages", Mock(side_effect=refused))
    assert reminders.deliver(slot=slot, now=at(ana, 9)) == SlotState.FAILED
    assert reminders.deliver(slot=ReminderSlot.objects.get(), now=at(ana, 9)) == SlotState.FAILED
    assert "SMTPRecipientsRefused" in caplog.text
    assert ana.user.email not in caplog.text


@pytest.mark.parametrize(
    "later",
    [
        lambda address: SMTPRecipientsRefused({address: (450, b"Ana: greylisted")}),
        lambda address: SMTPDataError(451, b"Ana: try again"),
    ],
)
def test_a_server_that_says_later_is_tried_again_and_gets_it_once(
    ana, daily, early, monkeypatch, later
):
    choose(ana)
    [slot] = reminders.claim_due(clinic_id=ana.clinic_id, now=at(ana, 9))
    send = Mock(side_effect=later(ana.user.email))
    with monkeypatch.context() as patch:
        patch.setattr(EmailBackend, "send_messages", send)
        with pytest.raises(OSError, match=r"^SMTP[A-Za-z]+$") as raised:  # and nobody's address
            reminders.deliver(slot=slot, now=at(ana, 9))
    assert jobs.TRY_AGAIN.get_retry_decision(exception=raised.value, job=Mock(attempts=1))
    slot = ReminderSlot.objects.get()
    assert (slot.state, slot.settled_at) == (SlotState.WAITING, None)
    for _ in range(2):
        assert reminders.deliver(slot=slot, now=at(ana, 9)) == SlotState.SENT
    assert len(mail.outbox) == 1


def test_the_database_holds_one_row_a_slot(ana, daily, early):
    choose(ana)
    [slot] = reminders.claim_due(clinic_id=ana.clinic_id, now=at(ana, 9))
    with pytest.raises(IntegrityError), transaction.atomic():
        ReminderSlot.objects.create(
            patient=ana, channel="email", on=slot.on, at=slot.at, due_at=slot.due_at
        )


def test_the_same_slot_claimed_again_is_not_handed_out(ana, daily, early):
    choice = choose(ana)
    assert len(reminders.claim_due(clinic_id=ana.clinic_id, now=at(ana, 9))) == 1
    ReminderChoice.objects.filter(pk=choice.pk).update(next_at=at(ana, 9))  # as if it were lost
    assert reminders.claim_due(clinic_id=ana.clinic_id, now=at(ana, 9)) == []


def test_each_minute_a_job_is_queued_for_each_slot(ana, daily, early):
    choose(ana)
    early.set(at(ana, 9))
    for _ in range(2):
        jobs.queue_reminders(timestamp=0)
    [job] = ProcrastinateJob.objects.filter(task_name="programs.jobs.send_reminder")
    slot = ReminderSlot.objects.get()
    assert job.args == {"slot_id": str(slot.pk), "clinic_id": str(ana.clinic_id)}
    jobs.send_reminder(**job.args)
    jobs.send_reminder(**job.args)
    assert len(mail.outbox) == 1


def test_a_slot_whose_job_is_lost_is_taken_up_and_sent_once(ana, daily, early):
    choose(ana)
    early.set(at(ana, 9))
    [slot] = reminders.claim_due(clinic_id=ana.clinic_id, now=at(ana, 9))
    # Here the worker dies, before it has queued a job.
    for _ in range(2):
        jobs.queue_reminders(timestamp=0)
    [job] = ProcrastinateJob.objects.filter(task_name="programs.jobs.send_reminder")
    assert job.args == {"slot_id": str(slot.pk), "clinic_id": str(ana.clinic_id)}
    jobs.send_reminder(**job.args)
    jobs.send_reminder(**job.args)
    assert len(mail.outbox) == 1


@pytest.mark.parametrize("state", [SlotState.SENDING, SlotState.SENT, SlotState.FAILED])
def test_a_slot_that_left_waiting_is_not_taken_up(ana, daily, early, state):
    choose(ana)
    early.set(at(ana, 9))
    reminders.claim_due(clinic_id=ana.clinic_id, now=at(ana, 9))
    ReminderSlot.objects.update(state=state)
    jobs.queue_reminders(timestamp=0)
    assert not ProcrastinateJob.objects.filter(task_name="programs.jobs.send_reminder").exists()


def test_a_slot_that_waited_too_long_is_dropped(ana, daily, early):
    choose(ana)
    reminders.claim_due(clinic_id=ana.clinic_id, now=at(ana, 9))
    early.set(at(ana, 11))
    jobs.queue_reminders(timestamp=0)
    [job] = ProcrastinateJob.objects.filter(task_name="programs.jobs.send_reminder")
    jobs.send_reminder(**job.args)
    assert ReminderSlot.objects.get().state == SlotState.LATE
    assert mail.outbox == []


def test_the_queue_looks_only_at_those_whose_time_has_come(
    ana, daily, early, priya, django_assert_num_queries
):
    choose(ana)
    with django_assert_num_queries(3):  # savepoint, rows, release
        reminders.claim_due(clinic_id=ana.clinic_id, now=at(ana, 8))


def test_a_text_that_was_surely_not_sent_is_tried_again(ana, daily, early, settings, caplog):
    """Of any other the log says what the service answered, and no number."""
    settings.SMS_BACKEND = "tests.programs.reminders.test_at_most_once.Busy"
    Busy.errors = [sms.LaterError("It answers 429."), sms.RefusedError("It answers 401.")]
    ana.phone = "555-0199"
    ana.save()
    choose(ana, by_sms=True, by_email=False)
    [slot] = reminders.claim_due(clinic_id=ana.clinic_id, now=at(ana, 9))
    with pytest.raises(OSError, match="LaterError"):
        reminders.deliver(slot=slot, now=at(ana, 9))
    slot.refresh_from_db()
    assert slot.state == SlotState.WAITING
    assert reminders.deliver(slot=slot, now=at(ana, 9, 1)) == SlotState.FAILED
    assert "It answers 401." in caplog.text
    assert "0199" not in caplog.text


class Busy:
    errors: list = []

    def send(self, *, to, text):
        raise self.errors.pop(0)
