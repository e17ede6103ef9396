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
    _told(Action.RECORD_LINKED, found, by, subject=found)
    return found


@transaction.atomic
def opened(*, link: RecordLink, told: list[str] | None, by: User) -> None:
    """It was opened out of that record, which says this of their conditions; None: nothing."""
    if told is not None:
        link.told, link.told_at = told, timezone.now()
        link.save(update_fields=["told", "told_at"])
    _told(Action.RECORD_OPENED, link, by, subject=link)


@transaction.atomic
def unlink(*, link: RecordLink, by: User) -> None:
    """It was somebody else. A second time changes nothing."""
    link = RecordLink.objects.select_for_update(of=("self",)).get(pk=link.pk)
    if link.ended_at is None:
        link.ended_at, link.ended_by = timezone.now(), by
        link.save(update_fields=["ended_at", "ended_by"])
        _told(Action.RECORD_UNLINKED, link, by, subject=link)


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
    _told(Action.RECORD_SENT, link, by, subject=subject, kind=kind)
    return row


def not_answered(*, link: RecordLink, by: User, **what: Any) -> None:
    """On record: something was sent, and nobody knows whether it is there."""
    _told(Action.RECORD_SENT, link, by, not_answered=True, **what)


def held(link: RecordLink) -> RecordLink:
    """As it is now; who else sends or ends waits. Raises ValidationError for one that has ended."""
    rows = RecordLink.objects.select_for_update(of=("self",))
    found: RecordLink = rows.select_related("patient__clinic", "record").get(pk=link.pk)
    if found.ended_at is not None or found.patient_id != link.patient_id:
        raise ValidationError("A colleague has ended this link meanwhile.")
    return found


def _told(action: Action, link: RecordLink, by: User, **what: Any) -> None:
    """On record, with the name that the other record had then."""
    audit.record(action=action, patient=link.patient_id, by=by, name=link.record.name, **what)
