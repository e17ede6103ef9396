"""What another record says of the patient who is open there: who they are, and their conditions."""

from collections.abc import Iterator
from typing import Any

from accounts.models import Clinic, ConnectedRecord
from accounts.smart import launching
from accounts.smart.launching import LaunchError, Visit
from fhir import incoming
from fhir.elements import written
from patients.incoming import Row

MOST_PAGES, A_PAGE = 5, 100  # of conditions
_LONGEST = 200  # letters of one condition
# Of FHIR's condition-ver-status: nobody has these.
_NOT_SO = {"entered-in-error", "refuted"}


def seen(record: ConnectedRecord, visit: Visit, clinic: Clinic) -> dict[str, Any]:
    """As a visit keeps it: `said` of the person (`row_of`), `faults`, `conditions` in words, and
    whether there are `more` of them. Raises LaunchError.
    """
    resource = launching.read(record, visit, f"Patient/{visit.patient}")
    if resource.get("resourceType") != "Patient" or resource.get("id") != visit.patient:
        raise LaunchError(f"{record} told of somebody else than it had opened.")
    row = incoming.row(resource, clinic, keeps_numbers=record.keeps_numbers)
    said = {name: str(value) for name, value in row.said.items()}
    found, more = [], False
    if visit.may("s", "Condition"):
        pages = list(_pages(record, visit))
        more = len(pages) == MOST_PAGES and _next(record, pages[-1]) is not None
        found = [one for page in pages for one in _conditions(page, visit.patient)]
    conditions = list(dict.fromkeys(found))
    return {"said": said, "faults": row.faults, "conditions": conditions, "more": more}


def row_of(seen: dict[str, Any], clinic: Clinic) -> Row:
    """The person, as `patients.incoming` looks at one."""
    said, faults = dict(seen["said"]), list(seen["faults"])
    if "birth_date" in said:
        said["birth_date"] = incoming.birth_date(said["birth_date"], clinic)
    return Row(said, faults)


def _pages(record: ConnectedRecord, visit: Visit) -> Iterator[dict[str, Any]]:
    path: str | None = f"Condition?patient={visit.patient}&_count={A_PAGE}"
    for _ in range(MOST_PAGES):
        if path is None:
            return
        page = launching.read(record, visit, path)
        yield page
        path = _next(record, page)


def _next(record: ConnectedRecord, page: dict[str, Any]) -> str | None:
    """Behind the record's own address: our token goes nowhere else."""
    links = page.get("link")
    for one in links if isinstance(links, list) else []:
        if isinstance(one, dict) and one.get("relation") == "next":
            address = str(one.get("url", ""))
            base = f"{record.address}/"
            return address.removeprefix(base) if address.startswith(base) else None
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
            status = ", ".join(sorted(_codes(one.get("clinicalStatus"))))
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
