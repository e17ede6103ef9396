"""Patients from a file: looked at first, added once, and nobody twice."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts import limits
from accounts.models import AuditEvent
from patients.models import Patient
from tests.conftest import client_of
from tests.fhir.test_incoming import JANE

pytestmark = pytest.mark.django_db
ADDRESS = "/workspace/patients/from-file/"
CSV = (
    "First name,Last name,Birth date,Email,Record number\n"
    "Jane,Okafor,1950-02-03,jane@home.test,R-9\n"
    "Ana,Reyes,1956-03-14,other@home.test,\n"
    "Tom,,1950-02-03,tom@home.test,\n"
)


def looked(client, **data):
    page = client.post(ADDRESS, data)
    assert page.status_code == 200
    return page


def saved(client, page, *keys, **data):
    text = page.context["form"].cleaned_data["text"]
    return client.post(ADDRESS, {"text": text, "save": "yes", "add": keys, **data})


def test_the_page_shows_who_is_in_it_and_adds_nobody(as_priya, ana, priya):
    before = Patient.objects.count()
    page = looked(as_priya, file=SimpleUploadedFile("people.csv", CSV.encode()))
    jane, other_ana, tom = page.context["people"]
    assert (jane.is_new, other_ana.alike, tom.can_be_added) == (True, [ana], False)
    text = page.content.decode()
    assert "3 people in the file, 1 not known yet" in " ".join(text.split())
    assert f'href="/workspace/patients/{ana.pk}/"' in text
    assert text.count('name="add"') == 2
    assert text.count(f'value="{jane.key}"') == 1
    assert Patient.objects.count() == before
    listed = AuditEvent.objects.filter(action="patients.listed").latest("at")
    assert listed.actor_id == priya.uuid


def test_those_who_are_ticked_are_added_and_are_the_therapists(as_priya, ana, priya):
    page = looked(as_priya, text=CSV)
    jane, other_ana, _ = page.context["people"]
    assert saved(as_priya, page, jane.key, other_ana.key).url == "/workspace/"
    added = Patient.objects.get(record_number="R-9")
    assert Patient.objects.visible_to(priya).filter(pk=added.pk).exists()
    assert Patient.objects.filter(first_name="Ana", last_name="Reyes").count() == 2
    assert added.created_by == priya


def test_brought_in_again_they_are_known(as_priya, ana):
    page = looked(as_priya, text=CSV)
    saved(as_priya, page, page.context["people"][0].key)
    again = looked(as_priya, text=CSV)
    assert again.context["people"][0].same == Patient.objects.get(record_number="R-9")
    assert not again.context["people"][0].can_be_added


def test_pressed_twice_they_are_added_once(as_priya, ana):
    page = looked(as_priya, text=CSV)
    data = {"form_key": "8b7f1c1e-6a37-4a7e-9f3a-0c9f2f1f5f11"}
    key = page.context["people"][0].key
    assert saved(as_priya, page, key, **data).url == saved(as_priya, page, key, **data).url
    assert Patient.objects.filter(last_name="Okafor").count() == 1


def test_somebody_who_was_added_meanwhile_is_asked_about(as_priya, priya, ana):
    page = looked(as_priya, text=CSV.replace(",R-9", ","))
    key = page.context["people"][0].key
    saved(as_priya, page, key)
    again = saved(as_priya, page, key)
    assert again.status_code == 200
    assert "added meanwhile" in again.content.decode()
    assert Patient.objects.filter(last_name="Okafor").count() == 1


def test_who_cannot_be_added_is_not_by_a_forged_tick(as_priya, ana):
    page = looked(as_priya, text=CSV)
    before = Patient.objects.count()
    for key in (page.context["people"][2].key, "9:", "x"):
        assert saved(as_priya, page, key).status_code == 200
    assert "Tick whom you want to add" in saved(as_priya, page).content.decode()
    assert Patient.objects.count() == before


def test_fhir_is_read_and_its_numbers_only_where_they_are_the_clinics(as_priya, ana):
    page = looked(as_priya, text=json.dumps(JANE))
    assert "record_number" not in page.context["people"][0].said
    page = looked(as_priya, text=json.dumps(JANE), keeps_numbers="on")
    key = page.context["people"][0].key
    saved(as_priya, page, key, keeps_numbers="on")
    added = Patient.objects.get(record_number="E-17")
    assert (added.gender, added.sex, added.language) == ("female", "", "es")


@pytest.mark.parametrize("sign", ["\x00", "\x0b", "\ud800"])
def test_a_sign_that_no_name_has_refuses_no_file(as_priya, ana, sign):
    odd = json.loads(json.dumps(JANE))
    odd["name"][2]["family"], odd["identifier"][1]["value"] = f"Oka{sign}for", f"E{sign}17"
    lines = "\n".join(map(json.dumps, (odd, JANE)))
    file = SimpleUploadedFile("people.json", lines.encode())
    page = looked(as_priya, file=file, keeps_numbers="on")
    found, whole = page.context["people"]
    assert whole.said["last_name"] == "Okafor"
    assert found.faults or found.said["last_name"] == "Okafor"


@pytest.mark.parametrize(
    "file",
    [b"", b"\x00\x01", b"{", b"\xff\xfe", b"x" * (2 * 1024 * 1024 + 1), b"First name\nJane"],
    ids=["empty", "binary", "no json", "no text", "too large", "no columns"],
)
def test_what_is_no_such_file_is_said(as_priya, file):
    page = looked(as_priya, file=SimpleUploadedFile("people.csv", file))
    assert page.context["form"].errors
    assert page.context["people"] == []


def test_a_file_of_western_windows_is_read(as_priya, ana):
    head = "First name,Last name,Birth date,Email"
    text = f"{head}\nJosé,Núñez,1950-02-03,jose@home.test".encode("cp1252")
    page = looked(as_priya, file=SimpleUploadedFile("people.csv", text))
    assert str(page.context["people"][0]) == "José Núñez"


def test_who_may_add_patients_may_and_nobody_else(ana, ruth, ed, olive):
    for who, status in ((ruth, 200), (olive, 200), (ed, 404), (ana.user, 404)):
        assert client_of(who).get(ADDRESS).status_code == status
        assert client_of(who).post(ADDRESS, {"text": CSV}).status_code == status


def test_a_colleagues_patient_is_named_without_a_link(as_priya, ana, bert):
    text = "First name,Last name,Birth date,Email\nBert,Reyes,1956-03-14,bert@home.test"
    page = looked(as_priya, text=text)
    assert bert in page.context["people"][0].alike
    assert f"/workspace/patients/{bert.pk}/" not in page.content.decode()


def test_two_with_one_number_are_not_added_and_neither_is_anybody_else(as_priya, ana):
    text = (
        "First name,Last name,Birth date,Email,Record number\n"
        "Jane,Okafor,1950-02-03,jane@home.test,R-9\nTom,Adams,1960-02-03,tom@home.test,R-9"
    )
    page = looked(as_priya, text=text)
    before = Patient.objects.count()
    answer = saved(as_priya, page, *(one.key for one in page.context["people"]))
    assert answer.status_code == 200
    assert "Nobody is added. Tom Adams: " in answer.content.decode()
    assert Patient.objects.count() == before


def test_whose_number_it_is_is_told_to_those_who_treat_them_alone(as_priya, ana, bert):
    Patient.objects.filter(pk=bert.pk).update(record_number="R-77")
    text = "First name,Last name,Birth date,Email,Record number\nX,Y,1950-02-03,x@home.test,R-77"
    page = looked(as_priya, text=text).content.decode()
    assert "Another patient has this record number." in page
    assert "Bert" not in page


def test_the_second_step_takes_what_the_first_took(as_priya, ana):
    page = looked(as_priya, text=CSV).content.decode()
    assert page.count('enctype="multipart/form-data"') == 2


def test_files_end_and_what_was_pasted_stays(as_priya, ana, monkeypatch):
    monkeypatch.setitem(limits.LIMITS, "people_file", "1/h/user")
    assert looked(as_priya, text=CSV).context["people"]
    refused = as_priya.post(ADDRESS, {"text": CSV})
    assert refused.status_code == 429
    assert "Okafor" in refused.content.decode()
    assert refused.context["people"] == []
