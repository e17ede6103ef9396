import datetime as dt
import uuid
from smtplib import SMTPDataError, SMTPRecipientsRefused
from unittest.mock import Mock, patch

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.mail.backends.locmem import EmailBackend
from django.db import IntegrityError, transaction
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.models import AuditEvent, Clinic
from patients.actions import episodes
from programs import jobs
from programs.actions import check_ins, discharge, pauses, reminders, sessions
from programs.course import today
from programs.models import ReminderChoice, ReminderSlot
from programs.models.reminder import SlotState
from programs.reminders import letters
from tests.conftest import form_of, make_patient

pytestmark = [pytest.mark.django_db, pytest.mark.off_stage]
MONDAY, NINE = dt.date(2026, 11, 23), dt.time(9)


def choose(patient, **fields):
    wanted = {"times": [NINE], "by_email": True, **fields}
    return reminders.choose(patient=patient, by=patient.user, **wanted)


def at(patient, hour, minute=0, days=0):
    """A moment of the Monday, or some days later, on the clinic's wall."""
    day = MONDAY + dt.timedelta(days=days)
    return dt.datetime.combine(day, dt.time(hour, minute), tzinfo=patient.clinic.zone)


@pytest.fixture(autouse=True)
def early(monkeypatch):
    """It is six in the morning in New York on a Monday; `now.set` moves the clock."""

    class Clock:
        moment = dt.datetime(2026, 11, 23, 11, tzinfo=dt.UTC)

        def set(self, moment):
            self.moment = moment

    clock = Clock()
    monkeypatch.setattr(timezone, "now", lambda: clock.moment)
    return clock


def pass_time(clock, moment):
    """What the worker does each minute, at one moment: the states of the slots it sent for."""
    clock.set(moment)
    [clinic_id] = Clinic.objects.values_list("pk", flat=True)
    slots = reminders.claim_due(clinic_id=clinic_id, now=moment)
    return [reminders.deliver(slot=slot, now=moment).value for slot in slots]


def log(plan, **fields):
    rows = plan.prescriptions.filter(phase__number=1, included=True)
    done = dict.fromkeys([row.pk for row in rows], "all")
    return sessions.record(
        session_id=uuid.uuid4(), plan=plan, done=done, by=plan.patient.user, **fields
    )


@pytest.fixture
def daily(plan):
    """Something is due each day, once."""
    with (
        patch("programs.course.course.sessions_due", return_value=1),
        patch("programs.course.today._forms_due", return_value=[]),
    ):
        yield plan


def test_at_the_chosen_time_one_email_goes_out(ana, daily, early):
    choose(ana)
    assert pass_time(early, at(ana, 8, 59)) == []
    assert pass_time(early, at(ana, 9)) == ["sent"]
    assert pass_time(early, at(ana, 9, 1)) == []
    assert [letter.to for letter in mail.outbox] == [[ana.user.email]]
    assert pass_time(early, at(ana, 9, days=1)) == ["sent"]


def test_in_the_patients_own_zone(ana, daily, early):
    choose(ana, time_zone="America/Los_Angeles")
    assert pass_time(early, at(ana, 9)) == []
    assert pass_time(early, at(ana, 12)) == ["sent"]


def test_quiet_when_all_is_done(ana, daily, early):
    choose(ana)
    log(daily)
    assert pass_time(early, at(ana, 9)) == ["quiet"]
    assert mail.outbox == []


def test_of_two_sessions_the_first_time_asks_for_one(ana, plan, early):
    with (
        patch("programs.course.course.sessions_due", return_value=2),
        patch("programs.course.today._forms_due", return_value=[]),
    ):
        choose(ana, times=[NINE, dt.time(17)])
        log(plan)
        assert pass_time(early, at(ana, 9)) == ["quiet"]
        assert pass_time(early, at(ana, 17)) == ["sent"]
        log(plan)
        assert pass_time(early, at(ana, 9, days=1)) == ["sent"]


