"""How much may be sent at once, told before any of it is read: a file is kept on disk before a view
sees it, also a stranger's.
"""

import re
from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.permissions import Permission
from cms.models.video import VIDEO_MEGABYTES
from fhir.outcome import outcome
from patients.pictures import MAX_BYTES

MEGABYTE = 1024 * 1024
LARGEST = 3 * MEGABYTE  # everybody, everywhere: forms are texts (DATA_UPLOAD_MAX_MEMORY_SIZE)
# Where files are sent, and by whom. With room beyond the forms' own limits, which say it better.
_FILE, _VIDEO = 3 * MAX_BYTES, (VIDEO_MEGABYTES + 10) * MEGABYTE
LARGER = (
    (re.compile(r"/portal/messages/"), Permission.ENTER_PORTAL, _FILE),
    (re.compile(r"/workspace/patients/[^/]+/messages/"), Permission.ENTER_WORKSPACE, _FILE),
    (re.compile(r"/workspace/patients/[^/]+/earlier/"), Permission.TREAT, _FILE),
    (re.compile(r"/cms/"), Permission.WRITE_CONTENT, _VIDEO),
)


class BodyLimit:
    """Stands behind the login's middleware and before all that reads a body."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "chunked" in request.META.get("HTTP_TRANSFER_ENCODING", "").lower():
            return _too_large(request, 411)  # it does not say how much will come
        size = _announced(request)
        if size > LARGEST and size > _allowed(request):
            return _too_large(request, 413)
        return self.get_response(request)


def _too_large(request: HttpRequest, status: int) -> HttpResponse:
    if request.path_info.startswith("/fhir/"):
        return outcome(HTTPStatus(status), "Send less, and say how much (Content-Length).")
    return render(request, "413.html", status=status)


def _announced(request: HttpRequest) -> int:
    """Bytes; 0 for what is no number, of which Django reads nothing either."""
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def _allowed(request: HttpRequest) -> int:
    user = request.user
    for address, needed, most in LARGER:
        if address.match(request.path) and user.is_authenticated:
            return most if user.is_superuser or user.may(needed) else LARGEST
    return LARGEST
