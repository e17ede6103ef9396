"""Storing that something is wrong, once, and raising what a therapist must see."""

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import audit
from accounts.models import User
from patients.actions import once
from patients.models import Patient
from programs.actions import raising
from programs.alerts.of_report import raised_for
from programs.models import SignReport


def record(
    *,
    report_id: UUID,
    patient: Patient,
    signs: Sequence[str],
    by: User,
    skin_changed: bool = False,
    note: str = "",
    at: dt.datetime | None = None,
) -> SignReport:
    """Store what was ticked, on any day, in any state of the plan; the same id is stored once.

    Raises ValidationError when nothing was ticked, NotYours for another patient's id.
    """
    if (known := once.stored(SignReport, report_id, patient_id=patient.pk)) is not None:
        return known
    report = SignReport(
        id=report_id,
        patient=patient,
        clinic_id=patient.clinic_id,
        signs=list(dict.fromkeys(signs)),
        skin_changed=skin_changed,
        note=note,
        told_at=at or timezone.now(),
        told_by=by,
    )
    report.full_clean(exclude=["clinic", "patient", "told_by"])
    try:
        with transaction.atomic():
            report.save(force_insert=True)
            # Told again while the first alert is open, it is an alert again: nobody waits unheard.
            raising.store(raised_for(report), of=report, at=report.told_at, by=by)
            audit.record(action=audit.Action.SIGNS_REPORTED, patient=patient, by=by, subject=report)
    except IntegrityError as error:
        return once.stored_meanwhile(error, SignReport, report_id, patient_id=patient.pk)
    return report
