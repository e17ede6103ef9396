"""Mail that waits for the worker.

A login code, a link to a new password or an invitation is as good as a key, so what is kept is
sealed with the site's secret, and gone when the mail is.
"""

import datetime as dt
import json
import logging

from cryptography.fernet import InvalidToken
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts import mail
from accounts.addresses import canonical
from accounts.models import QueuedMail, UndeliveredMail
from accounts.sealing import box

log = logging.getLogger(__name__)
GIVE_UP_AFTER = dt.timedelta(days=1)
_SALT = "accounts.mail_queue"
_KEPT = ["subject", "body", "content_subtype", "from_email", "to", "cc", "bcc", "reply_to"]
_KEPT += ["extra_headers"]


def send(mail_id: str) -> None:
    """Send it once, unless it is sent or being sent. Raises NotSentError to be called again.

    The row is held meanwhile, so that of two workers one sends it; only a worker that is killed, or
    loses the database, after the server took it lets it be sent a second time.
    """
    with transaction.atomic():
        held = QueuedMail.objects.select_for_update(skip_locked=True)
        queued = held.filter(pk=mail_id).first()
        if queued is None:
            return
        try:
            message = unseal(queued.sealed)
        except InvalidToken:
            log.error("A mail was sealed with another SECRET_KEY: %s", mail_id)
            queued.delete()
            return
        try:
            mail.deliver(message)
        except mail.NotSentError as error:
            if timezone.now() - queued.written_at < GIVE_UP_AFTER:
                raise
            log.error("A mail could not be sent for a day (%s): %s", error, mail_id)
            _note(message, is_refused=False)
        except mail.RefusedError as error:
            log.error("A mail was refused (%s): %s", error, mail_id)
            _note(message, is_refused=True)
        else:
            UndeliveredMail.objects.filter(pk__in=map(_digest, message.recipients())).delete()
        queued.delete()


def undelivered(address: str) -> UndeliveredMail | None:
    """That the newest mail to this address did not arrive, for whoever wrote it."""
    return UndeliveredMail.objects.filter(pk=_digest(address)).first() if address else None


def came_back(address: str) -> None:
    """The server took a mail to it, and could not hand it over for good."""
    _note_address(address, is_refused=True)


def _note(message: EmailMessage, *, is_refused: bool) -> None:
    for address in message.recipients():
        _note_address(address, is_refused=is_refused)


def _note_address(address: str, *, is_refused: bool) -> None:
    UndeliveredMail.objects.update_or_create(
        digest=_digest(address),
        defaults={"failed_at": timezone.now(), "is_refused": is_refused},
    )


def _digest(address: str) -> str:
    return salted_hmac(_SALT, canonical(address), algorithm="sha256").hexdigest()


def seal(message: EmailMessage) -> str:
    """Raises ValueError for a mail that carries files: we send none."""
    written = message.message()  # a wrong address or header is told to who wrote it
    if message.attachments:
        raise ValueError("Mail with attachments is not queued.")
    content = {name: getattr(message, name) for name in _KEPT}
    others = getattr(message, "alternatives", [])
    # Sent a second time it is still the same mail: a mailbox may know it by that.
    content["extra_headers"] = {**message.extra_headers, "Message-ID": written["Message-ID"]}
    content["alternatives"] = [[other.content, other.mimetype] for other in others]
    return box(_SALT).encrypt(json.dumps(content, cls=DjangoJSONEncoder).encode()).decode()


def unseal(sealed: str) -> EmailMessage:
    content = json.loads(box(_SALT).decrypt(sealed))
    message = EmailMultiAlternatives()
    for other in content.pop("alternatives"):
        message.attach_alternative(*other)
    for name, value in content.items():
        setattr(message, name, value)
    return message
