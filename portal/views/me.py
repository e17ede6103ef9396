"""My data: what is set, who looked, everything to take along, and leaving."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import logout
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext

from accounts import audit
from accounts.doors import DoorRequest, posted
from accounts.limits import limited
from accounts.proof import proven, proven_before_file
from accounts.stale import StaleError
from patients import retention
from patients.actions import consents, erasing, leaving
from patients.actions import patients as actions
from patients.models import Patient, PrivacyAcceptance, Share
from patients.privacy import CURRENT
from portal import looked
from portal.access import keep_wishes, portal_view, shared_view
from portal.forms.me import WishesForm
from programs.export.readable import as_pdf
from programs.export.record import as_json


@portal_view
def page(request: DoorRequest, patient: Patient) -> HttpResponse:
    form = WishesForm(posted(request), patient=patient)
    if form.is_valid():
        try:
            return _saved(request, patient, form.cleaned_data)
        except StaleError as error:
            form.tell(error)
        except ValidationError as error:
            form.add_error(None, error.messages)
    accepted = PrivacyAcceptance.objects.filter(patient=patient, accepted_by=request.user)
    context = {"patient": patient, "clinic": patient.clinic, "form": form, "tab": "settings"}
    context["accepted"] = accepted.first()
    return render(request, "portal/me.html", context)


def _saved(request: DoorRequest, patient: Patient, wishes: dict[str, Any]) -> HttpResponse:
    patient = actions.change(patient=patient, by=request.user, **wishes)
    keep_wishes(request, patient)
    with translation.override(patient.language):
        messages.success(request, gettext("Saved."))
    return redirect("portal:me")


@portal_view
def looks(request: DoorRequest, patient: Patient) -> HttpResponse:
    context = {
        "patient": patient,
        "clinic": patient.clinic,
        "looks": looked.page_of(patient, request.GET.get("page", "1")),
    }
    return render(request, "portal/me_looks.html", context)


@portal_view
@proven_before_file("portal:me")
@limited("record")
def data_file(request: DoorRequest, patient: Patient) -> HttpResponse:
    content = as_json(patient, made_at=timezone.now())
    return _download(request, patient, content, "json", "application/json")


@portal_view
@proven_before_file("portal:me")
@limited("record")
def readable_file(request: DoorRequest, patient: Patient) -> HttpResponse:
    content = as_pdf(patient, made_at=timezone.now())
    return _download(request, patient, content, "pdf", "application/pdf")


def _download(
    request: DoorRequest, patient: Patient, content: bytes, ending: str, content_type: str
) -> HttpResponse:
    """On record, under a name that tells nobody whose it is; the gate forbids to keep it."""
    audit.record(
        action=audit.Action.PATIENT_DOWNLOADED, patient=patient, by=request.user, format=ending
    )
    name = f"footing-record-{patient.clinic.today().isoformat()}.{ending}"
    return HttpResponse(
        content,
        content_type=content_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@shared_view(Share.PLAN)
def accept_notice(request: DoorRequest, patient: Patient) -> HttpResponse:
    """What the notice says now, and accepting it."""
    if request.method == "POST":
        consents.accept(patient=patient, by=request.user)
        messages.success(request, gettext("Thank you. Noted."))
        return redirect("portal:today")
    context = {"patient": patient, "clinic": patient.clinic, "notice": CURRENT}
    return render(request, "portal/me_privacy.html", context)


@portal_view
@proven
def erasure(request: DoorRequest, patient: Patient) -> HttpResponse:
    """Asking the clinic to erase the record, and taking it back."""
    if request.method == "POST":
        if "take_back" in request.POST:
            erasing.take_back(patient=patient, by=request.user)
        else:
            erasing.ask(patient=patient, by=request.user)
        return redirect("portal:me_erasure")
    context = {
        "patient": patient,
        "clinic": patient.clinic,
        "kept_until": retention.kept_until(patient),
        "today": patient.clinic.today(),
        "due": patient.erasure_asked_at and retention.answer_due(patient.erasure_asked_at),
    }
    return render(request, "portal/me_erasure.html", context)


@portal_view
@proven
def leave(request: DoorRequest, patient: Patient) -> HttpResponse:
    """Says what it means, and asks once."""
    if request.method == "POST":
        leaving.leave(patient=patient, by=request.user)
        logout(request)
        return render(request, "portal/me_left.html", {"clinic": patient.clinic})
    return render(request, "portal/me_leave.html", {"patient": patient, "clinic": patient.clinic})
