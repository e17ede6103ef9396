"""Accepting an invitation, by its link or by the printed code."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.core import ratelimit
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from accounts import address_proof, lifetime
from accounts.addresses import canonical
from accounts.doors import posted
from accounts.forms import ProofForm
from accounts.models import User
from patients.actions import invitations
from patients.models import Invitation
from portal import first_login
from portal.forms.join import AcceptForm, CodeForm, Way

WRONG = _(
    "The code and the birth date don't match an open invitation. Check both, or call your clinic."
)


@never_cache
def enter_code(request: HttpRequest) -> HttpResponse:
    """Code and birth date together. Every kind of wrong is answered alike; tries are limited."""
    if request.user.is_authenticated:
        return redirect("first_page")  # the sheet was scanned again
    form = CodeForm(posted(request))
    if request.method == "POST":
        too_many = ratelimit.consume_or_429(request, action="invitation_code")
        if too_many is not None:
            return too_many
    if form.is_valid():
        invitation = Invitation.from_code(
            form.cleaned_data["code"], form.cleaned_data["birth_date"]
        )
        if invitation is not None:
            return redirect("portal:join", invitation.token)
        form.add_error(None, WRONG)
    return render(request, "portal/join_code.html", {"form": form})


@never_cache
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """Opening the link uses nothing up; only sending the form does."""
    with Invitation.of_token(token) as invitation:
        if invitation is None:
            return render(request, "portal/join_gone.html", status=404)
        if request.method == "POST":
            too_many = ratelimit.consume_or_429(request, action="invitation_answer")
            if too_many is not None:
                return too_many
        with translation.override(invitation.patient.language):
            return _answer(request, invitation)


def _answer(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    form = AcceptForm(posted(request), initial={"email": invitation.sent_to})
    if form.is_valid():
        data = form.cleaned_data
        if data["way"] != Way.PASSWORD and data["email"] != canonical(invitation.sent_to):
            return _ask_for_proof(request, invitation, data)
        try:
            return _enter(request, invitation, **data)
        except ValidationError as error:
            form.add_error(None, error.messages)
    context = {
        "form": form,
        "patient": invitation.patient,
        "clinic": invitation.patient.clinic,
    }
    return render(request, "portal/join.html", context)


def _ask_for_proof(
    request: HttpRequest, invitation: Invitation, data: dict[str, Any]
) -> HttpResponse:
    """A mistyped address would otherwise be handed every code to this account."""
    email = data["email"]
    if not ratelimit.consume(request, action="request_login_code", key=email):
        return ratelimit.respond_429(request)
    address_proof.begin(
        request,
        email=email,
        token=invitation.token,
        way=data["way"],
        shared_device=data[lifetime.SHARED],
    )
    return redirect("portal:join_proof")


@never_cache
def prove_address(request: HttpRequest) -> HttpResponse:
    """The code that was mailed; then the account is made."""
    waiting = address_proof.pending(request) or {}
    with Invitation.of_token(waiting.get("token", "")) as invitation:
        if invitation is None:
            address_proof.end(request)
            return render(request, "portal/join_gone.html", status=404)
        return _ask_for_code(request, invitation, waiting)


def _ask_for_code(
    request: HttpRequest, invitation: Invitation, waiting: dict[str, Any]
) -> HttpResponse:
    form = ProofForm(posted(request))
    if form.is_valid():
        if not address_proof.is_right(request, form.cleaned_data["code"]):
            form.add_error("code", _("This code is not the one we sent."))
        else:
            address_proof.end(request)
            return _with_proof(request, invitation, waiting)
    context = {"form": form, "email": waiting["email"], "token": waiting["token"]}
    with translation.override(invitation.patient.language):
        return render(request, "portal/join_proof.html", context)


def _with_proof(
    request: HttpRequest, invitation: Invitation, waiting: dict[str, Any]
) -> HttpResponse:
    if waiting["shared_device"]:
        request.session[lifetime.SHARED] = True
    try:
        return _enter(
            request, invitation, email=waiting["email"], way=waiting["way"], email_is_proven=True
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("portal:join", invitation.token)


def _enter(
    request: HttpRequest,
    invitation: Invitation,
    *,
    email: str,
    way: str,
    password: str | None = None,
    email_is_proven: bool = False,
    **form: Any,
) -> HttpResponse:
    """Make the account and log in. Raises what `invitations.accept` raises."""
    user = invitations.accept(
        invitation=invitation, email=email, password=password, email_is_proven=email_is_proven
    )
    first_login.begin(request, user)
    _ask_to_confirm(request, user)
    return redirect("mfa_add_webauthn" if way == Way.PASSKEY else "portal:today")


def _ask_to_confirm(request: HttpRequest, user: User) -> None:
    """A link to an address that nobody has proven: codes and passkeys wait for it."""
    address = EmailAddress.objects.get(user=user)
    if not address.verified:
        address.send_confirmation(request)
        messages.info(
            request,
            gettext("We sent a link to {email}. Please open it to confirm the address.").format(
                email=user.email
            ),
        )
