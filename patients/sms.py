"""Text messages. Which service sends them is a setting; without one there are none."""

import sys
from http import HTTPStatus
from typing import Protocol

import requests
from django.conf import settings
from django.utils.module_loading import import_string

TIMEOUT_SECONDS = 10


class Sms(Protocol):
    """What a backend has to do. SMS_BACKEND names a class of this shape, made without arguments."""

    def send(self, *, to: str, text: str) -> None:
        """Hand one text to the service. Raises whatever the service raises."""


class ConsoleSms:
    """For trying: writes what would be sent."""

    def send(self, *, to: str, text: str) -> None:
        sys.stdout.write(f"Text message to {to}: {text}\n")
        sys.stdout.flush()


class RefusedError(Exception):
    """The service did not take the text. Its words name no number."""


class LaterError(RefusedError):
    """It surely was not sent, and may be tried again."""


class TwilioSms:
    """Twilio's Messages resource (twilio.com/docs/messaging/api/message-resource).

    A text is handed over once: whoever is not answered does not know whether it was sent.
    """

    address = "https://api.twilio.com/2010-04-01/Accounts/{}/Messages.json"

    def send(self, *, to: str, text: str) -> None:
        """`to` is a number with its country (+1…). Raises RefusedError, without the number."""
        is_service = settings.TWILIO_FROM.startswith("MG")
        try:
            answer = requests.post(
                self.address.format(settings.TWILIO_ACCOUNT),
                data={
                    "To": to,
                    "MessagingServiceSid" if is_service else "From": settings.TWILIO_FROM,
                    "Body": text,
                },
                auth=(settings.TWILIO_KEY, settings.TWILIO_SECRET),
                timeout=TIMEOUT_SECONDS,
                allow_redirects=False,
            )
        except requests.ConnectTimeout:
            raise LaterError("It does not answer.") from None
        except requests.RequestException as error:
            raise RefusedError(type(error).__name__) from None
        if answer.status_code == HTTPStatus.TOO_MANY_REQUESTS:
            raise LaterError("It answers 429.")
        if answer.status_code != HTTPStatus.CREATED:
            raise RefusedError(f"It answers {answer.status_code}.")


def backend() -> Sms | None:
    """The chosen service; None where text messages are not offered."""
    if not settings.SMS_BACKEND:
        return None
    made: Sms = import_string(settings.SMS_BACKEND)()
    return made
