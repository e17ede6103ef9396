"""Telling a clinic's program that something happened: a signed note that names nobody.

As the Subscriptions R5 Backport guide writes it for R4, with ids alone: the program asks here for
what it may read. Each event is told once. Where nobody took the note, it is tried again; where it
is not known whether somebody did, it is not.
"""

import datetime as dt
import json
from uuid import UUID

import requests
from django.utils import timezone
from urllib3.exceptions import NewConnectionError

from accounts.models import AppEvent
from accounts.models.connected_app import KIND_OF, Topic
from accounts.smart.addresses import address_of_fhir
from accounts.smart.asking import NotOutsideError, answer_of
from accounts.smart.signing import signed
from fhir.elements import Resource, moment
from fhir.outcome import FHIR_JSON

TIMEOUT_SECONDS = 5.0
# In a minute, for each clinic: the worker has other things to do, too.
MOST_SECONDS = 15.0
# After 1, 2, 4 … minutes, for some eight hours; then it is left, and found by `_lastUpdated`.
MOST_TRIES = 9
KEPT = dt.timedelta(days=30)
_BACKPORT = "http://hl7.org/fhir/uv/subscriptions-backport"
# Nobody took anything: there was no connection, or the connection said no.
NOT_TAKEN = (requests.exceptions.ConnectTimeout, requests.exceptions.SSLError, NotOutsideError)


def claimed(clinic_id: UUID) -> AppEvent | None:
    """What has been due longest, taken so that nobody else tells it; in a transaction that sees the
    clinic. None where nothing is due.
    """
    rows = AppEvent.objects.select_for_update(of=("self",), skip_locked=True)
    due = rows.filter(clinic=clinic_id, next_at__lte=timezone.now())
    event = due.select_related("app", "clinic").order_by("pk").first()
    if event is not None:
        event.next_at = None
        event.save(update_fields=["next_at"])
    return event


def tell(event: AppEvent) -> bool | None:
    """Outside of a transaction. True: it was taken. None: nobody took it. False: it was refused, or
    nobody knows.
    """
    app, topic = event.app, Topic(event.topic)
    if app.ended_at is not None or topic not in app.topics or KIND_OF[topic] not in app.kinds:
        return False
    body = json.dumps(note(event), ensure_ascii=False).encode()
    headers = {
        "Content-Type": FHIR_JSON,
        "Authorization": f"Bearer {signed(body, to=app.hook_address, identity=str(event.pk))}",
    }
    try:
        with answer_of(
            "POST", app.hook_address, seconds=TIMEOUT_SECONDS, headers=headers, body=body
        ) as answer:
            return bool(200 <= answer.status_code < 300)
    except NOT_TAKEN:
        return None
    except requests.exceptions.ConnectionError as error:
        reason = getattr(error.args[0] if error.args else None, "reason", None)
        return None if isinstance(reason, NewConnectionError) else False
    except requests.RequestException:
        return False


def store(event: AppEvent, taken: bool | None) -> None:
    """What came of it; in a transaction that sees the clinic."""
    event.tries += 1
    if taken:
        event.told_at = timezone.now()
    elif taken is None and event.tries < MOST_TRIES:
        event.next_at = timezone.now() + dt.timedelta(minutes=2 ** (event.tries - 1))
    event.save(update_fields=["tries", "told_at", "next_at"])


def forget(clinic_id: UUID) -> None:
    AppEvent.objects.filter(clinic=clinic_id, at__lt=timezone.now() - KEPT).delete()


def note(event: AppEvent) -> Resource:
    """A Bundle with the status of the subscription, and where the news is. No name, no value."""
    base, topic = address_of_fhir(), Topic(event.topic)
    reference = f"{KIND_OF[topic]}/{event.subject}"
    at = moment(event.at, event.clinic.zone)
    said = [
        {"name": "subscription", "valueReference": {"reference": f"Subscription/{event.app_id}"}},
        {"name": "topic", "valueCanonical": f"{base}/SubscriptionTopic/{topic}"},
        {"name": "status", "valueCode": "active"},
        {"name": "type", "valueCode": "event-notification"},
        {
            "name": "notification-event",
            "part": [
                {"name": "event-number", "valueString": str(event.pk)},
                {"name": "timestamp", "valueInstant": at},
                {"name": "focus", "valueReference": {"reference": f"{base}/{reference}"}},
            ],
        },
    ]
    status = f"{_BACKPORT}/StructureDefinition/backport-subscription-status-r4"
    return {
        "resourceType": "Bundle",
        "type": "history",
        "timestamp": at,
        "entry": [
            {
                "fullUrl": f"urn:uuid:{event.app_id}",
                "resource": {
                    "resourceType": "Parameters",
                    "id": str(event.app_id),
                    "meta": {"profile": [status]},
                    "parameter": said,
                },
                "request": {"method": "GET", "url": f"Subscription/{event.app_id}/$status"},
                "response": {"status": "200"},
            },
            {
                "fullUrl": f"{base}/{reference}",
                "request": {"method": "POST", "url": KIND_OF[topic]},
                "response": {"status": "201"},
            },
        ],
    }
