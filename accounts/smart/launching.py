"""Footing opened out of another record, as an app there: EHR launch of SMART App Launch 2.2.

A therapist who is logged in here comes with `iss` and `launch`, is led to the record's own server
of authorization, and comes back with a code for a token of that one patient. The token is kept in
the therapist's session, sealed, and goes with it.
"""

import json
import re
import secrets
import time
from collections.abc import MutableMapping
from dataclasses import asdict, dataclass, field, replace
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from authlib.oauth2.rfc7523 import JWTBearerClientAssertion
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from cryptography.fernet import InvalidToken
from django.conf import settings
from django.core.exceptions import ValidationError

from accounts.models import ConnectedRecord, User
from accounts.sealing import box
from accounts.smart.addresses import validate_asked
from accounts.smart.asking import NoAnswerError, json_of
from accounts.smart.signing import assertion

ASKED_SECONDS = 600  # so long somebody may take to log in there
LONGEST_VISIT = 3600  # seconds; a token that is good for longer is not used for longer
TIMEOUT_SECONDS = 8.0
LARGEST = 2 * 1024 * 1024  # bytes of one answer
LONGEST_TOKEN = 8000
# What we ask for; a record gives what it will.
_SCOPES = (
    "launch patient/Patient.rs patient/Condition.rs patient/DocumentReference.c patient/CarePlan.cu"
)
_SCOPES_OF_VERSION_1 = (
    "launch patient/Patient.read patient/Condition.read"
    " patient/DocumentReference.write patient/CarePlan.write"
)
_ID = re.compile(r"[A-Za-z0-9\-.]{1,64}")  # of FHIR
_SCOPE = re.compile(r"(?:patient|user)/(\*|[A-Z][A-Za-z]+)\.(\*|read|write|c?r?u?d?s?)")
_ACTS = {"*": "cruds", "read": "rs", "write": "cud"}
_PLAIN = re.compile(r"[\x21-\x7e]+")
_QUESTION, _VISIT = "record_question", "record_visit"
_FHIR = "application/fhir+json"

Session = MutableMapping[str, Any]


class LaunchError(Exception):
    """In a therapist's words."""


@dataclass(frozen=True)
class _Question:
    """What this browser left with."""

    record: str
    user: int
    state: str
    verifier: str
    token_address: str
    scope: str
    at: float


@dataclass(frozen=True)
class Visit:
    """One patient, open in another record as well. `seen` is what it said of them, as the view that
    came back wrote it.
    """

    record: str
    user: int
    patient: str
    encounter: str
    token: str
    scope: str
    until: float
    key: str  # of this visit; forms of its pages carry it
    seen: dict[str, Any] = field(default_factory=dict)

    def may(self, act: str, kind: str) -> bool:
        """`act` is one of `cruds`, as SMART writes them."""
        for word in self.scope.split():
            found = _SCOPE.fullmatch(word)
            if found and found[1] in {"*", kind} and act in _ACTS.get(found[2], found[2]):
                return True
        return False

    def with_seen(self, seen: dict[str, Any]) -> "Visit":
        return replace(self, seen=seen)


def way_back(record: ConnectedRecord) -> str:
    """One for each record: what comes back there can't be another's answer (RFC 9700, 4.4)."""
    return f"{settings.SITE_ADDRESS}/workspace/records/{record.pk}/back/"


def record_of(user: User, issuer: str) -> ConnectedRecord:
    """Raises LaunchError for one that the clinic has not connected."""
    connected = ConnectedRecord.objects.active().filter(clinic=user.clinic)
    found: ConnectedRecord | None = connected.filter(address=issuer[:500].rstrip("/")).first()
    if found is None:
        raise LaunchError("Your clinic has not connected this record system.")
    return found


