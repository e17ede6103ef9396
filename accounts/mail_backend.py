"""How Django sends mail here: it waits for the worker. No request talks to a mail server."""

from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction

from accounts import jobs, mail_queue
from accounts.models import QueuedMail
from accounts.queue import enqueue


class QueueBackend(BaseEmailBackend):
    """A mail is queued exactly when the transaction it is written in is committed.

    Raises what a wrong address or header raises, to whoever wrote it.
    """

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        with transaction.atomic():
            for message in email_messages:
                queued = QueuedMail.objects.create(sealed=mail_queue.seal(message))
                enqueue(jobs.send_mail, mail_id=str(queued.pk))
        return len(email_messages)
