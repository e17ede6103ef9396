"""Mail that came back: what the mail server took and could not hand over is told to who wrote it,
like mail that was refused at once (`mail_queue.undelivered`).

Either a mail service tells it by a webhook (settings.MAIL_EVENTS_FROM), or the mail server hands
its delivery reports to `manage.py take_bounce` (RFC 3464).
"""

import logging
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import Message
from importlib import import_module
from typing import Any

from anymail.signals import AnymailTrackingEvent, EventType, tracking
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.dispatch import receiver
from django.urls import URLPattern

from accounts import mail_queue

log = logging.getLogger(__name__)
# Somebody who calls our mail spam gets no more of it from that service: nothing arrives either.
CAME_BACK = {EventType.BOUNCED, EventType.REJECTED, EventType.FAILED, EventType.COMPLAINED}
MOST_RECIPIENTS = 50  # of one report; ours have one


def take(report: bytes) -> int:
    """Note the recipients of a delivery report whom the mail did not reach for good; returns how
    many. What is no such report names nobody.
    """
    found = list(dict.fromkeys(_failed(message_from_bytes(report, policy=policy.default))))
    for address in found[:MOST_RECIPIENTS]:
        mail_queue.came_back(address)
    return len(found[:MOST_RECIPIENTS])


def _failed(report: Message) -> Iterator[str]:
    for part in report.walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        blocks = part.get_payload()
        # The first block is about the mail, each other one about a recipient.
        for block in blocks[1:] if isinstance(blocks, list) else []:
            assert isinstance(block, Message)
            if str(block.get("Action", "")).strip().lower() != "failed":
                continue
            named = block.get("Original-Recipient") or block.get("Final-Recipient") or ""
            kind, _, address = str(named).partition(";")
            if kind.strip().lower() == "rfc822" and "@" in address:
                yield address.strip()


@receiver(tracking)
def heard(sender: Any, event: AnymailTrackingEvent, esp_name: str, **kwargs: Any) -> None:
    """A mail service's word, in django-anymail's terms, after it has shown who it is."""
    if event.event_type in CAME_BACK and event.recipient:
        mail_queue.came_back(event.recipient)


def addresses() -> list[URLPattern]:
    """Where the mail service of the settings tells; none without one.

    Raises ImproperlyConfigured for a service that django-anymail does not know, or without secret.
    """
    name = settings.MAIL_EVENTS_FROM
    if not name:
        return []
    known = import_module("anymail.urls").urlpatterns
    found = [one for one in known if one.name == f"{name}_tracking_webhook"]
    if not found:
        names = sorted(
            one.name.removesuffix("_tracking_webhook")
            for one in known
            if one.name.endswith("_tracking_webhook")
        )
        raise ImproperlyConfigured(f"MAIL_EVENTS_FROM is one of {', '.join(names)}.")
    return found
