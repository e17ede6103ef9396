"""The clinic's audit trail: looked through, and taken along as a file."""

from dataclasses import asdict
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts import audit
from accounts.doors import DoorRequest, count_in_address
from accounts.limits import limited
from accounts.models import Clinic
from accounts.permissions import Permission
from accounts.proof import proven_before_file
from cms.admin.spreadsheets import spreadsheet
from patients import trail
from workspace import told
from workspace.access import workspace_view
from workspace.files import CSV, download
from workspace.forms.audit import AuditForm

A_PAGE = 50
MOST_IN_FILE = 50_000
HEADINGS = ("When (UTC)", "Who", "Role", "What", "Patient", "Account", "Id", "Details")


@workspace_view(Permission.READ_AUDIT)
def page(request: DoorRequest) -> HttpResponse:
    """Reading it is an event itself."""
    clinic = _clinic(request)
    form = AuditForm(request.GET, clinic=clinic)
    number = max(count_in_address(request, "page") or 1, 1)
    begins = (number - 1) * A_PAGE
    found = trail.of_clinic(clinic, form.wanted)[begins : begins + A_PAGE + 1]
    rows = told.events(clinic, found)
    audit.record(action=audit.Action.AUDIT_READ, by=request.user, **_looked_for(clinic, form))
    asked = request.GET.copy()
    asked.pop("page", None)
    context = {
        "form": form,
        "rows": rows[:A_PAGE],
        "clinic": clinic,
        "earlier": number + 1 if len(rows) > A_PAGE else None,
        "later": number - 1 or None,
        "asked": asked.urlencode(),
    }
    return render(request, "workspace/audit.html", context)


@workspace_view(Permission.READ_AUDIT)
@proven_before_file("workspace:audit")
@limited("audit_file")
def file(request: DoorRequest) -> HttpResponse:
    """What was looked for, as a spreadsheet."""
    clinic = _clinic(request)
    form = AuditForm(request.GET, clinic=clinic)
    rows = told.events(clinic, trail.of_clinic(clinic, form.wanted)[:MOST_IN_FILE])
    audit.record(
        action=audit.Action.AUDIT_EXPORTED,
        by=request.user,
        rows=len(rows),
        **_looked_for(clinic, form),
    )
    text = spreadsheet([HEADINGS, *map(_cells, rows)])
    return download(text, CSV, f"footing-audit-{clinic.today().isoformat()}.csv")


def _cells(row: dict[str, Any]) -> tuple[Any, ...]:
    event = row["event"]
    return (
        event.at.astimezone(timezone.get_default_timezone()).isoformat(timespec="seconds"),
        event.actor_name,
        event.actor_role,
        event.words,
        row["patient"],
        row["about"],
        event.subject_id,
        row["details"],
    )


def _clinic(request: DoorRequest) -> Clinic:
    clinic = request.user.clinic
    assert clinic is not None, "Whoever reads an audit trail has a clinic."
    return clinic


def _looked_for(clinic: Clinic, form: AuditForm) -> dict[str, Any]:
    """Of patients whom was found and not what was typed: the trail keeps no free text."""
    asked = asdict(form.wanted)
    typed = asked.pop("patient")
    looked_for = {name: value for name, value in asked.items() if value}
    found = trail.named(clinic, typed) if typed else []
    return {"named": found} | ({"looked_for": looked_for} if looked_for else {})
