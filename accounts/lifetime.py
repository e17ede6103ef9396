"""How long a login lasts: by role, shorter on a device that others use too, and never for ever."""

import time

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest
from django.utils import timezone

from accounts.permissions import Permission

SHARED = "shared_device"  # both the key in the session and the name of the box in each form
# Writing the session on every request would cost each page a query; a twentieth is close enough.
REFRESHES_PER_LIFETIME = 20


def note_choice(request: HttpRequest) -> None:
    """Keep 'others use this device too' from a form. Only ever ticked here; logging out unticks."""
    if SHARED in request.POST:
        request.session[SHARED] = True


def longest_seconds(request: HttpRequest) -> int:
    """After so many seconds the login ends, however busy it is."""
    longest = settings.WORKSPACE_SESSION_LONGEST
    if _is_patient(request):
        longest = settings.PORTAL_SESSION_LONGEST
    return int(longest.total_seconds())


def _is_patient(request: HttpRequest) -> bool:
    assert request.user.is_authenticated
    return request.user.may(Permission.ENTER_PORTAL)


def idle_seconds(request: HttpRequest) -> int:
    """After so many seconds without a request the login ends."""
    is_patient = _is_patient(request)
    age = settings.PORTAL_SESSION_AGE if is_patient else settings.WORKSPACE_SESSION_AGE
    if request.session.get(SHARED):
        age = min(age, settings.SHARED_SESSION_AGE)
    return int(age.total_seconds())


def begin(request: HttpRequest) -> None:
    """At the end of a login, whichever way it went."""
    _extend(request, idle_seconds(request), int(time.time()))


def go_on(request: HttpRequest, *, is_used: bool = True) -> None:
    """At each request of somebody logged in: end the login, or let it last. What a page asks by
    itself (not `is_used`) lets nothing last.
    """
    age, now = idle_seconds(request), int(time.time())
    idle = now - request.session.get("seen", now - age)
    if now - request.session.get("began", now) > longest_seconds(request):
        logout(request)
    elif request.session.get(SHARED) and idle > age:
        # A cookie that ends with the browser has no age of its own to go by.
        logout(request)
    elif is_used and idle > age / REFRESHES_PER_LIFETIME:
        _extend(request, age, now)
        own = UserSession.objects.filter(session_key=request.session.session_key)
        own.update(last_seen_at=timezone.now())


def _extend(request: HttpRequest, age: int, now: int) -> None:
    request.session.setdefault("began", now)
    request.session["seen"] = now
    request.session.set_expiry(0 if request.session.get(SHARED) else age)
