"""Logging in somebody who has just made their login."""

from allauth.account.internal.flows.login import record_authentication
from allauth.usersessions.models import UserSession
from django.contrib.auth import login
from django.http import HttpRequest

from accounts import lifetime
from accounts.models import User

BACKEND = "accounts.backends.EmailBackend"


def begin(request: HttpRequest, user: User) -> None:
    """By an invitation: that is proof of who it is, for as long as a password would be."""
    lifetime.note_choice(request)
    login(request, user, backend=BACKEND)
    record_authentication(request, user, method="invitation")
    UserSession.objects.create_from_request(request)
    lifetime.begin(request)
