"""The clinic's audit trail: looked through, and taken along as a file."""

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts import audit
from accounts.doors import DoorRequest, count_in_address
from accounts.models import AuditEvent, Clinic, User
from accounts.permissions import Permission
from cms.admin.spreadsheets import guarded
from patients import trail
from patients.models import Patient
from workspace.access import workspace_view
from workspace.forms.audit import AuditForm

A_PAGE = 50
MOST_IN_FILE = 50_000
HEADINGS = ("When (UTC)", "Who", "Role", "What", "Patient", "Account", "Id", "Details")
UUID_SHAPE = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# Beginnings of the acts whose subject is an account.
OF_ACCOUNTS = ("account.", "factor.", "password.", "sign_in.", "signed_")


@workspace_view(Permission.READ_AUDIT)
def page(request: DoorRequest) -> HttpResponse:
    """Reading it is an event itself."""
    clinic = _clinic(request)
    form = AuditForm(request.GET, clinic=clinic)
    number = max(count_in_address(request, "page") or 1, 1)
    begins = (number - 1) * A_PAGE
    found = trail.of_clinic(clinic, form.wanted)[begins : begins + A_PAGE + 1]
    rows = _told(clinic, found)
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
def file(request: DoorRequest) -> HttpResponse:
    """What was looked for, as a spreadsheet."""
    clinic = _clinic(request)
    form = AuditForm(request.GET, clinic=clinic)
    rows = _told(clinic, trail.of_clinic(clinic, form.wanted)[:MOST_IN_FILE])
    audit.record(
        action=audit.Action.AUDIT_EXPORTED,
        by=request.user,
        rows=len(rows),
        **_looked_for(clinic, form),
    )
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(HEADINGS)
    for row in rows:
        event = row["event"]
        cells = (
            event.at.astimezone(timezone.get_default_timezone()).isoformat(timespec="seconds"),
            event.actor_name,
            event.actor_role,
            event.words,
            row["patient"],
            row["about"],
            event.subject_id,
            row["details"],
        )
        writer.writerow(map(guarded, cells))
    name = f"footing-audit-{clinic.today().isoformat()}.csv"
    return HttpResponse(
        text.getvalue(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
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


def _told(clinic: Clinic, events: Iterable[AuditEvent]) -> list[dict[str, Any]]:
    """Each with its patient's name, and whose account it is about."""
    found = list(events)
    keys = {event.patient_id for event in found if event.patient_id}
    patients = Patient.objects.filter(clinic=clinic).in_bulk(keys)
    accounts = {
        str(user.uuid): str(user)
        for user in User.objects.filter(clinic=clinic, uuid__in=_accounts_of(found))
    }
    return [
        {
            "event": event,
            "patient": str(patients.get(event.patient_id, "")) if event.patient_id else "",
            "about": accounts.get(event.subject_id, ""),
            "details": _details(event),
        }
        for event in found
    ]


def _accounts_of(events: Iterable[AuditEvent]) -> list[UUID]:
    subjects = (event.subject_id for event in events if event.action.startswith(OF_ACCOUNTS))
    return [UUID(subject) for subject in subjects if UUID_SHAPE.fullmatch(subject)]


def _details(event: AuditEvent) -> str:
    """`8 patients; page: caseload`, `changed: role therapist → clinic_admin`."""
    words = [f"{len(event.named)} patients"] if event.named else []
    for name, value in event.detail.items():
        told = _changes(value) if name == "changed" and isinstance(value, dict) else _plain(value)
        if told:
            words.append(f"{name.replace('_', ' ')}: {told}")
    return "; ".join(words)


def _changes(changed: dict[str, Any]) -> str:
    return ", ".join(
        f"{name.replace('_', ' ')} {_plain(both[0])} → {_plain(both[1])}"
        if isinstance(both, list) and len(both) == 2
        else name.replace("_", " ")
        for name, both in changed.items()
    )


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name.replace('_', ' ')} {_plain(one)}" for name, one in value.items())
    if isinstance(value, list):
        return ", ".join(map(_plain, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "–" if value is None or value == "" else str(value).replace("_", " ")