def begin(session: Session, record: ConnectedRecord, user: User, launch: str) -> str:
    """Where the browser goes next. Raises LaunchError."""
    if not _PLAIN.fullmatch(launch) or len(launch) > LONGEST_TOKEN:
        raise LaunchError("The record did not say which patient is open. Open Footing there again.")
    told = _described(record)
    is_first = "permission-v1" in told["capabilities"]
    is_first = is_first and "permission-v2" not in told["capabilities"]
    question = _Question(
        record=str(record.pk),
        user=user.pk,
        state=secrets.token_urlsafe(32),
        verifier=secrets.token_urlsafe(48),
        token_address=told["token_endpoint"],
        scope=_SCOPES_OF_VERSION_1 if is_first else _SCOPES,
        at=time.time(),
    )
    session[_QUESTION] = _sealed(question)
    asked = {
        "response_type": "code",
        "client_id": record.client_id,
        "redirect_uri": way_back(record),
        "launch": launch,
        "scope": question.scope,
        "state": question.state,
        "aud": record.address,
        "code_challenge": create_s256_code_challenge(question.verifier),
        "code_challenge_method": "S256",
    }
    address: str = told["authorization_endpoint"]
    return f"{address}{'&' if '?' in address else '?'}{urlencode(asked)}"


def _described(record: ConnectedRecord) -> dict[str, Any]:
    """What it says of itself. Raises LaunchError."""
    address = f"{record.address}/.well-known/smart-configuration"
    status, _, told = _asked("GET", address, {"Accept": "application/json"})
    if status != HTTPStatus.OK or not isinstance(told, dict):
        raise LaunchError(f"{record} does not say how apps log in there.")
    methods = told.get("code_challenge_methods_supported")
    if isinstance(methods, list) and "S256" not in methods:
        raise LaunchError(f"{record} does not know how to log in safely (PKCE by S256).")
    for name in ("authorization_endpoint", "token_endpoint"):
        try:
            validate_asked(str(told.get(name, "")))
        except ValidationError as error:
            raise LaunchError(f"{record} names no address to log in at.") from error
    known = told.get("capabilities")
    return told | {"capabilities": known if isinstance(known, list) else []}


def come_back(session: Session, record: ConnectedRecord, user: User, told: Any) -> Visit:
    """By what the browser brought back; once. Raises LaunchError."""
    question = _opened(_Question, session.pop(_QUESTION, None))
    if question is None or not _is_answered(question, record, user, told.get("state", "")):
        raise LaunchError("This is not the answer to our question. Open Footing there again.")
    if told.get("error") or not told.get("code"):
        raise LaunchError(f"{record} did not let Footing in.")
    given = {
        "grant_type": "authorization_code",
        "code": told["code"],
        "redirect_uri": way_back(record),
        "client_id": record.client_id,
        "code_verifier": question.verifier,
    }
    if record.shows_key:
        given |= {
            "client_assertion_type": JWTBearerClientAssertion.CLIENT_ASSERTION_TYPE,
            "client_assertion": assertion(record.client_id, to=question.token_address),
        }
    headers = {"Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded"}
    status, _, answer = _asked("POST", question.token_address, headers, urlencode(given).encode())
    if status != HTTPStatus.OK or not isinstance(answer, dict):
        raise LaunchError(f"{record} did not let Footing in.")
    return _visit(question, record, answer)


def _is_answered(question: _Question, record: ConnectedRecord, user: User, state: str) -> bool:
    is_same = secrets.compare_digest(question.state.encode(), state.encode(errors="replace"))
    is_here = (question.record, question.user) == (str(record.pk), user.pk)
    return is_same and is_here and question.at > time.time() - ASKED_SECONDS


def _visit(question: _Question, record: ConnectedRecord, answer: dict[str, Any]) -> Visit:
    """Raises LaunchError for a token that is none, or of nobody."""
    token, patient = answer.get("access_token"), answer.get("patient")
    scope, encounter = answer.get("scope", question.scope), answer.get("encounter", "")
    lasts = answer.get("expires_in", 0)
    if not isinstance(token, str) or not _PLAIN.fullmatch(token) or len(token) > LONGEST_TOKEN:
        raise LaunchError(f"{record} did not let Footing in.")
    if not isinstance(patient, str) or not _ID.fullmatch(patient):
        raise LaunchError(f"{record} did not say which patient is open. Open one there first.")
    if isinstance(lasts, bool) or not isinstance(lasts, int) or not 0 < lasts < LONGEST_VISIT:
        lasts = LONGEST_VISIT
    return Visit(
        record=question.record,
        user=question.user,
        patient=patient,
        encounter=encounter if isinstance(encounter, str) and _ID.fullmatch(encounter) else "",
        token=token,
        scope=scope[:LONGEST_TOKEN] if isinstance(scope, str) else "",
        until=time.time() + lasts,
        key=secrets.token_urlsafe(12),
    )


