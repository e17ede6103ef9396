"""An id for each request, by which its lines in the log are found together.

A proxy in front may give it; whoever asks gets it back, to name it when something failed.
"""

import re
import uuid
from collections.abc import Callable
from contextvars import ContextVar

from django.http import HttpRequest
from django.http.response import HttpResponseBase

HEADER = "X-Request-ID"
# What a proxy makes: hexadecimal, UUIDs, ULIDs. Anything else could forge a line or say a name.
_WELL_FORMED = re.compile(r"[0-9A-Za-z-]{8,64}")
_KEPT = "footing.request_id"
_current: ContextVar[str] = ContextVar("request_id", default="")


def current() -> str:
    """Of the request that is being answered; empty outside of one."""
    return _current.get()


def of(request: object) -> str:
    """Of a request that was answered: Django logs some of its lines after all middleware."""
    return str(getattr(request, "META", {}).get(_KEPT, ""))


class RequestId:
    """The outermost middleware: what the page cache answers bears an id, too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        given = request.headers.get(HEADER, "")
        name = given if _WELL_FORMED.fullmatch(given) else uuid.uuid4().hex
        request.META[_KEPT] = name
        token = _current.set(name)
        try:
            response = self.get_response(request)
        finally:
            _current.reset(token)
        response[HEADER] = name
        return response
