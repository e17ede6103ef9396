"""Programs of others that may read by FHIR, for whoever runs the clinic."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Max, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts.doors import DoorRequest, posted
from accounts.models import AppAccess, AppEvent, ConnectedApp
from accounts.permissions import Permission
from accounts.proof import proven_before_change
from accounts.smart import connecting
from accounts.smart.addresses import address_of_fhir, address_of_tokens
from accounts.smart.signing import address_of_keys
from workspace.access import workspace_view
from workspace.errors import stored
from workspace.forms.app import AppForm

APPS = "workspace:apps"


def _of_clinic(request: DoorRequest) -> Any:
    """With when each last read, and how many patients have let it in."""
    lasting = AppAccess.objects.lasting().filter(app=OuterRef("pk")).order_by().values("app")
    patients = lasting.annotate(count=Count("user", distinct=True)).values("count")
    return ConnectedApp.objects.filter(clinic=request.user.clinic).annotate(
        used_at=Max("accesses__used_at"), patients=Coalesce(Subquery(patients), 0)
    )


@workspace_view(Permission.RUN_CLINIC)
def apps(request: DoorRequest) -> HttpResponse:
    listed = _of_clinic(request).order_by("ended_at", "name", "added_at")
    return render(request, "workspace/apps.html", {"apps": listed})


@workspace_view(Permission.RUN_CLINIC)
@proven_before_change
def add(request: DoorRequest) -> HttpResponse:
    form = AppForm(posted(request), instance=ConnectedApp(clinic=request.user.clinic))
    app = stored(form, lambda: connecting.add(by=request.user, **form.cleaned_data))
    if app:
        messages.success(request, f"{app} is connected. Give its makers the numbers below.")
        return redirect("workspace:app", app.pk)
    return render(request, "workspace/app.html", {"form": form})


@workspace_view(Permission.RUN_CLINIC)
@proven_before_change
def change(request: DoorRequest, app_id: UUID) -> HttpResponse:
    """What it may read, and what its makers need to know; or its end."""
    app = get_object_or_404(_of_clinic(request), pk=app_id)
    if request.method == "POST" and "end" in request.POST:
        connecting.end(app=app, by=request.user)
        messages.success(request, f"{app} can no longer read anything.")
        return redirect(APPS)
    is_open = app.ended_at is None
    row = ConnectedApp.objects.get(pk=app.pk)
    form = AppForm(posted(request) if is_open else None, instance=row)
    done = stored(form, lambda: connecting.change(app=app, by=request.user, **form.cleaned_data))
    if done:
        messages.success(request, f"{done} is saved.")
        return redirect("workspace:app", done.pk)
    context = {
        "form": form,
        "app": app,
        "address": address_of_fhir(),
        "token_address": address_of_tokens(),
        "keys_address": address_of_keys(),
        "told": AppEvent.objects.filter(app=app).aggregate(
            last=Max("told_at"),
            waiting=Count("pk", filter=Q(next_at__isnull=False)),
            lost=Count("pk", filter=Q(next_at=None, told_at=None)),
        ),
    }
    return render(request, "workspace/app.html", context)
