"""What is wrong is said: an OperationOutcome for every error, and how much is too much."""

import uuid

import pytest
from django.test import Client

from accounts.limits import LIMITS
from tests.conftest import client_of
from tests.fhir.apps import (
    ask,
    clinic_app,
    is_outcome,
    system_token,
)

pytestmark = pytest.mark.django_db


def test_errors_are_outcomes(record, system):
    is_outcome(ask(None, "Patient"), 401, "login")
    is_outcome(ask("made-up", "Patient"), 401, "login")
    is_outcome(ask(system, "Patient/made-up"), 404, "not-found")
    is_outcome(ask(system, "Secret"), 404, "not-found")
    is_outcome(ask(system, ""), 404, "not-found")
    is_outcome(ask(system, "Patient/x/_history"), 404, "not-found")
    is_outcome(ask(system, "Patient?_format=xml"), 406, "not-supported")
    is_outcome(ask(system, "Patient", Accept="application/fhir+xml"), 406, "not-supported")
    assert ask(system, "Patient?_format=json").status_code == 200
    assert ask(system, "Patient", Accept="text/html, */*;q=0.8").status_code == 200
    is_outcome(
        Client().put(f"/fhir/Patient/{record.pk}", headers={"Authorization": f"Bearer {system}"}),
        405, "not-supported",
    )  # fmt: skip
    assert "Bearer" in ask(None, "Patient")["WWW-Authenticate"]
    assert "invalid_token" in ask("made-up", "Patient")["WWW-Authenticate"]


def test_a_login_opens_nothing_here(record, priya):
    for who in (priya, record.user):
        is_outcome(client_of(who).get(f"/fhir/Patient/{record.pk}"), 401, "login")


def test_a_fault_of_ours_is_an_outcome_too(record, system, monkeypatch):
    monkeypatch.setattr("fhir.searching.read", lambda *asked: 1 / 0)
    client = Client(raise_request_exception=False)
    answer = client.get(f"/fhir/Patient/{record.pk}", headers={"Authorization": f"Bearer {system}"})
    is_outcome(answer, 500, "exception")


@pytest.mark.parametrize("value", ["%00", "x%00y", "%ed%a0%80", "9" * 5000, "%F0%9F%A6%B6", "%0A"])
@pytest.mark.parametrize(
    "name",
    [
        "patient",
        "_id",
        "code",
        "date",
        "_count",
        "_after",
        "_sort",
        "_include",
        "part-of",
        "_lastUpdated",
    ],
)
def test_odd_signs_and_long_numbers_are_no_fault_of_ours(name, value, record, system):
    whose = "" if name == "patient" else f"patient={record.pk}&"
    answer = ask(system, f"Observation?{whose}{name}={value}")
    assert answer.status_code in {200, 400, 410}
    assert answer.json()["resourceType"] in {"Bundle", "OperationOutcome"}


def test_what_fails_is_counted_too(record, ruth, monkeypatch):
    token = system_token(clinic_app(ruth)).json()["access_token"]
    monkeypatch.setitem(LIMITS, "clinic_app", "3/m/key")
    said = [ask(token, f"Patient/{uuid.uuid4()}").status_code for _ in range(4)]
    assert said == [404, 404, 404, 429]


def test_nothing_that_failed_is_kept_by_who_stands_between(record, system):
    for address in ("Patient/x", "Patient?color=red", "Task", "Secret", "Patient?_format=xml"):
        assert "no-store" in ask(system, address)["Cache-Control"], address
    assert "no-store" in ask(None, "Patient")["Cache-Control"]


def test_too_much_in_one_question_is_refused(record, mine):
    many = ",".join(f"gt{year}" for year in range(1900, 1960))
    is_outcome(ask(mine, f"Observation?date={many}"), 400, "invalid")
    twice = "&".join(f"date=gt{year}" for year in range(1900, 1930))
    is_outcome(ask(mine, f"Observation?{twice}"), 400, "invalid")
    same = "&".join(["date=gt1900"] * 30)
    assert ask(mine, f"Observation?{same}").status_code == 200


def test_too_many_questions_wait(record, ruth, monkeypatch):
    token = system_token(clinic_app(ruth)).json()["access_token"]
    monkeypatch.setitem(LIMITS, "clinic_app", "2/m/key")
    assert [ask(token, "Organization").status_code for _ in range(2)] == [200, 200]
    answer = ask(token, "Organization")
    is_outcome(answer, 429, "throttled")
    assert int(answer["Retry-After"]) > 0


def test_a_page_of_another_site_may_ask_and_sends_no_cookie(record, system):
    before = Client().options("/fhir/Patient", headers={"Origin": "https://app.example.org"})
    assert before.status_code == 204
    assert "Authorization" in before["Access-Control-Allow-Headers"]
    answer = ask(system, "Patient", Origin="https://app.example.org")
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in answer
    assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "no-store" in answer["Cache-Control"]
