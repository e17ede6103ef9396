"""A form that is sent twice makes one thing, and the second is answered like the first.

Each form of a door carries a key (the tag `csrf_token` writes it, see `templatetags.components`).
A double click, a reload of what was sent, or a proxy that sends again come with the same key and
the same content: nothing is done again. Other content under the same key, as after going back, is
another form.

Wagtail's forms have no key of ours. Each page of it that is opened has a token of its own in its
forms, so there the same fields with the same token are the same press of a button.
"""

import datetime as dt
import hashlib
import uuid
from collections.abc import Callable
from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from accounts.models import AnsweredForm, User

FIELD = "form_key"
DOORS = ("/workspace/", "/portal/")
DESK = "/cms/"
# A second click, a reload, a lost answer; later the same content may be meant.
HOLDS = dt.timedelta(minutes=10)
# A double click: who comes back to a page that is still open means it.
HOLDS_AT_DESK = dt.timedelta(seconds=10)
# Tells the page's script which form was stored: what it kept of it may go.
STORED = "footing_stored"
_NOT_CONTENT = (FIELD, "csrfmiddlewaretoken")


class FormKeys:
    """Inside the transaction of a request (`accounts.middleware.Wall`): the second waits until the
    first has ended.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = _key(request)
        if key is None:
            return self.get_response(request)
        _hold(key)
        user = cast(User, request.user)
        content = _digest(request)
        holds = HOLDS_AT_DESK if request.path_info.startswith(DESK) else HOLDS
        known = AnsweredForm.objects.filter(
            pk=key, user=user, digest=content, answered_at__gt=timezone.now() - holds
        ).first()
        if known is not None:
            return _stored(HttpResponseRedirect(known.location), key)
        response = self.get_response(request)
        if not _is_done(request, response):
            return response
        AnsweredForm.objects.update_or_create(
            pk=key,
            defaults={
                "user": user,
                "digest": content,
                "location": response["Location"],
                "answered_at": timezone.now(),
            },
        )
        return _stored(response, key)


def _key(request: HttpRequest) -> uuid.UUID | None:
    """None where no form of a door is sent whole: parts of a page are, again and again."""
    if request.method != "POST" or not request.path_info.startswith((*DOORS, DESK)):
        return None
    if not request.user.is_authenticated or request.headers.get("HX-Request"):
        return None
    if request.path_info.startswith(DESK):
        token = request.POST.get("csrfmiddlewaretoken")
        return uuid.uuid5(uuid.NAMESPACE_OID, f"{token} {_digest(request)}") if token else None
    try:
        return uuid.UUID(request.POST.get(FIELD, ""))
    except ValueError:
        return None


def _hold(key: uuid.UUID) -> None:
    with connection.cursor() as cursor:
        number = int.from_bytes(key.bytes[:8], "big", signed=True)
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])


def _digest(request: HttpRequest) -> str:
    files = [(name, one.name, one.size) for name, all_of in request.FILES.lists() for one in all_of]
    fields = [(name, all_of) for name, all_of in request.POST.lists() if name not in _NOT_CONTENT]
    content: Any = (request.get_full_path(), sorted(fields), sorted(map(repr, files)))
    return hashlib.sha256(repr(content).encode()).hexdigest()


def _is_done(request: HttpRequest, response: HttpResponse) -> bool:
    """It led on, by itself and without a word that something is wrong."""
    location = response.get("Location", "")
    if response.status_code not in (302, 303) or location.startswith("/account/"):
        return False
    said: Any = messages.get_messages(request)
    return all(one.level < messages.ERROR for one in said._queued_messages)


def _stored(response: HttpResponse, key: uuid.UUID) -> HttpResponse:
    response.set_cookie(
        STORED, str(key), max_age=60, samesite="Strict", secure=settings.SESSION_COOKIE_SECURE
    )
    return response


def forget() -> None:
    """What is past its time."""
    AnsweredForm.objects.filter(answered_at__lt=timezone.now() - HOLDS).delete()
