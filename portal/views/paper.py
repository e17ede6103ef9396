"""What was ticked on paper, entered by the patient."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render

from accounts.doors import DoorRequest, date_in, posted
from patients.models import Patient
from portal.access import portal_view
from programs import paper
from programs.forms.paper import PaperForm


@portal_view
def enter(request: DoorRequest, patient: Patient) -> HttpResponse:
    last = date_in(request.GET, "to") or patient.clinic.today()
    form = PaperForm(posted(request), grid=paper.grid(patient, last))
    if form.is_valid():
        try:
            stored = paper.enter(patient=patient, entries=form.entries, by=request.user)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            count = len(stored)
            messages.success(request, f"Thank you. {count} day{'s' if count > 1 else ''} stored.")
            return redirect("portal:progress")
    context = {"patient": patient, "clinic": patient.clinic, "tab": "progress", "form": form}
    return render(request, "portal/paper.html", context)
