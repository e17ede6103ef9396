"""Raising what time raises, once."""

import logging
from collections.abc import Iterator, Sequence
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts import wall
from accounts.models import Clinic
from accounts.queue import each
from patients.models import Patient
from programs.actions import raising
from programs.alerts import by_clock
from programs.alerts.due import due_at
from programs.alerts.of_time import Found
from programs.models import Alert, Plan

log = logging.getLogger(__name__)

AT_A_TIME = 500  # patients who are looked at together: what is read of them fits in memory


def of_clinic(clinic: Clinic) -> list[Alert]:
    """Look at each patient with a plan in force. Safe to run twice, and at the same time.

    First many together, without holding anybody; then those of whom something is new again, each
    in a transaction of their own, so that nobody's session waits for all the others. One who can't
    be looked at keeps nobody else's alerts back.
    """
    with wall.in_clinic(clinic.pk):
        in_force = Plan.objects.as_of(timezone.now()).filter(clinic=clinic)
        held = list(in_force.order_by("patient").values_list("patient", flat=True))
    raised: list[Alert] = []

    def look(patient: Patient) -> None:
        with wall.in_clinic(clinic.pk):
            raised.extend(of_patient(patient))

    each(_to_look_at(clinic, held), look)
    return raised


def _to_look_at(clinic: Clinic, held: Sequence[UUID]) -> Iterator[Patient]:
    """Of whom something is new; all of a part in which one record can't be read."""
    for begin in range(0, len(held), AT_A_TIME):
        some = held[begin : begin + AT_A_TIME]
        with wall.in_clinic(clinic.pk):
            try:
                with transaction.atomic():
                    seen = {plan.patient_id for plan, _ in by_clock.new(clinic, some)}
            except Exception:
                log.exception("Many can't be looked at together: each is looked at alone.")
                seen = set(some)
            patients = list(Patient.objects.filter(pk__in=seen).select_related("clinic"))
        yield from patients


@transaction.atomic
def of_patient(patient: Patient) -> list[Alert]:
    """The alerts that are new. The patient is held: two workers look one after the other."""
    Patient.objects.select_for_update(no_key=True).get(pk=patient.pk)
    found = by_clock.new(patient.clinic, [patient.pk])
    return [_raised(plan, patient, one) for plan, one in found]


def _raised(plan: Plan, patient: Patient, found: Found) -> Alert:
    alert: Alert = Alert.objects.create(
        patient=patient,
        clinic_id=plan.clinic_id,
        plan=plan,
        rule=found.rule,
        severity=found.severity,
        message=found.message,
        since=found.since,
        raised_at=timezone.now(),
        due_at=due_at(found.severity, timezone.now(), plan.clinic),
        owner=raising.first_owner(patient),
    )
    raising.record([alert])
    raising.tell([alert])
    return alert
