"""Footing is opened out of a hospital's record: the way there and back, and who it finds open."""

import datetime as dt
import re
import time

import pytest
import requests
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts import wall
from accounts.models import AuditEvent
from accounts.permissions import Role
from accounts.smart import launching, record_systems
from patients.actions import patients as actions
from patients.models import Patient, RecordLink
from tests.conftest import client_of, make_patient, make_user
from tests.fhir.apps import led_on, sent_back
from tests.fhir.hospital import ANA, DIABETES, LAUNCH, connected, open_hospital

pytestmark = pytest.mark.django_db
OPEN = "/workspace/records/open/"


@pytest.fixture
def hospital(settings):
    with open_hospital() as server:
        settings.APP_ORIGINS = [server.origin]
        yield server


@pytest.fixture
def record(hospital, ruth):
    return connected(ruth, hospital.base)


def launch_of(hospital, client, **changed):
    return client.get(reverse("record_launch"), {"iss": hospital.base, "launch": LAUNCH} | changed)


def allowed(answer):
    """What the hospital's login sends back, after somebody said yes there."""
    page = requests.get(led_on(answer), timeout=5).text
    return sent_back(page.split("href='")[1].split("'")[0])


def came_back(hospital, client, record, **changed):
    back = allowed(launch_of(hospital, client)) | changed
    return client.get(reverse("record_back", args=[record.pk]), back)


def pressed(client, **typed):
    """As a form of the page that is open now sends it."""
    found = re.search(r'name="visit" value="([^"]+)"', client.get(OPEN).content.decode())
    return client.post(OPEN, {"visit": found[1] if found else ""} | typed)


def opened(hospital, client, record):
    """The page of who is open there."""
    answer = came_back(hospital, client, record)
    assert answer.status_code == 302, answer.content.decode()
    assert answer["Location"] == OPEN
    return client.get(OPEN)


def test_a_patient_who_is_open_there_is_added_with_what_the_record_says(
    hospital, record, as_priya, priya
):
    page = opened(hospital, as_priya, record).content.decode()
    assert "Is this somebody new?" in page
    assert 'value="Lopez"' in page
    assert 'value="1958-04-02"' in page
    assert "Type 2 diabetes mellitus · 44054006 (active)" in page
    assert "MRN-7" not in page  # a number of theirs is none of ours
    form = {
        "first_name": "Ana", "last_name": "Lopez", "birth_date": "1958-04-02", "language": "en",
        "email": "ana.lopez@example.org",
    }  # fmt: skip
    added = pressed(as_priya, **form)
    patient = Patient.objects.get(last_name="Lopez")
    assert added["Location"] == reverse("workspace:episode", args=[patient.pk])
    link = RecordLink.objects.get()
    assert (link.patient, link.their_id, link.linked_by) == (patient, "p-1", priya)
    assert "Type 2 diabetes mellitus" in as_priya.get(added["Location"]).content.decode()
    # Again, from any page: known now, and nobody is added twice.
    page = opened(hospital, as_priya, record).content.decode()
    assert "Send" not in page
    assert "There is no plan in force." in page
    assert Patient.objects.filter(last_name="Lopez").count() == 1
    assert {"record.linked", "record.opened"} <= set(
        AuditEvent.objects.filter(patient_id=patient.pk).values_list("action", flat=True)
    )


def test_the_records_number_is_kept_where_it_is_the_clinics_own(hospital, ruth, as_priya):
    record = connected(ruth, hospital.base, keeps_numbers=True)
    assert 'value="MRN-7"' in opened(hospital, as_priya, record).content.decode()


def test_who_is_here_already_is_linked_and_not_added(hospital, record, as_priya, priya):
    known = make_patient(priya, "Ana", last_name="Lopez", birth_date=dt.date(1958, 4, 2))
    page = opened(hospital, as_priya, record).content.decode()
    assert f'name="link" value="{known.pk}"' in page
    assert pressed(as_priya, link=str(known.pk))["Location"] == OPEN
    assert RecordLink.objects.get().patient == known
    page = as_priya.get(OPEN).content.decode()
    assert "Different here" in page  # another email
    assert "ana.lopez@example.org there" in page


def test_nobody_else_can_be_linked(hospital, record, as_priya, ana, bert, olivia):
    opened(hospital, as_priya, record)
    for other in (ana, bert, olivia):
        assert pressed(as_priya, link=str(other.pk)).status_code == 404
    assert not RecordLink.objects.exists()


def test_whom_a_colleague_treats_is_named_and_not_opened(hospital, record, as_priya, colm):
    known = actions.add(
        by=colm, first_name="Ana", last_name="Lopez", birth_date=dt.date(1958, 4, 2),
        email="x@example.org", language="en",
    )  # fmt: skip
    page = opened(hospital, as_priya, record).content.decode()
    assert "Ask who sees them" in page
    assert f'value="{known.pk}"' not in page
    their = client_of(colm)
    opened(hospital, their, record)
    pressed(their, link=str(known.pk))
    page = opened(hospital, as_priya, record).content.decode()
    assert "is known here" in page
    assert str(colm) in page
    assert "MRN" not in page


