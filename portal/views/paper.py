"""What was ticked on paper, entered by the patient."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext

from accounts.doors import DoorRequest, date_in, posted
from patients.models import Patient
from portal.access import portal_view
from programs.handout.entering import answered


@portal_view
def enter(request: DoorRequest, patient: Patient) -> HttpResponse:
    last = date_in(request.POST, "to") or date_in(request.GET, "to")
    form, count = answered(posted(request), patient=patient, last=last, by=request.user)
    if count:
        words = ngettext(
            "Thank you. %(count)s session stored.", "Thank you. %(count)s sessions stored.", count
        )
        messages.success(request, words % {"count": count})
        return redirect("portal:progress")
    context = {"patient": patient, "clinic": patient.clinic, "tab": "progress", "form": form}
    return render(request, "portal/paper.html", context)
