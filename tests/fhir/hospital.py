"""A hospital's record system, as the tests play it: a login, a patient who is open, what is stored.

It is strict where SMART App Launch 2.2 is: what it does not expect it refuses.
"""

import datetime as dt
import json
import secrets
from contextlib import AbstractContextManager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit
from uuid import UUID

import requests
from django.urls import reverse
from django.utils import timezone
from joserfc import jwt
from joserfc.jwk import KeySet

from accounts.models import ConnectedRecord, RecordVisit, User
from accounts.smart import launching, record_systems, signing
from accounts.smart.launching import Visit
from tests.fhir.apps import challenge_of, led_on, sent_back
from tests.fhir.valid import faults_alone
from tests.listening import served

CLIENT, LAUNCH, TOKEN = "footing-at-hospital", "launch-77", "their-token"
ANA = {
    "resourceType": "Patient", "id": "p-1", "gender": "female", "birthDate": "1958-04-02",
    "name": [{"use": "official", "family": "Lopez", "given": ["Ana"]}],
    "telecom": [{"system": "email", "value": "ana.lopez@example.org"}],
    "identifier": [
        {"type": {"coding": [{"code": "MR"}]}, "system": "urn:oid:1.2.3", "value": "MRN-7"}
    ],
}  # fmt: skip
DIABETES = {
    "resourceType": "Condition", "id": "c-1", "subject": {"reference": "Patient/p-1"},
    "clinicalStatus": {"coding": [{"code": "active"}]},
    "code": {"text": "Type 2 diabetes mellitus", "coding": [{"code": "44054006"}]},
}  # fmt: skip
V2 = (
    "launch patient/Patient.rs patient/Condition.rs patient/DocumentReference.c patient/CarePlan.cu"
)


def connected(by: User, address: str, **fields: Any) -> ConnectedRecord:
    """By the clinic's administrator."""
    given = {"name": "Hospital", "address": address, "client_id": CLIENT, "shows_key": True}
    return record_systems.add(by=by, **(given | fields))


def visiting(by: User, record: ConnectedRecord, their_id: str) -> UUID:
    """The key of a visit to who is open there, without the way there."""
    until = timezone.now() + dt.timedelta(minutes=10)
    row = RecordVisit.objects.create(clinic=by.clinic, record=record, user=by, until=until)
    seen = {"said": {}, "faults": [], "conditions": None, "more": False}
    kept = Visit(key=str(row.pk), patient=their_id, encounter="", token=TOKEN, scope=V2,
                 until=until.timestamp(), seen=seen)  # fmt: skip
    launching.keep(by, kept)
    return row.pk


class Hospital(HTTPServer):
    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.origin = f"http://127.0.0.1:{self.server_port}"
        self.base = f"{self.origin}/fhir"
        self.patient: dict[str, Any] = dict(ANA)
        self.conditions: list[dict[str, Any]] = [DIABETES]
        self.pages: list[dict[str, Any]] | None = None  # of conditions, instead
        self.described: dict[str, Any] = {
            "authorization_endpoint": f"{self.origin}/authorize",
            "token_endpoint": f"{self.origin}/token",
            "code_challenge_methods_supported": ["S256"],
            "capabilities": ["launch-ehr", "permission-v2"],
        }
        self.scope = V2
        self.given: dict[str, Any] = {"patient": "p-1", "expires_in": 600}
        self.codes: dict[str, dict[str, str]] = {}
        self.used: set[str] = set()
        self.stored: dict[str, dict[str, Any]] = {}
        self.asked: list[str] = []
        self.says: dict[str, int] = {}  # a status instead of an answer, by kind
        self.loses_answers, self.says_where, self.knows_keys = False, True, True


