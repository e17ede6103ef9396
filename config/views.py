"""Pages that belong to no door: health, and what is shown when something fails."""

import logging
import sys

from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache

from accounts.permissions import Permission, Role, permissions_of

log = logging.getLogger(__name__)


@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """200 when the database answers, else the 503 of `server_error`."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")


def server_error(request: HttpRequest) -> HttpResponse:
    """503 with 'try again' when the database is away, else 500. Touches no database itself."""
    away = isinstance(sys.exc_info()[1], OperationalError | InterfaceError)
    status = 503 if away else 500
    response = HttpResponse(render_to_string(f"{status}.html"), status=status)
    if away:
        log.error("The database is unavailable: %s", sys.exc_info()[1])
        response["Retry-After"] = "30"
    return response


def refused(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Of a door, and not for this role: with the door's own links, and who may."""
    gate = getattr(request.resolver_match and request.resolver_match.func, "gate", ())
    if Permission.ENTER_WORKSPACE not in gate:
        return render(request, "403.html", status=403)
    roles = [role.label for role in Role if set(gate) <= set(permissions_of(role))]
    return render(request, "workspace/refused.html", {"roles": roles}, status=403)


def too_many(request: HttpRequest) -> HttpResponse:
    """allauth's limits of tries: none of them lasts longer than ten minutes."""
    response = render(request, "429.html", status=429)
    response["Retry-After"] = "600"
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A stale page was sent (often after logging in elsewhere): say what to do, not '403'."""
    came_from = request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(came_from, {request.get_host()}, request.is_secure())
    return render(request, "403_csrf.html", {"back": came_from if is_ours else ""}, status=403)
