"""What a patient sees, shown to those who treat them: the portal's own pages, to look at only.

It stands above both doors, as neither knows the other. Nobody logs in as the patient: the page is
asked for as oneself, and on record like every other page about a patient. A browser runs no script
and sends no form of it.
"""

from typing import cast

from csp.decorators import csp_update
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_sameorigin

from accounts.permissions import Permission
from patients.models import Patient, with_unread
from portal.access import PortalRequest, SharedView
from portal.views import learn, pages
from programs.library.reader import as_read_by
from workspace.access import patient_view

PAGES = {
    "today": ("Today", pages.today_page),
    "plan": ("Plan", pages.plan_page),
    "progress": ("Progress", pages.progress_page),
    "learn": ("Learn", learn.learn),
}


@patient_view(Permission.TREAT)
def looking(request: PortalRequest, patient: Patient, page: str = "today") -> HttpResponse:
    """One page of the portal in a frame, and the way to the others."""
    if page not in PAGES:
        raise Http404
    context = {
        "patient": patient,
        "page": page,
        "pages": [(name, words) for name, (words, _) in PAGES.items()],
    }
    return render(request, "workspace/looking.html", context)


@xframe_options_sameorigin
@csp_update({"sandbox": ["allow-same-origin"]})
@patient_view(Permission.TREAT)
def looked_at(request: PortalRequest, patient: Patient, page: str) -> HttpResponse:
    if page not in PAGES:
        raise Http404
    request.caregiver, request.owner = None, ""
    if patient.user is not None:  # how much is new to them
        mine = with_unread(Patient.objects.filter(pk=patient.pk), patient.user)
        patient.unread_messages = mine.get().unread_messages  # type: ignore[attr-defined]
    with as_read_by(patient):
        return cast(SharedView, PAGES[page][1]).plain(request, patient)
