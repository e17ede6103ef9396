"""What another record says of the patient who is open there: who they are, and their conditions."""

import time
from collections.abc import Iterator
from typing import Any

from accounts.models import Clinic, ConnectedRecord
from accounts.smart import record_client
from accounts.smart.launching import Visit
from accounts.smart.record_client import LaunchError
from fhir import incoming, reading
from patients.incoming import Row
from patients.models.record_link import MORE

MOST_PAGES, A_PAGE = 5, 100  # of conditions
MOST_CONDITIONS = 100  # a therapist reads them
SECONDS = 5.0  # for all pages of them
_LONGEST = 200  # letters of one condition
# Of FHIR's condition-ver-status: nobody has these, and these are not known to be so.
_NOT_SO = {"entered-in-error", "refuted"}
_NOT_SURE = {"unconfirmed", "provisional", "differential"}


def seen(record: ConnectedRecord, visit: Visit, clinic: Clinic) -> dict[str, Any]:
    """As a visit keeps it: `said` of the person (`row_of`), `faults`, `conditions` in words (None
    where the record gave no list), and whether there are `more` of them. Raises LaunchError.
    """
    resource = record_client.read(record, visit.token, f"/Patient/{visit.patient}")
    if resource.get("resourceType") != "Patient" or resource.get("id") != visit.patient:
        raise LaunchError(f"{record} told of somebody else than it had opened.")
    row = incoming.row(resource, clinic, keeps_numbers=record.keeps_numbers)
    said = {name: str(value) for name, value in row.said.items()}
    conditions, more = _listed(record, visit)
    return {"said": said, "faults": row.faults, "conditions": conditions, "more": more}


def _listed(record: ConnectedRecord, visit: Visit) -> tuple[list[str] | None, bool]:
    """A record that does not give them opens its patient all the same."""
    if not visit.may("s", "Condition"):
        return None, False
    until = time.monotonic() + SECONDS
    found: dict[str, None] = {}
    path: str | None = f"/Condition?patient={visit.patient}&_count={A_PAGE}"
    for _ in range(MOST_PAGES):
        if path is None:
            break
        if time.monotonic() > until:
            return list(found), True
        try:
            page = record_client.read(record, visit.token, path)
        except LaunchError:
            return (list(found), True) if found else (None, False)
        found |= dict.fromkeys(_conditions(page, visit.patient))
        path = _next(record, page)
    more = path is not None or len(found) > MOST_CONDITIONS
    return list(found)[:MOST_CONDITIONS], more


def told(seen: dict[str, Any]) -> list[str] | None:
    """The conditions, and that there are more of them: as a link keeps it."""
    listed: list[str] | None = seen["conditions"]
    return [*listed, MORE] if listed and seen["more"] else listed


def row_of(seen: dict[str, Any], clinic: Clinic) -> Row:
    """The person, as `patients.incoming` looks at one."""
    said, faults = dict(seen["said"]), list(seen["faults"])
    if "birth_date" in said:
        said["birth_date"] = incoming.birth_date(said["birth_date"], clinic)
    return Row(said, faults)


def _next(record: ConnectedRecord, page: dict[str, Any]) -> str | None:
    """Behind the record's own address: our token goes nowhere else."""
    for one in map(reading.a_dict, reading.a_list(page.get("link"))):
        if one.get("relation") == "next":
            address = reading.text(one.get("url"))
            path = address.removeprefix(record.address)
            is_below = path != address and path[:1] in {"/", "?"}
            place = path.partition("?")[0]
            # Not so written that it leads up again, or that one can't tell.
            is_plain = not set(place) & set("%\\") and not {".", ".."} & set(place.split("/"))
            return path if is_below and is_plain else None
    return None


def _conditions(page: dict[str, Any], patient: str) -> Iterator[str]:
    """Of this patient alone, whatever the record sent along."""
    for _, one in reading.resources(page):
        if one["resourceType"] != "Condition":
            continue
        if reading.local(reading.reference(one.get("subject"))) != f"Patient/{patient}":
            continue
        verified = set(reading.codes(one.get("verificationStatus")))
        if verified & _NOT_SO:
            continue
        if words := _words(one.get("code")):
            status = sorted(reading.codes(one.get("clinicalStatus")))
            told = ", ".join(each[:30] for each in (*status, *sorted(verified & _NOT_SURE)))
            yield f"{words} ({told})" if told else words


def _words(concept: Any) -> str:
    """With the code, which a clinician reads as well."""
    found = [reading.words(concept), *sorted(reading.codes(concept))[:3]]
    return " · ".join(filter(None, found))[:_LONGEST].strip()
