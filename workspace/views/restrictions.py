"""What a patient leaves out for now: holding something back, and allowing it again."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts.doors import DoorRequest, posted
from accounts.permissions import Permission
from patients.models import Patient
from programs.actions import restrictions as actions
from programs.models import Restriction
from workspace.access import audit_if_shown, patient_view, workspace_view
from workspace.errors import into_form
from workspace.forms.alert import LiftForm, RestrictForm
from workspace.views.episodes import open_episode_of


@patient_view(Permission.TREAT)
def impose(request: DoorRequest, patient: Patient) -> HttpResponse:
    """A therapist holds something back, whatever the plan says."""
    episode = open_episode_of(patient)
    if episode is None:
        messages.error(request, "Open an episode first.")
        return redirect("workspace:episode", patient.pk)
    form = RestrictForm(posted(request))
    if form.is_valid():
        try:
            made = actions.impose(episode=episode, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            into_form(form, error)
        else:
            messages.success(request, f"{patient} leaves out: {made.get_kind_display()}.")
            return redirect("workspace:patient", patient.pk)
    context = {"patient": patient, "form": form}
    return render(request, "workspace/restrict.html", context)


@workspace_view(Permission.TREAT)
def lift(request: DoorRequest, restriction_id: UUID) -> HttpResponse:
    rows = Restriction.objects.visible_to(request.user).select_related(
        "patient__clinic", "alert", "made_by", "lifted_by"
    )
    row = get_object_or_404(rows, pk=restriction_id)
    form = LiftForm(posted(request))
    if form.is_valid():
        try:
            actions.lift(restriction=row, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            into_form(form, error)
        else:
            messages.success(request, f"{row.patient} may do {row.get_kind_display()} again.")
            return redirect("workspace:patient", row.patient_id)
    context = {"patient": row.patient, "row": row, "form": form}
    response = render(request, "workspace/restriction_lift.html", context)
    audit_if_shown(request, row.patient, response)
    return response
