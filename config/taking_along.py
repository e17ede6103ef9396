"""What other systems read as FHIR, as each door lets it be taken along: a record, a program."""

import json
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.text import slugify

from accounts import audit
from accounts.doors import DoorRequest
from accounts.limits import limited
from accounts.permissions import Permission
from accounts.proof import proven_before_file
from fhir.programs import of_program
from fhir.record import as_bundle
from patients.models import Patient
from portal.access import portal_view
from workspace.access import patient_view, workspace_view
from workspace.files import download
from workspace.views.programs import visible


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


@workspace_view(Permission.TREAT)
def program(request: DoorRequest, program_id: UUID) -> HttpResponse:
    found = get_object_or_404(visible(request), uuid=program_id)
    with translation.override("en"):
        made = of_program(found, settings.SITE_ADDRESS)
    content = json.dumps(made, indent=2, ensure_ascii=False).encode()
    name = slugify(str(found)) or "program"
    return download(content, "application/fhir+json", f"{name}-fhir.json")


def _file(request: DoorRequest, patient: Patient) -> HttpResponse:
    """On record, under a name that tells nobody whose it is; the gates forbid to keep it."""
    content = as_bundle(patient, made_at=timezone.now())
    audit.record(
        action=audit.Action.PATIENT_DOWNLOADED, patient=patient, by=request.user, format="fhir"
    )
    name = f"footing-fhir-{patient.clinic.today().isoformat()}.json"
    return download(content, "application/fhir+json", name)
