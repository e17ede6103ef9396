"""What another record is given of its patient: a letter as a document, a plan in one piece.

Neither names a row of ours that they can't find: what a plan refers to here stands in it there.
"""

import base64
import json
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid5

from fhir import codes
from fhir.elements import (
    Element,
    Resource,
    coding,
    concept,
    filled,
    moment,
    narrative,
    of_uuid,
    period,
    to,
    written,
)
from fhir.record import Record
from patients.models import Patient
from programs.models import Letter

OVER = {"revoked", "completed"}
# A plan's status of FHIR, in a therapist's words.
WORDS = {
    "draft": "not begun",
    "active": "in force",
    "on-hold": "paused",
    "completed": "ended",
    "revoked": "replaced or broken off",
}
_DETAIL_STATUS = {
    "draft": "not-started",
    "active": "in-progress",
    "on-hold": "on-hold",
    "completed": "completed",
    "revoked": "stopped",
}
_NOTE = coding(f"{codes.US_CORE}/CodeSystem/us-core-documentreference-category", "clinical-note")
_KINDS = ("CarePlan", "Goal", "ServiceRequest", "Condition", "Practitioner")


@dataclass(frozen=True)
class Home:
    """Where it goes: a record's address, and the patient's id there."""

    address: str
    patient: str


def letter(made: Letter, pdf: bytes, at_home: Home, *, encounter: str = "") -> Resource:
    """A DocumentReference with the PDF in it."""
    zone, subject = made.clinic.zone, written(made.subject)
    at = moment(made.made_at, zone)
    return filled(
        resourceType="DocumentReference",
        meta={"profile": [codes.us_core("documentreference")]},
        text=narrative([f"{made.subject}. {made}"]),
        masterIdentifier=_known_as(made.pk, at_home),
        identifier=[_known_as(made.pk, at_home)],
        status="current",
        docStatus="final",
        type=concept("Letter about physical therapy", codes.PROGRESS_NOTE),
        category=[concept("", _NOTE)],
        subject=to("Patient", at_home.patient),
        date=at,
        author=[{"display": made.made_by.name_with_credentials}],
        custodian={"display": str(made.clinic)},
        description=subject,
        content=[
            {
                "attachment": {
                    "contentType": "application/pdf",
                    "language": made.language,
                    "data": base64.b64encode(pdf).decode(),
                    "title": subject,
                    "creation": at,
                }
            }
        ],
        context=filled(
            encounter=[to("Encounter", encounter)] if encounter else None,
            period=period(made.note.first.isoformat(), made.note.last.isoformat()),
        ),
    )


def _known_as(key: UUID, at_home: Home) -> Element:
    """The same each time it is sent to this patient's record, and another one in any other's."""
    return of_uuid(uuid5(key, f"{at_home.address} {at_home.patient}"))


def digest(resource: Resource) -> str:
    """By which one that has changed is known."""
    return sha256(json.dumps(resource, sort_keys=True).encode()).hexdigest()


def plans(patient: Patient, at_home: Home) -> dict[UUID, Resource]:
    """Each version that was prescribed, by its id, as it stands now; the oldest first."""
    by_kind: dict[str, dict[str, Resource]] = {kind: {} for kind in _KINDS}
    for one in Record(patient, _KINDS):
        by_kind[one["resourceType"]][f"{one['resourceType']}/{one['id']}"] = one
    found = {}
    for one in by_kind["CarePlan"].values():
        key = UUID(one["id"])
        whole = _whole(one, by_kind, patient, at_home)
        found[key] = whole | {"identifier": [_known_as(key, at_home)]}
    return found


def _whole(
    plan: Resource, by_kind: dict[str, dict[str, Resource]], patient: Patient, at_home: Home
) -> Resource:
    subject = to("Patient", at_home.patient)
    goals = _referred(plan["goal"], by_kind["Goal"])
    orders = _referred(
        [one["reference"] for one in plan.get("activity", [])], by_kind["ServiceRequest"]
    )
    author = _named(plan.get("author"), by_kind["Practitioner"])
    conditions = _referred(plan["addresses"], by_kind["Condition"])
    return filled(
        resourceType="CarePlan",
        meta={"profile": [codes.us_core("careplan")]},
        text=plan["text"],
        contained=[
            filled(
                resourceType="Goal",
                id=one["id"],
                lifecycleStatus=one["lifecycleStatus"],
                description=one["description"],
                subject=subject,
                startDate=one.get("startDate"),
            )
            for one in goals
        ],
        status=plan["status"],
        intent="plan",
        category=plan["category"],
        title=written(f"{plan['title']}, {patient.clinic}"),
        subject=subject,
        period=plan.get("period"),
        created=plan["created"],
        author=author,
        addresses=[{"display": one["code"]["text"]} for one in conditions],
        goal=[{"reference": f"#{one['id']}"} for one in goals],
        activity=[{"detail": _detail(one)} for one in orders],
        note=[_remark(one, by_kind["Practitioner"]) for one in plan.get("note", [])],
    )


def _detail(order: Resource) -> dict[str, Any]:
    words = [one["text"] for one in order.get("orderDetail", [])]
    goals = [
        {"reference": f"#{one['valueReference']['reference'].removeprefix('Goal/')}"}
        for one in order["extension"]
        if "valueReference" in one
    ]
    return filled(
        kind="ServiceRequest",
        code=order["code"],
        goal=goals,
        status=_DETAIL_STATUS[order["status"]],
        scheduledTiming=order["occurrenceTiming"],
        description=". ".join([*words, order.get("patientInstruction", "")]).strip(),
    )


def _remark(note: dict[str, Any], staff: dict[str, Resource]) -> dict[str, Any]:
    author = _named(note.get("authorReference"), staff) or {}
    return filled(authorString=author.get("display"), time=note["time"], text=note["text"])


def _referred(references: Iterable[Any], among: dict[str, Resource]) -> list[Resource]:
    found = (among.get(one["reference"]) for one in references)
    return [one for one in found if one is not None]


def _named(reference: Any, among: dict[str, Resource]) -> dict[str, str] | None:
    """By name alone: their record does not know our staff."""
    found = among.get(reference.get("reference", "")) if reference else None
    return {"display": found["name"][0]["text"]} if found else None
