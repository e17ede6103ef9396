"""What the worker does by the clock. Each job is safe to run twice, also at the same moment."""

import datetime as dt
from collections.abc import Iterable

from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from accounts import wall
from accounts.models import Clinic
from accounts.queue import each, enqueue, left_behind
from programs.actions import alert_work, clock_alerts, covering, mornings, reminders
from programs.models import ReminderSlot
from programs.models.reminder import SlotState

# While the mail server is away; a slot that comes too late is dropped by `deliver`.
TRY_AGAIN = RetryStrategy(max_attempts=12, wait=300, retry_exceptions=[OSError])
MOST_ROUNDS = 50


@app.periodic(cron="* * * * *")
@app.task(queue="clock", queueing_lock="queue_reminders")
def queue_reminders(timestamp: int) -> None:
    """Every minute, clinic by clinic: a job for each slot that is due, in the transaction that
    makes the slot.

    And one for each that waits without a job, whatever became of it; `deliver` drops the late ones.
    """
    for clinic_id in Clinic.objects.values_list("pk", flat=True):
        with wall.in_clinic(clinic_id):
            waiting = ReminderSlot.objects.filter(clinic=clinic_id, state=SlotState.WAITING)
            _queue(left_behind(waiting, send_reminder, "slot_id"))
        for _ in range(MOST_ROUNDS):
            with wall.in_clinic(clinic_id):
                slots = reminders.claim_due(clinic_id=clinic_id, now=timezone.now())
                _queue(slots)
            if not slots:
                break


def _queue(slots: Iterable[ReminderSlot]) -> None:
    for slot in slots:
        enqueue(send_reminder, slot_id=str(slot.pk), clinic_id=str(slot.clinic_id))


@app.task(queue="mail", retry=TRY_AGAIN)
def send_reminder(slot_id: str, clinic_id: str) -> None:
    with wall.in_clinic(clinic_id):
        slots = ReminderSlot.objects.select_related("patient__clinic", "patient__user")
        slot = slots.filter(pk=slot_id).first()
    if slot is None:  # the patient was erased meanwhile
        return
    reminders.deliver(slot=slot, now=timezone.now())


@app.periodic(cron="7 * * * *")
@app.task(queue="clock", queueing_lock="queue_alerts")
def queue_alerts(timestamp: int) -> None:
    """Every hour, a job for each clinic."""
    for clinic_id in Clinic.objects.values_list("pk", flat=True):
        enqueue(raise_alerts, clinic_id=str(clinic_id))


@app.periodic(cron="*/5 * * * *")
@app.task(queue="clock", queueing_lock="escalate_alerts")
def escalate_alerts(timestamp: int) -> None:
    """Every five minutes: what nobody has closed in its time goes to the second reader."""
    each(Clinic.objects.select_related("second_reader"), alert_work.escalate_overdue)


@app.periodic(cron="3 * * * *")
@app.task(queue="clock", queueing_lock="keep_up_covers")
def keep_up_covers(timestamp: int) -> None:
    """Every hour, as clinics' days begin at different hours: who is away, and who is back."""
    each(Clinic.objects.all(), covering.keep_up)


@app.periodic(cron="0 * * * *")
@app.task(queue="clock", queueing_lock="morning_mail")
def morning_mail(timestamp: int) -> None:
    """At the clinic's hour each therapist with something waiting is told how much it is."""
    now = timezone.now()
    every = Clinic.objects.exclude(digest_hour=None)
    each((one for one in every if _hour(one, now) == one.digest_hour), mornings.of_clinic)


def _hour(clinic: Clinic, now: dt.datetime) -> int:
    return now.astimezone(clinic.zone).hour


@app.task(queue="clock")
def raise_alerts(clinic_id: str) -> None:
    clock_alerts.of_clinic(Clinic.objects.get(pk=clinic_id))
