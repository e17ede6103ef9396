"""A record of another clinic is brought along, or taken away again."""

from django.db import transaction

from accounts import audit
from accounts.audit import Action
from accounts.models import User
from patients.earlier import Earlier
from patients.models import EarlierRecord, Patient


@transaction.atomic
def bring(
    *, patient: Patient, clinic_name: str, made_at: str, digest: str, content: Earlier, by: User
) -> EarlierRecord:
    """Raises ValidationError for one that is here already."""
    Patient.objects.select_for_update(no_key=True).get(pk=patient.pk)
    made = EarlierRecord(
        patient=patient,
        clinic_id=patient.clinic_id,
        clinic_name=clinic_name,
        made_at=made_at,
        digest=digest,
        content=content.to_json(),
        brought_by=by,
    )
    made.full_clean()
    made.save()
    audit.record(
        action=Action.EARLIER_BROUGHT, patient=patient, by=by, subject=made, name=clinic_name
    )
    return made


@transaction.atomic
def take_away(*, record: EarlierRecord, by: User) -> None:
    """It is somebody else's, or of no use."""
    audit.record(
        action=Action.EARLIER_TAKEN_AWAY,
        patient=record.patient_id,
        by=by,
        subject=record.pk,
        name=record.clinic_name,
    )
    record.delete()
