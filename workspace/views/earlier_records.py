"""A record that a patient brought along from another clinic: read, or taken away."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts.doors import DoorRequest
from accounts.permissions import Permission
from patients.actions import earlier_records as actions
from patients.models import EarlierRecord, Patient
from workspace.access import patient_view

SESSIONS_A_PAGE = 50


@patient_view(Permission.TREAT)
def page(request: DoorRequest, patient: Patient, earlier_id: UUID) -> HttpResponse:
    rows = EarlierRecord.objects.filter(patient=patient).select_related("brought_by")
    record = get_object_or_404(rows, pk=earlier_id)
    if "take_away" in request.POST:
        actions.take_away(record=record, by=request.user)
        messages.success(request, f"{record} is taken away.")
        return redirect("workspace:patient_record", patient.pk)
    read = record.read
    newest = Paginator(read.sessions[::-1], SESSIONS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "patient": patient,
        "tab": "record",
        "record": record,
        "read": read,
        "paging": newest,
    }
    return render(request, "workspace/earlier.html", context)
