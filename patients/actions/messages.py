"""Writing to each other, patient and care team, and what has been read."""

import datetime as dt
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.db.models import F, Max
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from accounts.permissions import Permission
from accounts.queue import enqueue
from patients import conversation, jobs, notices
from patients.actions import once
from patients.models import AnswerMark, Message, Patient, ThreadMark
from patients.models.message import LONGEST
from patients.pictures import Picture, reencoded

if TYPE_CHECKING:
    from patients.models.message import PatientWithUnread


def send(
    *,
    message_id: UUID,
    patient: Patient,
    text: str,
    by: User,
    picture: Any = None,
    at: dt.datetime | None = None,
) -> Message:
    """Append a message, or return it when the same id was stored before. Tells who should read it.

    `picture` is an uploaded file; only a copy that we wrote ourselves is kept. Raises
    ValidationError without words and picture, for too many words, or a file that is no picture;
    NotYours for an id of another thread.
    """
    if by.is_caregiver:
        raise ValidationError(_("Only you and the care team write here."))
    words = text.strip()
    if not words and picture is None:
        raise ValidationError({"text": _("Write a few words, or add a picture.")})
    if len(words) > LONGEST:
        raise ValidationError({"text": _("Use %(most)s characters or fewer.") % {"most": LONGEST}})
    made = reencoded(picture) if picture is not None else None
    message = Message(id=message_id, patient=patient, author=by, text=words)
    message.written_at = at or timezone.now()
    message.from_patient = by.may(Permission.ENTER_PORTAL)
    try:
        with transaction.atomic():
            return _known(message) or _stored(message, made)
    except BaseException as error:
        if message.picture:  # the row is gone, and so is its file
            message.picture.delete(save=False)
        if isinstance(error, IntegrityError):
            return once.stored_meanwhile(error, Message, message_id, patient_id=patient.pk)
        raise


def _known(message: Message) -> Message | None:
    """The patient is held, so that numbers follow each other and a double click waits its turn."""
    Patient.objects.select_for_update(no_key=True).get(pk=message.patient_id)
    known: Message | None = Message.objects.filter(pk=message.pk).first()
    if known is None:
        return None
    if known.patient_id != message.patient_id or known.author_id != message.author_id:
        raise once.NotYours
    return known


def _stored(message: Message, picture: Picture | None) -> Message:
    newest = Message.objects.filter(patient=message.patient).aggregate(newest=Max("number"))
    message.number = (newest["newest"] or 0) + 1
    if picture is not None:
        message.clinic_id = message.patient.clinic_id  # its folder
        message.picture_width, message.picture_height = picture.width, picture.height
        message.picture.save("", ContentFile(picture.data), save=False)
    message.save(force_insert=True)
    audit.record(
        action=audit.Action.MESSAGE_SENT,
        patient=message.patient,
        by=message.author,
        subject=message,
        picture=picture is not None,
    )
    # Queued within this transaction: rolled back with it, never lost after it.
    for reader in notices.readers_to_tell(message):
        enqueue(
            jobs.tell_of_message,
            message_id=str(message.pk),
            reader_id=str(reader.uuid),
            clinic_id=str(message.clinic_id),
        )
    return message


def opened(
    *, patient: "PatientWithUnread", by: User, before: int | None = None
) -> conversation.Thread:
    """A page of the thread, as `by` sees it: from now on they have read it."""
    shown = conversation.load(patient, by, before=before)
    mark_read(patient=patient, up_to=shown.newest, by=by)
    patient.unread_messages = 0
    return shown


def mark_read(*, patient: Patient, up_to: int, by: User) -> None:
    """`by` has seen all up to this number. Never goes back. Reading is audited by its page."""
    now = timezone.now()
    mark, is_new = ThreadMark.objects.get_or_create(
        patient=patient, reader=by, defaults={"up_to": up_to, "read_at": now}
    )
    if not is_new and mark.up_to < up_to:
        ThreadMark.objects.filter(pk=mark.pk).update(up_to=Greatest(F("up_to"), up_to), read_at=now)


@transaction.atomic
def settle(*, patient: Patient, up_to: int, by: User) -> None:
    """What the patient wrote up to this number needs no answer. Never goes back."""
    now = timezone.now()
    mark, is_new = AnswerMark.objects.select_for_update(of=("self",)).get_or_create(
        patient=patient, defaults={"up_to": up_to, "marked_at": now, "marked_by": by}
    )
    if not is_new and mark.up_to >= up_to:
        return
    mark.up_to, mark.marked_at, mark.marked_by = up_to, now, by
    mark.save(update_fields=["up_to", "marked_at", "marked_by"])
    audit.record(
        action=audit.Action.MESSAGES_SETTLED, patient=patient, by=by, subject=mark, up_to=up_to
    )
