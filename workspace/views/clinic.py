"""The clinic's settings."""

import datetime as dt

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.http import HttpResponse
from django.shortcuts import redirect, render

from accounts import countries
from accounts.doors import DoorRequest, posted
from accounts.limits import limited
from accounts.models import Clinic
from accounts.permissions import Permission
from accounts.proof import proven_before_change
from patients.actions import clinics
from patients.pictures import served
from workspace.access import workspace_view
from workspace.errors import into_messages, stored
from workspace.forms.clinic import ClinicForm

YEAR = 366  # days


@workspace_view(Permission.RUN_CLINIC)
@proven_before_change
def page(request: DoorRequest) -> HttpResponse:
    clinic = request.user.clinic
    assert clinic is not None, "Whoever runs a clinic has one."
    form = ClinicForm(posted(request), instance=Clinic.objects.get(pk=clinic.pk))
    done = stored(
        form,
        lambda: clinics.change_settings(clinic=clinic, by=request.user, **form.cleaned_data),
    )
    if done:
        messages.success(request, "The settings are saved.")
        return redirect("workspace:clinic")
    usual = countries.emergency_number(clinic.country)
    context = {
        "form": form,
        "holidays": _holidays(clinic),
        "usual_number": usual if usual != clinic.emergency_number else "",
    }
    return render(request, "workspace/clinic.html", context)


def _holidays(clinic: Clinic) -> list[tuple[dt.date, str]]:
    """Of the next year, as they are known of its country, to be looked at."""
    today = clinic.today()
    days = (today + dt.timedelta(days=ahead) for ahead in range(YEAR))
    named = ((day, countries.holiday(clinic.country, clinic.region, day)) for day in days)
    return [(day, name) for day, name in named if name]


@workspace_view(Permission.RUN_CLINIC)
def logo(request: DoorRequest) -> HttpResponse:
    """The picture on letters, 404 without one; posted, another one or none."""
    clinic = request.user.clinic
    assert clinic is not None, "Whoever runs a clinic has one."
    if request.method != "POST":
        return served(clinic.logo, kind="image/png")
    file = request.FILES.get("picture")
    try:
        clinics.change_logo(clinic=clinic, by=request.user, file=file)
    except ValidationError as error:
        into_messages(request, error)
    else:
        which = "this" if file else "no"
        messages.success(request, f"Letters have {which} logo from now on.")
    return redirect("workspace:clinic")


@workspace_view(Permission.RUN_CLINIC)
@limited("mail_test")
def try_mail(request: DoorRequest) -> HttpResponse:
    """To whoever asks: does mail leave, and arrive?"""
    if request.method == "POST":
        send_mail(
            subject="Footing can send you mail",
            message=f"This is the test that you asked for on {settings.SITE_ADDRESS}.",
            from_email=settings.DEFAULT_FROM_EMAIL,
            recipient_list=[request.user.email],
        )
        messages.success(request, f"A mail to {request.user.email} leaves in a moment.")
    return redirect("workspace:clinic")
