"""What a reminder says, and the ways it goes out. Nothing in it tells about health or a plan."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from django.conf import settings
from django.core import mail, signing
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from accounts import phones, wall
from accounts.mail import open_server
from patients import sms
from patients.models import Patient
from programs.models import ReminderChoice
from programs.models.reminder import Channel

_SALT = "programs.reminders.off"
PORTAL = "/portal/"


class Way(Protocol):
    def send(self, patient: Patient, choice: ReminderChoice) -> None: ...


def off_token(choice: ReminderChoice) -> str:
    """Switches emails off, and nothing else; it does not expire."""
    return signing.Signer(salt=_SALT).sign(choice.pk.hex)


@contextmanager
def choice_of(token: str) -> Iterator[ReminderChoice | None]:
    """Of an emailed link, or None whatever is wrong with it.

    Whoever holds it sees the patient's rows meanwhile, and nobody else's.
    """
    try:
        pk = signing.Signer(salt=_SALT).unsign(token)
    except signing.BadSignature:
        yield None
        return
    with wall.holding(ReminderChoice, pk):
        among = ReminderChoice.objects.select_related("patient__clinic", "patient__user")
        yield among.filter(pk=pk).first()


@contextmanager
def way_out(channel: str) -> Iterator[Way]:
    """An open way to the mail server or the text service. Raises OSError when there is none."""
    if channel == Channel.SMS:
        yield _TextMessages()
        return
    with open_server() as connection:
        yield _Emails(connection)


class _Emails:
    def __init__(self, connection: Any) -> None:
        self.connection = connection

    def send(self, patient: Patient, choice: ReminderChoice) -> None:
        assert patient.user is not None
        with translation.override(patient.language):
            email(patient, choice, connection=self.connection).send()


def email(patient: Patient, choice: ReminderChoice, *, connection: Any = None) -> mail.EmailMessage:
    """One click in the mail program, or the page behind the link, ends them (RFC 8058)."""
    assert patient.user is not None
    off = f"{settings.SITE_ADDRESS}{PORTAL}reminders/off/{off_token(choice)}/"
    context = {
        "name": patient.user.first_name,
        "address": settings.SITE_ADDRESS + PORTAL,
        "off": off,
    }
    return mail.EmailMessage(
        subject=_("Your reminder for today"),
        body=render_to_string("email/reminder.txt", context),
        to=[patient.user.email],
        headers={
            "List-Unsubscribe": f"<{off}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
        connection=connection,
    )


class _TextMessages:
    def send(self, patient: Patient, choice: ReminderChoice) -> None:
        service = sms.backend()
        assert service is not None
        with translation.override(patient.language):
            text = _("Footing: something is waiting for you today. %(address)s")
            number = phones.dialed(patient.phone, patient.clinic.country)
            service.send(to=number, text=text % {"address": settings.SITE_ADDRESS + PORTAL})