class _Handler(BaseHTTPRequestHandler):
    server: Hospital

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        asked = {name: one[0] for name, one in parse_qs(parts.query).items()}
        self.server.asked.append(self.path)
        if parts.path == "/fhir/.well-known/smart-configuration":
            return self._json(200, self.server.described)
        if parts.path == "/authorize":
            return self._login(asked)
        return self._read(parts.path, asked)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.asked.append(self.path)
        if self.path == "/token":
            given = {name: one[0] for name, one in parse_qs(body.decode()).items()}
            return self._token(given)
        return self._store(json.loads(body), self.path.split("/")[2])

    def do_PUT(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)))
        self.server.asked.append(self.path)
        _, _, kind, key = self.path.split("/")
        assert body["id"] == key
        assert f"{kind}/{key}" in self.server.stored
        return self._store(body, kind, key)

    def _login(self, asked: dict[str, str]) -> None:
        """A page as a clinician sees it, with one link: yes."""
        assert asked["client_id"] == CLIENT
        assert asked["launch"] == LAUNCH
        assert asked["aud"] == self.server.base
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        assert "patient/Patient.r" in asked["scope"]
        code = secrets.token_urlsafe(16)
        self.server.codes[code] = asked
        back = f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"
        page = f"<!doctype html><title>Hospital</title><a href='{back}'>Let Footing in</a>"
        self._send(200, page.encode(), "text/html")

    def _token(self, given: dict[str, str]) -> None:
        asked = self.server.codes.pop(given["code"], None)
        is_right = asked is not None and (
            given["grant_type"] == "authorization_code"
            and given["redirect_uri"] == asked["redirect_uri"]
            and given["client_id"] == CLIENT
            and challenge_of(given["code_verifier"]) == asked["code_challenge"]
        )
        if not is_right or not self._is_footing(given):
            return self._json(400, {"error": "invalid_grant"})
        answer = {"access_token": TOKEN, "token_type": "Bearer", "scope": self.server.scope}
        return self._json(200, answer | self.server.given)

    def _is_footing(self, given: dict[str, str]) -> bool:
        """By our published keys."""
        if not self.server.knows_keys:
            return "client_assertion" not in given
        if "client_assertion" not in given:
            return False
        keys = KeySet.import_key_set(signing.public_keys())
        claims = jwt.decode(given["client_assertion"], keys, algorithms=["ES384"]).claims
        is_new = claims["jti"] not in self.server.used
        self.server.used.add(claims["jti"])
        is_said = claims["iss"] == claims["sub"] == CLIENT
        return is_new and is_said and claims["aud"] == f"{self.server.origin}/token"

    def _read(self, path: str, asked: dict[str, str]) -> None:
        if self.headers.get("Authorization") != f"Bearer {TOKEN}":
            return self._send(401, b"<h1>No</h1>", "text/html")
        kind = path.split("/")[2]
        if kind in self.server.says:
            return self._send(self.server.says[kind], b"<h1>No</h1>", "text/html")
        if kind == "Patient":
            return self._json(200, self.server.patient)
        if self.server.pages is not None:
            return self._json(200, self.server.pages[int(asked.get("page", "0"))])
        found = [{"resource": one} for one in self.server.conditions]
        return self._json(200, {"resourceType": "Bundle", "type": "searchset", "entry": found})

    def _store(self, resource: dict[str, Any], kind: str, key: str = "") -> None:
        if self.headers.get("Authorization") != f"Bearer {TOKEN}":
            return self._send(401, b"", "text/plain")
        if kind in self.server.says:
            return self._send(self.server.says[kind], b"", "text/plain")
        if wrong := faults_alone(resource):
            return self._json(422, {"resourceType": "OperationOutcome", "wrong": wrong})
        status, is_known = 200, False
        if not key:
            known = self._known(kind)
            key, is_known = known or secrets.token_hex(4), bool(known)
            status = 200 if is_known else 201
        if not is_known:  # what is known already stays as it was
            self.server.stored[f"{kind}/{key}"] = resource
        if self.server.loses_answers:
            self.connection.close()
            return None
        where = {"Location": f"{self.server.base}/{kind}/{key}/_history/1"}
        return self._send(
            status, b"<p>stored</p>", "text/html", **where if self.server.says_where else {}
        )

    def _known(self, kind: str) -> str:
        """Of a conditional create: what has this identifier already."""
        sought = self.headers["If-None-Exist"].removeprefix("identifier=")
        for name, one in self.server.stored.items():
            known = [f"{each['system']}|{each['value']}" for each in one.get("identifier", [])]
            if name.startswith(f"{kind}/") and sought in known:
                return name.split("/")[1]
        return ""

    def _json(self, status: int, said: Any) -> None:
        self._send(status, json.dumps(said).encode(), "application/json")

    def _send(self, status: int, body: bytes, kind: str, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Nothing."""


def open_hospital() -> AbstractContextManager[Hospital]:
    return served(Hospital())


def launch_of(hospital, client, **changed):
    return client.get(reverse("record_launch"), {"iss": hospital.base, "launch": LAUNCH} | changed)


def allowed(answer):
    """What the hospital's login sends back, after somebody said yes there."""
    page = requests.get(led_on(answer), timeout=5).text
    return sent_back(page.split("href='")[1].split("'")[0])


def came_back(hospital, client, record, **changed):
    back = allowed(launch_of(hospital, client)) | changed
    return client.get(reverse("record_back", args=[record.pk]), back)


def opened(hospital, client, record):
    """The address of who is open there."""
    answer = came_back(hospital, client, record)
    assert answer.status_code == 302, answer.content.decode()
    assert answer["Location"].startswith("/workspace/records/open/")
    return answer["Location"]


def page_of(hospital, client, record):
    return client.get(opened(hospital, client, record)).content.decode()
