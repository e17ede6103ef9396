"""A Monday morning in New York, and what a patient wants to be reminded of."""

import datetime as dt
import uuid
from unittest.mock import patch

import pytest
from django.utils import timezone

from accounts.models import Clinic
from programs.actions import reminders, sessions

MONDAY, NINE = dt.date(2026, 11, 23), dt.time(9)


def choose(patient, **fields):
    wanted = {"times": [NINE], "by_email": True, **fields}
    return reminders.choose(patient=patient, by=patient.user, **wanted)


def at(patient, hour, minute=0, days=0):
    """A moment of the Monday, or some days later, on the clinic's wall."""
    day = MONDAY + dt.timedelta(days=days)
    return dt.datetime.combine(day, dt.time(hour, minute), tzinfo=patient.clinic.zone)


@pytest.fixture
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
