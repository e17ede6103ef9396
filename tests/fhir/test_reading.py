"""What other programs read: the same record, by kind and by id, page by page."""

import itertools
import json

import pytest

from accounts.smart import keys
from accounts.smart.scopes import KINDS
from fhir.parameters import PARAMETERS
from fhir.resources.R4B.bundle import Bundle
from fhir.resources.R4B.capabilitystatement import CapabilityStatement
from patients.actions import patients as patient_actions
from programs.actions import alert_work
from programs.models import Alert, Session
from tests.fhir.apps import (
    BASE,
    OF_CLINIC,
    OF_PATIENT,
    SITE,
    ask,
    bare,
    by_name,
    every,
    found,
    is_outcome,
    post,
)
from tests.fhir.conftest import do, made
from tests.fhir.valid import faults

pytestmark = pytest.mark.django_db


def test_search_and_file_are_the_same_record(record, system, mine):
    of_file = by_name(entry["resource"] for entry in made(record)["entry"])
    pages = (every(mine, f"{kind}?_count=500") for kind in KINDS)
    own = by_name(itertools.chain.from_iterable(pages))
    assert own == of_file
    for kind in OF_PATIENT:
        of_kind = {name: one for name, one in of_file.items() if name.startswith(f"{kind}/")}
        assert by_name(every(system, f"{kind}?patient={record.pk}&_count=500")) == of_kind, kind
    named = by_name(itertools.chain.from_iterable(every(system, kind) for kind in OF_CLINIC))
    of_clinic = {name for name in of_file if name.partition("/")[0] in OF_CLINIC}
    assert of_clinic <= set(named)
    assert all(named[name] == of_file[name] for name in of_clinic)


def test_each_is_read_by_its_id(record, system, mine):
    entries = made(record)["entry"]
    seen = {}
    for entry in entries:  # one of each kind and of each sort of row
        one = entry["resource"]
        seen[one["resourceType"], one["id"][36:]] = one
    assert {kind for kind, _ in seen} == set(KINDS)
    for one in seen.values():
        address = f"{one['resourceType']}/{one['id']}"
        for token in (system, mine):
            answer = ask(token, address)
            assert answer.status_code == 200, address
            assert bare(answer.json()) == one


def test_what_is_answered_is_without_a_fault(record, system):
    page = ask(system, f"Observation?patient={record.pk}&_count=500&_include=Observation:performer")
    Bundle.model_validate(page.json())
    whole = [
        {"fullUrl": f"{BASE}/{name}", "resource": one}
        for kind in KINDS
        for name, one in by_name(
            every(system, f"{kind}?patient={record.pk}" if kind in OF_PATIENT else kind)
        ).items()
    ]
    assert faults(made(record) | {"entry": whole}) == []


def test_pages_hold_each_once_also_when_something_comes_between(record, plan_of, system):
    first = ask(system, f"Observation?patient={record.pk}&_count=7")
    rows = found(first)
    assert len(rows) == 7
    total = first.json()["total"]
    do(plan_of, record, 40, pain_before=1)  # before what was read
    links = {one["relation"]: one["url"] for one in first.json()["link"]}
    rows += every(system, links["next"].removeprefix(f"{BASE}/"))
    assert len({one["id"] for one in rows}) == len(rows)
    assert len(rows) >= total


def test_a_page_that_followed_what_is_gone_is_gone(record, system):
    is_outcome(ask(system, f"Procedure?patient={record.pk}&_after=gone"), 410, "expired")


def test_what_changes_between_pages_of_an_order_is_not_lost(record, system, priya):
    address = f"Task?patient={record.pk}&_sort=_lastUpdated&_count=1"
    every_one = {one["id"] for one in found(ask(system, f"Task?patient={record.pk}&_count=500"))}
    page = ask(system, address)
    [first] = found(page)
    alert = Alert.objects.get(pk=first["id"])
    assert alert.acknowledged_at is None
    alert_work.leave_to_team(alert, by=priya, words="Who is there?")  # goes to the end
    links = {one["relation"]: one["url"] for one in page.json()["link"]}
    rest = every(system, links["next"].removeprefix(f"{BASE}/"))
    assert {one["id"] for one in rest} | {first["id"]} == every_one
    down = every(system, address.replace("_sort=", "_sort=-"))
    assert [one["id"] for one in down][::-1] == [one["id"] for one in every(system, address)]


def test_counting_alone(record, system):
    for counted in ("_summary=count", "_count=0"):
        said = ask(system, f"Procedure?patient={record.pk}&{counted}").json()
        assert said["total"] == Session.objects.filter(patient=record).count()
        assert "entry" not in said


def test_what_was_read_once_is_not_sent_again(record, system):
    first = ask(system, f"Patient/{record.pk}")
    again = ask(system, f"Patient/{record.pk}", **{"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == first["ETag"]
    version = first.json()["meta"]["versionId"]
    assert first["ETag"] == f'W/"{version}"'


def test_a_version_changes_with_what_is_said_alone(record, system, priya):
    address = f"Observation?patient={record.pk}&_count=500"
    before = {one["id"]: one["meta"]["versionId"] for one in found(ask(system, address))}
    again = {one["id"]: one["meta"]["versionId"] for one in found(ask(system, address))}
    assert again == before
    first = ask(system, f"Patient/{record.pk}")["ETag"]
    patient_actions.change(patient=record, by=priya, first_name="Anna")
    assert ask(system, f"Patient/{record.pk}")["ETag"] != first


def test_what_it_can_is_said_without_a_fault_and_without_a_token():
    answer = ask(None, "metadata")
    CapabilityStatement.model_validate(answer.json())
    rest = answer.json()["rest"][0]
    assert [one["type"] for one in rest["resource"]] == list(PARAMETERS)
    assert set(PARAMETERS) == set(KINDS)
    assert rest["security"]["service"][0]["coding"][0]["code"] == "SMART-on-FHIR"


def test_smart_finds_where_to_ask():
    said = ask(None, ".well-known/smart-configuration").json()
    assert said["token_endpoint"] == f"{BASE}/token"
    assert said["authorization_endpoint"] == f"{SITE}/portal/apps/authorize/"
    assert said["code_challenge_methods_supported"] == ["S256"]
    assert said["token_endpoint_auth_signing_alg_values_supported"] == keys.ALGORITHMS
    assert {"launch-standalone", "client-public", "permission-v2"} <= set(said["capabilities"])
    assert json.dumps(said).count(SITE) == 3
    assert post("/fhir/metadata").status_code == 405
