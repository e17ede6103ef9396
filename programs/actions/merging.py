"""Two records of one person become one: every row moves, and none is lost."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction

from accounts import actions as accounts
from accounts import audit
from accounts.models import User
from accounts.permissions import Permission
from patients.actions.patients import DETAILS
from patients.models import (
    EarlierRecord,
    Episode,
    MergedPatient,
    Message,
    Patient,
    RecordLink,
)
from programs.models import MonitoringLock


def hindrances(kept: Patient, gone: Patient) -> list[str]:
    """What has to be settled by a therapist first, in sentences."""
    both = [kept, gone]
    found = []
    if Episode.objects.filter(patient__in=both, closed_at=None).count() > 1:
        found.append(
            "Both have an open episode. A therapist closes one first: whose findings and plan hold "
            "is a clinical decision."
        )
    waiting = Message.objects.filter(patient__in=both).to_be_answered()
    if waiting.exists():
        found.append(
            "A message waits for an answer. In one thread it could pass for answered, so somebody "
            "answers it first, or says that it needs none."
        )
    signed = MonitoringLock.objects.filter(patient=kept).values("month")
    if MonitoringLock.objects.filter(patient=gone, month__in=signed).exists():
        found.append("Worksheets of one month are signed in both records: nobody signs for two.")
    linked = RecordLink.objects.filter(patient=kept, ended_at=None).values("record")
    for link in RecordLink.objects.filter(patient=gone, ended_at=None, record__in=linked):
        found.append(
            f"Both are linked to somebody in {link.record}. End one of the links first, on the "
            "patient's page under Record."
        )
    digests = EarlierRecord.objects.filter(patient=kept).values("digest")
    if EarlierRecord.objects.filter(patient=gone, digest__in=digests).exists():
        found.append(
            "The same record of another clinic was brought along to both. Take one away first."
        )
    return found


def consequences(kept: Patient, gone: Patient) -> list[str]:
    """What is not simply moved, in sentences."""
    found = []
    if gone.user_id and kept.user_id:
        found.append(f"The login of {gone.user} ends; {kept.user} keeps theirs and its settings.")
    elif gone.user_id:
        found.append(
            f"The login of {gone.user} goes on, with all that is here, its language and text size."
        )
    if gone.erasure_asked_at and not kept.erasure_asked_at:
        found.append("The wish to be erased stands in this record from then on.")
    filled = [
        words.lower()
        for name, words in DETAILS.items()
        if not getattr(kept, name) and getattr(gone, name)
    ]
    if filled:
        found.append(f"Taken over, as it is empty here: {', '.join(filled)}.")
    return found


@transaction.atomic
def merge(*, kept: Patient, gone: Patient, by: User) -> MergedPatient:
    """All of `gone` belongs to `kept` from now on. The database lets nobody do it but the clinic's
    administrator.

    Raises ValidationError for others, for one record twice, for records of two clinics, and while
    something hinders it.
    """
    if not by.may(Permission.MERGE_PATIENTS) or kept.clinic_id != gone.clinic_id:
        raise ValidationError("Only the administrator of the clinic merges its patients.")
    if kept.pk == gone.pk:
        raise ValidationError("That is one record. Choose the other one.")
    rows = Patient.objects.select_for_update(of=("self",)).in_bulk([kept.pk, gone.pk])
    if len(rows) < 2:
        raise ValidationError("One of the records is gone: a colleague may have merged them.")
    kept, gone = rows[kept.pk], rows[gone.pk]
    if hinders := hindrances(kept, gone):
        raise ValidationError(hinders)
    ending = gone.user if kept.user_id else None
    merged: MergedPatient = MergedPatient.objects.create(
        patient=kept, merged_id=gone.pk, details=_details(gone), merged_by=by, login=ending
    )
    audit.record(
        action=audit.Action.PATIENTS_MERGED,
        patient=kept,
        by=by,
        subject=kept,
        merged=str(gone.pk),
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT footing_merge_patients(%s, %s)", [kept.pk, gone.pk])
    if ending is not None:
        accounts.close(user=ending)
    elif gone.user_id:  # whose login goes on, with what it has set
        Patient.objects.filter(pk=kept.pk).update(shown_person=gone.shown_person)
    return merged


def _details(patient: Patient) -> dict[str, Any]:
    return {name: str(getattr(patient, name)) for name in DETAILS}
