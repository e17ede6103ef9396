"""Signing in, failing to, and how an account is entered: put on record, whichever way it went."""

from typing import Any

from allauth.account import signals as account
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core.internal.httpkit import get_client_ip
from allauth.mfa import signals as factor
from django.contrib.auth import signals as auth
from django.dispatch import receiver
from django.http import HttpRequest

from accounts import audit, factors, mailbox
from accounts.addresses import canonical
from accounts.audit import Action
from accounts.models import User


def record(
    action: Action, request: HttpRequest | None, user: User | None, by: User | None, **detail: Any
) -> None:
    """About `user`'s account, and from where."""
    address = get_client_ip(request) if request is not None else None
    audit.record(
        action=action,
        by=by,
        account=user,
        subject=getattr(user, "uuid", ""),
        **detail,
        address=address or "",
    )


def _asker(request: HttpRequest | None) -> User | None:
    """Whoever is logged in: nobody who has failed to be."""
    asker = getattr(request, "user", None)
    return asker if isinstance(asker, User) and asker.is_authenticated else None


@receiver(auth.user_logged_in)
def signed_in(request: HttpRequest, user: User, **kwargs: Any) -> None:
    if request.META.get(factors.PROVED) == user.pk:
        request.session[factors.SHOWN] = user.pk
    methods = [each["method"] for each in get_authentication_records(request, user)]
    record(Action.SIGNED_IN, request, user, user, methods=methods)


@receiver(auth.user_logged_out)
def signed_out(request: HttpRequest, user: User | None, **kwargs: Any) -> None:
    if user is not None:
        browser = request.POST.get("push_endpoint", "").replace("\x00", "")
        user.push_devices.filter(endpoint=browser).delete()
        user.record_visits.all().delete()
        record(Action.SIGNED_OUT, request, user, user)


@receiver(auth.user_login_failed)
def failed(credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: Any) -> None:
    """An address without an account is not kept: it may be a password in the wrong field."""
    record(Action.SIGN_IN_FAILED, request, _meant(credentials), _asker(request), method="password")


def locked(request: HttpRequest, credentials: dict[str, Any]) -> None:
    record(Action.SIGN_IN_LOCKED, request, _meant(credentials), _asker(request))


def refused_elsewhere(request: HttpRequest, user: User | None) -> None:
    """Somebody came by single sign-on whom we do not let in."""
    record(Action.SIGN_IN_FAILED, request, user, None, method="single sign-on")


def _meant(credentials: dict[str, Any]) -> User | None:
    email = credentials.get("email")
    return User.objects.filter(email=canonical(email)).first() if email else None


@receiver(account.login_code_rejected)
def code_rejected(request: HttpRequest, user: User, **kwargs: Any) -> None:
    record(Action.SIGN_IN_FAILED, request, user, _asker(request), method="code")


@receiver(factor.authentication_failed)
def factor_failed(request: HttpRequest, user: User, **kwargs: Any) -> None:
    record(Action.SIGN_IN_FAILED, request, user, _asker(request), method="second factor")


@receiver([account.password_changed, account.password_set, account.password_reset])
def password_changed(request: HttpRequest, user: User, **kwargs: Any) -> None:
    record(Action.PASSWORD_CHANGED, request, user, user)


@receiver(account.password_reset)
def link_opened(request: HttpRequest, user: User, **kwargs: Any) -> None:
    """The link to a new password came by mail: whoever used it reads the mail."""
    mailbox.note(request, user)


@receiver([factor.authenticator_added, factor.authenticator_reset])
def factor_added(request: HttpRequest, user: User, authenticator: Any, **kwargs: Any) -> None:
    factors.note(request, user)
    record(Action.FACTOR_ADDED, request, user, user, type=authenticator.type)


@receiver(factor.authenticator_removed)
def factor_removed(request: HttpRequest, user: User, authenticator: Any, **kwargs: Any) -> None:
    factors.note(request, user)
    record(Action.FACTOR_REMOVED, request, user, user, type=authenticator.type)
