"""Patients of another record, read as FHIR: one resource, a Bundle of them, or a line for each."""

import json
from collections.abc import Iterator
from typing import Any

from accounts.models import Clinic
from patients.incoming import MOST, Row, UnreadableError, birth_date
from patients.models.patient import Gender, Language

_NO_FHIR = "This is no Patient of FHIR R4, and no Bundle with one."


def read(text: str, clinic: Clinic, *, keeps_numbers: bool) -> list[Row]:
    """`keeps_numbers`: the file is of the clinic's own record, and so are its record numbers.

    Raises UnreadableError for a file that holds no patients, or too many.
    """
    patients = list(_patients(text))
    if not patients:
        raise UnreadableError(_NO_FHIR)
    if len(patients) > MOST:
        raise UnreadableError(f"{len(patients)} people: at most {MOST} in one file.")
    return [_row(one, clinic, keeps_numbers=keeps_numbers) for one in patients]


def looks_like_it(text: str) -> bool:
    return text.lstrip("\ufeff \r\n\t").startswith("{")


def _patients(text: str) -> Iterator[dict[str, Any]]:
    for one in _documents(text):
        if one.get("resourceType") == "Patient":
            yield one
        elif one.get("resourceType") == "Bundle" and isinstance(one.get("entry"), list):
            for entry in one["entry"]:
                resource = entry.get("resource") if isinstance(entry, dict) else None
                if isinstance(resource, dict) and resource.get("resourceType") == "Patient":
                    yield resource


def _documents(text: str) -> list[dict[str, Any]]:
    """One, or one on each line (NDJSON)."""
    try:
        found = [json.loads(text)]
    except RecursionError as error:
        raise UnreadableError(_NO_FHIR) from error
    except ValueError:
        try:
            found = [json.loads(line) for line in text.splitlines() if line.strip()]
        except (ValueError, RecursionError) as error:
            raise UnreadableError(_NO_FHIR) from error
    return [one for one in found if isinstance(one, dict)]


def _row(resource: dict[str, Any], clinic: Clinic, *, keeps_numbers: bool) -> Row:
    # The classes take half a second to import, and this page is opened once in a clinic's life.
    from pydantic import ValidationError  # noqa: PLC0415

    from fhir.resources.R4B.patient import Patient as Resource  # noqa: PLC0415

    try:
        patient = Resource.model_validate(resource)
    except (ValidationError, RecursionError):
        return Row(_names(resource), [_NO_FHIR])
    said = _names(resource) | {
        "gender": patient.gender if patient.gender in Gender.values else "",
        "email": _reached(resource, "email"),
        "phone": _reached(resource, "phone"),
        "language": _language(resource),
        "record_number": _number(resource) if keeps_numbers else "",
    }
    faults = []
    if patient.deceasedBoolean or patient.deceasedDateTime:
        faults.append("The record says that they have died.")
    if resource.get("active") is False:
        faults.append("The record says that it is no longer in use.")
    try:
        said["birth_date"] = birth_date(str(resource.get("birthDate", "")), clinic)
    except ValueError:
        faults.append("Birth date: the record has no whole one.")
    return Row({name: value for name, value in said.items() if value}, faults)


def _names(resource: dict[str, Any]) -> dict[str, Any]:
    """The usual name before the official one, and no earlier one."""
    names = [one for one in _every(resource, "name") if one.get("use") not in {"old", "maiden"}]
    order = ["usual", "official"]
    best: dict[str, Any] = min(
        names, key=lambda one: order.index(one["use"]) if one.get("use") in order else 2, default={}
    )
    given = best.get("given")
    words = [one for one in given if isinstance(one, str)] if isinstance(given, list) else []
    family = best.get("family")
    return {
        "first_name": " ".join(words).strip(),
        "last_name": family.strip() if isinstance(family, str) else "",
    }


def _reached(resource: dict[str, Any], system: str) -> str:
    """The first by rank that is not an old one; a mobile phone before others."""
    ways = [
        one
        for one in _every(resource, "telecom")
        if one.get("system") == system and one.get("use") != "old" and one.get("value")
    ]
    found = sorted(ways, key=lambda one: (one.get("rank") or 99, one.get("use") != "mobile"))
    return str(found[0]["value"]) if found else ""


def _language(resource: dict[str, Any]) -> str:
    """The preferred one where Footing has it."""
    spoken = sorted(_every(resource, "communication"), key=lambda one: not one.get("preferred"))
    for one in spoken:
        for coding in _every(one.get("language", {}), "coding"):
            code = str(coding.get("code", "")).lower().split("-")[0]
            if code in Language.values:
                return code
    return ""


def _number(resource: dict[str, Any]) -> str:
    """The one that says of itself that it is a record number (v2-0203, MR)."""
    for identifier in _every(resource, "identifier"):
        codes = _every(identifier.get("type", {}), "coding")
        if any(one.get("code") == "MR" for one in codes) and identifier.get("value"):
            return str(identifier["value"])
    return ""


def _every(element: Any, name: str) -> list[dict[str, Any]]:
    """The objects of a list, whatever else somebody put there."""
    found = element.get(name) if isinstance(element, dict) else None
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
