"""Events of the audit trail, in words for the clinic's administrator."""

import re
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from accounts.models import AuditEvent, Clinic, User
from patients.models import Patient

UUID_SHAPE = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# Beginnings of the acts whose subject is an account.
OF_ACCOUNTS = ("account.", "factor.", "password.", "sign_in.", "signed_")


def events(clinic: Clinic, found_events: Iterable[AuditEvent]) -> list[dict[str, Any]]:
    """Each with its patient's name, and whose account it is about."""
    found = list(found_events)
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
