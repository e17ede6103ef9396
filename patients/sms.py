"""Text messages. Which service sends them is a setting; without one there are none."""

import sys
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string


class Sms(Protocol):
    """What a backend has to do. SMS_BACKEND names a class of this shape, made without arguments."""

    def send(self, *, to: str, text: str) -> None:
        """Hand one text to the service. Raises whatever the service raises."""


class ConsoleSms:
    """For trying: writes what would be sent."""

    def send(self, *, to: str, text: str) -> None:
        sys.stdout.write(f"Text message to {to}: {text}\n")
        sys.stdout.flush()


def backend() -> Sms | None:
    """The chosen service; None where text messages are not offered."""
    if not settings.SMS_BACKEND:
        return None
    made: Sms = import_string(settings.SMS_BACKEND)()
    return made