def test_quiet_on_a_rest_day(ana, plan, early):
    with (
        patch("programs.course.course.due_on", return_value=[]),
        patch("programs.course.today._forms_due", return_value=[]),
    ):
        choose(ana)
        assert pass_time(early, at(ana, 9)) == ["quiet"]


def test_a_check_in_is_asked_for_on_three_days_of_each_week(ana, plan, early):
    """Weekly since six weeks ago, never answered; nothing else is due."""
    choose(ana)
    with patch("programs.course.course.due_on", return_value=[]):
        states = [pass_time(early, at(ana, 9, days=days)) for days in range(8)]
    assert states == [["sent"]] * 3 + [["quiet"]] * 4 + [["sent"]]


def test_quiet_while_paused(ana, daily, early, priya):
    choose(ana)
    pauses.pause(plan=daily, why="holiday", by=priya)
    assert pass_time(early, at(ana, 9)) == ["quiet"]


def test_quiet_after_the_plan_ended(ana, daily, early, priya):
    choose(ana)
    discharge.end_care(episode=daily.episode, outcome="goals_met", by=priya)
    assert pass_time(early, at(ana, 9)) == ["quiet"]


def test_quiet_while_a_red_flag_is_open(ana, daily, early, priya):
    choose(ana)
    early.set(at(ana, 7))
    episodes.record_screen(episode=daily.episode, present=["new_weakness"], by=priya)
    assert pass_time(early, at(ana, 9)) == ["quiet"]


def test_quiet_without_any_plan(ana, early):
    choose(ana)
    assert pass_time(early, at(ana, 9)) == ["quiet"]


def test_a_check_in_that_is_due_is_reminded_also_on_a_rest_day(ana, plan, early):
    """At the day's first time, on the first three days only."""
    choose(ana, times=[NINE, dt.time(17)])
    with patch("programs.course.course.due_on", return_value=[]):
        [form] = today.load(ana).forms_due
        assert form.every_days == 7
        assert (MONDAY - plan.starts_on).days % 7 == 0  # due from this Monday on
        expected = ["sent", "sent", "sent", "quiet"]
        for days, first in enumerate(expected):
            assert pass_time(early, at(ana, 9, days=days)) == [first]
            assert pass_time(early, at(ana, 17, days=days)) == ["quiet"]


def test_a_check_in_is_reminded_again_when_it_is_due_again(ana, plan, early):
    choose(ana)
    answer = {"plan": plan, "form": form_of(plan), "answers": {"M2": {}}, "by": ana.user}
    check_ins.record(check_in_id=uuid.uuid4(), **answer)
    with patch("programs.course.course.due_on", return_value=[]):
        states = [pass_time(early, at(ana, 9, days=days)) for days in range(11)]
    assert [state for [state] in states] == ["quiet"] * 7 + ["sent"] * 3 + ["quiet"]


def test_once_more_later_that_day_if_nothing_was_logged(ana, daily, early):
    choose(ana, repeat=True)
    assert pass_time(early, at(ana, 9)) == ["sent"]
    assert pass_time(early, at(ana, 12)) == ["sent"]
    assert pass_time(early, at(ana, 21)) == []
    assert pass_time(early, at(ana, 9, days=1)) == ["sent"]
    log(daily)
    assert pass_time(early, at(ana, 12, days=1)) == ["quiet"]


def test_without_the_wish_nothing_is_repeated(ana, daily, early):
    choose(ana)
    pass_time(early, at(ana, 9))
    assert pass_time(early, at(ana, 12)) == []


def test_late_slots_are_dropped(ana, daily, early):
    choose(ana)
    assert pass_time(early, at(ana, 10, 1)) == []
    assert ReminderSlot.objects.get().state == SlotState.LATE
    assert pass_time(early, at(ana, 9, days=1)) == ["sent"]


def test_a_slot_that_waited_too_long_in_the_queue_is_dropped(ana, daily, early):
    choose(ana)
    [slot] = reminders.claim_due(clinic_id=ana.clinic_id, now=at(ana, 9))
    assert reminders.deliver(slot=slot, now=at(ana, 10, 1)) == SlotState.LATE
    assert mail.outbox == []


