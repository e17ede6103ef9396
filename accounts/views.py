"""Where a login leads, and proving by a code that it is still the same person."""

import datetime as dt
from typing import Any, cast

from allauth.account.internal.flows.login import record_authentication
from allauth.account.views import BaseReauthenticateView
from allauth.core import ratelimit
from allauth.usersessions.internal.flows.sessions import end_sessions
from allauth.usersessions.models import UserSession
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from ua_parser import parse as parse_agent

from accounts import address_proof
from accounts.adapter import home_address
from accounts.doors import whole_number
from accounts.forms import ProofForm
from accounts.models import User


@login_required
def first_page(request: HttpRequest) -> HttpResponse:
    """Workspace, portal or the editors' desk."""
    return redirect(home_address(cast(User, request.user)))


@never_cache
@login_required
def sessions(request: HttpRequest) -> HttpResponse:
    """Where one is logged in, and ending one of these or all the others. Nobody has to prove who
    they are for that: whoever finds a stranger there is in a hurry.
    """
    found = UserSession.objects.purge_and_list(request.user)
    if request.method == "POST":
        chosen = whole_number(request.POST.get("session", ""))
        ended = [one for one in found if one.pk == chosen or "others" in request.POST]
        end_sessions(request, [one for one in ended if one.pk == chosen or not one.is_current()])
        return redirect("sessions")
    found.sort(key=lambda one: (one.is_current(), one.last_seen_at), reverse=True)
    shown = [{"session": one, "device": device_words(one.user_agent)} for one in found]
    clinic = cast(User, request.user).clinic
    zone = clinic.zone if clinic is not None else dt.UTC
    return render(request, "account/sessions.html", {"sessions": shown, "zone": zone})


def device_words(agent: str) -> str:
    """'Firefox, Windows' for what a browser calls itself."""
    told = parse_agent(agent)
    names = [told.user_agent and told.user_agent.family, told.os and told.os.family]
    return ", ".join(name for name in names if name) or _("a browser we do not know")


@method_decorator(login_required, name="dispatch")
class ReauthenticateByCode(BaseReauthenticateView):
    """For those who have a code only, or no longer know or have the rest. Sent when asked for."""

    form_class = ProofForm
    template_name = "account/reauthenticate_by_code.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "send" not in request.POST:
            return cast(HttpResponse, super().post(request, *args, **kwargs))
        email = cast(User, request.user).email
        if not ratelimit.consume(request, action="request_login_code", key=email.lower()):
            return ratelimit.respond_429(request)
        address_proof.begin(request, email=email, proves=request.user.pk)
        return redirect(request.get_full_path())

    def form_valid(self, form: ProofForm) -> HttpResponse:
        right = address_proof.is_right(self.request, form.cleaned_data["code"])
        if self._sent_to() is None or not right:
            form.add_error("code", _("This code is not the one we sent."))
            return cast(HttpResponse, self.form_invalid(form))
        address_proof.end(self.request)
        record_authentication(self.request, self.request.user, method="code", reauthenticated=True)
        return cast(HttpResponse, super().form_valid(form))

    def _sent_to(self) -> str | None:
        """Where this person's code is on its way to; None for one of another purpose."""
        waiting = address_proof.pending(self.request) or {}
        is_theirs = waiting.get("proves") == self.request.user.pk
        return waiting["email"] if is_theirs else None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return {**context, "sent_to": self._sent_to()}
