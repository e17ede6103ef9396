"""Accepting an invitation, by its link or by the printed code."""

from allauth.core import ratelimit
from django.contrib.auth import login
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from accounts.doors import posted
from patients.actions import invitations
from patients.models import Invitation
from portal.forms.join import AcceptForm, CodeForm

BACKEND = "accounts.backends.EmailBackend"
WRONG = (
    "The code and the birth date don't match an open invitation. Check both, or call your clinic."
)


@never_cache
def enter_code(request: HttpRequest) -> HttpResponse:
    """Code and birth date together. Every kind of wrong is answered alike; tries are limited."""
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
    invitation = Invitation.from_token(token)
    if invitation is None:
        return render(request, "portal/join_gone.html", status=404)
    form = AcceptForm(posted(request), initial={"email": invitation.sent_to})
    if form.is_valid():
        try:
            user = invitations.accept(
                invitation=invitation,
                email=form.cleaned_data["email"],
                password=form.cleaned_data["password"],
            )
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            login(request, user, backend=BACKEND)
            return redirect("portal:today")
    context = {
        "form": form,
        "patient": invitation.patient,
        "clinic": invitation.patient.clinic,
        "token": token,
    }
    return render(request, "portal/join.html", context)
