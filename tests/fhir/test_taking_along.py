"""The file for another clinic: who gets it, and what is on record."""

import json

import pytest

from accounts.models import AuditEvent
from tests.conftest import client_of, prove
from tests.fhir.valid import faults

pytestmark = pytest.mark.django_db
MINE = "/portal/me/record-fhir.json"


def theirs(patient):
    return f"/workspace/patients/{patient.pk}/record/fhir.json"


@pytest.mark.parametrize("door", ["portal", "workspace"])
def test_the_file_is_whole_and_on_record(door, record, priya):
    who = priya if door == "workspace" else record.user
    answer = prove(client_of(who)).get(theirs(record) if door == "workspace" else MINE)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/fhir+json"
    assert "no-store" in answer["Cache-Control"]
    name = f'attachment; filename="footing-fhir-{record.clinic.today().isoformat()}.json"'
    assert answer["Content-Disposition"] == name
    assert faults(json.loads(answer.content)) == []
    event = AuditEvent.objects.filter(action="patient.downloaded").latest("at")
    assert (event.patient_id, event.actor_id) == (record.pk, who.uuid)
    assert event.detail == {"format": "fhir"}


def test_it_is_asked_whether_it_is_them_and_they_come_back_to_the_patient(record, priya):
    answer = client_of(priya).get(theirs(record))
    assert answer.status_code == 302
    assert answer.url.startswith("/account/reauthenticate/")
    assert answer.url.endswith(f"next=%2Fworkspace%2Fpatients%2F{record.pk}%2Frecord%2F")


def test_who_does_not_treat_gets_nothing(record, colm, olive, ruth, ed):
    for who, status in ((colm, 404), (olive, 404), (ruth, 403), (ed, 404), (record.user, 404)):
        answer = prove(client_of(who)).get(theirs(record))
        assert answer.status_code == status, who
    assert client_of(None).get(theirs(record)).url.startswith("/account/login/")


def test_who_helps_takes_nothing_along(record, mara):
    assert prove(client_of(mara.user)).get(MINE).status_code == 404


def test_the_buttons_are_where_people_look(record, priya, ruth):
    assert theirs(record).encode() in client_of(priya).get(
        f"/workspace/patients/{record.pk}/record/"
    ).content  # fmt: skip
    assert theirs(record).encode() not in client_of(ruth).get(
        f"/workspace/patients/{record.pk}/record/"
    ).content  # fmt: skip
    assert MINE.encode() in client_of(record.user).get("/portal/me/").content
