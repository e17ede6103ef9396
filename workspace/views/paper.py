"""A patient's paper sheet, entered by the therapist."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from accounts.doors import DoorRequest, date_in, posted
from accounts.permissions import Permission
from patients.models import Patient
from programs.handout.entering import answered
from workspace.access import patient_view


@patient_view(Permission.TREAT)
def enter(request: DoorRequest, patient: Patient) -> HttpResponse:
    last = date_in(request.POST, "to") or date_in(request.GET, "to")
    form, count = answered(posted(request), patient=patient, last=last, by=request.user)
    if count:
        messages.success(request, f"{count} session{'s' if count > 1 else ''} from paper stored.")
        return redirect("workspace:patient_sessions", patient.pk)
    context = {"patient": patient, "tab": "sessions", "form": form}
    return render(request, "workspace/patient_paper.html", context)
