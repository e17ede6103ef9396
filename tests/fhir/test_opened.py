"""Who is open in the hospital's record: known here or new, and what it says of their conditions."""

import datetime as dt
import re

import pytest
from django.urls import reverse

from accounts.models import AuditEvent
from accounts.smart import record_client, record_systems
from fhir import opened as fhir_opened
from patients.actions import patients as actions
from patients.models import Patient, RecordLink
from tests.conftest import client_of, make_patient
from tests.fhir.hospital import (
    ANA,
    DIABETES,
    came_back,
    connected,
    opened,
    page_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def record(hospital, ruth):
    return connected(ruth, hospital.base)


FORM = {
    "first_name": "Ana", "last_name": "Lopez", "birth_date": "1958-04-02", "language": "en",
    "email": "ana.lopez@example.org",
}  # fmt: skip


def test_a_patient_who_is_open_there_is_added_with_what_the_record_says(
    hospital, record, as_priya, priya
):
    place = opened(hospital, as_priya, record)
    page = as_priya.get(place).content.decode()
    assert "Is this somebody new?" in page
    assert 'value="Lopez"' in page
    assert 'value="1958-04-02"' in page
    assert "Type 2 diabetes mellitus · 44054006 (active)" in page
    assert "MRN-7" not in page  # a number of theirs is none of ours
    added = as_priya.post(place, FORM)
    patient = Patient.objects.get(last_name="Lopez")
    assert added["Location"] == reverse("workspace:episode", args=[patient.pk])
    link = RecordLink.objects.get()
    assert (link.patient, link.their_id, link.linked_by) == (patient, "p-1", priya)
    assert "Type 2 diabetes mellitus" in as_priya.get(added["Location"]).content.decode()
    # Again, from any page: known now, and nobody is added twice.
    page = page_of(hospital, as_priya, record)
    assert "There is no plan in force." in page
    as_priya.post(place, FORM)
    assert Patient.objects.filter(last_name="Lopez").count() == 1
    assert {"record.linked", "record.opened"} <= set(
        AuditEvent.objects.filter(patient_id=patient.pk).values_list("action", flat=True)
    )


def test_the_records_number_is_kept_where_it_is_the_clinics_own(hospital, ruth, as_priya):
    record = connected(ruth, hospital.base, keeps_numbers=True)
    assert 'value="MRN-7"' in page_of(hospital, as_priya, record)


def test_who_is_here_already_is_linked_and_not_added(hospital, record, as_priya, lopez):
    place = opened(hospital, as_priya, record)
    assert f'name="link" value="{lopez.pk}"' in as_priya.get(place).content.decode()
    assert as_priya.post(place, {"link": str(lopez.pk)})["Location"] == place
    assert RecordLink.objects.get().patient == lopez
    page = as_priya.get(place).content.decode()
    assert "Different here" in page  # another email
    assert "ana.lopez@example.org there" in page


@pytest.mark.parametrize(
    "odd", [{"telecom": None}, {"active": False}, {"deceasedBoolean": True},
            {"telecom": [{"system": "phone", "value": "ask her son"}]}],
)  # fmt: skip
def test_who_is_here_already_is_found_whatever_else_is_odd(odd, hospital, record, as_priya, lopez):
    hospital.patient = {name: one for name, one in (ANA | odd).items() if one is not None}
    assert f'name="link" value="{lopez.pk}"' in page_of(hospital, as_priya, record)


def test_one_who_is_named_otherwise_here_is_looked_for(hospital, record, as_priya, priya):
    known = make_patient(priya, "Zoe", last_name="Quill", birth_date=dt.date(1959, 1, 2))
    place = opened(hospital, as_priya, record)
    assert str(known.pk) not in as_priya.get(place).content.decode()
    page = as_priya.get(place, {"q": "Quill"}).content.decode()
    assert f'name="link" value="{known.pk}"' in page
    as_priya.post(place, {"link": str(known.pk)})
    assert RecordLink.objects.get().patient == known


def test_nobody_beyond_ones_own_can_be_linked(hospital, record, as_priya, bert, olivia):
    place = opened(hospital, as_priya, record)
    for other in (bert, olivia):
        assert as_priya.post(place, {"link": str(other.pk)}).status_code == 404
        assert str(other.pk) not in as_priya.get(place, {"q": str(other)}).content.decode()
    assert not RecordLink.objects.exists()


def test_one_patient_is_one_person_there(hospital, record, as_priya, lopez):
    """A second one is refused until the first link has ended; here their birth dates differ."""
    as_priya.post(opened(hospital, as_priya, record), {"link": str(lopez.pk)})
    hospital.given |= {"patient": "p-2"}
    hospital.patient = ANA | {"id": "p-2", "birthDate": "1958-04-20"}
    place = opened(hospital, as_priya, record)
    assert "Another birth date than there." in as_priya.get(place).content.decode()
    answer = as_priya.post(place, {"link": str(lopez.pk)})
    assert "linked to somebody else there already" in answer.content.decode()
    assert RecordLink.objects.count() == 1
    link = RecordLink.objects.get()
    page = as_priya.get(reverse("workspace:patient_record", args=[lopez.pk])).content.decode()
    assert "In Hospital on" in page
    as_priya.post(reverse("workspace:end_record_link", args=[lopez.pk, link.pk]))
    as_priya.post(place, {"link": str(lopez.pk)})
    assert RecordLink.objects.get(ended_at=None).their_id == "p-2"


def test_two_tabs_with_two_patients_are_two_visits(hospital, record, as_priya, lopez):
    first = opened(hospital, as_priya, record)
    hospital.given |= {"patient": "p-2"}
    hospital.patient = ANA | {"id": "p-2", "name": [{"family": "Other", "given": ["Bea"]}]}
    second = opened(hospital, as_priya, record)
    assert "Bea Other" in as_priya.get(second).content.decode()
    as_priya.post(first, {"link": str(lopez.pk)})
    assert RecordLink.objects.get().their_id == "p-1"
    assert "Is this somebody new?" in as_priya.get(second).content.decode()


def test_whom_a_colleague_treats_is_named_and_not_opened(hospital, record, as_priya, colm):
    known = actions.add(
        by=colm, first_name="Ana", last_name="Lopez", birth_date=dt.date(1958, 4, 2),
        email="x@example.org", language="en",
    )  # fmt: skip
    page = page_of(hospital, as_priya, record)
    assert "Ask who sees them" in page
    assert f'value="{known.pk}"' not in page
    their = client_of(colm)
    their.post(opened(hospital, their, record), {"link": str(known.pk)})
    before = RecordLink.objects.get()
    hospital.conditions = []
    page = page_of(hospital, as_priya, record)
    assert "is known here" in page
    assert str(colm) in page
    assert "diabetes" not in page
    now = RecordLink.objects.get()
    assert (now.told, now.told_at) == (before.told, before.told_at)  # not theirs to write
    assert not AuditEvent.objects.filter(action="record.opened").exists()


def test_a_link_that_was_a_mistake_ends(hospital, record, as_priya, lopez):
    place = opened(hospital, as_priya, record)
    as_priya.post(place, {"link": str(lopez.pk)})
    as_priya.post(place, {"unlink": "1"})
    assert "Is this somebody new?" in as_priya.get(place).content.decode()
    assert RecordLink.objects.filter(ended_at=None).count() == 0
    as_priya.post(place, {"link": str(lopez.pk)})
    assert RecordLink.objects.filter(ended_at=None).count() == 1


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
    page = page_of(hospital, as_priya, record)
    assert "Add a patient" in page
    is_read = "Lopez</strong>" in page or "x" * 80 in page
    assert is_read is not ("Footing could not read who is open there" in page)


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
    page = page_of(hospital, as_priya, record)
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
    said = page_of(hospital, as_priya, record)
    assert "Condition 4" in said
    assert "Condition 5" not in said
    assert "It has more than these." in said
    before = len(hospital.asked)
    for away in ("https://elsewhere.example.org/Condition", f"{hospital.base}/../other/secret",
                 f"{hospital.base}/%2e%2e/other", f"{hospital.base}x/Condition",
                 f"{hospital.base}/a/../../secret", f"{hospital.base}/..\\secret"):  # fmt: skip
        hospital.pages = [page(0, away)]
        assert "Condition 0" in page_of(hospital, as_priya, record)
    assert not any("secret" in one or "other" in one for one in hospital.asked[before:])
    hospital.pages = [page(0, f"{hospital.base}?page=1"), page(1, "")]
    assert "Condition 0" in page_of(hospital, as_priya, record)
    assert hospital.asked[-1] == "/fhir?page=1"


def test_without_the_scope_conditions_are_not_asked_and_that_is_said(hospital, record, as_priya):
    hospital.scope = "launch patient/Patient.read"
    page = page_of(hospital, as_priya, record)
    assert "did not give Footing its list of conditions" in page
    assert not any(one.startswith("/fhir/Condition") for one in hospital.asked)


@pytest.mark.parametrize("status", [401, 403, 500])
def test_a_record_that_gives_no_conditions_opens_its_patient_all_the_same(
    status, hospital, record, as_priya, lopez
):
    as_priya.post(opened(hospital, as_priya, record), {"link": str(lopez.pk)})
    hospital.says = {"Condition": status}
    assert "did not give Footing its list" in page_of(hospital, as_priya, record)
    assert RecordLink.objects.get().told  # what it said before stays, with its day


def test_no_conditions_are_not_said_to_be_none(hospital, record, as_priya):
    hospital.conditions = []
    page = page_of(hospital, as_priya, record)
    assert "That does not mean that there are none." in page


def test_what_is_not_sure_is_said_to_be_so(hospital, record, as_priya):
    unsure = {"verificationStatus": {"coding": [{"code": "differential"}]}}
    hospital.conditions = [DIABETES | unsure | {"code": {"text": "Metastatic cancer"}}]
    assert "Metastatic cancer (active, differential)" in page_of(hospital, as_priya, record)


def test_many_conditions_are_cut_at_whole_ones_and_that_is_said(hospital, record, as_priya, lopez):
    hospital.conditions = [DIABETES | {"code": {"text": f"Condition {n} {'x' * 60}"}}
                           for n in range(150)]  # fmt: skip
    place = opened(hospital, as_priya, record)
    page = as_priya.get(place).content.decode()
    assert "Condition 99 " in page
    assert "Condition 100 " not in page
    assert "It has more than these." in page
    as_priya.post(place, {"link": str(lopez.pk)})
    form = as_priya.get(reverse("workspace:episode", args=[lopez.pk])).content.decode()
    begun = form.split('name="precautions"')[1].split(">", 1)[1].split("</textarea>")[0].strip()
    assert len(begun) <= 2000
    shown = len(re.findall(r"Condition \d+ x+", begun))
    assert begun.endswith(f"x (active); and at least {100 - shown} more there."), begun


def test_half_a_sign_in_a_condition_is_no_fault(hospital, record, as_priya, lopez):
    hospital.conditions = [DIABETES | {"code": {"text": "\ud800 sugar"}}]
    place = opened(hospital, as_priya, record)
    assert "? sugar" in as_priya.get(place).content.decode()
    as_priya.post(place, {"link": str(lopez.pk)})
    assert "? sugar" in RecordLink.objects.get().told[0]


def test_a_slow_list_of_conditions_is_not_waited_for(hospital, record, as_priya, monkeypatch):
    """Each page takes two seconds by the clock, of which there are five."""
    now = [0.0]
    real = record_client.read

    def slowly(*asked):
        now[0] += 2
        return real(*asked)

    monkeypatch.setattr(record_client, "read", slowly)
    monkeypatch.setattr(fhir_opened.time, "monotonic", lambda: now[0])
    link = [{"relation": "next", "url": f"{hospital.base}/Condition?page=1"}]
    hospital.pages = [{"resourceType": "Bundle", "entry": [], "link": link}] * 2
    page = page_of(hospital, as_priya, record)
    assert sum(one.startswith("/fhir/Condition") for one in hospital.asked) == 3
    assert "did not give" not in page


def test_two_that_ended_records_name_are_told_apart_on_the_patients_page(
    hospital, record, ruth, as_priya, lopez
):
    as_priya.post(opened(hospital, as_priya, record), {"link": str(lopez.pk)})
    record_systems.end(record=record, by=ruth)
    place = reverse("workspace:patient_record", args=[lopez.pk])
    link = RecordLink.objects.get()
    address = reverse("workspace:end_record_link", args=[lopez.pk, link.pk])
    assert address in as_priya.get(place).content.decode()
    as_priya.post(address)
    assert address not in as_priya.get(place).content.decode()
