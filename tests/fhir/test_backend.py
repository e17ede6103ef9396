"""How a clinic's own program is let in: by a statement that it signs."""

import base64

import pytest

from accounts.limits import LIMITS
from tests.conftest import client_of, prove
from tests.fhir.apps import (
    FORM,
    ask,
    clinic_app,
    error_of,
    key,
    key_set,
    patient_app,
    question,
    statement,
    system_token,
)

pytestmark = pytest.mark.django_db


def test_a_clinics_program_shows_its_key_and_reads_all_of_the_clinic(ana, bert, olivia, ruth):
    answer = system_token(clinic_app(ruth))
    assert answer.json()["expires_in"] == 300
    assert "refresh_token" not in answer.json()
    assert "no-store" in answer["Cache-Control"]
    token = answer.json()["access_token"]
    for patient, status in ((ana, 200), (bert, 200), (olivia, 404)):
        assert ask(token, f"Patient/{patient.pk}").status_code == status


@pytest.mark.parametrize("kind", ["EC", "RSA"])
def test_both_algorithms_of_smart_are_verified(kind, ruth):
    signer = key(f"a {kind}", kind)
    app = clinic_app(ruth, key_set=key_set(key(), signer))
    assert system_token(app, said=statement(app, signed_by=signer)).status_code == 200


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "https://evil.example/token"}, {"aud": None}, {"iss": "somebody"}, {"iss": None},
        {"sub": "somebody"}, {"sub": None}, {"sub": 7}, {"exp": None}, {"exp": 1}, {"exp": "soon"},
        {"exp": 99999999999}, {"jti": None}, {"jti": ""}, {"jti": 7}, {"nbf": 99999999999},
    ],
)  # fmt: skip
def test_a_statement_is_for_us_now_and_about_itself(claims, ruth):
    app = clinic_app(ruth)
    answer = system_token(app, said=statement(app, **claims))
    assert error_of(answer, answer.status_code) == "invalid_client"
    assert answer.status_code in {400, 401}


def test_a_statement_is_good_once(ruth):
    app = clinic_app(ruth)
    said = statement(app)
    assert system_token(app, said=said).status_code == 200
    assert error_of(system_token(app, said=said)) == "invalid_client"


def test_a_statement_is_signed_by_a_key_of_the_app(ruth):
    app, stranger = clinic_app(ruth), key("stranger")
    for said in (
        statement(app, signed_by=stranger),
        statement(app, signed_by=stranger, head={"kid": key().kid}),
        statement(app)[:-4] + "AAAA",
        "eyJhbGciOiJub25lIn0." + statement(app).split(".")[1] + ".",
        "not.a.token",
        "",
    ):
        assert error_of(system_token(app, said=said)) == "invalid_client", said


@pytest.mark.parametrize(
    "scope", ["", "patient/*.rs", "system/*.cud", "offline_access", "x" * 9000]
)
def test_a_clinics_program_without_a_scope_gets_nothing(scope, ruth):
    assert error_of(system_token(clinic_app(ruth), scope)) == "invalid_scope"


def test_a_program_gets_no_more_than_the_clinic_lets_it(ruth):
    app = clinic_app(ruth, kinds=["Patient", "Observation"])
    granted = system_token(app, "system/*.rs system/Task.rs system/Observation.r").json()["scope"]
    assert granted == "system/Patient.rs system/Observation.rs system/Observation.r"


def test_an_app_of_patients_reads_no_clinic_and_the_other_way_round(ana, ruth):
    app = patient_app(ruth, key_set=key_set())
    assert error_of(system_token(app)) == "unauthorized_client"
    address, _ = question(clinic_app(ruth))
    assert prove(client_of(ana.user)).get(address).status_code == 400


def test_too_many_tries_wait_also_those_that_fail(ruth, monkeypatch):
    monkeypatch.setitem(LIMITS, "app_token", "3/m/key")
    app = clinic_app(ruth)
    for _ in range(3):
        assert system_token(app, said="no").status_code == 400
    answer = system_token(app)
    assert error_of(answer, 429) == "temporarily_unavailable"
    assert int(answer["Retry-After"]) > 0


def nested(depth):
    return "[" * depth + "]" * depth


@pytest.mark.parametrize("part", ["header", "claims"])
@pytest.mark.parametrize(
    "text", [nested(900), nested(5000), '{"crit": 7}', '{"alg": [], "crit": []}']
)
def test_a_statement_of_any_shape_is_answered(part, text, ruth):
    app = clinic_app(ruth)
    parts = statement(app).split(".")
    parts[0 if part == "header" else 1] = (
        base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
    )
    assert error_of(system_token(app, said=".".join(parts))) == "invalid_client"


@pytest.mark.parametrize("address", ["/fhir/token", "/fhir/revoke"])
@pytest.mark.parametrize(
    "kind",
    ["application/json", "text/plain", "", "multipart/form-data", f"{FORM}; charset=nope",
     f"{FORM}; charset=utf-7"],
)  # fmt: skip
def test_only_a_form_is_read(address, kind, ruth):
    answer = client_of(None).generic("POST", address, b"{}", content_type=kind)
    assert error_of(answer, 415) == "invalid_request"
