"""Several workers at the same moment: real threads, real transactions, the real queue."""

import os
import re
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress
from unittest.mock import patch

import pytest
from django.conf import settings
from django.core import mail
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import AlreadyEnqueued

from accounts.models import Clinic
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
MANY = 41
RUN = (
    "import django; django.setup();"
    "from django.core.management import call_command;"
    "call_command('procrastinate', 'worker', {})"
)


def due_now(names):
    """Patients with a plan and a reminder that is due this minute."""
    priya = make_user(make_clinic(), "Priya", Role.THERAPIST)
    for name in names:
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


@pytest.fixture
def patients(committed):
    due_now(["Ana", "Bert", "Cleo"])
    return list(Patient.objects.order_by("first_name"))


@pytest.fixture
def many(committed):
    due_now([f"Patient{number}" for number in range(MANY)])


def test_workers_at_once_make_each_slot_once(patients):
    now, clinic_id = timezone.now(), Clinic.objects.get().pk
    handed_out = at_once(WORKERS, lambda index: reminders.claim_due(clinic_id=clinic_id, now=now))
    assert sorted(len(slots) for slots in handed_out)[-1] >= 1
    assert sum(len(slots) for slots in handed_out) == 3
    assert ReminderSlot.objects.count() == 3


def test_workers_at_once_send_each_slot_once(patients):
    now = timezone.now()
    [first, *_] = reminders.claim_due(clinic_id=Clinic.objects.get().pk, now=now)

    def work(index):
        slot = ReminderSlot.objects.select_related("patient__clinic", "patient__user").get(
            pk=first.pk
        )
        return reminders.deliver(slot=slot, now=now)

    with patch("programs.reminders.wanted.is_wanted", return_value=True):
        states = at_once(WORKERS, work)
    assert len(mail.outbox) == 1
    assert states.count(SlotState.SENT) >= 1
    assert set(states) <= {SlotState.SENT, SlotState.SENDING}


def worker(letters, *options):
    """A process as in production, on the test's database, with mail as files in `letters`."""
    env = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.worker_settings",
        "TEST_DATABASE": settings.DATABASES["default"]["NAME"],
        "TEST_LETTERS": str(letters),
    }
    code = RUN.format(", ".join(map(repr, options)))
    return subprocess.Popen([sys.executable, "-c", code], env=env, cwd=settings.BASE_DIR)


def addressed(letters):
    """To whom, a letter each. A file is opened by each connection: it may hold some, or none."""
    texts = "".join(path.read_text() for path in letters.iterdir())
    return re.findall(r"^To: (\S+)", texts, re.MULTILINE)


def wait_until(is_so, seconds=60):
    deadline = time.monotonic() + seconds
    while not is_so() and time.monotonic() < deadline:
        time.sleep(0.1)


def all_settled():
    waiting = ReminderSlot.objects.filter(state__in=[SlotState.WAITING, SlotState.SENDING])
    return ReminderSlot.objects.count() == MANY and not waiting.exists()


def make_due_again():
    wall = timezone.now().astimezone(Clinic.objects.get().zone).replace(second=0, microsecond=0)
    ReminderSlot.objects.all().delete()
    ReminderChoice.objects.update(times=[wall.time()], next_at=wall)


def test_however_many_work_at_once_every_due_reminder_is_sent_once(many, tmp_path):
    """The workers make the slots themselves, and queue the jobs, as they do each minute."""
    for processes, at_a_time in [(1, 1), (1, 4), (2, 1), (4, 1)]:
        make_due_again()
        letters = tmp_path / f"{processes}-{at_a_time}"
        # A worker that saw a new minute on its way out has queued the same job, as it should.
        with suppress(AlreadyEnqueued):
            jobs.queue_reminders.defer(timestamp=0)
        workers = [worker(letters, f"--concurrency={at_a_time}") for _ in range(processes)]
        try:
            wait_until(all_settled)
        finally:
            for one in workers:
                one.terminate()
            ends = [one.wait(timeout=30) for one in workers]
        assert ends == [0] * processes
        states = Counter(ReminderSlot.objects.values_list("state", flat=True))
        assert states == {SlotState.SENT: MANY}, letters.name
        addresses = addressed(letters)
        assert len(set(addresses)) == len(addresses) == MANY, letters.name


def test_two_real_workers_empty_the_queue_and_send_each_once(patients, tmp_path):
    """Two processes as in production, with every job in the queue twice."""
    jobs.queue_reminders(timestamp=0)
    for slot in ReminderSlot.objects.all():
        jobs.send_reminder.defer(slot_id=str(slot.pk), clinic_id=str(slot.clinic_id))
    assert ProcrastinateJob.objects.count() == 6
    letters = tmp_path / "letters"
    workers = [worker(letters, "--one-shot") for _ in range(2)]
    assert [one.wait(timeout=60) for one in workers] == [0, 0]
    assert set(ProcrastinateJob.objects.values_list("status", flat=True)) == {"succeeded"}
    # The weekly check-in of a plan that is six weeks old is due on every day of the week.
    assert set(ReminderSlot.objects.values_list("state", flat=True)) == {SlotState.SENT}
    addresses = addressed(letters)
    assert len(set(addresses)) == len(addresses) == 3
