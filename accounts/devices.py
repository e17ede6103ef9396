"""Devices that an account was logged in on: they are told by a cookie, and still get in while a
stranger tries passwords from elsewhere.

The cookie proves no more than that: it opens nothing, and tries from the device have a limit of
their own.
"""

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from accounts.models import User

_SALT = "accounts.devices"
MOST_ACCOUNTS = 5
KEPT_SECONDS = 180 * 24 * 3600


def remember(request: HttpRequest, response: HttpResponse, user: User) -> None:
    """`user` has logged in here."""
    known = [str(user.uuid), *(key for key in _known(request) if key != str(user.uuid))]
    response.set_cookie(
        settings.DEVICE_COOKIE_NAME,
        signing.dumps(known[:MOST_ACCOUNTS], salt=_SALT),
        max_age=KEPT_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def is_known(request: HttpRequest, email: str) -> bool:
    """Whether the account of this address was logged in on this device."""
    known = _known(request)
    return bool(known) and User.objects.filter(email=email, uuid__in=known).exists()


def _known(request: HttpRequest) -> list[str]:
    try:
        kept = request.COOKIES.get(settings.DEVICE_COOKIE_NAME, "")
        found: list[str] = signing.loads(kept, salt=_SALT, max_age=KEPT_SECONDS)
    except signing.BadSignature:
        return []
    return found
