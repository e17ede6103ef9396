"""Accepting to help a patient, by the mailed link and the code that the patient tells."""

from typing import Any

from allauth.core import ratelimit
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.views.decorators.cache import never_cache

from accounts.doors import posted
from accounts.middleware import CARED_FOR
from accounts.models import User
from patients.actions import caregivers as actions
from patients.models import Caregiver
from portal import first_login
from portal.forms.caregivers import HelpAlsoForm, HelpForm
from portal.forms.join import Way

Context = dict[str, Any]


@never_cache
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """Opening the link uses nothing up; only sending the form does."""
    with Caregiver.of_token(token) as caregiver:
        if caregiver is None:
            return render(request, "portal/help_gone.html", status=404)
        if request.method == "POST" and not _counted(request, caregiver, dry_run=True):
            return ratelimit.respond_429(request)
        with translation.override(caregiver.patient.language):
            return _answer(request, caregiver)


def _counted(request: HttpRequest, caregiver: Caregiver, **how: bool) -> bool:
    """Whether there is a try of the code left; wrong ones count, wherever they come from."""
    key = str(caregiver.pk)
    return bool(ratelimit.consume(request, action="caregiver_code", key=key, **how))


def _is_right(request: HttpRequest, form: HelpForm | HelpAlsoForm) -> bool:
    is_right = form.is_valid()
    if form.has_error("code", "wrong"):
        _counted(request, form.caregiver)
    return is_right


def _answer(request: HttpRequest, caregiver: Caregiver) -> HttpResponse:
    patient = caregiver.patient
    context: Context = {"caregiver": caregiver, "patient": patient, "clinic": patient.clinic}
    known = User.objects.filter(email=caregiver.email).first()
    if known is None:
        return _new(request, caregiver, context)
    if not known.is_caregiver or known.clinic_id != caregiver.clinic_id:
        return render(request, "portal/help_taken.html", context)
    if request.user != known:
        return render(request, "portal/help_log_in.html", context | {"email": known.email})
    return _also(request, caregiver, known, context)


def _new(request: HttpRequest, caregiver: Caregiver, context: Context) -> HttpResponse:
    form = HelpForm(posted(request), caregiver=caregiver)
    if _is_right(request, form):
        try:
            user = actions.accept(caregiver=caregiver, password=form.cleaned_data["password"])
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            first_login.begin(request, user)
            by_passkey = form.cleaned_data["way"] == Way.PASSKEY
            return redirect("mfa_add_webauthn" if by_passkey else "portal:today")
    return render(request, "portal/help.html", context | {"form": form})


def _also(
    request: HttpRequest, caregiver: Caregiver, known: User, context: Context
) -> HttpResponse:
    form = HelpAlsoForm(posted(request), caregiver=caregiver)
    if _is_right(request, form):
        try:
            actions.accept_as(caregiver=caregiver, by=known)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            request.session[CARED_FOR] = str(caregiver.patient_id)
            return redirect("portal:today")
    return render(request, "portal/help.html", context | {"form": form})
