"""Searching and reading: what an access may see of a kind, by FHIR's parameters, page by page."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Model
from django.utils import translation

from accounts.models import Clinic, User
from accounts.permissions import PORTAL_ROLES
from accounts.smart.addresses import address_of_fhir
from fhir.access import Reader
from fhir.care import screen_questions
from fhir.elements import Resource, row_of, since
from fhir.matching import place_in_order, references
from fhir.outcome import RefusedError, refused
from fhir.parameters import PARAMETERS
from fhir.people import of_patient, organization, practitioner, practitioner_role
from fhir.questionnaires import of_form, of_measure
from fhir.record import Record
from fhir.search_terms import OF_CLINIC, Search, sortable
from patients.models import (
    Caregiver,
    Episode,
    Patient,
    PrivacyAcceptance,
    RedFlagScreen,
)
from programs.models import (
    Alert,
    CheckIn,
    Measure,
    MonitoringCare,
    Plan,
    PlanPhase,
    Prescription,
    ProgressFormVersion,
    Restriction,
    Session,
    SignReport,
)

# Whose rows the ids of a kind are of, and parts of (`elements.part_of`).
_ROWS: dict[str, tuple[type[Model], ...]] = {
    "RelatedPerson": (Caregiver,),
    "EpisodeOfCare": (Episode,),
    "Condition": (Episode,),
    "Flag": (Restriction, RedFlagScreen),
    "CarePlan": (Plan,),
    "Goal": (PlanPhase,),
    "ServiceRequest": (Prescription,),
    "Procedure": (Session,),
    "Observation": (Session, CheckIn, Episode, SignReport),
    "QuestionnaireResponse": (CheckIn, RedFlagScreen),
    "Task": (Alert,),
    "Consent": (PrivacyAcceptance, MonitoringCare),
    "Provenance": (Session, Plan),
}


@dataclass(frozen=True)
class Answer:
    """A Bundle, and the patients at whose record it is a look."""

    bundle: Resource
    patients: list[UUID]


def read(reader: Reader, kind: str, identity: str) -> tuple[Resource, UUID | None] | None:
    """One resource, and whose it is; None for what is not there or not to be seen."""
    for one, patient in _with_id(reader, kind, identity):
        return versioned(one), patient
    return None


def answer(reader: Reader, search: Search) -> Answer:
    """A page of what was found. Raises RefusedError where all of a clinic would be asked for."""
    whose: dict[str, UUID] = {}
    looked_at: set[UUID] = set()
    found: list[Resource] = []
    if not search.is_of_nobody:
        for one, patient in _candidates(reader, search, looked_at):
            if search.holds(one):
                found.append(one)
                if patient is not None:
                    whose[one["id"]] = patient
    found = _sorted(found, search)
    rest = _after(found, search)
    page = [] if search.is_count_alone else rest[: search.count]
    with_them = _brought_along(reader, search, page, whose)
    # Of a list of patients, those who are told or counted; of others, who was looked at for it.
    told = found if search.is_count_alone else page
    looked_at |= {whose[one["id"]] for one in told if one["id"] in whose}
    entries = [_entry(search.place.base, one, "match") for one in page]
    entries += [_entry(search.place.base, one, "include") for one in with_them]
    links = [("self", search.used)]
    if page and len(page) < len(rest):
        links.append(("next", [*search.used, ("_after", _cursor(page[-1], search))]))
    bundle: Resource = {
        "resourceType": "Bundle",
        "type": "searchset",
        "total": len(found),
        "link": [
            {
                "relation": relation,
                "url": f"{search.place.base}/{search.kind}" + (f"?{urlencode(of)}" if of else ""),
            }
            for relation, of in links
        ],
    }
    return Answer(bundle | ({"entry": entries} if entries else {}), sorted(looked_at))


def _candidates(
    reader: Reader, search: Search, looked_at: set[UUID]
) -> Iterator[tuple[Resource, UUID | None]]:
    """What is asked further, each with whose it is; `looked_at` gets whose record was read."""
    if search.kind == "Patient":
        yield from _patients(reader, search)
    elif search.kind in OF_CLINIC:
        yield from ((one, None) for one in _of_clinic(reader, search.kind))
    elif search.patient is None and reader.user is None:
        if not search.ids:
            raise refused(f"Whose {search.kind}: name one patient (patient=…) or an _id.")
        for identity in search.ids:
            for one, whose in _with_id(reader, search.kind, identity):
                looked_at |= {whose} if whose is not None else set()
                yield one, whose
    else:
        patients = reader.patients()
        if search.patient is not None:
            patients = patients.filter(pk=search.patient)
        for patient in patients:
            looked_at.add(patient.pk)
            yield from ((one, patient.pk) for one in Record(patient, {search.kind}))


def _patients(reader: Reader, search: Search) -> Iterator[tuple[Resource, UUID]]:
    patients = reader.patients().order_by("pk")
    if search.ids:
        patients = patients.filter(pk__in=filter(None, map(row_of, search.ids)))
    for patient in patients.iterator(chunk_size=500):
        with translation.override("en"):
            one = since(patient.changed_at, of_patient(patient))
        yield one, patient.pk


def _with_id(reader: Reader, kind: str, identity: str) -> Iterator[tuple[Resource, UUID | None]]:
    """The resource of an id: none, or one."""
    if kind in OF_CLINIC:
        yield from ((one, None) for one in _of_clinic(reader, kind) if one["id"] == identity)
        return
    key = row_of(identity)
    if key is None:
        return
    patient = _whose(reader, kind, key)
    if patient is None:
        return
    for one in Record(patient, {kind}, key):
        if one["id"] == identity:
            yield one, patient.pk
            return


def _whose(reader: Reader, kind: str, key: UUID) -> Patient | None:
    patients = reader.patients()
    if kind in {"Patient", "CareTeam"}:
        return patients.filter(pk=key).first()
    for model in _ROWS[kind]:
        rows: Any = model._default_manager
        found = rows.filter(pk=key, patient__in=patients).values_list("patient_id").first()
        if found is not None:
            return patients.get(pk=found[0])
    return None


def _of_clinic(reader: Reader, kind: str) -> Iterator[Resource]:
    """Of a patient's access: who and what is named in that record."""
    if reader.user is None or kind == "Organization":
        yield from of_all_clinic(reader.clinic, kind)
    else:
        for patient in reader.patients():
            yield from Record(patient, {kind})


