"""The audit trail's one entrance. Called inside the transaction of what it records."""

from typing import Any

from accounts.models import User
from patients.models import AuditEvent, Patient
from patients.models.audit import Action


def record(
    *, action: Action, patient: Patient, by: User, subject: Any = None, **detail: Any
) -> AuditEvent:
    """Append an event. `detail` is small and JSON; it repeats no free text about health."""
    return AuditEvent.objects.create(
        clinic_id=patient.clinic_id,
        patient_id=patient.pk,
        actor_id=by.uuid,
        actor_name=str(by),
        actor_role=by.role,
        action=action,
        subject_id=str(subject.pk) if subject is not None else "",
        detail=detail,
    )
