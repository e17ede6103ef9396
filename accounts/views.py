"""Where a login leads, and what a mailed code proves: that it is still the same person, or whose
mailbox it is.
"""

import datetime as dt
from typing import Any, cast

from allauth.account.internal.flows.login import record_authentication
from allauth.account.mixins import NextRedirectMixin
from allauth.account.views import BaseReauthenticateView
from allauth.core import ratelimit
from allauth.usersessions.internal.flows.sessions import end_sessions
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.generic import FormView
from ua_parser import parse as parse_agent

from accounts import address_proof, first_run, mailbox, signals, staff
from accounts.adapter import home_address
from accounts.doors import whole_number
from accounts.forms import FirstRunForm, ProofForm
from accounts.models import User


@login_required
def first_page(request: HttpRequest) -> HttpResponse:
    """Workspace, portal or the editors' desk."""
    return redirect(home_address(cast(User, request.user)))


@never_cache
def set_up(request: HttpRequest) -> HttpResponse:
    """The first clinic; 404 where there is one."""
    if not first_run.is_needed():
        raise Http404
    form = FirstRunForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        first_run.tell_code()
    if form.is_valid():
        try:
            user = first_run.set_up(**form.parts)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            request.session[_SET_UP] = user.pk
            return redirect("set_up_done")
    return render(request, "account/set_up.html", {"form": form})


_SET_UP = "set_up"  # in a session: whom it made


@never_cache
def set_up_done(request: HttpRequest) -> HttpResponse:
    """What to do next, and the mail once more, for whoever has just set it up."""
    user = User.objects.filter(pk=request.session.get(_SET_UP, 0), last_login=None).first()
    if user is None:
        return redirect("account_login")
    if request.method == "POST":
        if not ratelimit.consume(request, action="request_login_code", key=user.email):
            return ratelimit.respond_429(request)
        staff.write_to(user=user, by=user)
        messages.success(request, "The mail leaves in a moment.")
        return redirect("set_up_done")
    return render(request, "account/set_up_done.html", {"made": user})


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


class MailedCode(FormView):
    """A page that mails a code when it is asked to, and takes it; what it proves, its heirs say."""

    form_class = ProofForm
    template_name = "account/reauthenticate_by_code.html"
    purpose = ""

    def is_proven(self) -> None:
        raise NotImplementedError

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "send" not in request.POST:
            return super().post(request, *args, **kwargs)
        email = cast(User, request.user).email
        if not ratelimit.consume(request, action="request_login_code", key=email.lower()):
            return ratelimit.respond_429(request)
        address_proof.begin(request, email=email, proves=request.user.pk, purpose=self.purpose)
        return redirect(request.get_full_path())

    def form_valid(self, form: ProofForm) -> HttpResponse:
        right = address_proof.is_right(self.request, form.cleaned_data["code"])
        if self._sent_to() is None or not right:
            form.add_error("code", _("This code is not the one we sent."))
            signals.code_rejected(self.request, cast(User, self.request.user))
            return self.form_invalid(form)
        address_proof.end(self.request)
        self.is_proven()
        return super().form_valid(form)

    def _sent_to(self) -> str | None:
        """Where this person's code is on its way to; None for one of another purpose."""
        waiting = address_proof.pending(self.request) or {}
        is_theirs = waiting.get("proves") == self.request.user.pk
        return waiting["email"] if is_theirs and waiting.get("purpose") == self.purpose else None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return {**context, "sent_to": self._sent_to()}


@method_decorator(login_required, name="dispatch")
class ReauthenticateByCode(MailedCode, BaseReauthenticateView):
    """For those who have a code only, or no longer know or have the rest."""

    purpose = "same person"

    def is_proven(self) -> None:
        record_authentication(self.request, self.request.user, method="code", reauthenticated=True)


@method_decorator([never_cache, login_required], name="dispatch")
class ShowMailbox(NextRedirectMixin, MailedCode):
    """For staff who make their first second factor."""

    purpose = "mailbox"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not mailbox.is_asked_for(request):
            return redirect("mfa_index")
        return super().dispatch(request, *args, **kwargs)

    def is_proven(self) -> None:
        mailbox.note(self.request, cast(User, self.request.user))

    def get_default_success_url(self) -> str:
        return reverse("mfa_index")
