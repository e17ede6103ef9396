"""What another record says of the patient who is open there: who they are, and their conditions."""

import time
from collections.abc import Iterator
from typing import Any

from accounts.models import Clinic, ConnectedRecord
from accounts.smart import launching
from accounts.smart.launching import LaunchError, Visit
from fhir import incoming
from fhir.elements import written
from patients.incoming import Row

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
    resource = launching.read(record, visit, f"/Patient/{visit.patient}")
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
            page = launching.read(record, visit, path)
        except LaunchError:
            return (list(found), True) if found else (None, False)
        found |= dict.fromkeys(_conditions(page, visit.patient))
        path = _next(record, page)
    more = path is not None or len(found) > MOST_CONDITIONS
    return list(found)[:MOST_CONDITIONS], more


def told(seen: dict[str, Any]) -> list[str] | None:
    """The conditions, and that there are more of them: as a link keeps it."""
    listed: list[str] | None = seen["conditions"]
    return [*listed, "and more there"] if listed and seen["more"] else listed


def row_of(seen: dict[str, Any], clinic: Clinic) -> Row:
    """The person, as `patients.incoming` looks at one."""
    said, faults = dict(seen["said"]), list(seen["faults"])
    if "birth_date" in said:
        said["birth_date"] = incoming.birth_date(said["birth_date"], clinic)
    return Row(said, faults)


def _next(record: ConnectedRecord, page: dict[str, Any]) -> str | None:
    """Behind the record's own address: our token goes nowhere else."""
    links = page.get("link")
    for one in links if isinstance(links, list) else []:
        if isinstance(one, dict) and one.get("relation") == "next":
            address = str(one.get("url", ""))
            path = address.removeprefix(record.address)
            is_below = path != address and path[:1] in {"/", "?"}
            place = path.partition("?")[0]
            # Not so written that it leads up again, or that one can't tell.
            is_plain = not set(place) & set("%\\") and not {".", ".."} & set(place.split("/"))
            return path if is_below and is_plain else None
    return None


def _conditions(page: dict[str, Any], patient: str) -> Iterator[str]:
    """Of this patient alone, whatever the record sent along."""
    entries = page.get("entry")
    for entry in entries if isinstance(entries, list) else []:
        one = entry.get("resource") if isinstance(entry, dict) else None
        if not isinstance(one, dict) or one.get("resourceType") != "Condition":
            continue
        subject = one.get("subject")
        reference = str(subject.get("reference", "")) if isinstance(subject, dict) else ""
        if not f"/{reference}".endswith(f"/Patient/{patient}"):
            continue
        if _codes(one.get("verificationStatus")) & _NOT_SO:
            continue
        if words := _words(one.get("code")):
            unsure = _codes(one.get("verificationStatus")) & _NOT_SURE
            status = ", ".join(sorted(_codes(one.get("clinicalStatus"))) + sorted(unsure))
            yield f"{words} ({status})" if status else words


def _codings(concept: Any) -> list[dict[str, Any]]:
    found = concept.get("coding") if isinstance(concept, dict) else None
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _codes(concept: Any) -> set[str]:
    return {written(str(one["code"]))[:30] for one in _codings(concept) if one.get("code")}


def _words(concept: Any) -> str:
    """Its own text, else a code's; with the code, which a clinician reads as well."""
    codings = _codings(concept)
    text = concept.get("text") if isinstance(concept, dict) else ""
    named = [str(text)] if text else [str(one["display"]) for one in codings if one.get("display")]
    codes = sorted(_codes(concept))
    words = " · ".join([*named[:1], *codes[:3]])
    return written(words)[:_LONGEST].strip()
