"""The clinic's settings: what can be set, by whom, and that each binds where it decides."""

import datetime as dt
from io import BytesIO

import pytest
from django.core import mail
from django.utils import timezone
from pypdf import PdfReader

from accounts.audit import Action
from accounts.models import AuditEvent, Clinic
from programs.alerts.due import due_at
from programs.models.alert import Severity
from tests.conftest import client_of, page_of

pytestmark = pytest.mark.django_db
PAGE = "/workspace/clinic/"


@pytest.fixture
def as_ruth(ruth):
    return client_of(ruth)


def save(client, **changed):
    """The page as it is, with some fields changed."""
    return client.post(PAGE, page_of(client, PAGE) | changed, follow=True)


def test_only_who_runs_the_clinic_sets_it(as_priya, as_ruth):
    assert as_priya.get(PAGE).status_code == 403
    assert as_ruth.get(PAGE).status_code == 200


def test_what_is_set_holds_and_is_on_record(as_ruth, ruth, colm):
    page = save(
        as_ruth, country="US", region="CA", phone="2135550134", office_hours="Mon-Fri 9:00-17:00",
        closed_days="2026-12-24\n\n2026-12-31", second_reader=colm.pk, critical_minutes="30",
        out_of_hours="At night call Nurse Advice.", language="es", address="1 Elm St",
    )  # fmt: skip
    assert "The settings are saved." in page.content.decode()
    clinic = Clinic.objects.get()
    assert (clinic.phone, clinic.second_reader, clinic.critical_minutes) == (
        "(213) 555-0134",
        colm,
        30,
    )
    assert clinic.closed_days == [dt.date(2026, 12, 24), dt.date(2026, 12, 31)]
    event = AuditEvent.objects.filter(action=Action.CLINIC_CHANGED).latest("at")
    assert event.actor_name == str(ruth)
    assert event.detail["changed"]["critical_minutes"] == [60, 30]


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("phone", "12", "can’t be a telephone number"),
        ("phone", "call us", "can’t be a telephone number"),
        ("country", "XX", "Select a valid choice"),
        ("region", "ZZ", "Known there: AK"),
        ("office_hours", "all day", "Write office hours like"),
        ("closed_days", "24.12.2026", "Write “24.12.2026” as a day"),
        ("closed_days", "2026-12-24\n" * 70 + "0001-01-01", "60 days at the most"),
        ("critical_minutes", "0", "greater than or equal to 5"),
        ("critical_minutes", "9" * 5000, "number"),
        ("digest_hour", "24", "less than or equal to 23"),
        ("time_zone", "Mars/Base", "Select a valid choice"),
        ("second_reader", "999999", "Select a valid choice"),
        ("name", "\x00", "Null characters"),
    ],
)
def test_what_makes_no_sense_is_said_beside_it(as_ruth, field, value, words):
    page = save(as_ruth, **{"country": "US", field: value})
    assert words in page.content.decode()
    assert Clinic.objects.get().country == ""


def test_a_page_that_is_older_sets_nothing_back(as_ruth, clinic):
    old = page_of(as_ruth, PAGE)
    Clinic.objects.update(critical_minutes=15)
    page = as_ruth.post(PAGE, old | {"name": "Riverside"})
    assert "Somebody changed this" in page.content.decode()
    assert Clinic.objects.get().critical_minutes == 15


def test_a_therapist_of_another_clinic_is_no_second_reader(as_ruth, olive):
    assert "Select a valid choice" in save(as_ruth, second_reader=olive.pk).content.decode()


def test_a_test_mail_goes_to_who_asks(as_ruth, ruth):
    mail.outbox.clear()
    page = as_ruth.post(PAGE + "mail/", follow=True)
    assert "leaves in a moment" in page.content.decode()
    assert [one.to for one in mail.outbox] == [[ruth.email]]


# Where it decides


@pytest.fixture
def closed_tomorrow(clinic):
    """Thursday 26 November 2026 is Thanksgiving; it is the day before, five in the afternoon."""
    Clinic.objects.update(
        country="US", office_hours="Mon-Fri 8:00-17:00", time_zone="America/New_York"
    )
    clinic.refresh_from_db()
    return dt.datetime(2026, 11, 25, 17, 30, tzinfo=clinic.zone)


def test_a_holiday_is_no_office_time(closed_tomorrow, clinic, monkeypatch):
    friday = dt.datetime(2026, 11, 27, tzinfo=clinic.zone)
    assert due_at(Severity.CRITICAL, closed_tomorrow, clinic) == friday.replace(hour=9)
    assert due_at(Severity.URGENT, closed_tomorrow, clinic) == friday.replace(hour=17)
    monkeypatch.setattr(timezone, "now", lambda: closed_tomorrow)
    assert clinic.opens_again == friday.replace(hour=8)
    clinic.closed_days = [friday.date()]
    assert clinic.opens_again == dt.datetime(2026, 11, 30, 8, tzinfo=clinic.zone)
    clinic.keeps_holidays = False
    assert clinic.opens_again == dt.datetime(2026, 11, 26, 8, tzinfo=clinic.zone)


def test_who_answers_at_night_stands_beside_the_emergency_number(as_ana, ana, plan):
    Clinic.objects.update(
        out_of_hours="Call Nurse Advice, 555-0100.", out_of_hours_es="Llame a Enfermería."
    )
    assert "Call Nurse Advice, 555-0100." in as_ana.get("/portal/messages/").content.decode()
    type(ana).objects.filter(pk=ana.pk).update(language="es")
    assert "Llame a Enfermería." in as_ana.get("/portal/messages/").content.decode()


def test_and_on_the_plan_that_is_printed(as_priya, ana, plan):
    Clinic.objects.update(out_of_hours="Call Nurse Advice, 555-0100.")
    address = f"/workspace/patients/{ana.pk}/plan/{plan.pk}/print/"
    assert "Call Nurse Advice, 555-0100." in as_priya.get(address).content.decode()
    file = as_priya.get(address + "file/")
    text = PdfReader(BytesIO(file.content)).pages[0].extract_text()
    assert "Call Nurse Advice" in text


def test_a_new_patient_has_the_clinics_language_and_its_way_of_writing_numbers(as_priya):
    Clinic.objects.update(language="es", country="US")
    address = "/workspace/patients/add/"
    page = page_of(as_priya, address)
    assert page["language"] == "es"
    new = page | {
        "first_name": "Leo", "last_name": "Paz", "birth_date": "1950-01-01", "phone": "2135550188",
    }  # fmt: skip
    wrong = as_priya.post(address, new | {"phone": "7"})
    assert "can’t be a telephone number" in wrong.content.decode()
    assert as_priya.post(address, new).status_code == 302
    assert Clinic.objects.get().patients.get(first_name="Leo").phone == "(213) 555-0188"