def test_after_a_week_without_a_worker_only_the_last_day_leaves_a_trace(ana, daily, early):
    choose(ana, times=[NINE, dt.time(17)])
    assert pass_time(early, at(ana, 9, 30, days=7)) == ["sent"]
    assert ReminderSlot.objects.count() == 2  # 17:00 of the day before, dropped, and today's


def test_switched_off_meanwhile_is_quiet(ana, daily, early):
    choose(ana)
    [slot] = reminders.claim_due(clinic_id=ana.clinic_id, now=at(ana, 9))
    choose(ana, by_email=False)
    assert reminders.deliver(slot=slot, now=at(ana, 9)) == SlotState.QUIET


def test_moved_meanwhile_is_quiet(ana, daily, early):
    choose(ana)
    [slot] = reminders.claim_due(clinic_id=ana.clinic_id, now=at(ana, 9))
    choose(ana, times=[dt.time(10)])
    assert reminders.deliver(slot=slot, now=at(ana, 9)) == SlotState.QUIET


def test_a_closed_account_is_quiet(ana, daily, early):
    choose(ana)
    ana.user.is_active = False
    ana.user.save()
    assert pass_time(early, at(ana, 9)) == ["quiet"]


# At most once


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


# What it says


def test_a_reminder_tells_nothing_about_health(ana, daily, early, clinic):
    choose(ana)
    pass_time(early, at(ana, 9))
    [letter] = mail.outbox
    text = f"{letter.subject}\n{letter.body}".lower()
    hidden = ["exercise", "session", "pain", "foot ", "feet", "nerve", "therap", "clinic", "plan"]
    hidden += [clinic.name.lower(), "reyes", daily.title.lower(), str(ana.pk)]
    hidden += [row.shown.plain_title.lower() for row in daily.prescriptions.all()]
    for word in hidden:
        assert word not in text, word
    assert "hello ana" in text
    assert "/portal/" in text


def test_it_can_be_ended_with_one_click(ana, daily, early):
    choice = choose(ana)
    letter = letters.email(ana, choice)
    off = f"/portal/reminders/off/{letters.off_token(choice)}/"
    assert letter.extra_headers["List-Unsubscribe"].endswith(f"{off}>")
    assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert off in letter.body


def test_text_messages_go_through_the_chosen_service(ana, daily, early, settings):
    sent = []
    settings.SMS_BACKEND = "tests.programs.reminders.test_reminders.Service"
    Service.sent = sent
    ana.phone = "555-0199"
    ana.save()
    choose(ana, by_sms=True, by_email=False)
    assert pass_time(early, at(ana, 9)) == ["sent"]
    [(to, text)] = sent
    assert to == "555-0199"
    assert text.startswith("Footing: something is waiting for you today.")
    assert mail.outbox == []


class Service:
    sent: list = []

    def send(self, *, to, text):
        self.sent.append((to, text))


# Choosing


def test_choosing_is_audited_and_sets_the_next_moment(ana, early):
    choice = choose(ana, times=[NINE, dt.time(17)])
    assert choice.next_at == at(ana, 9)
    event = AuditEvent.objects.get(action="reminders.chosen")
    assert event.detail == {"email": True, "sms": False}
    assert choose(ana, by_email=False).next_at is None
    assert ReminderChoice.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"times": []}, "blank"),
        ({"times": [NINE] * 4}, "3"),
        ({"time_zone": "Mars/One"}, "time zone"),
    ],
)
def test_what_makes_no_sense_is_refused(ana, fields, words):
    with pytest.raises(ValidationError, match=words):
        choose(ana, **fields)


def test_a_patient_without_a_login_gets_nothing(priya, early):
    cleo = make_patient(priya, "Cleo")
    reminders.choose(patient=cleo, by=priya, times=[NINE], by_email=True)
    assert pass_time(early, at(cleo, 9)) == ["quiet"]
