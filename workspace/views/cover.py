"""Away for some days: who stands in."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts.doors import DoorRequest, posted
from accounts.permissions import Permission
from patients.models import Cover
from programs.actions import covering
from workspace.access import workspace_view
from workspace.errors import into_form, into_messages
from workspace.forms.cover import CoverForm


@workspace_view(Permission.MANAGE_CARE_TEAMS)
def page(request: DoorRequest) -> HttpResponse:
    clinic = request.user.clinic
    assert clinic is not None, "Whoever keeps care teams has a clinic."
    form = CoverForm(posted(request), user=request.user, today=clinic.today())
    if form.is_valid():
        try:
            cover = covering.arrange(
                **{"therapist": request.user, **form.cleaned_data}, by=request.user
            )
        except ValidationError as error:
            into_form(form, error)
        else:
            messages.success(request, f"{cover.substitute} stands in for {cover.therapist}.")
            return redirect("workspace:cover")
    covers = Cover.objects.filter(clinic=clinic).to_come(clinic.today())
    is_administrator = request.user.may(Permission.SEE_ALL_PATIENTS_OF_CLINIC)
    rows = covers.select_related("therapist", "substitute")
    context = {
        "form": form,
        "today": clinic.today(),
        "covers": [(row, is_administrator or row.therapist == request.user) for row in rows],
    }
    return render(request, "workspace/cover.html", context)


@require_POST
@workspace_view(Permission.MANAGE_CARE_TEAMS)
def end(request: DoorRequest, cover_id: UUID) -> HttpResponse:
    own = Cover.objects.filter(clinic=request.user.clinic).select_related("therapist__clinic")
    cover = get_object_or_404(own, pk=cover_id)
    try:
        covering.end(cover=cover, by=request.user)
    except ValidationError as error:
        into_messages(request, error)
    else:
        messages.success(request, f"{cover.therapist} is back.")
    return redirect("workspace:cover")
