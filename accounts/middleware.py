"""How long a login lasts, which language it speaks, whose rows it sees, and who may knock at
Wagtail's admin.
"""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import MiddlewareNotUsed
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import ProtectedError, RestrictedError
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    StreamingHttpResponse,
)
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from psycopg.errors import ForeignKeyViolation

from accounts import factors, first_run, lifetime, mailbox, wall, witness
from accounts.permissions import Permission

type_get_response = Callable[[HttpRequest], HttpResponse]
# What people read in their own language. The public site is kept for all readers alike: there the
# address tells the language. Staff's pages are English.
SPOKEN_TO = ("/account/", "/portal/", "/privacy/")


# What an open page asks again and again: nobody need be sitting there.
ASKED_BY_PAGES = ("/workspace/inbox/news/",)


class SessionLifetime:
    """Ends a session after its idle time: short for staff, long for patients."""

    def __init__(self, get_response: type_get_response) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # A visitor without a session costs nothing here.
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            lifetime.go_on(request, is_used=request.path_info not in ASKED_BY_PAGES)
        return self.get_response(request)


class Language:
    """The language of the portal and of the account's pages: the patient's, else the browser's; of
    a public page, what its address says.

    The portal's gate knows the patient and keeps their language in the session for the pages that
    do not (see `portal.access`).
    """

    def __init__(self, get_response: type_get_response) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(SPOKEN_TO):
            language = translation.get_language_from_path(request.path_info)
            with translation.override(language or settings.LANGUAGE_CODE):
                return self.get_response(request)
        with translation.override(self._of(request)):
            response = self.get_response(request)
        patch_vary_headers(response, ["Accept-Language"])
        return response

    def _of(self, request: HttpRequest) -> str:
        chosen = None
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            chosen = request.session.get("language")
        return chosen or translation.get_language_from_request(request)


# Parts of Wagtail's admin that nobody has: a renamed therapist would sign the audit trail with
# another's name, and bulk actions would end logins (the pages of users: accounts.wagtail_users).
# Files of all clinics are listed by the API, which no page of the admin asks; what is published by
# it goes by every review.
API = "/cms/api/main/"
CLOSED = (
    "/cms/account/", "/cms/bulk/accounts/", f"{API}images/", f"{API}documents/"
)  # fmt: skip
# And what only those without a clinic have: it names every clinic's exercises.
OF_THE_PLATFORM = "/cms/reports/site-history/"


class AdminDoor:
    """Wagtail's admin does not exist for those who have no business there."""

    def __init__(self, get_response: type_get_response) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *args: object) -> None:
        if not request.path_info.startswith("/cms/") or not request.user.is_authenticated:
            return
        if not (request.user.is_superuser or request.user.may(Permission.WRITE_CONTENT)):
            raise Http404
        if request.path_info.startswith(CLOSED):
            raise Http404
        if request.path_info.startswith(API) and request.method not in ("GET", "HEAD"):
            raise Http404
        if request.user.clinic_id and request.path_info.startswith(OF_THE_PLATFORM):
            raise Http404


class FactorDoor:
    """Without a second factor staff come as far as the page where they make one; to make it they
    show their mailbox (`accounts.mailbox`).

    A session from before it was asked for, of somebody who has one, logs in anew.
    """

    # Where factors are made, and where the address is changed that a code would go to.
    WAYS_IN = ("/account/passkeys/", "/account/email/")

    def __init__(self, get_response: type_get_response) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        is_way_in = request.path_info.startswith(self.WAYS_IN)
        if not (is_way_in or request.path_info.startswith(("/workspace/", "/cms/"))):
            return self.get_response(request)
        return self._turned_away(request, is_way_in) or self.get_response(request)

    def _turned_away(self, request: HttpRequest, is_way_in: bool) -> HttpResponse | None:
        user = request.user
        if not user.is_authenticated:
            return None
        if factors.is_asked_of(user) and not factors.was_shown(request):
            if factors.has_one(user):
                logout(request)
                return redirect_to_login(request.get_full_path())
            if not is_way_in:
                return redirect("mfa_index")
        index = reverse("mfa_index")  # says what is wanted
        if is_way_in and request.path_info != index and mailbox.is_asked_for(request):
            return redirect_to_login(request.path, reverse("show_mailbox"))
        return None


# In a session of a caregiver: whose plan is looked at.
CARED_FOR = "cared_for"
# What is not of the public site: there, all read the same.
BEHIND_DOORS = ("/account/", "/cms/", "/portal/", "/workspace/")
FAILED = "footing.failed"
STILL_USED = (
    "Nothing was changed: something here is still used, perhaps by another clinic, or it is gone."
)


class Wall:
    """Each request of somebody logged in is one transaction, in which the database knows who asks.

    The innermost middleware: a view that raises takes back all it wrote.
    """

    def __init__(self, get_response: type_get_response) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(BEHIND_DOORS) or not request.user.is_authenticated:
            return self.get_response(request)
        user = request.user
        is_desk = request.path_info.startswith("/cms/")
        by_wagtail = request.method == "POST" and is_desk
        try:
            with wall.acting(user, request.session.get(CARED_FOR)):
                response = self.get_response(request)
                if request.META.get(FAILED):
                    transaction.set_rollback(True)
                else:
                    if response.streaming and not isinstance(response, FileResponse):
                        response = _whole(response)
                    if is_desk:
                        witness.of_the_desk(request, user, response)
                    if by_wagtail:
                        _check_keys()
            witness.of_refusal(request, user, response)
        except IntegrityError as error:
            if not by_wagtail or not isinstance(error.__cause__, ForeignKeyViolation):
                raise
            response = _still_used(request)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        request.META[FAILED] = True
        by_wagtail = request.path_info.startswith("/cms/") and request.method == "POST"
        if by_wagtail and isinstance(exception, ProtectedError | RestrictedError):
            return _still_used(request)  # Wagtail's pages say so, but take the button all the same
        return None


def _still_used(request: HttpRequest) -> HttpResponse:
    said: Any = messages.get_messages(request)
    said._queued_messages.clear()  # such as "It is deleted."
    messages.error(request, STILL_USED)
    return redirect(request.get_full_path())


def _check_keys() -> None:
    """Raises IntegrityError now, and not after the answer, where Wagtail's views delete what rows
    beyond the wall still name: Django looks for those before a delete, and does not see them.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _whole(response: HttpResponse) -> HttpResponse:
    """What would be read from the database after the transaction, such as Wagtail's exports."""
    assert isinstance(response, StreamingHttpResponse)
    whole = HttpResponse(response.getvalue(), status=response.status_code)
    whole.headers = response.headers
    whole.cookies = response.cookies
    return whole


class FirstRun:
    """An installation without a clinic opens on the page that makes the first."""

    def __init__(self, get_response: type_get_response) -> None:
        if not settings.FIRST_RUN:
            raise MiddlewareNotUsed
        self.get_response = get_response
        self.is_over = False  # once there is a clinic, nobody asks again in this process

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not self.is_over and request.path_info in {"/", reverse("account_login")}:
            with suppress(DatabaseError):  # the page itself says what is wrong
                self.is_over = not first_run.is_needed()
                if not self.is_over:
                    return redirect("set_up")
        return self.get_response(request)
