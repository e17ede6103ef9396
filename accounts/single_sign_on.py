"""Staff log in by their organization's own login (OpenID Connect), where an installation has one.

It proves who somebody is and nothing more: no account is made by it, roles and clinics stay ours,
and a patient never comes in by it.
"""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.internal.decorators import login_not_required
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialLogin
from allauth.socialaccount.providers.base.constants import AuthError
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect import views
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from requests import RequestException

from accounts import factors, open_id, signals
from accounts.addresses import canonical
from accounts.demo import is_closed_demo
from accounts.models import User
from accounts.permissions import PORTAL_ROLES

log = logging.getLogger(__name__)
View = Callable[..., HttpResponse]


class StaffAdapter(DefaultSocialAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Let in whom we know: by the link of before, else by the address that was proven there.

        Raises ImmediateHttpResponse with the login page for anybody else.
        """
        if not open_id.is_for_this_login(sociallogin):
            signals.refused_elsewhere(request, None)
            raise ImmediateHttpResponse(sent_back(request))
        linked = sociallogin.user if sociallogin.is_existing else _by_address(sociallogin)
        is_taken = not sociallogin.is_existing and _has_link(linked, sociallogin)
        if linked is None or is_taken or not _may_enter(linked):
            signals.refused_elsewhere(request, linked)
            raise ImmediateHttpResponse(sent_back(request))
        if not sociallogin.is_existing:
            SocialAccount.objects.filter(user=linked).delete()  # to an issuer of before
            sociallogin.connect(request, linked)
        if _proved_two(sociallogin):
            request.META[factors.PROVED] = linked.pk

    def on_authentication_error(
        self, request: HttpRequest, provider: Any, error: Any = None, **details: Any
    ) -> None:
        """Raises ImmediateHttpResponse with the login page: what went wrong there is not ours."""
        if error != AuthError.CANCELLED:
            log.warning("Single sign-on failed: %s", details.get("exception") or error)
        raise ImmediateHttpResponse(sent_back(request))


def _by_address(sociallogin: SocialLogin) -> User | None:
    proven = [canonical(one.email) for one in sociallogin.email_addresses if one.verified is True]
    return User.objects.filter(email__in=proven).first()


def _has_link(user: User | None, sociallogin: SocialLogin) -> bool:
    """Somebody else there has had the address before. Links to another issuer have ended."""
    here = open_id.link_key(open_id.issuer_of(sociallogin.provider.app))
    return SocialAccount.objects.filter(user=user, uid__startswith=here).exists()


def _may_enter(user: User) -> bool:
    """Staff of a clinic, and editors: who keeps the platform comes by our own login."""
    is_staff = user.role not in ("", *PORTAL_ROLES) and not user.is_superuser
    return user.is_active and is_staff and not is_closed_demo(user.email)


def _proved_two(sociallogin: SocialLogin) -> bool:
    """Whether the other login says that it asked for a second factor (RFC 8176)."""
    token = (sociallogin.account.extra_data or {}).get("id_token") or {}
    methods = token.get("amr")
    return isinstance(methods, list) and "mfa" in methods


def sent_back(request: HttpRequest) -> HttpResponse:
    messages.error(
        request,
        gettext("That did not log you in. Log in here, or ask who keeps your clinic's accounts."),
    )
    return redirect("account_login")


def caught(view: View) -> View:
    """Where the other side is broken, back to the login page."""

    @login_not_required
    @wraps(view)
    def asked(request: HttpRequest, provider_id: str) -> HttpResponse:
        if {request.GET.get("process", "login"), request.POST.get("process", "login")} != {"login"}:
            raise Http404  # allauth would link logins by it
        try:
            return view(request, provider_id)
        except (OAuth2Error, RequestException, KeyError, ValueError) as error:
            log.warning("Single sign-on failed: %s", type(error).__name__)
            return sent_back(request)

    return asked


def _returned(request: HttpRequest, provider_id: str) -> HttpResponse:
    """As allauth's own view, which has no setting for another adapter."""
    try:
        view = OAuth2CallbackView.adapter_view(open_id.Adapter(request, provider_id))
        response: HttpResponse = view(request)
    except SocialApp.DoesNotExist as error:
        raise Http404 from error
    return response


begin = caught(views.login)
come_back = caught(_returned)