def of_all_clinic(clinic: Clinic, kind: str) -> Iterator[Resource]:
    """Of a kind that belongs to no patient: all that the clinic has."""
    with translation.override("en"):
        if kind == "Organization":
            yield organization(clinic)
        elif kind == "Questionnaire":
            yield from _questionnaires()
        else:
            make = practitioner if kind == "Practitioner" else practitioner_role
            staff = User.objects.filter(clinic=clinic).exclude(role__in=PORTAL_ROLES)
            yield from (since(one.changed_at, make(one)) for one in staff.order_by("pk"))


def _questionnaires() -> Iterator[Resource]:
    """Each version of each form and measure that the clinic has: answers name the one they had."""
    origin = address_of_fhir().removesuffix("/fhir")
    yield screen_questions(origin)
    forms = ProgressFormVersion.objects.select_related("form").order_by("form", "number")
    known = {(row.code, row.version): row.parsed for row in Measure.objects.all()}
    for version in forms:
        yield since(version.at, of_form(version, known, origin))
    for definition in known.values():
        yield of_measure(definition, origin)


def _sorted(found: list[Resource], search: Search) -> list[Resource]:
    """In the record's own order where none is asked for."""
    if search.sort:
        key = partial(_place, search=search)
        found.sort(key=key, reverse=search.sort.startswith("-"))
    return found


def _place(one: Resource, search: Search) -> tuple[str, str]:
    """Where it stands in the order that is asked for; of two at one moment, by their ids."""
    path = sortable(search.kind, search.sort.removeprefix("-"))
    assert path is not None
    return place_in_order(one, path, search.place.zone), one["id"]


def _cursor(last: Resource, search: Search) -> str:
    return f"{_place(last, search)[0]}~{last['id']}" if search.sort else last["id"]


def _after(found: list[Resource], search: Search) -> list[Resource]:
    """What follows the last one of the page before; in an order that is asked for, by its place in
    it: what changed meanwhile may come again, and nothing is left out.
    """
    if not search.after:
        return found
    if search.sort:
        place, _, identity = search.after.rpartition("~")
        last, is_down = (place, identity), search.sort.startswith("-")
        places = ((one, _place(one, search)) for one in found)
        return [one for one, at in places if (at < last if is_down else at > last)]
    names = [one["id"] for one in found]
    if search.after not in names:
        raise RefusedError(HTTPStatus.GONE, "What this page followed is no longer there: anew.")
    return found[names.index(search.after) + 1 :]


def _brought_along(
    reader: Reader, search: Search, page: list[Resource], whose: Mapping[str, UUID]
) -> list[Resource]:
    """What the page refers to, as far as this access may read it."""
    wanted = {
        reference for name in search.includes for one in page for reference in references(one, name)
    }
    wanted -= {_name(one) for one in page}
    targets = {_name(one) for one in page} if search.with_provenance else set()
    kinds = {reference.partition("/")[0] for reference in wanted}
    kinds |= {"Provenance"} if targets else set()
    kinds = {kind for kind in kinds if kind in PARAMETERS and reader.may("r", kind)}
    found: dict[str, Resource] = {}
    if reader.user is None:
        for kind in kinds & {*OF_CLINIC}:
            found |= {_name(one): one for one in _of_clinic(reader, kind) if _name(one) in wanted}
        kinds -= {*OF_CLINIC}
    patients = {whose[one["id"]] for one in page if one["id"] in whose} if kinds else set()
    for patient in reader.patients().filter(pk__in=patients):
        for one in Record(patient, kinds):
            if _name(one) in wanted or _leads_to(one, targets):
                found[_name(one)] = one
    return list(found.values())


def _leads_to(one: Resource, targets: set[str]) -> bool:
    is_provenance = bool(targets) and one["resourceType"] == "Provenance"
    return is_provenance and any(each in targets for each in references(one, "target"))


def _name(one: Resource) -> str:
    return f"{one['resourceType']}/{one['id']}"


def _entry(base: str, one: Resource, mode: str) -> Resource:
    return {
        "fullUrl": f"{base}/{_name(one)}",
        "resource": versioned(one),
        "search": {"mode": mode},
    }


def versioned(one: Resource) -> Resource:
    """With a version that changes with the content: what it was before is not kept."""
    text = json.dumps(one, ensure_ascii=False, sort_keys=True)
    version = hashlib.sha256(text.encode(errors="replace")).hexdigest()[:16]
    return one | {"meta": {"versionId": version, **one.get("meta", {})}}
