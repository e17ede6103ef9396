"""Something is wrong: told from every page, on every day, and what to do at once."""

import datetime as dt
import uuid
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.doors import DoorRequest, posted, text_in
from patients.actions import once
from patients.models import Episode, Patient, Share
from portal.access import PortalRequest, is_answer_of_another, shared_view
from portal.forms.session import seconds_waited
from portal.forms.signs import SignsForm
from portal.offline import copied, wants_json
from programs.actions import sign_reports
from programs.alerts import advice
from programs.models import SignReport


@shared_view(Share.PLAN)
@copied
def tell(request: PortalRequest, patient: Patient) -> HttpResponse:
    """The page is the same for everybody in the clinic, so that a device can keep it."""
    if is_answer_of_another(request):
        raise Http404
    episode = Episode.objects.filter(patient=patient, closed_at=None).first()
    form = SignsForm(posted(request), asks_sugar=episode is not None and episode.asks_sugar)
    if form.is_valid():
        report = _stored(request, patient, form)
        address = reverse("portal:signs_told", args=[report.pk])
        return JsonResponse({"next": address}) if wants_json(request) else redirect(address)
    if request.method == "POST" and wants_json(request):
        return JsonResponse({"errors": form.errors}, status=422)
    context = {
        "patient": patient,
        "clinic": patient.clinic,
        "form": form,
        "on_the_spot": advice.of_each_sign(patient.clinic),
        "tab": "signs",
        "is_copy": "have" in request.GET,  # it waits on a device, where a token would grow old
    }
    return render(request, "portal/signs.html", context)


def _stored(request: DoorRequest, patient: Patient, form: SignsForm) -> SignReport:
    waited = dt.timedelta(seconds=seconds_waited(request.POST.get("waited", "")))
    try:
        return sign_reports.record(
            report_id=_id_in(request),
            patient=patient,
            by=request.user,
            at=timezone.now() - waited,
            **form.answers,
        )
    except (once.NotYours, ValidationError) as error:
        raise Http404 from error


def _id_in(request: DoorRequest) -> UUID:
    """The page's script makes one, so that what is sent twice is stored once."""
    text = text_in(request.POST, "report", 36)
    try:
        return UUID(text) if text else uuid.uuid4()
    except ValueError as error:
        raise Http404 from error


@shared_view(Share.PLAN)
def told(request: DoorRequest, patient: Patient, report_id: UUID) -> HttpResponse:
    report = get_object_or_404(SignReport.objects.visible_to(request.user), pk=report_id)
    context = {
        "patient": patient,
        "clinic": patient.clinic,
        "report": report,
        "advice": advice.about(report, patient.clinic),
    }
    return render(request, "portal/signs_told.html", context)
