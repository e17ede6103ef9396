"""Is it you? Asked before an open session changes how the account is entered, or ends it."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any, cast
from urllib.parse import urlencode

from allauth.account import app_settings
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import (
    did_recently_reauthenticate,
    get_reauthentication_flows,
)
from allauth.account.models import EmailAddress
from allauth.core.exceptions import ReauthenticationRequired
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext

from accounts.models import User
from accounts.permissions import PORTAL_ROLES

View = Callable[..., HttpResponse]


def is_given(request: HttpRequest) -> bool:
    """Whether this session has shown it within the last minutes.

    allauth asks nothing of an account with neither password nor passkey. Such a one has come in by
    a code or an invitation: that is proof for as long, and then a code is asked for.
    """
    if get_reauthentication_flows(cast(User, request.user)):
        return bool(did_recently_reauthenticate(request))
    return has_just_come(request)


def has_just_come(request: HttpRequest) -> bool:
    """Whether this session has shown it within the last minutes, or begun with it."""
    records = get_authentication_records(request, cast(User, request.user))
    return any(time.time() - each["at"] < app_settings.REAUTHENTICATION_TIMEOUT for each in records)


def may_use_code(user: User) -> bool:
    """As at the login: patients only, and to an address that was proven."""
    if user.role not in PORTAL_ROLES:
        return False
    return EmailAddress.objects.filter(user=user, email__iexact=user.email, verified=True).exists()


def proven(view: View, enough: Callable[[HttpRequest], bool] = is_given) -> View:
    """Ask first, and come back. What was typed meanwhile is not kept: it may be a password."""

    @login_required
    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if enough(request):
            return view(request, *args, **kwargs)
        if request.method == "POST":
            return redirect(request.get_full_path())
        raise ReauthenticationRequired  # allauth's middleware leads to the question

    return asked


def proven_before_file(back: str | Callable[..., str]) -> Callable[[View], View]:
    """As `proven`, for a file. Whoever was asked comes back to the page at `back`, where its link
    is: a browser that is led to a file stays on the page of the question. `back` is a name, or
    gives an address for what the view gets.
    """

    def decorate(view: View) -> View:
        @login_required
        @wraps(view)
        def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if is_given(request):
                return view(request, *args, **kwargs)
            messages.info(request, gettext("Show that it is you. Then press the download again."))
            return _ask(request, back(*args, **kwargs) if callable(back) else reverse(back))

        return asked

    return decorate


def proven_before_change(view: View) -> View:
    """As `proven`, for a page that may be looked at without; what is pressed there is asked for.
    The page comes back, and with it what its script kept of what was typed.
    """

    @login_required
    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method != "POST" or is_given(request):
            return view(request, *args, **kwargs)
        messages.info(request, gettext("Show that it is you. Then press it again."))
        return _ask(request, request.path)

    return asked


def _ask(request: HttpRequest, back: str) -> HttpResponse:
    """To the page of the question, and from there to `back`."""
    ways = get_adapter().get_reauthentication_methods(request.user)
    address = ways[0]["url"] if ways else reverse("account_login")
    return redirect(f"{address}?{urlencode({'next': back})}")
