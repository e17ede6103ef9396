"""Emails that say 'there is something to read', and nothing about whom or what."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import Permission
from patients import team
from patients.models import Message, Patient, ThreadMark


def readers_to_tell(message: Message) -> list[User]:
    """Those on the other side who have not been told today."""
    return [reader for reader in _other_side(message) if not _was_told_today(message, reader)]


def _other_side(message: Message) -> list[User]:
    """Those who may log in: the patient, or the therapists of the care team."""
    patient = message.patient
    if not message.from_patient:
        return [patient.user] if patient.user is not None and patient.user.is_active else []
    return team.present(patient)


def _was_told_today(message: Message, reader: User) -> bool:
    """An older message of this side, of today, is still unread: one email a day is enough."""
    earlier = (
        Message.objects.for_reader(reader)
        .filter(patient=message.patient, number__lt=message.number)
        .order_by("-number")
        .first()
    )
    if earlier is None or _has_read(reader, earlier):
        return False
    clinic = message.patient.clinic
    return clinic.local_date(earlier.written_at) == clinic.local_date(message.written_at)


def _has_read(reader: User, message: Message) -> bool:
    marks = ThreadMark.objects.filter(patient=message.patient, reader=reader)
    return marks.filter(up_to__gte=message.number).exists()


def letter(message: Message, reader: User) -> EmailMessage | None:
    """To `reader`; None when they have read it or may not read it any more."""
    may_see = Patient.objects.visible_to(reader).filter(pk=message.patient_id).exists()
    if not may_see or _has_read(reader, message):
        return None
    to_patient = reader.may(Permission.ENTER_PORTAL)
    page = "/portal/messages/" if to_patient else "/workspace/"
    context = {
        "reader": reader,
        "clinic": message.patient.clinic,
        "address": settings.SITE_ADDRESS + page,
    }
    language = message.patient.language if to_patient else settings.LANGUAGE_CODE
    with translation.override(language):
        return EmailMessage(
            subject=_("A message is waiting for you"),
            body=render_to_string("email/message_waiting.txt", context),
            to=[reader.email],
        )
