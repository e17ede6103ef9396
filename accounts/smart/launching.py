"""Footing opened out of another record, as an app there: EHR launch of SMART App Launch 2.2.

A therapist who is logged in here comes with `iss` and `launch`, is led to the record's own server
of authorization, and comes back with a code for a token of that one patient. What was asked and
what came back is kept sealed (`RecordVisit`), used for an hour at the most.
"""

import json
import re
import secrets
import time
import uuid
from dataclasses import asdict, dataclass, field, replace
from datetime import timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from authlib.oauth2.rfc7523 import JWTBearerClientAssertion
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from cryptography.fernet import InvalidToken
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Clinic, ConnectedRecord, RecordVisit, User
from accounts.sealing import box
from accounts.smart.addresses import validate_asked
from accounts.smart.record_client import ID, LaunchError, answered
from accounts.smart.signing import assertion

ASKED_SECONDS = 600  # so long somebody may take to log in there
LONGEST_VISIT = 3600  # seconds; a token that is good for longer is not used for longer
LONGEST_TOKEN = 8000
# What we ask for; a record gives what it will.
_SCOPES = (
    "launch patient/Patient.rs patient/Condition.rs patient/DocumentReference.c patient/CarePlan.cu"
)
_SCOPES_OF_VERSION_1 = (
    "launch patient/Patient.read patient/Condition.read"
    " patient/DocumentReference.write patient/CarePlan.write"
)
_SCOPE = re.compile(r"(?:patient|user)/(\*|[A-Z][A-Za-z]+)\.(\*|read|write|c?r?u?d?s?)")
_ACTS = {"*": "cruds", "read": "rs", "write": "cud"}
_PLAIN = re.compile(r"[\x21-\x7e]+")


@dataclass(frozen=True)
class _Question:
    """What a browser left with."""

    secret: str
    verifier: str
    token_address: str
    scope: str
    at: float


@dataclass(frozen=True)
class Visit:
    """One patient, open in another record as well. `key` is its row's, `until` its token's end, and
    `seen` what the record said of the patient (`fhir.opened`).
    """

    key: str
    patient: str
    encounter: str
    token: str
    scope: str
    until: float
    seen: dict[str, Any] = field(default_factory=dict)

    @property
    def can_ask(self) -> bool:
        """While its token lasts. What asks nothing there goes on after it."""
        return self.until > time.time()

    def may(self, act: str, kind: str) -> bool:
        """`act` is one of `cruds`, as SMART writes them. No once the token is over."""
        for word in self.scope.split() if self.can_ask else ():
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


def begin(record: ConnectedRecord, user: User, launch: str) -> str:
    """Where the browser goes next. Raises LaunchError."""
    if not _PLAIN.fullmatch(launch) or len(launch) > LONGEST_TOKEN:
        raise LaunchError("The record did not say which patient is open. Open Footing there again.")
    told = _described(record)
    is_first = "permission-v1" in told["capabilities"]
    is_first = is_first and "permission-v2" not in told["capabilities"]
    question = _Question(
        secret=secrets.token_urlsafe(32),
        verifier=secrets.token_urlsafe(48),
        token_address=told["token_endpoint"],
        scope=_SCOPES_OF_VERSION_1 if is_first else _SCOPES,
        at=time.time(),
    )
    row = RecordVisit.objects.create(
        clinic_id=record.clinic_id,
        record=record,
        user=user,
        sealed=_sealed(question),
        until=timezone.now() + timedelta(seconds=LONGEST_VISIT),
    )
    asked = {
        "response_type": "code",
        "client_id": record.client_id,
        "redirect_uri": way_back(record),
        "launch": launch,
        "scope": question.scope,
        "state": f"{row.pk}.{question.secret}",
        "aud": record.address,
        "code_challenge": create_s256_code_challenge(question.verifier),
        "code_challenge_method": "S256",
    }
    address: str = told["authorization_endpoint"]
    return f"{address}{'&' if '?' in address else '?'}{urlencode(asked)}"


def _described(record: ConnectedRecord) -> dict[str, Any]:
    """What it says of itself. Raises LaunchError."""
    address = f"{record.address}/.well-known/smart-configuration"
    status, _, told = answered("GET", address, {"Accept": "application/json"})
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


