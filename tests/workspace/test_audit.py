"""The clinic's administrator looks through the audit trail."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from accounts.audit import Action
from tests.conftest import client_of, prove
from tests.trail import ask, newest

pytestmark = pytest.mark.django_db


# Looking through it


def audit_page(user, **asked):
    return client_of(user).get(reverse("workspace:audit"), asked)


def test_the_administrator_looks_through_her_clinics_trail(ruth, priya, ana, olivia):
    client_of(priya).get(f"/workspace/patients/{ana.pk}/")
    page = audit_page(ruth)
    assert "Read a page about the patient" in page.content.decode()
    assert "Olivia" not in page.content.decode()
    assert newest(Action.AUDIT_READ).actor_id == ruth.uuid


def acts(page):
    return [row["event"].action for row in page.context["rows"]]


def test_it_is_searched_by_patient_person_act_and_time(ruth, priya, ana, bert, colm):
    client_of(priya).get(f"/workspace/patients/{ana.pk}/")
    client_of(priya).get("/workspace/")
    client_of(colm).get(f"/workspace/patients/{bert.pk}/")
    found = acts(audit_page(ruth, patient="ana reyes"))
    assert {"patient.read", "patients.listed", "patient.added"} <= set(found)
    assert acts(audit_page(ruth, patient="ana", action="patient.read")) == ["patient.read"]
    assert acts(audit_page(ruth, person=colm.pk, action="patient.read")) == ["patient.read"]
    today = ruth.clinic.today()
    assert acts(audit_page(ruth, since=today.isoformat(), action="patient.read"))
    assert acts(audit_page(ruth, until=today.isoformat(), action="patient.read"))
    later = (today + dt.timedelta(days=1)).isoformat()
    assert acts(audit_page(ruth, since=later)) == []
    assert acts(audit_page(ruth, patient="nobody of that name")) == []


@pytest.mark.parametrize(
    "asked",
    [{"since": "x"}, {"person": "9" * 5000}, {"person": "x"}, {"page": "9" * 5000},
     {"patient": "\x00"}, {"patient": r"\u0000"}, {"patient": "9" * 5000},
     {"action": "x"}, {"page": "-1"}, {"since": "0001-01-01"},
     {"until": "9999-12-31"}],
)  # fmt: skip
def test_a_search_for_nonsense_is_a_page(asked, ruth):
    assert audit_page(ruth, **asked).status_code == 200


def test_the_trail_is_taken_along_as_a_file(ruth, priya, ana):
    priya.first_name = "=HYPERLINK(1)"
    priya.save()
    client_of(priya).get(f"/workspace/patients/{ana.pk}/")
    asked = client_of(ruth).get(reverse("workspace:audit_file"), {"action": "patient.read"})
    assert asked.url == "/account/reauthenticate/?next=%2Fworkspace%2Faudit%2F"
    client = prove(client_of(ruth))
    answer = client.get(reverse("workspace:audit_file"), {"action": "patient.read"})
    assert answer.headers["Content-Disposition"].startswith("attachment")
    lines = answer.content.decode().splitlines()
    assert lines[0].startswith("\ufeffWhen (UTC),Who")
    assert "'=HYPERLINK(1) Therapist" in lines[1]
    event = newest(Action.AUDIT_EXPORTED)
    assert event.detail == {"rows": 1, "looked_for": {"action": "patient.read"}}


def test_whom_one_looked_for_is_kept_as_a_patient_and_not_as_typed(ruth, ana):
    audit_page(ruth, patient="ana and a secret")
    assert newest(Action.AUDIT_READ).detail == {}
    audit_page(ruth, patient="ana")
    assert newest(Action.AUDIT_READ).named == [ana.pk]
    assert "ana" not in str(newest(Action.AUDIT_READ).detail)


@pytest.mark.parametrize("name", ["audit", "audit_file"])
def test_only_the_clinics_administrator_reads_the_trail(name, priya, ana, ed, root, ruth):
    address = reverse(f"workspace:{name}")
    assert prove(client_of(ruth)).get(address).status_code == 200
    for asker, status in [(priya, 403), (ana.user, 404), (ed, 404), (root, 404)]:
        assert client_of(asker).get(address).status_code == status
    assert Client().get(address).status_code == 302


def test_an_act_that_nobody_knows_is_shown_as_it_is(ruth, clinic):
    ask("SELECT footing_append('made.up', NULL, NULL, NULL, %s, 'no uuid', '{}', '{}')", clinic.pk)
    ask(
        "SELECT footing_append('account.x', NULL, NULL, NULL, %s, 'no uuid', '{}', '{}')",
        clinic.pk,
    )
    assert "made.up" in audit_page(ruth).content.decode()
