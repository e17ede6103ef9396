"""What another record is given of its patient: a letter as a document, a plan in one piece.

Neither names a row of ours that they can't find: what a plan refers to here stands in it there.
"""

import base64
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from fhir import codes
from fhir.elements import Resource, coding, concept, filled, moment, narrative, of_uuid, period, to
from fhir.record import Record
from patients.models import Patient
from programs.models import Letter

OVER = {"revoked", "completed"}
_DETAIL_STATUS = {
    "draft": "not-started",
    "active": "in-progress",
    "on-hold": "on-hold",
    "completed": "completed",
    "revoked": "stopped",
}
_NOTE = coding(f"{codes.US_CORE}/CodeSystem/us-core-documentreference-category", "clinical-note")
_KINDS = ("CarePlan", "Goal", "ServiceRequest", "Condition", "Practitioner")


def letter(made: Letter, pdf: bytes, *, their_id: str, encounter: str = "") -> Resource:
    """A DocumentReference with the PDF in it."""
    zone = made.clinic.zone
    at = moment(made.made_at, zone)
    return filled(
        resourceType="DocumentReference",
        meta={"profile": [codes.us_core("documentreference")]},
        text=narrative([f"{made.subject}. {made}"]),
        masterIdentifier=of_uuid(made.pk),
        identifier=[of_uuid(made.pk)],
        status="current",
        docStatus="final",
        type=concept("Letter about physical therapy", codes.PROGRESS_NOTE),
        category=[concept("", _NOTE)],
        subject=to("Patient", their_id),
        date=at,
        author=[{"display": made.made_by.name_with_credentials}],
        custodian={"display": str(made.clinic)},
        description=made.subject,
        content=[
            {
                "attachment": {
                    "contentType": "application/pdf",
                    "language": made.language,
                    "data": base64.b64encode(pdf).decode(),
                    "title": made.subject,
                    "creation": at,
                }
            }
        ],
        context=filled(
            encounter=[to("Encounter", encounter)] if encounter else None,
            period=period(made.note.first.isoformat(), made.note.last.isoformat()),
        ),
    )


def plans(patient: Patient, *, their_id: str) -> dict[UUID, Resource]:
    """Each version that was prescribed, by its id, as it stands now."""
    by_kind: dict[str, dict[str, Resource]] = {kind: {} for kind in _KINDS}
    for one in Record(patient, _KINDS):
        by_kind[one["resourceType"]][f"{one['resourceType']}/{one['id']}"] = one
    made = (_whole(one, by_kind, patient, their_id) for one in by_kind["CarePlan"].values())
    return {UUID(one.pop("id")): one for one in made}


def _whole(
    plan: Resource, by_kind: dict[str, dict[str, Resource]], patient: Patient, their_id: str
) -> Resource:
    subject = to("Patient", their_id)
    goals = _referred(plan["goal"], by_kind["Goal"])
    orders = _referred(
        [one["reference"] for one in plan.get("activity", [])], by_kind["ServiceRequest"]
    )
    author = _named(plan.get("author"), by_kind["Practitioner"])
    conditions = _referred(plan["addresses"], by_kind["Condition"])
    return filled(
        resourceType="CarePlan",
        id=plan["id"],
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
        identifier=plan["identifier"],
        status=plan["status"],
        intent="plan",
        category=plan["category"],
        title=f"{plan['title']}, {patient.clinic}",
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
