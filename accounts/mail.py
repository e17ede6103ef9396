"""Handing mail to the mail server. Only the worker does; who writes a mail has it queued.

`EMAIL_BACKEND` is the queue (`accounts.mail_backend`), `MAIL_SERVER` the way out of the house.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPSenderRefused

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend


class NotSentError(Exception):
    """The server can't be reached, or asks to come again later: nothing was sent."""


class RefusedError(Exception):
    """The server will never take this mail."""


@contextmanager
def open_server() -> Iterator[BaseEmailBackend]:
    """An open way to the mail server. Raises OSError when there is none.

    A fault at parting is none: what the server took it has.
    """
    connection = get_connection(settings.MAIL_SERVER)
    connection.open()
    try:
        yield connection
    finally:
        with suppress(OSError):
            connection.close()


def deliver(message: EmailMessage) -> None:
    """Raises NotSentError or RefusedError, without the server's words: they can name people."""
    try:
        with open_server() as connection:
            connection.send_messages([message])
    except OSError as error:  # smtplib's errors are, too
        kind = RefusedError if _is_final(error) else NotSentError
        raise kind(type(error).__name__) from None


def is_for_later(error: Exception) -> bool:
    """Whether the server said of this mail that it has not taken it, and to come again: many do so
    with a sender whom they do not know yet.
    """
    codes = _said(error)
    return bool(codes) and all(400 <= code < 500 for code in codes)


def _is_final(error: OSError) -> bool:
    """Said of this mail, not of our login or of the server's own state."""
    codes = _said(error)
    return bool(codes) and all(code >= 500 for code in codes)


def _said(error: Exception) -> list[int]:
    """What the server answered to sender, recipients or content; it has not taken the mail."""
    if isinstance(error, SMTPRecipientsRefused):
        return [code for code, _ in error.recipients.values()]
    return [error.smtp_code] if isinstance(error, SMTPSenderRefused | SMTPDataError) else []
