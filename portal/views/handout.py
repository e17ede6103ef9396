"""The patient's own plan on paper."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from accounts.doors import DoorRequest
from accounts.limits import limited
from patients.models import Patient, Share
from portal.access import shared_view
from programs.handout import answer, loading
from programs.handout.content import Handout


def _handout(patient: Patient) -> Handout | None:
    return loading.current(patient, address=settings.SITE_ADDRESS + reverse("portal:today"))


@shared_view(Share.PLAN)
def page(request: DoorRequest, patient: Patient) -> HttpResponse:
    handout = _handout(patient)
    if handout is None:
        return redirect("portal:plan")  # which says why there is nothing to do
    return answer.page(
        request, handout, file_url=reverse("portal:plan_file"), back_url=reverse("portal:plan")
    )


@shared_view(Share.PLAN)
@limited("patient_paper")
def file(request: DoorRequest, patient: Patient) -> HttpResponse:
    handout = _handout(patient)
    if handout is None:
        return redirect("portal:plan")
    return answer.file(request, handout)
