"""A patient's paper sheet, entered by the therapist."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render

from accounts.doors import DoorRequest, date_in, posted
from accounts.permissions import Permission
from patients.models import Patient
from programs import paper
from programs.forms.paper import PaperForm
from workspace.access import patient_view


@patient_view(Permission.TREAT)
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
            messages.success(request, f"{count} day{'s' if count > 1 else ''} from paper stored.")
            return redirect("workspace:patient_sessions", patient.pk)
    context = {"patient": patient, "tab": "sessions", "form": form}
    return render(request, "workspace/patient_paper.html", context)
