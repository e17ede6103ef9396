"""Patients of another record, read as FHIR: one resource, a Bundle of them, or a line for each."""

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

from accounts.models import Clinic
from fhir import reading
from fhir.elements import written
from patients.incoming import MOST, Row, UnreadableError, birth_date
from patients.models.patient import Gender, Language

_EARLIER = {"old", "maiden"}
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
    return [row(one, clinic, keeps_numbers=keeps_numbers) for one in patients]


def looks_like_it(text: str) -> bool:
    return text.lstrip("\ufeff \r\n\t").startswith("{")


def _patients(text: str) -> Iterator[dict[str, Any]]:
    for one in _documents(text):
        if one.get("resourceType") == "Patient":
            yield one
        elif one.get("resourceType") == "Bundle":
            for _, resource in reading.resources(one):
                if resource["resourceType"] == "Patient":
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


def row(resource: dict[str, Any], clinic: Clinic, *, keeps_numbers: bool) -> Row:
    """What one resource says of a person; that it is none is a fault of the row."""
    # The classes take half a second to import, and this page is opened once in a clinic's life.
    from pydantic import ValidationError  # noqa: PLC0415

    from fhir.resources.R4B.patient import Patient as Resource  # noqa: PLC0415

    resource.pop("contained", None)  # of no use here
    try:
        patient = Resource.model_validate(resource)
    except (ValidationError, RecursionError, KeyError, TypeError, ValueError):
        return Row({}, [_NO_FHIR])
    today = clinic.today()
    said = _names(patient, today) | {
        "gender": patient.gender if patient.gender in Gender.values else "",
        "email": _reached(patient, "email", today),
        "phone": _reached(patient, "phone", today),
        "language": _language(patient),
        "record_number": _number(patient, today) if keeps_numbers else "",
    }
    said = {name: written(value) for name, value in said.items()}
    faults = []
    if patient.deceasedBoolean or patient.deceasedDateTime:
        faults.append("The record says that they have died.")
    if patient.active is False:
        faults.append("The record says that it is no longer in use.")
    try:
        said["birth_date"] = birth_date(str(patient.birthDate or ""), clinic)
    except ValueError:
        faults.append("Birth date: the record has no whole one.")
    return Row({name: value for name, value in said.items() if value}, faults)


def _names(patient: Any, today: dt.date) -> dict[str, Any]:
    """The usual name before the official one, and no earlier one."""
    order = ["usual", "official"]
    names = [one for one in patient.name or () if one.use not in _EARLIER and _holds(one, today)]
    best = min(names, key=lambda one: order.index(one.use) if one.use in order else 2, default=None)
    given = [one for one in (best.given if best else None) or () if one]
    return {
        "first_name": " ".join(given).strip(),
        "last_name": (best.family or "").strip() if best else "",
    }


def _holds(element: Any, today: dt.date) -> bool:
    """It has not ended. A period may end with a year, a month, a day or a moment."""
    end = element.period.end if element.period else None
    if end is None:
        return True
    said = str(end)[:10]
    return said >= today.isoformat()[: len(said)]


def _reached(patient: Any, system: str, today: dt.date) -> str:
    """The first by rank that is no old one; a mobile phone before others."""
    ways = [
        one
        for one in patient.telecom or ()
        if one.system == system and one.use != "old" and one.value and _holds(one, today)
    ]
    found = sorted(ways, key=lambda one: (one.rank or 99, one.use != "mobile"))
    return str(found[0].value) if found else ""


def _language(patient: Any) -> str:
    """The preferred one where Footing has it."""
    for one in sorted(patient.communication or (), key=lambda one: not one.preferred):
        for coding in one.language.coding or ():
            code = str(coding.code or "").lower().split("-")[0]
            if code in Language.values:
                return code
    return ""


def _number(patient: Any, today: dt.date) -> str:
    """The one that says of itself that it is a record number (v2-0203, MR), and no old one."""
    for identifier in patient.identifier or ():
        codes = [one.code for one in (identifier.type.coding if identifier.type else None) or ()]
        is_now = identifier.use != "old" and _holds(identifier, today)
        if "MR" in codes and identifier.value and is_now:
            return str(identifier.value)
    return ""