def come_back(record: ConnectedRecord, user: User, told: dict[str, str]) -> Visit:
    """By what the browser brought back; once. Raises LaunchError."""
    key, _, secret = told.get("state", "").partition(".")
    row = _rows(user).select_for_update(of=("self",)).filter(record=record, pk=_key(key)).first()
    question = _opened(_Question, row.sealed) if row is not None else None
    if row is None or question is None or not _is_answered(question, secret):
        raise LaunchError("This is not the answer to our question. Open Footing there again.")
    row.sealed = ""
    row.save(update_fields=["sealed"])
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
    status, _, answer = answered("POST", question.token_address, headers, urlencode(given).encode())
    if status != HTTPStatus.OK or not isinstance(answer, dict):
        raise LaunchError(f"{record} did not let Footing in.")
    return _visit(row, question, answer)


def _is_answered(question: _Question, secret: str) -> bool:
    is_same = secrets.compare_digest(question.secret.encode(), secret.encode(errors="replace"))
    return is_same and question.at > time.time() - ASKED_SECONDS


def _rows(user: User) -> QuerySet[RecordVisit]:
    """Of this therapist, out of records that are connected, while they last."""
    found = RecordVisit.objects.filter(user=user, clinic=user.clinic, until__gt=timezone.now())
    return found.filter(record__ended_at=None).select_related("record")


def _key(text: str) -> uuid.UUID:
    """Nobody's for a text that is none."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return uuid.UUID(int=0)


def _visit(row: RecordVisit, question: _Question, answer: dict[str, Any]) -> Visit:
    """Raises LaunchError for a token that is none, or of nobody."""
    record = row.record
    token, patient = answer.get("access_token"), answer.get("patient")
    scope, encounter = answer.get("scope", question.scope), answer.get("encounter", "")
    lasts = answer.get("expires_in", 0)
    if str(answer.get("token_type", "")).lower() != "bearer":
        raise LaunchError(f"{record} gave a kind of key that Footing does not know.")
    if not isinstance(token, str) or not _PLAIN.fullmatch(token) or len(token) > LONGEST_TOKEN:
        raise LaunchError(f"{record} did not let Footing in.")
    if not isinstance(patient, str) or not ID.fullmatch(patient):
        raise LaunchError(f"{record} did not say which patient is open. Open one there first.")
    if isinstance(lasts, bool) or not isinstance(lasts, int) or not 0 < lasts < LONGEST_VISIT:
        lasts = LONGEST_VISIT
    return Visit(
        key=str(row.pk),
        patient=patient,
        encounter=encounter if isinstance(encounter, str) and ID.fullmatch(encounter) else "",
        token=token,
        scope=scope[:LONGEST_TOKEN] if isinstance(scope, str) else "",
        until=time.time() + lasts,
    )


def keep(user: User, visit: Visit) -> None:
    """With what was read there."""
    _rows(user).filter(pk=visit.key).update(sealed=_sealed(visit))


def leave(user: User, key: uuid.UUID) -> None:
    """The token goes with it."""
    RecordVisit.objects.filter(user=user, pk=key).delete()


def forget(clinic: Clinic) -> None:
    """What is over."""
    RecordVisit.objects.filter(clinic=clinic, until__lt=timezone.now()).delete()


def visit_of(user: User, key: uuid.UUID) -> tuple[Visit, ConnectedRecord] | None:
    """None for one that is over, or another's."""
    row = _rows(user).filter(pk=key).first()
    visit = _opened(Visit, row.sealed) if row is not None else None
    return (visit, row.record) if row is not None and visit is not None else None


def _sealed(kept: _Question | Visit) -> str:
    """A copy of the database opens no other record."""
    return box("record-launch").encrypt(json.dumps(asdict(kept)).encode()).decode()


def _opened(kind: Any, sealed: Any) -> Any:
    """None for what we did not seal as this, or not as this version does."""
    try:
        return kind(**json.loads(box("record-launch").decrypt(str(sealed or "").encode())))
    except (InvalidToken, TypeError, ValueError):
        return None