def keep(session: Session, visit: Visit) -> None:
    """Instead of one before: one patient is open at a time."""
    session[_VISIT] = _sealed(visit)


def leave(session: Session) -> None:
    session.pop(_VISIT, None)


def visit_of(session: Session, user: User) -> tuple[Visit, ConnectedRecord] | None:
    """What is open now, while its token and its record last."""
    visit = _opened(Visit, session.get(_VISIT))
    if visit is None or visit.user != user.pk or visit.until <= time.time():
        return None
    records = ConnectedRecord.objects.active().filter(clinic=user.clinic)
    record = records.filter(pk=visit.record).first()
    return (visit, record) if record is not None else None


def read(record: ConnectedRecord, visit: Visit, path: str) -> dict[str, Any]:
    """A resource, or a page of a search, behind the record's own address. Raises LaunchError."""
    status, _, told = _asked("GET", f"{record.address}/{path}", _headers(visit))
    if status != HTTPStatus.OK or not isinstance(told, dict):
        raise LaunchError(_why(record, status))
    return told


def store(
    record: ConnectedRecord, visit: Visit, resource: dict[str, Any], *, their_id: str = ""
) -> str:
    """A new resource, or under its id there. Returns that id; empty where it is not said.

    A new one carries an identifier of ours, by which the record knows it again, should the answer
    get lost (conditional create of FHIR R4). Raises LaunchError.
    """
    kind, headers = resource["resourceType"], _headers(visit) | {"Content-Type": _FHIR}
    address = f"{record.address}/{kind}"
    if their_id:
        method, address, resource = "PUT", f"{address}/{their_id}", resource | {"id": their_id}
    else:
        method, identifier = "POST", resource["identifier"][0]
        headers["If-None-Exist"] = f"identifier={identifier['system']}|{identifier['value']}"
    status, named, told = _asked(method, address, headers, json.dumps(resource).encode())
    if status not in {HTTPStatus.OK, HTTPStatus.CREATED}:
        raise LaunchError(_why(record, status))
    where = re.search(rf"{kind}/({_ID.pattern})", named.get("location", ""))
    said = told.get("id") if isinstance(told, dict) else ""
    found = where[1] if where else said or their_id
    return found if isinstance(found, str) and _ID.fullmatch(found) else ""


def _headers(visit: Visit) -> dict[str, str]:
    return {"Accept": _FHIR, "Authorization": f"Bearer {visit.token}"}


def _why(record: ConnectedRecord, status: int) -> str:
    if status == HTTPStatus.UNAUTHORIZED:
        return f"The time in {record} is over. Open Footing there again."
    if status == HTTPStatus.FORBIDDEN:
        return f"{record} does not allow Footing to do this."
    return f"{record} said no ({status})."


def _asked(
    method: str, address: str, headers: dict[str, str], body: bytes = b""
) -> tuple[int, dict[str, str], Any]:
    """Raises LaunchError."""
    try:
        return json_of(
            method, address, seconds=TIMEOUT_SECONDS, largest=LARGEST, headers=headers, body=body
        )
    except NoAnswerError as error:
        raise LaunchError("The record system does not answer. Try again in a while.") from error


def _sealed(kept: _Question | Visit) -> str:
    """A session is a row in the database, and its copy opens no other record."""
    return box("record-launch").encrypt(json.dumps(asdict(kept)).encode()).decode()


def _opened(kind: Any, sealed: Any) -> Any:
    """None for what we did not seal as this, or not as this version does."""
    try:
        return kind(**json.loads(box("record-launch").decrypt(str(sealed or "").encode())))
    except (InvalidToken, TypeError, ValueError):
        return None
