"""Every write about who a patient is in another record, and what was sent there."""

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.audit import Action
from accounts.models import ConnectedRecord, User
from patients.models import Patient, RecordLink, SentKind, SentToRecord


@transaction.atomic
def link(
    *,
    patient: Patient,
    record: ConnectedRecord,
    their_id: str,
    told: list[str] | None,
    by: User,
) -> RecordLink:
    """Raises ValidationError where somebody is known by that id, or the patient by another."""
    # Two pages with the same person: the second one waits, and is told so.
    ConnectedRecord.objects.select_for_update(of=("self",)).get(pk=record.pk)
    found = RecordLink(
        patient=patient, clinic_id=patient.clinic_id, record=record, their_id=their_id,
        told=told or [], told_at=timezone.now(), linked_by=by,
    )  # fmt: skip
    found.full_clean()
    found.save()
    audit.record(
        action=Action.RECORD_LINKED, patient=patient, by=by, subject=found, name=record.name
    )
    return found


@transaction.atomic
def opened(*, link: RecordLink, told: list[str] | None, by: User) -> None:
    """It was opened out of that record, which says this of their conditions; None: nothing."""
    if told is not None:
        link.told, link.told_at = told, timezone.now()
        link.save(update_fields=["told", "told_at"])
    audit.record(
        action=Action.RECORD_OPENED,
        patient=link.patient_id,
        by=by,
        subject=link,
        name=link.record.name,
    )


@transaction.atomic
def unlink(*, link: RecordLink, by: User) -> None:
    """It was somebody else. A second time changes nothing."""
    link = RecordLink.objects.select_for_update(of=("self",)).get(pk=link.pk)
    if link.ended_at is None:
        link.ended_at, link.ended_by = timezone.now(), by
        link.save(update_fields=["ended_at", "ended_by"])
        audit.record(
            action=Action.RECORD_UNLINKED,
            patient=link.patient_id,
            by=by,
            subject=link,
            name=link.record.name,
        )


@transaction.atomic
def sent(
    *,
    link: RecordLink,
    kind: SentKind,
    subject: UUID,
    their_id: str,
    status: str,
    digest: str,
    by: User,
) -> SentToRecord:
    """Once: a version of a plan that is sent again is the same row, with how it stands now."""
    values = {
        "their_id": their_id,
        "status": status,
        "digest": digest,
        "sent_at": timezone.now(),
        "sent_by": by,
    }
    row, _ = SentToRecord.objects.update_or_create(
        link=link,
        kind=kind,
        subject=subject,
        defaults=values,
        create_defaults=values | {"patient_id": link.patient_id, "clinic_id": link.clinic_id},
    )
    audit.record(
        action=Action.RECORD_SENT,
        patient=link.patient_id,
        by=by,
        subject=subject,
        name=link.record.name,
        kind=kind,
    )
    return row


def not_answered(*, link: RecordLink, by: User, **what: Any) -> None:
    """On record: something was sent, and nobody knows whether it is there."""
    audit.record(
        action=Action.RECORD_SENT,
        patient=link.patient_id,
        by=by,
        name=link.record.name,
        not_answered=True,
        **what,
    )


def held(link: RecordLink) -> RecordLink:
    """As it is now; who else sends or ends waits. Raises ValidationError for one that has ended."""
    rows = RecordLink.objects.select_for_update(of=("self",))
    found: RecordLink = rows.select_related("patient__clinic", "record").get(pk=link.pk)
    if found.ended_at is not None or found.patient_id != link.patient_id:
        raise ValidationError("A colleague has ended this link meanwhile.")
    return found
