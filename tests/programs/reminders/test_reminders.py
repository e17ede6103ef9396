import datetime as dt
import uuid
from unittest.mock import patch

import pytest
from django.core import mail
from django.core.exceptions import ValidationError

from accounts.models import AuditEvent
from patients.actions import episodes
from programs.actions import check_ins, discharge, pauses, reminders
from programs.course import today
from programs.models import ReminderChoice, ReminderSlot
from programs.models.reminder import SlotState
from programs.reminders import letters
from tests.conftest import form_of, make_patient
from tests.programs.reminders.conftest import MONDAY, NINE, at, choose, log, pass_time

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.off_stage,
    pytest.mark.usefixtures("early"),
]


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
