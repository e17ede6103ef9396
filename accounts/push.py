"""Notifications on a device that their owner switched on (Web Push: RFC 8030, 8292).

What is sent is empty: it wakes the browser, whose words (static/js/workspace/worker.js) say that
something waits, not what, not about whom. So nothing of a patient passes the push service.
"""

import base64
import datetime as dt
import re
from fnmatch import fnmatchcase
from functools import lru_cache
from http import HTTPStatus
from urllib.parse import urlsplit

import jwt
import requests
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from django.utils import timezone

from accounts.models import PushDevice
from accounts.own_keys import own_key

TIMEOUT_SECONDS = 10
# A device that was off for longer learns it from the page and the mail.
KEPT_FOR = dt.timedelta(hours=12)
_SIGNED_FOR = dt.timedelta(hours=12)  # the standard allows 24
# One notification, however many alerts came while the device was off.
_TOPIC = "footing-inbox"
# Taken back in the browser, or switched on under another SECRET_KEY.
_GONE = {HTTPStatus.NOT_FOUND, HTTPStatus.GONE, HTTPStatus.FORBIDDEN}
_NETLOC = re.compile(r"[a-z0-9.-]+(:[0-9]+)?")


class NotToldError(Exception):
    """The push service did not take it; later it may."""


def is_offered() -> bool:
    return bool(settings.WEB_PUSH_SERVICES)


def is_served(endpoint: str) -> bool:
    """Whether this is an address at a push service that is known: we ask nobody else."""
    try:
        parts = urlsplit(endpoint)
    except ValueError:
        return False
    origin = f"{parts.scheme}://{parts.netloc}"
    return _NETLOC.fullmatch(parts.netloc) is not None and any(
        fnmatchcase(origin, known) for known in settings.WEB_PUSH_SERVICES
    )


@lru_cache(maxsize=1)
def _key() -> ec.EllipticCurvePrivateKey:
    return own_key("accounts.push", ec.SECP256R1())


def public_key() -> str:
    """By which a browser ties its address to this installation; base64url."""
    point = _key().public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(point).rstrip(b"=").decode()


def tell(device_id: str) -> None:
    """Wake one device. Raises NotToldError where it is worth another try.

    A device whose owner is no longer active is not told, and one that is gone is forgotten.
    """
    device = PushDevice.objects.select_related("user").filter(pk=device_id).first()
    if device is None or not device.user.is_active or not is_served(device.endpoint):
        return
    try:
        answer = requests.post(
            device.endpoint,
            headers={
                "Authorization": f"vapid t={_signed(device.endpoint)}, k={public_key()}",
                "TTL": str(int(KEPT_FOR.total_seconds())),
                "Topic": _TOPIC,
                "Urgency": "high",
            },
            timeout=TIMEOUT_SECONDS,
            allow_redirects=False,
        )
    except requests.RequestException as error:
        raise NotToldError(type(error).__name__) from error
    if answer.status_code in _GONE:
        device.delete()
    elif not 200 <= answer.status_code < 300:
        raise NotToldError(f"It answers {answer.status_code}.")


def _signed(endpoint: str) -> str:
    parts = urlsplit(endpoint)
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": timezone.now() + _SIGNED_FOR,
        "sub": settings.SITE_ADDRESS,
    }
    return jwt.encode(claims, _key(), algorithm="ES256")
