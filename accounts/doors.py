"""The gate that every view of a door stands behind.

Not logged in: to the login page. Not of this door: 404, as if it did not exist. Of this door, but
not allowed to do this: 403. Pages behind a door are never kept by a browser or proxy; a file about
nobody in particular may say itself how long (`is_kept`). A test walks all addresses and fails for a
view without a gate.
"""

import datetime as dt
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any, Protocol, cast
from urllib.parse import urlsplit, urlunsplit
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.middleware.gzip import GZipMiddleware
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from django_htmx.middleware import HtmxDetails

from accounts.models import User
from accounts.permissions import Permission

View = Callable[..., HttpResponse]


class DoorRequest(HttpRequest):
    """A request behind a gate: its user is one of ours. `htmx` is true for a part of a page."""

    user: User
    htmx: HtmxDetails


class GatedView(Protocol):
    """A view with what its gate asks for; the walk over all addresses reads it."""

    gate: tuple[Permission, ...]

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse: ...


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: the data of a POST, also an empty one; None otherwise."""
    return request.POST if request.method == "POST" else None


def date_in(data: QueryDict, name: str) -> dt.date | None:
    """A date as pages of ours send it; None for anything else."""
    try:
        return dt.date.fromisoformat(data.get(name, ""))
    except ValueError:
        return None


def key_in(data: QueryDict, name: str) -> UUID | None:
    """A row's key as pages of ours send it; None for anything else."""
    try:
        return UUID(data.get(name, ""))
    except ValueError:
        return None


_TEXT = ("text/", "application/json", "image/svg+xml")
_COMPRESSION = GZipMiddleware(lambda request: HttpResponse())


def text_in(data: QueryDict, name: str, longest: int = 250) -> str:
    """A line that was typed, without the NUL that no database takes."""
    return data.get(name, "").replace("\x00", "").strip()[:longest]


def whole_number(text: str) -> int | None:
    """A number that a query or a form names; None for anything else, and for one that no row has.

    Python reads no number of more than 4,300 digits, and a database none of more than 19.
    """
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def count_in_address(request: HttpRequest, name: str) -> int | None:
    """A whole number behind the `?` that a link of ours put there; None for anything else."""
    return whole_number(request.GET.get(name, ""))


def _to_login(request: HttpRequest) -> HttpResponse:
    """And back. What was sent is not lost: the page kept it on the device, and offers it again."""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=HTTPStatus.UNAUTHORIZED)  # the page stays, and says so
    if request.method != "POST":
        return redirect_to_login(request.get_full_path())
    if request.headers.get("Sec-Fetch-Mode", "navigate") != "navigate":
        return redirect_to_login(_page_of_form(request))  # a script asks, and nobody reads it
    messages.warning(
        request,
        gettext(
            "You were logged out, so nothing was stored. Log in again: the page offers what you "
            "typed, unless others use this device, too."
        ),
    )
    return redirect_to_login(_page_of_form(request))


def _page_of_form(request: HttpRequest) -> str:
    """Where the form stands that was sent: its own address may take nothing but forms."""
    came_from = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(came_from, {request.get_host()}, request.is_secure()):
        return urlunsplit(urlsplit(came_from)._replace(scheme="", netloc="", fragment=""))
    return request.get_full_path()


def _pressed(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Text is compressed, for bad lines. What its length may tell of it (BREACH) is little: tokens
    are masked, Django adds bytes at random, and no other site's page sends our cookies along.
    Pictures and files are as small as they get.
    """
    if not response.get("Content-Type", "").startswith(_TEXT):
        return response
    return cast(HttpResponse, _COMPRESSION.process_response(request, response))


def gated(entry: Permission, *needed: Permission, is_kept: bool = False) -> Callable[[View], View]:
    """Let in those who may `entry`, and do `needed` too."""

    def decorate(view: View) -> View:
        @require_http_methods(["GET", "HEAD", "POST"])
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return _to_login(request)
            user = request.user
            if not user.may(entry):
                raise Http404
            if not all(user.may(permission) for permission in needed):
                raise PermissionDenied
            return _pressed(request, view(request, *args, **kwargs))

        behind_gate = cast(GatedView, guarded if is_kept else never_cache(guarded))
        behind_gate.gate = (entry, *needed)
        return behind_gate

    return decorate
