"""The patient's pages to look at: today, plan, progress."""

import uuid

from django.http import HttpResponse
from django.shortcuts import render

from accounts.doors import DoorRequest
from patients.models import Patient, Share
from portal.access import PortalRequest, portal_view, shared_view
from portal.forms.session import MorningForm
from programs.course import entries, today
from programs.forms.foot_map import feet
from programs.models.described import SafetyItem
from programs.progress import of_patient as progress
from programs.safety import holding


@shared_view(Share.PLAN)
def today_page(request: PortalRequest, patient: Patient) -> HttpResponse:
    day, caregiver = today.load(patient), request.caregiver
    context = {
        "patient": patient,
        "clinic": patient.clinic,
        "today": day,
        "entries": entries.load(patient),
        "may_do": caregiver is None or caregiver.may(Share.SESSIONS),
        # Their answers are the patient's own: nobody else gives them.
        "forms_due": day.forms_due if caregiver is None else [],
        "tab": "today",
        # The session's id is made here: reloading the next page, or sending it twice, keeps it.
        "session_id": uuid.uuid4(),
        "words_held": holding.by_kind(),
        "check_in_id": uuid.uuid4(),
        "morning_choices": MorningForm.CHOICES,
    }
    return render(request, "portal/today.html", context)


@shared_view(Share.PLAN)
def plan_page(request: DoorRequest, patient: Patient) -> HttpResponse:
    day = today.load(patient)
    rows = progress.phase_prescriptions(day)
    safety: list[SafetyItem] = []
    if day.plan is not None:
        safety = today.safety_items(tuple(rows), day.plan.episode)
    context = {
        "patient": patient,
        "clinic": patient.clinic,
        "today": day,
        "tab": "plan",
        "rows": rows,
        "held": {row.pk for row in rows if holding.holds_back(day.held, row.shown)},
        "safety": safety,
    }
    return render(request, "portal/plan.html", context)


@portal_view
def progress_page(request: DoorRequest, patient: Patient) -> HttpResponse:
    context = {
        "patient": patient,
        "clinic": patient.clinic,
        "tab": "progress",
        "progress": progress.load(patient),
        "drawn_feet": feet(),
    }
    return render(request, "portal/progress.html", context)
