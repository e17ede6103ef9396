"""Programs of others that read a patient's record: letting one in, and stopping it."""

from functools import partial
from uuid import UUID

from authlib.oauth2 import OAuth2Error
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from accounts.doors import DoorRequest
from accounts.models import ConnectedApp
from accounts.proof import has_just_come, proven
from accounts.smart import allowed, connecting
from accounts.smart.addresses import origin
from accounts.smart.scopes import OFFLINE, Reach, meanings
from accounts.smart.server import app_of, server
from patients.models import Patient
from portal.access import portal_view


@portal_view
@partial(proven, enough=has_just_come)
def authorize(request: DoorRequest, patient: Patient) -> HttpResponse:
    """An app has led the patient here: what it wants to read, and yes or no.

    What is wrong with the app's question is told to the app; where that could lead a patient to
    somebody else, to the patient. Whoever has just logged in on the way here is not asked twice.
    """
    app = app_of(request)
    if app is None or app.clinic_id != patient.clinic_id:
        return _unknown(request, patient)
    try:
        grant = server.get_consent_grant(request, end_user=request.user)
    except OAuth2Error as error:
        if not error.redirect_uri:
            return _unknown(request, patient)
        return server.handle_error_response(server.create_oauth2_request(request), error)
    if request.method == "POST":
        allows = "allow" in request.POST
        if allows:
            connecting.allowed(app=app, by=request.user, scope=grant.request.scope)
        answer = server.create_authorization_response(
            request, grant_user=request.user if allows else None, grant=grant
        )
        return _go_on(request, patient, app, answer["Location"])
    scope = grant.request.scope
    context = {
        "patient": patient,
        "clinic": patient.clinic,
        "app": app,
        "meanings": meanings(Reach(scope).kinds),
        "goes_on": OFFLINE in scope.split(),
        "leads_to": origin(grant.redirect_uri),
    }
    return render(request, "portal/app_authorize.html", context)


def _go_on(request: DoorRequest, patient: Patient, app: ConnectedApp, address: str) -> HttpResponse:
    """A page that leads on by itself. Browsers hold where a form leads against our policy, and all
    that the app then leads on to.
    """
    context = {"patient": patient, "clinic": patient.clinic, "app": app, "address": address}
    return render(request, "portal/app_go_on.html", context)


def _unknown(request: DoorRequest, patient: Patient) -> HttpResponse:
    context = {"patient": patient, "clinic": patient.clinic}
    return render(request, "portal/app_unknown.html", context, status=400)


@portal_view
def apps(request: DoorRequest, patient: Patient) -> HttpResponse:
    """Those that can read now, each with all that it was allowed."""
    listed = allowed.by(request.user)
    context = {"patient": patient, "clinic": patient.clinic, "listed": listed, "tab": "settings"}
    return render(request, "portal/me_apps.html", context)


@require_POST
@portal_view
def stop(request: DoorRequest, patient: Patient, app_id: UUID) -> HttpResponse:
    app = get_object_or_404(ConnectedApp, pk=app_id, clinic=patient.clinic)
    if connecting.stop(app=app, by=request.user):
        words = gettext("%(app)s can no longer read your record.") % {"app": app.name}
        messages.success(request, words)
    return redirect("portal:me_apps")