def test_a_link_that_was_a_mistake_ends(hospital, record, as_priya, priya):
    known = make_patient(priya, "Ana", last_name="Lopez", birth_date=dt.date(1958, 4, 2))
    opened(hospital, as_priya, record)
    pressed(as_priya, link=str(known.pk))
    pressed(as_priya, unlink="1")
    assert "Is this somebody new?" in as_priya.get(OPEN).content.decode()
    assert RecordLink.objects.filter(ended_at=None).count() == 0
    pressed(as_priya, link=str(known.pk))
    assert RecordLink.objects.filter(ended_at=None).count() == 1


@pytest.mark.parametrize(
    "changed",
    [{"state": "x" * 43}, {"state": ""}, {"code": "made-up"}, {"code": ""},
     {"error": "access_denied"}],
)  # fmt: skip
def test_what_does_not_answer_our_question_opens_nothing(changed, hospital, record, as_priya):
    assert came_back(hospital, as_priya, record, **changed).status_code == 400
    assert as_priya.get(OPEN).status_code == 400


def test_an_answer_is_taken_once(hospital, record, as_priya):
    back = allowed(launch_of(hospital, as_priya))
    address = reverse("record_back", args=[record.pk])
    assert as_priya.get(address, back).status_code == 302
    assert as_priya.get(address, back).status_code == 400


def test_an_answer_of_another_browser_or_record_is_not_taken(
    hospital, record, ruth, as_priya, colm
):
    back = allowed(launch_of(hospital, as_priya))
    other = connected(ruth, f"{hospital.origin}/other")
    assert client_of(colm).get(reverse("record_back", args=[record.pk]), back).status_code == 400
    assert as_priya.get(reverse("record_back", args=[other.pk]), back).status_code == 400


def test_who_comes_back_too_late_begins_anew(hospital, record, as_priya, monkeypatch):
    back = allowed(launch_of(hospital, as_priya))
    now = time.time()
    monkeypatch.setattr(launching.time, "time", lambda: now + launching.ASKED_SECONDS + 1)
    assert as_priya.get(reverse("record_back", args=[record.pk]), back).status_code == 400


def test_a_visit_ends_with_its_token_with_its_record_and_when_it_is_closed(
    hospital, record, ruth, as_priya, monkeypatch
):
    opened(hospital, as_priya, record)
    with monkeypatch.context() as later:
        now = time.time()
        later.setattr(launching.time, "time", lambda: now + 601)
        assert as_priya.get(OPEN).status_code == 400
    assert opened(hospital, as_priya, record).status_code == 200
    assert as_priya.post(OPEN, {"leave": "1"}).status_code == 302
    assert as_priya.get(OPEN).status_code == 400
    opened(hospital, as_priya, record)
    record_systems.end(record=record, by=ruth)
    assert as_priya.get(OPEN).status_code == 400
    assert launch_of(hospital, as_priya).status_code == 400


def test_the_session_in_the_database_tells_neither_token_nor_patient(hospital, record, as_priya):
    opened(hospital, as_priya, record)
    kept = str(dict(as_priya.session))
    assert "their-token" not in kept
    assert "Lopez" not in kept


@pytest.mark.parametrize(
    "described",
    [
        {"token_endpoint": "http://169.254.169.254/token"}, {"token_endpoint": None},
        {"authorization_endpoint": "javascript:alert(1)"}, {"token_endpoint": 7},
        {"authorization_endpoint": "https://x.example.org/<script>"},
        {"code_challenge_methods_supported": ["plain"]},
    ],
)  # fmt: skip
def test_a_record_that_leads_astray_is_not_followed(described, hospital, record, as_priya):
    hospital.described |= described
    answer = launch_of(hospital, as_priya)
    assert answer.status_code == 400
    assert "Not opened" in answer.content.decode()


def test_a_record_of_nobody_or_of_another_clinic_is_not_asked(hospital, record, as_priya, olive):
    assert launch_of(hospital, as_priya, iss="https://stranger.example.org").status_code == 400
    assert launch_of(hospital, client_of(olive)).status_code == 400
    assert launch_of(hospital, as_priya, launch="").status_code == 400
    assert hospital.asked == []


@pytest.mark.parametrize(
    "given",
    [{"patient": None}, {"patient": "../Patient"}, {"patient": 7}, {"access_token": ""},
     {"access_token": "a\nb"}, {"access_token": None}],
)  # fmt: skip
def test_a_token_of_nobody_opens_nothing(given, hospital, record, as_priya):
    hospital.given |= given
    assert came_back(hospital, as_priya, record).status_code == 400


def test_a_record_that_tells_of_somebody_else_is_not_believed(hospital, record, as_priya):
    hospital.patient = ANA | {"id": "p-2"}
    assert came_back(hospital, as_priya, record).status_code == 400


