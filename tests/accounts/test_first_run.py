"""An installation without a clinic: the page that makes the first, for who reads the log."""

import logging

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client

from accounts import first_run
from accounts.models import Clinic, User
from accounts.permissions import Role
from tests.as_role import WEB, as_role
from tests.patients.test_messages_at_once import at_once

PAGE = "/set-up/"


@pytest.fixture(autouse=True)
def first(settings):
    settings.FIRST_RUN = True


@pytest.fixture
def client(db):
    assert not Clinic.objects.exists()
    return Client()


def typed(**changed):
    return {
        "code": first_run.code(), "name": "Riverside", "country": "US",
        "time_zone": "America/New_York", "phone": "2135550134", "emergency_number": "",
        "office_hours": "Mon-Fri 8:00-17:00", "language": "en", "first_name": "Ruth",
        "last_name": "Okafor", "email": "Ruth@Clinic.Test", **changed,
    }  # fmt: skip


@pytest.mark.parametrize("address", ["/", "/account/login/"])
def test_it_opens_on_the_set_up_page(client, address):
    answer = client.get(address)
    assert (answer.status_code, answer["Location"]) == (302, PAGE)


def test_the_code_stands_in_the_log_and_nowhere_else(client, caplog):
    with caplog.at_level(logging.WARNING, logger="footing.first_run"):
        page = client.get(PAGE).content.decode()
    assert first_run.code() in caplog.text
    assert first_run.code() not in page


@pytest.mark.parametrize("form", [str.lower, lambda code: code.replace("-", " ")])
def test_the_first_clinic_and_who_runs_it(client, form):
    with as_role(WEB):
        answer = client.post(PAGE, typed(code=form(first_run.code())), follow=True)
    page = answer.content.decode()
    assert "Riverside is set up" in page
    clinic, ruth = Clinic.objects.get(), User.objects.get()
    assert (clinic.phone, clinic.emergency_number, clinic.is_editorial) == (
        "(213) 555-0134",
        "911",
        True,
    )
    assert (ruth.email, ruth.role, ruth.clinic) == (
        "ruth@clinic.test",
        Role.CLINIC_ADMIN,
        clinic,
    )
    assert not ruth.has_usable_password()
    [letter] = mail.outbox
    assert letter.to == [ruth.email]
    client.post(PAGE + "done/")
    assert len(mail.outbox) == 2


def test_then_the_page_is_gone_and_nobody_else_is_told_who(client):
    with as_role(WEB):
        client.post(PAGE, typed())
    assert client.get(PAGE).status_code == 404
    assert client.post(PAGE, typed(name="Another")).status_code == 404
    assert client.get("/account/login/").status_code == 200
    stranger = Client()
    assert stranger.get(PAGE + "done/")["Location"] == "/account/login/"
    assert stranger.post(PAGE + "done/").status_code == 302
    assert len(mail.outbox) == 1


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("code", "AAAA-BBBB-CCCC", "This is not the code"),
        ("code", "", "required"),
        ("code", "é" * 5000, "This is not the code"),
        ("time_zone", "Mars/Base", "Select a valid choice"),
        ("country", "XX", "Select a valid choice"),
        ("phone", "12", "can’t be a telephone number"),
        ("office_hours", "always", "Write office hours like"),
        ("email", "nobody", "valid email"),
        ("name", "\x00", "Null characters"),
        ("country", "AQ", "Write the number that people call there"),
    ],
)
def test_what_makes_no_sense_makes_nothing(client, field, value, words):
    page = client.post(PAGE, typed(**{field: value})).content.decode()
    assert words in page
    assert not Clinic.objects.exists()
    assert not User.objects.exists()


def test_of_two_at_once_one_is_told(committed):
    known = typed()
    clinic = {one: known[one] for one in ("name", "time_zone", "phone", "country")}

    def run(number):
        who = {"first_name": "R", "last_name": "O", "email": f"r{number}@clinic.test"}
        return first_run.set_up(clinic=clinic, administrator=who).email

    answers = at_once(2, run)
    assert sum(isinstance(one, ValidationError) for one in answers) == 1
    assert Clinic.objects.count() == 1
