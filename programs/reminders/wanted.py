"""Whether a reminder is needed: what the patient would find on their first page now."""

import datetime as dt
import math

from django.db.models import Max

from patients.models import Patient
from programs.course import today
from programs.course.today import State, Today
from programs.models import PlanForm, ReminderChoice, ReminderSlot
from programs.timing.reminders import repeat_time

# A check-in is due until it is answered; on more days in a row than these it would be nagging.
FORM_DAYS = 3


def is_wanted(slot: ReminderSlot, choice: ReminderChoice) -> bool:
    """Not when switched off or moved meanwhile, and not when nothing waits for the patient."""
    patient: Patient = slot.patient
    if patient.user is None or not patient.user.is_active or slot.channel not in choice.channels:
        return False
    times = sorted(choice.times)
    if slot.is_repeat:
        return (
            choice.repeat and slot.at == repeat_time(times) and _nothing_done(today.load(patient))
        )
    if slot.at not in times:
        return False
    day = today.load(patient)
    position = times.index(slot.at) + 1
    return _is_behind(day, position / len(times)) or (position == 1 and _form_waits(day))


def _nothing_done(day: Today) -> bool:
    return day.state == State.DUE and day.sessions_done == 0


def _is_behind(day: Today, share: float) -> bool:
    """Of two times for two sessions, the first asks for one and the second for both."""
    return day.state == State.DUE and day.sessions_done < math.ceil(day.sessions_due * share)


def _form_waits(day: Today) -> bool:
    """Also on a rest day: a check-in is no exercise."""
    return any(_days_open(day, form) < FORM_DAYS for form in day.forms_due)


def _days_open(day: Today, form: PlanForm) -> int:
    """Days since it became due: by the last answer, or without one by the phase that asks for it.

    Counted anew each time it would be asked again, so that a check-in never answered comes back.
    """
    # `today.load` reads the day of the last answer along with each form.
    last: dt.date | None = form.last  # type: ignore[attr-defined]
    if last is not None:
        return (day.date - last).days % form.every_days
    begun = form.phase.starts.filter(on__lte=day.date).aggregate(on=Max("on"))["on"]
    assert day.plan is not None
    return (day.date - (begun or day.plan.starts_on)).days % form.every_days
