"""Reading the audit trail: of one patient, and a clinic's whole."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from accounts.models import AuditEvent, Clinic
from patients.models import MergedPatient, Patient


@dataclass(frozen=True)
class Wanted:
    """What is looked for; all of it has to hold. Days are the clinic's, both are in."""

    patient: str = ""  # parts of names, or a record number
    person: UUID | None = None
    action: str = ""
    since: dt.date | None = None
    until: dt.date | None = None


def about(patient: Patient) -> QuerySet[AuditEvent]:
    """What was done about one patient, newest first; lists that named them left out."""
    ids = _with_former([patient.pk])
    return AuditEvent.objects.filter(clinic_id=patient.clinic_id, patient_id__in=ids)


def _with_former(ids: list[UUID]) -> list[UUID]:
    """Also under which a record was known before it was merged into one of these."""
    former = MergedPatient.objects.filter(patient__in=ids).values_list("merged_id", flat=True)
    return [*ids, *former]


def named(clinic: Clinic, typed: str) -> list[UUID]:
    """The patients whom these words may mean."""
    found = Patient.objects.filter(clinic=clinic).named(typed)
    return _with_former(list(found.values_list("pk", flat=True)))


def of_clinic(clinic: Clinic, wanted: Wanted) -> QuerySet[AuditEvent]:
    """The clinic's events, newest first; with a patient also the lists in which they stood."""
    events = AuditEvent.objects.filter(clinic_id=clinic.pk)
    if wanted.patient:
        found = named(clinic, wanted.patient)
        events = events.filter(Q(patient_id__in=found) | Q(named__overlap=found))
    if wanted.person:
        events = events.filter(actor_id=wanted.person)
    if wanted.action:
        events = events.filter(action=wanted.action)
    if wanted.since:
        begin = dt.datetime.combine(wanted.since, dt.time.min, clinic.zone)
        events = events.filter(at__gte=begin)
    if wanted.until:
        end = dt.datetime.combine(wanted.until, dt.time.max, clinic.zone)
        events = events.filter(at__lte=end)
    return events
