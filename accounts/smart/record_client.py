"""Asking another record system about the one patient who is open there, and storing something."""

import json
import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from accounts.models import ConnectedRecord
from accounts.smart.asking import NoAnswerError, json_of

TIMEOUT_SECONDS = 5.0  # of each question; whoever comes back waits for four of them at the most
LARGEST = 2 * 1024 * 1024  # bytes of one answer
ID = re.compile(r"(?!\.)[A-Za-z0-9\-.]{1,64}")  # of FHIR; one of dots alone leads elsewhere
_FHIR = "application/fhir+json"


class LaunchError(Exception):
    """In a therapist's words. `may_have_arrived`: what was to be stored may be there now."""

    def __init__(self, words: str, *, may_have_arrived: bool = False) -> None:
        super().__init__(words)
        self.may_have_arrived = may_have_arrived


def read(record: ConnectedRecord, token: str, path: str) -> dict[str, Any]:
    """A resource, or a page of a search; `path` follows its address. Raises LaunchError."""
    status, _, told = answered("GET", f"{record.address}{path}", _headers(token))
    if status != HTTPStatus.OK or not isinstance(told, dict):
        raise LaunchError(_why(record, status))
    return told


@dataclass(frozen=True)
class Stored:
    """Under which id, empty where it was not said; `was_there`: known by its identifier before."""

    their_id: str
    was_there: bool = False


def store(
    record: ConnectedRecord, token: str, resource: dict[str, Any], *, their_id: str = ""
) -> Stored:
    """A new resource, or under its id there.

    A new one carries an identifier of ours, by which the record knows it again, should the answer
    get lost (conditional create of FHIR R4): then it stays there as it was. Raises LaunchError.
    """
    kind = resource["resourceType"]
    headers = _headers(token) | {"Content-Type": _FHIR, "Prefer": "return=minimal"}
    address = f"{record.address}/{kind}"
    if their_id:
        method, address, resource = "PUT", f"{address}/{their_id}", resource | {"id": their_id}
    else:
        method, identifier = "POST", resource["identifier"][0]
        headers["If-None-Exist"] = f"identifier={identifier['system']}|{identifier['value']}"
    status, named, told = answered(method, address, headers, json.dumps(resource).encode())
    if status not in {HTTPStatus.OK, HTTPStatus.CREATED}:
        # From a gateway's error nobody knows whether it was stored behind it.
        is_behind = status >= HTTPStatus.INTERNAL_SERVER_ERROR
        raise LaunchError(_why(record, status), may_have_arrived=is_behind)
    where = re.search(rf"(?:^|/){kind}/({ID.pattern})(?:/|$)", named.get("location", ""))
    said = told.get("id") if isinstance(told, dict) else ""
    found = where[1] if where else said or their_id
    is_id = isinstance(found, str) and ID.fullmatch(found) is not None
    return Stored(found if is_id else "", was_there=method == "POST" and status == HTTPStatus.OK)


def _headers(token: str) -> dict[str, str]:
    return {"Accept": _FHIR, "Authorization": f"Bearer {token}"}


def _why(record: ConnectedRecord, status: int) -> str:
    if status == HTTPStatus.UNAUTHORIZED:
        return f"The time in {record} is over. Open Footing there again."
    if status == HTTPStatus.FORBIDDEN:
        return f"{record} does not allow Footing to do this."
    return f"{record} said no ({status})."


def answered(
    method: str, address: str, headers: dict[str, str], body: bytes = b""
) -> tuple[int, dict[str, str], Any]:
    """Raises LaunchError."""
    try:
        return json_of(
            method, address, seconds=TIMEOUT_SECONDS, largest=LARGEST, headers=headers, body=body
        )
    except NoAnswerError as error:
        words = "The record system does not answer. Try again in a while."
        raise LaunchError(words, may_have_arrived=method != "GET") from error
