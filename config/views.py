"""Pages that belong to no door: what is shown when something fails."""

import logging
import sys
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.permissions import Permission, Role, permissions_of
from config.trouble import said_by, trouble_of
from fhir.outcome import outcome

log = logging.getLogger(__name__)


def server_error(request: HttpRequest) -> HttpResponse:
    """A page that says what one may do: 503 while the database or a folder is away, 507 when there
    is no room, else 500. Touches no database itself; what was begun is taken back (`Wall`).
    """
    error = sys.exc_info()[1]
    trouble = trouble_of(error)
    status = trouble.status if trouble else 500
    if request.path_info.startswith("/fhir/"):
        response = outcome(HTTPStatus(status), "This failed here. Try again later.")
    else:
        response = HttpResponse(render_to_string(f"{status}.html"), status=status)
    if trouble:
        log.error("%s: %s", trouble.words, said_by(error))
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
