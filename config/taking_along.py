"""The record for another clinic, as each door lets it be taken along (`fhir.record`)."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from accounts import audit
from accounts.doors import DoorRequest
from accounts.limits import limited
from accounts.permissions import Permission
from accounts.proof import proven_before_file
from fhir.record import as_bundle
from patients.models import Patient
from portal.access import portal_view
from workspace.access import patient_view
from workspace.files import download


@portal_view
@proven_before_file("portal:me")
@limited("record")
def mine(request: DoorRequest, patient: Patient) -> HttpResponse:
    """The patient's alone: who helps them takes nothing along."""
    return _file(request, patient)


def _record_page(patient: Patient, **named: Any) -> str:
    return reverse("workspace:patient_record", args=[patient.pk])


@patient_view(Permission.TREAT)
@proven_before_file(_record_page)
@limited("record")
def of_patient(request: DoorRequest, patient: Patient) -> HttpResponse:
    return _file(request, patient)


def _file(request: DoorRequest, patient: Patient) -> HttpResponse:
    """On record, under a name that tells nobody whose it is; the gates forbid to keep it."""
    content = as_bundle(patient, made_at=timezone.now())
    audit.record(
        action=audit.Action.PATIENT_DOWNLOADED, patient=patient, by=request.user, format="fhir"
    )
    name = f"footing-fhir-{patient.clinic.today().isoformat()}.json"
    return download(content, "application/fhir+json", name)
