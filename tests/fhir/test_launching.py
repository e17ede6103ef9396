"""Footing is opened out of a hospital's record: the way there and back, and what a visit is."""

import datetime as dt
import time
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from accounts import wall
from accounts.models import RecordVisit
from accounts.permissions import Role
from accounts.smart import launching, record_systems
from accounts.smart.launching import Visit
from tests.conftest import client_of, make_user
from tests.fhir.apps import led_on, sent_back
from tests.fhir.hospital import (
    V2,
    allowed,
    came_back,
    connected,
    launch_of,
    opened,
    page_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def record(hospital, ruth):
    return connected(ruth, hospital.base)


@pytest.mark.parametrize(
    "changed",
    [{"state": "x" * 43}, {"state": ""}, {"state": "."}, {"state": f"{uuid.uuid4()}.x"},
     {"code": "made-up"}, {"code": ""}, {"error": "access_denied"}],
)  # fmt: skip
def test_what_does_not_answer_our_question_opens_nothing(changed, hospital, record, as_priya):
    assert came_back(hospital, as_priya, record, **changed).status_code == 400
    for row in RecordVisit.objects.all():
        assert as_priya.get(reverse("record_visit", args=[row.pk])).status_code == 404


def test_a_question_without_its_secret_is_not_answered(hospital, record, as_priya):
    back = allowed(launch_of(hospital, as_priya))
    key = back["state"].partition(".")[0]
    address = reverse("record_back", args=[record.pk])
    assert as_priya.get(address, back | {"state": f"{key}.guessed"}).status_code == 400
    assert as_priya.get(address, back).status_code == 302


def test_an_answer_is_taken_once_and_closes_nothing_else(hospital, record, as_priya):
    back = allowed(launch_of(hospital, as_priya))
    address = reverse("record_back", args=[record.pk])
    place = as_priya.get(address, back)["Location"]
    assert as_priya.get(address, back).status_code == 400
    assert as_priya.get(address, {"state": "junk"}).status_code == 400
    assert as_priya.get(place).status_code == 200


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


def test_a_visit_goes_on_after_its_token_and_nothing_is_asked_by_it(
    hospital, record, as_priya, lopez, monkeypatch
):
    """Whoever types for ten minutes loses nothing."""
    place = opened(hospital, as_priya, record)
    now = time.time()
    monkeypatch.setattr(launching.time, "time", lambda: now + 601)
    assert as_priya.post(place, {"link": str(lopez.pk)})["Location"] == place
    assert "Send" not in as_priya.get(place).content.decode()


def test_a_visit_is_ones_own_and_ends_with_its_hour_its_record_a_logout_and_a_press(
    hospital, record, ruth, as_priya, priya, colm
):
    place = opened(hospital, as_priya, record)
    assert client_of(colm).get(place).status_code == 404
    as_priya.post(place, {"leave": "1"})
    assert as_priya.get(place).status_code == 404
    place = opened(hospital, as_priya, record)
    RecordVisit.objects.update(until=timezone.now() - dt.timedelta(seconds=1))
    assert as_priya.get(place).status_code == 404
    launching.forget(priya.clinic)
    assert not RecordVisit.objects.exists()
    place = opened(hospital, as_priya, record)
    as_priya.post(reverse("account_logout"))
    assert not RecordVisit.objects.exists()
    mine = client_of(priya)
    place = opened(hospital, mine, record)
    record_systems.end(record=record, by=ruth)
    assert mine.get(place).status_code == 404
    assert launch_of(hospital, mine).status_code == 400


def test_the_database_tells_neither_token_nor_patient(hospital, record, as_priya):
    opened(hospital, as_priya, record)
    kept = f"{dict(as_priya.session)} {RecordVisit.objects.get().sealed}"
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
    [{"patient": None}, {"patient": "../Patient"}, {"patient": 7}, {"patient": ".."},
     {"access_token": ""}, {"access_token": "a\nb"}, {"access_token": None},
     {"token_type": "mac"}],
)  # fmt: skip
def test_a_token_of_nobody_opens_nothing(given, hospital, record, as_priya):
    hospital.given |= given
    assert came_back(hospital, as_priya, record).status_code == 400


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


def test_a_clinic_without_keys_there_comes_as_a_public_client(hospital, ruth, as_priya):
    record = connected(ruth, hospital.base, shows_key=False)
    assert came_back(hospital, as_priya, record).status_code == 400  # here they ask for one
    hospital.knows_keys = False
    assert "Is this somebody new?" in page_of(hospital, as_priya, record)


def test_an_odd_address_is_not_opened(hospital, record, as_priya):
    assert "Not opened" in launch_of(hospital, as_priya, iss="a\x00b").content.decode()


@pytest.mark.parametrize(
    ("scope", "act", "kind", "may"),
    [
        ("patient/CarePlan.cu", "u", "CarePlan", True),
        ("patient/CarePlan.c", "u", "CarePlan", False),
        ("patient/*.*", "c", "CarePlan", True),
        ("user/CarePlan.write", "u", "CarePlan", True),
        ("patient/CarePlan.read", "c", "CarePlan", False),
        ("patient/CarePlan.rs", "c", "CarePlan", False),
        ("system/*.cruds", "c", "CarePlan", False),
        ("launch openid", "c", "CarePlan", False),
        ("patient/DocumentReference.c", "c", "CarePlan", False),
        ("", "c", "CarePlan", False),
        ("patient/CarePlan.c?x=y", "c", "CarePlan", False),
        (V2, "c", "DocumentReference", True),
    ],
)  # fmt: skip
def test_scopes_are_read_as_smart_writes_them(scope, act, kind, may):
    until = time.time() + 60
    given = {"key": "", "patient": "p", "encounter": "", "token": "t", "scope": scope}
    assert Visit(until=until, **given).may(act, kind) is may
    assert not Visit(until=0, **given).may(act, kind)
