"""Whoever types finds: order, accents, marks, birth date, telephone, slips of the finger."""

import datetime as dt

import pytest

from patients import searching
from patients.models import Patient
from tests.conftest import make_patient

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(priya):
    """Three who are easily taken for one another."""
    make_patient(
        priya, "Maria", last_name="Kowalska", birth_date=dt.date(1950, 2, 3),
        email="maria.k@x.test", phone="(555) 010-4477", record_number="RIV-2041",
    )  # fmt: skip
    make_patient(
        priya,
        "María José",
        last_name="O’Brien-Núñez",
        email="mj@y.test",
        birth_date=dt.date(1944, 12, 31),
    )
    make_patient(
        priya,
        "Łucja",
        last_name="Żak",
        email="z@y.test",
        birth_date=dt.date(1961, 7, 9),
        phone="+48 22 555 01 99",
    )


def firsts(found):
    return sorted(patient.first_name.split()[0] for patient in found)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("Kowalska, Maria", ["Maria"]),
        ("kowalska maria", ["Maria"]),
        ("MARIA", ["Maria", "María"]),
        ("maría", ["Maria", "María"]),
        ("jose", ["María"]),
        ("walsk", ["Maria"]),
        ("o'brien", ["María"]),
        ("OBrien", ["María"]),
        ("brien nunez", ["María"]),
        ("Nuñez, Maria", ["María"]),
        ("lucja zak", ["Łucja"]),
        ("1950-02-03", ["Maria"]),
        ("2/3/1950", ["Maria"]),
        ("3.2.1950", ["Maria"]),
        ("Feb 3, 1950", ["Maria"]),
        ("3 february 1950", ["Maria"]),
        ("2/3/50", ["Maria"]),
        ("1944", ["María"]),
        ("Maria 12/31/1944", ["María"]),
        ("4477", ["Maria"]),
        ("010-4477", ["Maria"]),
        ("(555) 010 4477", ["Maria"]),
        ("555 01 99", ["Łucja"]),
        ("maria.k@x.test", ["Maria"]),
        ("@x.test kowalska", ["Maria"]),
        ("riv-2041", ["Maria"]),
        ("2041", ["Maria"]),
        ("RIV2041", ["Maria"]),
        ("", ["Maria", "María", "Łucja"]),
        (" , - ' ", ["Maria", "María", "Łucja"]),
        ("Kowalska Lucja", []),
        ("%", []),
        ("_", []),
        ("\\", []),
        ("9" * 90, []),
        ("31/31/1950", []),
    ],
)
def test_found_by_what_people_type(people, typed, expected):
    assert firsts(Patient.objects.all().named(typed)) == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("Kowlska", ["Maria"]),
        ("Kovalska Marja", ["Maria"]),
        ("Kowalskka", ["Maria"]),
        ("Obrien Nunes", ["María"]),
        ("Schmidt", []),
        ("12345", []),
    ],
)
def test_names_that_are_spelled_nearly_so(people, typed, expected):
    assert firsts(Patient.objects.all().nearly_named(typed)) == expected


def test_two_digits_of_a_year_are_never_ahead():
    assert searching.days_of("2/3/50") == [dt.date(1950, 2, 3)]
    assert searching.days_of("2/3/07")[0] == dt.date(2007, 2, 3)
    assert searching.days_of("3/2/1950") == [dt.date(1950, 3, 2), dt.date(1950, 2, 3)]
    assert searching.days_of("2/29/1950") == []


@pytest.mark.parametrize(
    ("changed", "is_known"),
    [
        ({}, True),
        ({"birth_date": dt.date(1971, 1, 1)}, True),  # the same name
        ({"first_name": "Marja"}, True),  # born that day
        ({"first_name": "Zoe", "last_name": "Lind", "birth_date": dt.date(1950, 2, 3)}, False),
        ({"first_name": "Zoe", "last_name": "Lind"}, False),
        (
            {
                "first_name": "Piotr",
                "birth_date": dt.date(1948, 1, 1),
                "email": "MARIA.K@x.test",
            },
            True,
        ),
        ({"first_name": "Piotr", "birth_date": dt.date(1948, 1, 1)}, False),
        (
            {
                "last_name": "Kowalska-Nowak",
                "birth_date": dt.date(1948, 1, 1),
                "phone": "5550104477",
            },
            True,
        ),
    ],
)
def test_the_same_person_is_noticed(people, changed, is_known):
    typed = {
        "first_name": "maria", "last_name": "KOWALSKA", "birth_date": dt.date(1950, 2, 3),
        "email": "", "phone": "",
    } | changed  # fmt: skip
    found = searching.same_person(Patient.objects.all(), **typed)
    assert ("Kowalska" in {one.last_name for one in found}) is is_known
