"""Staff's second factor: a passkey, or the codes of an app; recovery codes for the day it is lost.

A patient needs none: a passkey is one more way in for them. docs/decisions/0016 says why.
"""

from collections.abc import Callable
from functools import wraps

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse

from accounts.models import User
from accounts.permissions import PORTAL_ROLES

SHOWN = "factor_shown"  # in a session: whose, or 0
PROVED = "footing.proved_two"  # in a request: who has just proven two things elsewhere
FACTORS = [Authenticator.Type.WEBAUTHN, Authenticator.Type.TOTP]
View = Callable[..., HttpResponse]


def is_asked_of(user: User) -> bool:
    """Whether this installation lets `user` work only with a second factor."""
    return settings.STAFF_SECOND_FACTOR and user.role not in PORTAL_ROLES


def has_one(user: User) -> bool:
    return Authenticator.objects.filter(user=user, type__in=FACTORS).exists()


def was_shown(request: HttpRequest) -> bool:
    """In this session: at the login, or by making one."""
    if (shown := request.session.get(SHOWN)) is not None:
        return bool(shown == request.user.pk)
    records = get_authentication_records(request, request.user)
    return any(record["method"] == "mfa" for record in records)


def note(request: HttpRequest, user: User) -> None:
    """After one was made or removed: while there is one, the session goes on."""
    request.session[SHOWN] = user.pk if has_one(user) else 0


def of_staff(view: View) -> View:
    """A page that patients do not have."""

    @login_required
    @wraps(view)
    def asked(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not isinstance(request.user, User) or request.user.role in PORTAL_ROLES:
            raise Http404
        return view(request, *args, **kwargs)

    return asked
