"""A form of Wagtail's admin that is sent twice, by a double click, is carried out once.

Each page that is opened has a token of its own in its forms, so the same fields with the same token
are the same press of a button. The second waits until the first is done, and gets its answer.
"""

import hashlib
from collections.abc import Callable

from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

KEPT = 10  # seconds: a double click, not somebody who comes back to the page
_TOKEN = "csrfmiddlewaretoken"  # noqa: S105 - the name of a field


class Once:
    """Within the transaction of the request (`accounts.middleware.Wall`), so that its lock and what
    it notes end with what they are about.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not (request.method == "POST" and request.path_info.startswith("/cms/")):
            return self.get_response(request)
        if not request.user.is_authenticated or _TOKEN not in request.POST:
            return self.get_response(request)
        sent = _digest(request)
        with connection.cursor() as cursor:
            number = int.from_bytes(sent[:8], signed=True)
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])
        key = f"cms-once-{sent.hex()}"
        if address := cache.get(key):
            return HttpResponseRedirect(address)
        response = self.get_response(request)
        if isinstance(response, HttpResponseRedirect):
            cache.set(key, response.url, KEPT)
        return response


def _digest(request: HttpRequest) -> bytes:
    """Of who sends what where."""
    files = [
        (file.name, file.size) for name in request.FILES for file in request.FILES.getlist(name)
    ]
    told = [request.user.pk, request.get_full_path(), list(request.POST.lists()), files]
    return hashlib.sha256(repr(told).encode(errors="backslashreplace")).digest()
