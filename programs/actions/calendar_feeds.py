"""The secret link of a patient's calendar: made, renewed, switched off."""

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.models import User
from patients.models import Patient
from programs.models import CalendarFeed


@transaction.atomic
def renew(*, patient: Patient, by: User) -> CalendarFeed:
    """A new link; an older one opens nothing from now on."""
    _end(patient)
    feed: CalendarFeed = CalendarFeed.objects.create(patient=patient)
    audit.record(action=audit.Action.CALENDAR_LINKED, patient=patient, by=by, subject=feed)
    return feed


@transaction.atomic
def switch_off(*, patient: Patient, by: User) -> None:
    """Safe to repeat."""
    if _end(patient):
        audit.record(action=audit.Action.CALENDAR_SWITCHED_OFF, patient=patient, by=by)


def _end(patient: Patient) -> int:
    Patient.objects.select_for_update(no_key=True).get(pk=patient.pk)
    return int(CalendarFeed.objects.open().filter(patient=patient).update(ended_at=timezone.now()))
