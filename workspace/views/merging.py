"""Two records of one person: found, compared, and made one by the clinic's administrator."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts.doors import DoorRequest, posted
from accounts.permissions import Permission
from accounts.proof import proven
from patients.actions.patients import DETAILS, like
from patients.models import Patient
from programs.actions import merging
from workspace.access import audit_list, patient_view, typed_search
from workspace.errors import into_form
from workspace.forms.merging import MergeForm

MOST_FOUND = 20


@patient_view(Permission.MERGE_PATIENTS)
def choose(request: DoorRequest, patient: Patient) -> HttpResponse:
    """Who may be the same person, and a search for anybody else."""
    search = typed_search(request)
    others = Patient.objects.visible_to(request.user).exclude(pk=patient.pk)
    found = list(others.named(search)[:MOST_FOUND]) if search else like(patient)
    audit_list(request, found)
    context = {"patient": patient, "found": found, "search": search}
    return render(request, "workspace/merge_choose.html", context)


@patient_view(Permission.MERGE_PATIENTS)
@proven
def merge(request: DoorRequest, patient: Patient, other_id: UUID) -> HttpResponse:
    """What stands in both, what becomes of it, and the button."""
    other = get_object_or_404(
        Patient.objects.visible_to(request.user).exclude(pk=patient.pk), pk=other_id
    )
    form = MergeForm(posted(request))
    if form.is_valid():
        try:
            merging.merge(kept=patient, gone=other, by=request.user)
        except ValidationError as error:
            into_form(form, error)
        else:
            messages.success(request, f"Both records of {patient} are one.")
            return redirect("workspace:patient_record", patient.pk)
    audit_list(request, [other])
    context = {
        "patient": patient,
        "other": other,
        "form": form,
        "compared": [
            (words, _said(patient, name), _said(other, name)) for name, words in DETAILS.items()
        ],
        "hindrances": merging.hindrances(patient, other),
        "consequences": merging.consequences(patient, other),
    }
    return render(request, "workspace/merge.html", context)


def _said(patient: Patient, name: str) -> object:
    shown = getattr(patient, f"get_{name}_display", None)
    return shown() if shown else getattr(patient, name)