@pytest.mark.parametrize("status", [401, 403, 404, 500])
def test_what_the_record_refuses_is_said(status, hospital, record, as_priya):
    hospital.says = {"Patient": status}
    answer = came_back(hospital, as_priya, record)
    assert answer.status_code == 400
    assert "Hospital" in answer.content.decode()


@pytest.mark.parametrize(
    "odd",
    [{"birthDate": "1958"}, {"name": []}, {"name": [{"family": "x" * 500}]}, {"gender": "?"},
     {"telecom": "no"}, {"birthDate": None}],
)  # fmt: skip
def test_an_odd_patient_is_a_page_with_what_is_wrong(odd, hospital, record, as_priya):
    hospital.patient = {name: one for name, one in (ANA | odd).items() if one is not None}
    assert opened(hospital, as_priya, record).status_code == 200


def test_conditions_of_others_refuted_ones_and_odd_ones_are_left_out(hospital, record, as_priya):
    hospital.conditions = [
        DIABETES,
        DIABETES | {"subject": {"reference": "Patient/p-10"}, "code": {"text": "Not hers"}},
        DIABETES | {"verificationStatus": {"coding": [{"code": "refuted"}]},
                    "code": {"text": "Refuted"}},
        DIABETES | {"subject": {"reference": f"{hospital.base}/Patient/p-1"},
                    "code": {"coding": [{"display": "Sciatica"}]}},
        {"resourceType": "Condition"}, "no", {"resourceType": "Condition", "subject": "x"},
        DIABETES | {"code": {"text": "<script>alert(1)</script>"}},
    ]  # fmt: skip
    page = opened(hospital, as_priya, record).content.decode()
    assert "Type 2 diabetes" in page
    assert "Sciatica (active)" in page
    assert "Not hers" not in page
    assert "Refuted" not in page
    assert "<script>alert" not in page


def test_pages_of_conditions_are_read_within_the_record_and_not_for_ever(
    hospital, record, as_priya
):
    def page(number, after):
        entry = [{"resource": DIABETES | {"code": {"text": f"Condition {number}"}}}]
        link = [{"relation": "next", "url": after}]
        return {"resourceType": "Bundle", "type": "searchset", "entry": entry, "link": link}

    hospital.pages = [page(n, f"{hospital.base}/Condition?page={n + 1}") for n in range(9)]
    said = opened(hospital, as_priya, record).content.decode()
    assert "Condition 4" in said
    assert "Condition 5" not in said
    assert "It has more than these." in said
    hospital.pages = [page(0, "https://elsewhere.example.org/Condition?page=1")]
    said = opened(hospital, as_priya, record).content.decode()
    assert "Condition 0" in said


def test_without_the_scope_conditions_are_not_asked_and_that_is_said(hospital, record, as_priya):
    hospital.scope = "launch patient/Patient.read"
    page = opened(hospital, as_priya, record).content.decode()
    assert "That does not mean that there are none." in page
    assert not any(one.startswith("/fhir/Condition") for one in hospital.asked)


def test_a_record_of_the_first_version_is_asked_in_its_own_words(hospital, record, as_priya):
    hospital.described |= {"capabilities": ["launch-ehr", "permission-v1"]}
    address = led_on(launch_of(hospital, as_priya))
    assert sent_back(address)["scope"].endswith("patient/CarePlan.write")


def test_one_address_is_connected_once_and_not_into_our_network(ruth, hospital, record):
    with pytest.raises(ValidationError, match="connected already"):
        connected(ruth, f"{hospital.base}/")
    with pytest.raises(ValidationError):
        connected(ruth, "http://10.0.0.1/fhir")
    with pytest.raises(ValidationError):
        connected(ruth, "https://x.example.org/fhir?a=b")


def test_two_clinics_connect_the_same_record_each_for_itself(hospital, record, as_priya, olive):
    rhea = make_user(olive.clinic, "Rhea", Role.CLINIC_ADMIN, "else.test")
    with wall.acting(rhea):
        theirs = connected(rhea, hospital.base)
    back = allowed(launch_of(hospital, as_priya))
    address = reverse("record_back", args=[theirs.pk])
    assert as_priya.get(address, back).status_code == 404
    assert client_of(olive).get(address, back).status_code == 400


def test_a_page_of_somebody_who_was_open_before_does_nothing(hospital, record, as_priya, priya):
    """Two tabs: the button of the first would link the patient who is open in the second."""
    known = make_patient(priya, "Ana", last_name="Lopez", birth_date=dt.date(1958, 4, 2))
    first = opened(hospital, as_priya, record).content.decode()
    key = re.search(r'name="visit" value="([^"]+)"', first)[1]
    hospital.given |= {"patient": "p-2"}
    hospital.patient = ANA | {"id": "p-2", "name": [{"family": "Other", "given": ["Bea"]}]}
    opened(hospital, as_priya, record)
    answer = as_priya.post(OPEN, {"visit": key, "link": str(known.pk)}, follow=True)
    assert "Nothing was done" in answer.content.decode()
    assert not RecordLink.objects.exists()
