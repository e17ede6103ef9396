"""Erasing a person, and what the law keeps sealed of those who were erased."""

from uuid import UUID

from cryptography.fernet import InvalidToken
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.defaultfilters import date

from accounts.doors import DoorRequest, posted
from accounts.models import Clinic
from accounts.permissions import Permission
from accounts.proof import proven
from patients import retention
from patients.actions import erasing
from patients.models import Patient, SealedRecord
from programs.export.archive import as_archive
from workspace.access import audit_list, patient_view, workspace_view
from workspace.files import download
from workspace.forms.erasure import EraseForm, FindSealedForm, OpenSealedForm

A_PAGE = 100


@workspace_view(Permission.ERASE_PATIENTS)
def page(request: DoorRequest) -> HttpResponse:
    """Who asked, whose time is over, and what is sealed, perhaps of one person."""
    clinic = _clinic(request)
    own = Patient.objects.visible_to(request.user)
    asked = list(own.exclude(erasure_asked_at=None).order_by("erasure_asked_at"))
    past = list(retention.past_their_time(clinic)[:A_PAGE])
    audit_list(request, [*asked, *past])
    form = FindSealedForm(posted(request))
    sealed = SealedRecord.objects.visible_to(request.user).select_related("sealed_by")
    if form.is_valid():
        sealed = sealed.of(**form.cleaned_data)
    context = {
        "clinic": clinic,
        "today": clinic.today(),
        "asked": [
            (one, retention.answer_due(one.erasure_asked_at))
            for one in asked
            if one.erasure_asked_at is not None
        ],
        "past": past,
        "sealed": sealed.defer("content")[:A_PAGE],
        "form": form,
        "is_search": form.is_bound and form.is_valid(),
    }
    return render(request, "workspace/erasure.html", context)


def _clinic(request: DoorRequest) -> Clinic:
    clinic = request.user.clinic
    assert clinic is not None, "Whoever erases has a clinic."
    return clinic


@patient_view(Permission.ERASE_PATIENTS)
@proven
def erase(request: DoorRequest, patient: Patient) -> HttpResponse:
    form = EraseForm(posted(request), patient=patient)
    if form.is_valid():
        name = str(patient)
        sealed = erasing.erase(patient=patient, by=request.user, archive=as_archive)
        words = f"{name} is erased."
        if sealed is not None:
            words += f" What the law keeps is sealed until {date(sealed.kept_until, 'j M Y')}."
        messages.success(request, words)
        return redirect("workspace:erasure")
    last_day = retention.kept_until(patient)
    context = {
        "patient": patient,
        "clinic": patient.clinic,
        "form": form,
        "kept_until": last_day,
        "is_kept": last_day >= patient.clinic.today(),
    }
    return render(request, "workspace/erase.html", context)


@workspace_view(Permission.ERASE_PATIENTS)
@proven
def sealed_record(request: DoorRequest, sealed_id: UUID) -> HttpResponse:
    """Asks why, and gives the file out."""
    own = SealedRecord.objects.visible_to(request.user).select_related("sealed_by")
    sealed = get_object_or_404(own, pk=sealed_id)
    form = OpenSealedForm(posted(request))
    if form.is_valid():
        try:
            archive = erasing.opened(sealed=sealed, by=request.user, **form.cleaned_data)
        except InvalidToken:
            form.add_error(None, "It was sealed with another SECRET_KEY, and does not open.")
        except ValidationError as error:
            form.add_error(None, error)
        else:
            name = f"footing-sealed-{sealed.sealed_at:%Y-%m-%d}.zip"
            return download(archive, "application/zip", name)
    context = {"sealed": sealed, "form": form, "clinic": _clinic(request)}
    return render(request, "workspace/sealed_record.html", context)
