"""Record systems out of which the clinic opens Footing, for whoever runs the clinic."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from accounts.doors import DoorRequest, posted
from accounts.models import ConnectedRecord
from accounts.permissions import Permission
from accounts.proof import proven_before_change
from accounts.smart import record_systems
from accounts.smart.launching import way_back
from accounts.smart.signing import address_of_keys
from workspace.access import workspace_view
from workspace.errors import stored
from workspace.forms.record_system import RecordSystemForm

RECORDS = "workspace:record_systems"


@workspace_view(Permission.RUN_CLINIC)
def listed(request: DoorRequest) -> HttpResponse:
    records = ConnectedRecord.objects.filter(clinic=request.user.clinic)
    context = {"records": records.order_by("ended_at", "name", "added_at")}
    return render(request, "workspace/record_systems.html", context)


@workspace_view(Permission.RUN_CLINIC)
@proven_before_change
def add(request: DoorRequest) -> HttpResponse:
    form = RecordSystemForm(posted(request), instance=ConnectedRecord(clinic=request.user.clinic))
    record = stored(form, lambda: record_systems.add(by=request.user, **form.cleaned_data))
    if record:
        messages.success(request, f"{record} is connected. Its keepers need the addresses below.")
        return redirect("workspace:record_system", record.pk)
    return render(request, "workspace/record_system.html", _context(form))


@workspace_view(Permission.RUN_CLINIC)
@proven_before_change
def change(request: DoorRequest, record_id: UUID) -> HttpResponse:
    record = get_object_or_404(ConnectedRecord, pk=record_id, clinic=request.user.clinic)
    if request.method == "POST" and "end" in request.POST:
        record_systems.end(record=record, by=request.user)
        messages.success(request, f"Nobody opens Footing out of {record} any more.")
        return redirect(RECORDS)
    row = ConnectedRecord.objects.get(pk=record.pk)
    form = RecordSystemForm(posted(request) if record.ended_at is None else None, instance=row)
    done = stored(
        form, lambda: record_systems.change(record=record, by=request.user, **form.cleaned_data)
    )
    if done:
        messages.success(request, f"{done} is saved.")
        return redirect("workspace:record_system", done.pk)
    return render(request, "workspace/record_system.html", _context(form, record))


def _context(form: RecordSystemForm, record: ConnectedRecord | None = None) -> dict[str, object]:
    return {
        "form": form,
        "record": record,
        "launch_address": f"{settings.SITE_ADDRESS}{reverse('record_launch')}",
        "back_address": way_back(record) if record else "",
        "keys_address": address_of_keys(),
    }
