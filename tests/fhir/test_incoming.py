"""Patients of another record: which name, number and language, and what is refused."""

import datetime as dt
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Clinic
from fhir.incoming import looks_like_it, read
from patients.incoming import MOST, UnreadableError

CLINIC = Clinic(name="Riverside", time_zone="America/New_York", country="US")
JANE = {
    "resourceType": "Patient",
    "active": True,
    "identifier": [
        {"system": "http://hl7.org/fhir/sid/us-ssn", "value": "000"},
        {"type": {"coding": [{"code": "MR"}]}, "system": "urn:x", "value": "E-17"},
    ],
    "name": [
        {"use": "old", "family": "Before", "given": ["Jane"]},
        {"use": "official", "family": "Okafor", "given": ["Jane", "Adaeze"]},
        {"use": "usual", "family": "Okafor", "given": ["Jane"]},
    ],
    "telecom": [
        {"system": "phone", "use": "home", "value": "555-0101"},
        {"system": "phone", "use": "mobile", "value": "555-0102"},
        {"system": "email", "use": "old", "value": "old@home.test"},
        {"system": "email", "value": "jane@home.test"},
    ],
    "gender": "female",
    "birthDate": "1950-02-03",
    "communication": [
        {"language": {"coding": [{"code": "en-US"}]}},
        {"language": {"coding": [{"code": "es-MX"}]}, "preferred": True},
    ],
}


def one(resource, *, keeps_numbers=False):
    (row,) = read(json.dumps(resource), CLINIC, keeps_numbers=keeps_numbers)
    return row


def test_what_is_taken_over():
    row = one(JANE)
    assert row.faults == []
    assert {key: str(value) for key, value in row.said.items()} == {
        "first_name": "Jane", "last_name": "Okafor", "birth_date": "1950-02-03",
        "gender": "female", "email": "jane@home.test", "phone": "555-0102", "language": "es",
    }  # fmt: skip


def test_a_record_number_is_kept_where_the_file_is_the_clinics_own():
    assert one(JANE, keeps_numbers=True).said["record_number"] == "E-17"


@pytest.mark.parametrize(
    "changed",
    [
        {"name": [{"use": ["x"], "family": "Okafor"}]},
        {"telecom": [{"system": "phone", "value": "555-0101", "rank": "1"},
                     {"system": "phone", "value": "555-0102", "rank": 2}]},
        {"contained": [{"resourceType": "Nope"}]},
        {"contained": [{"resourceType": ["x"]}]},
        {"contained": 3},
        {"communication": [{"language": {"coding": [{"code": None}]}}]},
    ],
)  # fmt: skip
def test_what_is_hostile_is_read_or_refused(changed):
    row = one(JANE | changed)
    assert row.faults or row.said["last_name"] == "Okafor"


def test_what_has_ended_is_not_taken():
    past, now = {"period": {"end": "2000-01-01"}}, {"period": {"start": "2000-01-01"}}
    row = one(JANE | {
        "name": [{"family": "Before", "given": ["Jane"], "use": "usual", **past},
                 {"family": "Okafor", "given": ["Jane"], **now}],
        "telecom": [{"system": "phone", "value": "555-0101", **past},
                    {"system": "phone", "value": "555-0102", "period": {"end": "2999"}}],
        "identifier": [{"type": {"coding": [{"code": "MR"}]}, "value": "A", "use": "old"},
                       {"type": {"coding": [{"code": "MR"}]}, "value": "B", **past},
                       {"type": {"coding": [{"code": "MR"}]}, "value": "C"}],
    }, keeps_numbers=True)  # fmt: skip
    assert (row.said["last_name"], row.said["phone"], row.said["record_number"]) == (
        "Okafor", "555-0102", "C",
    )  # fmt: skip


def test_the_sex_for_norms_is_never_guessed_from_a_gender():
    assert "sex" not in one(JANE).said


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"deceasedBoolean": True}, "have died"),
        ({"deceasedDateTime": "2025-01-01"}, "have died"),
        ({"active": False}, "no longer in use"),
        ({"birthDate": "1950"}, "Birth date"),
        ({"birthDate": None}, "Birth date"),
        ({"shoeSize": 44}, "no Patient"),
        ({"name": "Jane"}, "no Patient"),
    ],
)
def test_what_stands_in_the_way(changed, words):
    assert words in " ".join(one(JANE | changed).faults)


@pytest.mark.parametrize(
    "text",
    [
        json.dumps({"resourceType": "Bundle", "type": "searchset", "entry": [
            {"resource": JANE}, {"resource": {"resourceType": "Observation"}}, {"resource": JANE},
        ]}),
        "\n".join([json.dumps(JANE), "", json.dumps(JANE)]),
    ],
    ids=["bundle", "lines"],
)  # fmt: skip
def test_a_bundle_and_lines_are_read_too(text):
    assert len(read(text, CLINIC, keeps_numbers=False)) == 2


@pytest.mark.parametrize(
    "text",
    [
        "{", "{}", "[]", "null", '{"resourceType": "Bundle"}',
        '{"resourceType": "Bundle", "entry": 3}', '{"resourceType": "Observation"}',
        "[" * 100_000, '{"a":' * 100_000, "\x00",
        "\n".join([json.dumps(JANE)] * (MOST + 1)),
    ],
    ids=range(11),
)  # fmt: skip
def test_what_holds_no_patients_is_refused_in_words(text):
    with pytest.raises(UnreadableError):
        read(text, CLINIC, keeps_numbers=False)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip


@given(st.dictionaries(st.sampled_from([*JANE, "deceasedBoolean"]), JSON))
def test_whatever_stands_in_a_patient_is_read_or_refused(changed):
    row = one({**JANE, **changed, "resourceType": "Patient"}, keeps_numbers=True)
    assert all(isinstance(value, str | dt.date) for value in row.said.values())
    assert row.faults or isinstance(row.said["birth_date"], dt.date)


def test_a_spreadsheet_is_none():
    assert looks_like_it(' \n{"resourceType": "Patient"}')
    assert not looks_like_it("First name,Last name")
