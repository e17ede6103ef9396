"""Programs of others, as the tests play them: their keys, their way in, their questions."""

import base64
import hashlib
import re
import secrets
import time
import uuid
from functools import cache
from html import unescape
from urllib.parse import parse_qs, urlencode, urlsplit

from django.conf import settings
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from accounts.smart import connecting
from accounts.smart.addresses import address_of_fhir, address_of_tokens
from accounts.smart.scopes import KINDS
from tests.conftest import client_of, prove

BACK = "https://app.example.org/back"
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
SITE = settings.SITE_ADDRESS
BASE = f"{SITE}/fhir"
OF_CLINIC = {"Organization", "Practitioner", "PractitionerRole", "Questionnaire"}
OF_PATIENT = sorted(set(KINDS) - OF_CLINIC - {"Patient"})
FORM = "application/x-www-form-urlencoded"
ASK = "/portal/apps/authorize/"


@cache
def key(name: str = "one", kind: str = "EC"):
    """A private key; made once."""
    about = {"kid": name, "use": "sig", "alg": "ES384" if kind == "EC" else "RS384"}
    if kind == "EC":
        return ECKey.generate_key("P-384", about, private=True)
    return RSAKey.generate_key(2048, about, private=True)


def key_set(*keys):
    return {"keys": [one.as_dict(private=False) for one in keys or (key(),)]}


def patient_app(by, **fields):
    given = {"name": "Steps", "reads": "patient", "kinds": list(KINDS), "redirect_uris": [BACK]}
    return connecting.add(by=by, **(given | fields))


def clinic_app(by, **fields):
    given = {"name": "Hospital", "reads": "system", "kinds": list(KINDS), "key_set": key_set()}
    return connecting.add(by=by, **(given | fields))


def statement(app, signed_by=None, head=None, **claims):
    """What an app signs to show who it is."""
    signer = signed_by or key()
    given = {
        "iss": str(app.pk), "sub": str(app.pk), "aud": address_of_tokens(),
        "exp": int(time.time()) + 240, "jti": uuid.uuid4().hex,
    } | claims  # fmt: skip
    given = {name: value for name, value in given.items() if value is not None}
    about = {"alg": signer.alg, "kid": signer.kid} | (head or {})
    return jwt.encode(about, given, signer, algorithms=["ES384", "RS384", "ES256", "RS256"])


def post(address, **data):
    """As a program does: a form, without a cookie."""
    return client_of(None).post(address, urlencode(data), FORM)


def system_token(app, scope="system/*.rs", said=None):
    return post(
        "/fhir/token", grant_type="client_credentials", scope=scope,
        client_assertion_type=ASSERTION,
        client_assertion=statement(app) if said is None else said,
    )  # fmt: skip


def challenge_of(verifier):
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def question(app, scope="launch/patient patient/*.rs offline_access", **changed):
    """The address that an app leads a patient to, and its secret."""
    verifier = secrets.token_urlsafe(48)
    asked = {
        "response_type": "code", "client_id": str(app.pk), "redirect_uri": BACK, "scope": scope,
        "state": "s" * 20, "aud": address_of_fhir(), "code_challenge": challenge_of(verifier),
        "code_challenge_method": "S256",
    } | changed  # fmt: skip
    asked = {name: value for name, value in asked.items() if value is not None}
    return f"{ASK}?{urlencode(asked)}", verifier


def sent_back(address):
    """What the app gets in its address."""
    return {name: one[0] for name, one in parse_qs(urlsplit(address).query).items()}


def led_on(answer):
    """Where a page leads on to by itself, after yes or no."""
    assert answer.status_code == 200, answer.content
    found = re.search(r'http-equiv="refresh" content="0;url=([^"]*)"', answer.content.decode())
    assert found, answer.content
    return unescape(found[1])


def code_for(app, user, answer="allow", **asked):
    """A patient says yes: the code, and the app's secret."""
    address, verifier = question(app, **asked)
    return sent_back(led_on(prove(client_of(user)).post(address, {answer: "1"}))), verifier


def exchange(app, code, verifier, /, **changed):
    given = {
        "grant_type": "authorization_code", "code": code, "redirect_uri": BACK,
        "client_id": str(app.pk), "code_verifier": verifier,
    } | changed  # fmt: skip
    return post("/fhir/token", **{name: one for name, one in given.items() if one is not None})


def patient_token(app, user, **asked):
    back, verifier = code_for(app, user, **asked)
    answer = exchange(app, back["code"], verifier)
    assert answer.status_code == 200, answer.content
    return answer.json()


def renew(app, token, **more):
    return post(
        "/fhir/token", grant_type="refresh_token", refresh_token=token, client_id=str(app.pk),
        **more,
    )  # fmt: skip


def ask(token, address, **headers):
    """A question by an access token; `address` behind /fhir/."""
    given = {"Authorization": f"Bearer {token}"} if token else {}
    return client_of(None).get(f"/fhir/{address}", headers=given | headers)


def found(answer):
    """The resources of a page, without what came along."""
    assert answer.status_code == 200, answer.content
    return [
        one["resource"] for one in answer.json().get("entry", [])
        if one["search"]["mode"] == "match"
    ]  # fmt: skip


def error_of(answer, status=400):
    assert answer.status_code == status, answer.content
    return answer.json()["error"]


def is_outcome(answer, status, code):
    said = answer.json()
    assert answer["Content-Type"].startswith("application/fhir+json")
    assert said["resourceType"] == "OperationOutcome"
    assert (answer.status_code, said["issue"][0]["code"]) == (status, code), said
    return said["issue"][0]["diagnostics"]


def bare(one):
    """Without the version, which the file has not."""
    meta = {name: said for name, said in one.get("meta", {}).items() if name != "versionId"}
    return {name: said for name, said in one.items() if name != "meta"} | (
        {"meta": meta} if meta else {}
    )


def by_name(resources):
    return {f"{one['resourceType']}/{one['id']}": bare(one) for one in resources}


def every(token, address):
    """All pages."""
    rows = []
    while address:
        answer = ask(token, address)
        rows += found(answer)
        links = {one["relation"]: one["url"] for one in answer.json()["link"]}
        address = links.get("next", "").removeprefix(f"{BASE}/")
    return rows
