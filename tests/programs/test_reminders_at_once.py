"""Several workers at the same moment: real threads, real transactions, the real queue."""

import os
import subprocess
import sys
from unittest.mock import patch

import pytest
from django.conf import settings
from django.core import mail
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.permissions import Role
from patients.models import Patient
from programs import jobs
from programs.actions import reminders
from programs.models import ReminderChoice, ReminderSlot
from programs.models.reminder import SlotState
from tests.conftest import (
    give_login,
    make_clinic,
    make_episode,
    make_patient,
    make_plan,
    make_user,
)
from tests.patients.test_messages_at_once import at_once

WORKERS = 4


@pytest.fixture
def patients(committed):
    """Three with a plan and a reminder that is due this minute."""
    priya = make_user(make_clinic(), "Priya", Role.THERAPIST)
    for name in ("Ana", "Bert", "Cleo"):
        patient = make_patient(priya, name)
        give_login(patient, priya)
        patient.refresh_from_db()
        make_plan(make_episode(patient, priya), priya)
        wall = timezone.now().astimezone(patient.clinic.zone)
        choice = reminders.choose(
            patient=patient,
            by=patient.user,
            by_email=True,
            times=[wall.time().replace(second=0, microsecond=0)],
        )
        ReminderChoice.objects.filter(pk=choice.pk).update(
            next_at=wall.replace(second=0, microsecond=0)
        )
    return list(Patient.objects.order_by("first_name"))


def test_workers_at_once_make_each_slot_once(patients):
    now = timezone.now()
    handed_out = at_once(WORKERS, lambda index: reminders.claim_due(now=now))
    assert sorted(len(slots) for slots in handed_out)[-1] >= 1
    assert sum(len(slots) for slots in handed_out) == 3
    assert ReminderSlot.objects.count() == 3


def test_workers_at_once_send_each_slot_once(patients):
    now = timezone.now()
    [first, *_] = reminders.claim_due(now=now)

    def work(index):
        slot = ReminderSlot.objects.select_related("patient__clinic", "patient__user").get(
            pk=first.pk
        )
        return reminders.deliver(slot=slot, now=now)

    with patch("programs.reminding.is_wanted", return_value=True):
        states = at_once(WORKERS, work)
    assert len(mail.outbox) == 1
    assert states.count(SlotState.SENT) >= 1
    assert set(states) <= {SlotState.SENT, SlotState.SENDING}


def test_two_real_workers_empty_the_queue_and_send_each_once(patients, tmp_path):
    """Two processes as in production, with every job in the queue twice."""
    jobs.queue_reminders(timestamp=0)
    for slot in ReminderSlot.objects.all():
        jobs.send_reminder.defer(slot_id=str(slot.pk))
    assert ProcrastinateJob.objects.count() == 6
    letters = tmp_path / "letters"
    env = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.worker_settings",
        "TEST_DATABASE": settings.DATABASES["default"]["NAME"],
        "TEST_LETTERS": str(letters),
    }
    code = (
        "import django; django.setup();"
        "from django.core.management import call_command;"
        "call_command('procrastinate', 'worker', '--one-shot')"
    )
    workers = [
        subprocess.Popen([sys.executable, "-c", code], env=env, cwd=settings.BASE_DIR)
        for _ in range(2)
    ]
    assert [worker.wait(timeout=60) for worker in workers] == [0, 0]
    assert set(ProcrastinateJob.objects.values_list("status", flat=True)) == {"succeeded"}
    # The weekly check-in of a plan that is six weeks old is due on every day of the week.
    assert set(ReminderSlot.objects.values_list("state", flat=True)) == {SlotState.SENT}
    assert len(list(letters.iterdir())) == 3
