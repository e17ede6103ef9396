"""Choosing reminders, and sending each at most once."""

import datetime as dt
import logging
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import audit, wall
from accounts.mail import is_for_later
from accounts.models import User
from accounts.stale import require_read
from patients import sms
from patients.models import Patient
from programs.models import ReminderChoice, ReminderSlot
from programs.models.reminder import Channel, SlotState
from programs.reminders import letters, wanted
from programs.timing.reminders import Slot, next_slot, slots_between

log = logging.getLogger(__name__)
# A reminder that comes later than this says the wrong thing: it is dropped.
LATE_AFTER = dt.timedelta(hours=1)
# How far back slots are looked up after the worker was away; older ones leave no trace.
LOOK_BACK = dt.timedelta(days=1)
AT_ONCE = 200


@transaction.atomic
def choose(*, patient: Patient, by: User, read: str | None = None, **fields: Any) -> ReminderChoice:
    """What the patient wants from now on. Raises ValidationError for no or too many times,
    StaleError when it was chosen otherwise since the page with the stamp `read` was made.
    """
    Patient.objects.select_for_update(no_key=True).get(pk=patient.pk)  # two tabs take turns
    choice = ReminderChoice.objects.select_for_update().filter(patient=patient).first()
    choice = choice or ReminderChoice(patient=patient, clinic_id=patient.clinic_id)
    require_read(choice, fields, read)
    choice.patient = patient
    for name, value in fields.items():
        setattr(choice, name, value)
    choice.clean_fields()
    choice.next_at = _next_at(choice, timezone.now())
    choice.full_clean()
    choice.save()
    audit.record(
        action=audit.Action.REMINDERS_CHOSEN,
        patient=patient,
        by=by,
        subject=choice,
        email=choice.by_email,
        sms=choice.by_sms,
    )
    return choice


def stop_emails(*, choice: ReminderChoice) -> None:
    """By the link in an email: whoever holds it speaks for the patient. Safe to repeat."""
    user = choice.patient.user
    if choice.by_email and user is not None:
        choose(patient=choice.patient, by=user, by_email=False)


def _next_at(choice: ReminderChoice, now: dt.datetime) -> dt.datetime | None:
    if not choice.channels:
        return None
    return next_slot(now, choice.times, choice.zone, repeat=choice.repeat).due_at


def claim_due(*, clinic_id: UUID, now: dt.datetime) -> list[ReminderSlot]:
    """Make a clinic's slots that are due and hand them out, each to one caller only.

    Rows that another worker holds are skipped; who comes later finds `next_at` in the future. The
    constraint on the slot holds even where both would fail. At most `AT_ONCE` patients a call.
    """
    claimed = []
    with transaction.atomic():
        due = (
            ReminderChoice.objects.filter(clinic=clinic_id, next_at__lte=now)
            .select_related("patient__clinic")
            .select_for_update(of=("self",), skip_locked=True)
            .order_by("next_at")[:AT_ONCE]
        )
        for choice in due:
            claimed += _claim(choice, now)
            choice.next_at = _next_at(choice, now)
            choice.save(update_fields=["next_at"])
    return claimed


def _claim(choice: ReminderChoice, now: dt.datetime) -> list[ReminderSlot]:
    assert choice.next_at is not None
    after = max(choice.next_at - dt.timedelta(microseconds=1), now - LOOK_BACK)
    slots = slots_between(after, now, choice.times, choice.zone, repeat=choice.repeat)
    made = [_made(choice, slot, channel, now) for slot in slots for channel in choice.channels]
    return [slot for slot in made if slot is not None and slot.state == SlotState.WAITING]


def _made(
    choice: ReminderChoice, slot: Slot, channel: Channel, now: dt.datetime
) -> ReminderSlot | None:
    """None when it exists already."""
    is_late = now - slot.due_at > LATE_AFTER
    try:
        with transaction.atomic():
            made: ReminderSlot = ReminderSlot.objects.create(
                patient=choice.patient,
                channel=channel,
                on=slot.on,
                at=slot.at,
                is_repeat=slot.is_repeat,
                due_at=slot.due_at,
                state=SlotState.LATE if is_late else SlotState.WAITING,
                settled_at=now if is_late else None,
            )
    except IntegrityError:
        return None
    return made


def deliver(*, slot: ReminderSlot, now: dt.datetime) -> SlotState:
    """Send it if it is still wanted; returns how it ended. Never called within a transaction.

    The slot leaves 'waiting' before anything is sent, so that a crash in between loses a reminder
    and never doubles it. Raises OSError while the mail server can't be reached or says to come
    later: nothing was sent, and it may be tried again.
    """
    if slot.state != SlotState.WAITING:
        return SlotState(slot.state)
    if now - slot.due_at > LATE_AFTER:
        return _settle(slot, SlotState.LATE, now)
    with wall.in_clinic(slot.clinic_id):
        choices = ReminderChoice.objects.select_related("patient__clinic")
        choice = choices.get(patient=slot.patient_id)
        is_wanted = wanted.is_wanted(slot, choice)
    if not is_wanted:
        return _settle(slot, SlotState.QUIET, now)
    with letters.way_out(slot.channel) as way:
        if not _moved(slot, SlotState.WAITING, SlotState.SENDING, now):
            with wall.in_clinic(slot.clinic_id):
                slot.refresh_from_db()
            return SlotState(slot.state)
        try:
            way.send(slot.patient, choice)
        except Exception as error:
            may_wait = isinstance(error, sms.LaterError) or is_for_later(error)
            if may_wait and _moved(slot, SlotState.SENDING, SlotState.WAITING, now):
                raise OSError(type(error).__name__) from None
            # Not tried again: the server may have taken it. What a mail server answers can name the
            # patient, so the log has the kind of error only.
            words = str(error) if isinstance(error, sms.RefusedError) else type(error).__name__
            log.error("A reminder was refused (%s): slot %s", words, slot.pk)
            return _settle(slot, SlotState.FAILED, now)
    return _settle(slot, SlotState.SENT, now)


def _settle(slot: ReminderSlot, state: SlotState, now: dt.datetime) -> SlotState:
    before = SlotState.SENDING if state in (SlotState.SENT, SlotState.FAILED) else SlotState.WAITING
    _moved(slot, before, state, now)
    return state


def _moved(slot: ReminderSlot, before: SlotState, after: SlotState, now: dt.datetime) -> bool:
    """A transaction of its own: of two workers, one is told that it moved it."""
    with wall.in_clinic(slot.clinic_id):
        rows = ReminderSlot.objects.filter(pk=slot.pk, state=before)
        settled_at = None if after == SlotState.WAITING else now
        return bool(rows.update(state=after, settled_at=settled_at))
