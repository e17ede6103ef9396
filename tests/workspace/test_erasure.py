"""Erasing a person: what goes, what is sealed, who opens it, and when that goes, too."""

import base64
import datetime as dt
import io
import json
import uuid
import zipfile

import pytest
from django.apps import apps
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from accounts import wall
from accounts.models import AuditEvent, Clinic, User
from patients import retention
from patients.actions import episodes, erasing, messages
from patients.jobs import destroy_sealed
from patients.models import Episode, Message, Patient, SealedRecord
from programs.actions import monitoring, sessions
from programs.export.archive import as_archive
from tests.as_role import WEB, as_role
from tests.conftest import client_of, make_episode, make_patient, prove
from tests.patients.test_pictures import photo
from tests.programs.actions.test_monitoring import minutes, sign, switch_on, talk
from tests.trail import ask, newest, seal

pytestmark = pytest.mark.django_db
PAGE = "/workspace/erasure/"


@pytest.fixture
def as_ruth(ruth):
    return prove(client_of(ruth))


@pytest.fixture
def lived(plan, ana, priya, mara):
    """Ana with rows of many kinds, also those that are otherwise for good."""
    rows = {row.pk: "all" for row in plan.phases.get(number=1).prescriptions.all()}
    sessions.record(session_id=uuid.uuid4(), plan=plan, done=rows, by=ana.user, pain_after=7)
    messages.send(
        message_id=uuid.uuid4(), patient=ana, text="My heel.", by=ana.user, picture=photo()
    )
    messages.send(message_id=uuid.uuid4(), patient=ana, text="Rest.", by=priya)
    switch_on(ana.clinic)
    monitoring.begin(episode=plan.episode, by=priya)
    old = minutes(ana, priya)
    minutes(ana, priya, 3, replaces=old, why="Typed 12 for 3.")
    talk(ana, priya)
    sign(ana, priya)
    return ana


def erase_url(patient):
    return f"/workspace/patients/{patient.pk}/erase/"


def rows_of(patient):
    """How many, table by table."""
    found = {}
    for model in apps.get_models():
        names = {field.name: field for field in model._meta.concrete_fields}
        if "patient" in names and names["patient"].related_model is Patient:
            found[model.__name__] = model._base_manager.filter(patient_id=patient.pk).count()
    return {name: count for name, count in found.items() if count}


def erase_in_database(patient, by):
    """What no other than the clinic's administrator can do."""
    refused = pytest.raises(DatabaseError, match="only the administrator")
    with as_role(WEB), wall.acting(by), refused, transaction.atomic():
        ask("SELECT footing_erase_patient(%s)", patient.pk)


# Asking


def test_a_patient_asks_and_takes_it_back(as_ana, ana, ruth, priya):
    address = "/portal/me/erasure/"
    assert "/account/" in as_ana.get(address).url
    prove(as_ana)
    assert b"Ask to erase my record?" in as_ana.get(address).content
    for _ in range(2):  # a double click
        assert as_ana.post(address).url == address
    [letter] = mail.outbox
    assert letter.to == [ruth.email]
    assert "Ana" not in letter.body + letter.subject
    page = client_of(ruth).get(PAGE).content.decode()
    assert "Ana Reyes" in page
    assert "answer due" in page
    assert newest("patients.listed").named == [ana.pk]
    as_ana.post(address, {"take_back": "1"})
    assert "Ana Reyes" not in client_of(ruth).get(PAGE).content.decode()
    assert newest("erasure.taken_back").patient_id == ana.pk


def test_nobody_asks_for_another(ana, bert, mara):
    for other in (bert.user, mara.user):
        with pytest.raises(ValidationError):
            erasing.ask(patient=ana, by=other)


@pytest.mark.parametrize(
    ("asked", "due"),
    [("2026-01-31", "2026-02-28"), ("2026-11-29", "2026-12-29"), ("2026-12-31", "2027-01-31"),
     ("2028-01-30", "2028-02-29")],
)  # fmt: skip
def test_an_answer_is_due_within_one_month(asked, due):
    moment = dt.datetime.fromisoformat(f"{asked}T12:00:00+00:00")
    assert retention.answer_due(moment) == dt.date.fromisoformat(due)


# Erasing


def test_all_of_a_person_goes(as_ruth, lived, mara, bert, plan):
    picture = Message.objects.exclude(picture="").get().picture
    assert picture.storage.exists(picture.name)
    assert len(rows_of(lived)) > 12
    others = rows_of(bert)
    login, helper = lived.user_id, mara.user_id
    page = as_ruth.get(erase_url(lived)).content.decode()
    assert "Erase Ana Reyes?" in page
    assert as_ruth.post(erase_url(lived), {"last_name": "Kowalska"}).status_code == 200
    assert Patient.objects.filter(pk=lived.pk).exists()
    answer = as_ruth.post(erase_url(lived), {"last_name": "reyes"})
    assert answer.url == PAGE
    seal()  # the keys, as the transaction ends
    assert rows_of(lived) == {}
    assert not Patient.objects.filter(pk=lived.pk).exists()
    assert not User.objects.filter(pk=login).exists()
    assert not User.objects.get(pk=helper).is_active
    assert rows_of(bert) == others
    assert as_ruth.get(erase_url(lived)).status_code == 404
    event = newest("patient.erased")
    assert (event.patient_id, event.actor_role) == (lived.pk, "clinic_admin")
    assert event.detail["sealed"] == str(SealedRecord.objects.get().pk)


def test_pictures_go_with_it(as_ruth, lived, django_capture_on_commit_callbacks):
    picture = Message.objects.exclude(picture="").get().picture
    with django_capture_on_commit_callbacks(execute=True):
        as_ruth.post(erase_url(lived), {"last_name": "Reyes"})
    assert not picture.storage.exists(picture.name)


def test_what_the_law_keeps_is_sealed_and_whole(as_ruth, lived, ruth, clinic):
    as_ruth.post(erase_url(lived), {"last_name": "Reyes"})
    sealed = SealedRecord.objects.get()
    assert sealed.kept_until == retention.years_later(clinic.today(), clinic.record_years)
    content = bytes(sealed.content)  # any three letters stand in so much of Base64 by chance
    assert b"Reyes" not in content + base64.urlsafe_b64decode(content)
    with connection.cursor() as cursor:
        cursor.execute("SELECT t::text FROM patients_sealedrecord t")
        assert "Reyes" not in cursor.fetchone()[0]
    found = {"first_name": " ana ", "last_name": "REYES", "birth_date": "1956-03-14"}
    assert str(sealed.pk) in as_ruth.post(PAGE, found).content.decode()
    other = as_ruth.post(PAGE, found | {"birth_date": "1956-03-15"}).content.decode()
    assert "Nothing is sealed of this person." in other
    address = f"{PAGE}{sealed.pk}/"
    assert as_ruth.post(address, {}).status_code == 200
    answer = as_ruth.post(address, {"reason": "authority"})
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        record = json.loads(archive.read("record.json"))
        assert archive.read("record.pdf").startswith(b"%PDF")
    assert record["patient"]["last_name"] == "Reyes"
    assert {"My heel.", "Rest."} == {one["text"] for one in record["records"]["messages"]}
    event = newest("sealed.opened")
    assert event.detail == {"reason": "authority"}
    assert event.subject_id == str(sealed.pk)


def test_only_the_administrator_erases_and_opens(lived, priya, colm, olive, ed, root, mara, ruth):
    for other in (priya, colm, olive, ed, root, lived.user, mara.user):
        for address in (PAGE, erase_url(lived)):
            assert client_of(other).get(address).status_code in (403, 404)
        with pytest.raises(ValidationError):
            erasing.erase(patient=lived, by=other, archive=as_archive)
        erase_in_database(lived, other)
    assert rows_of(lived)


def test_another_clinics_administrator_does_not(lived, olive, ruth):
    ruth.clinic = olive.clinic
    ruth.save()
    erase_in_database(lived, ruth)


def test_an_open_session_alone_erases_nobody(ruth, lived):
    answer = client_of(ruth).post(erase_url(lived), {"last_name": "Reyes"})
    assert answer.url == erase_url(lived)
    assert Patient.objects.filter(pk=lived.pk).exists()


@pytest.mark.parametrize("setting", ["footing.erasing", "footing.whole"])
def test_saying_that_one_erases_deletes_nothing(lived, ruth, setting):
    """What is for good stays so for the site's own role, whatever it says of itself."""
    with as_role(WEB), wall.acting(ruth), connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, true)", [setting, str(lived.pk)])
        for table in ("programs_session", "patients_message", "programs_plan"):
            with pytest.raises(DatabaseError), transaction.atomic():
                cursor.execute(f"DELETE FROM {table} WHERE patient_id = %s", [lived.pk])


def test_who_looked_at_an_erased_person_stays_on_record(as_ruth, lived):
    before = AuditEvent.objects.filter(patient_id=lived.pk).count()
    as_ruth.post(erase_url(lived), {"last_name": "Reyes"})
    assert AuditEvent.objects.filter(patient_id=lived.pk).count() > before
    assert as_ruth.get("/workspace/audit/").status_code == 200


def test_a_patient_without_a_login_and_without_care(as_ruth, priya):
    dora = make_patient(priya, "Dora")
    as_ruth.post(erase_url(dora), {"last_name": "Reyes"})
    assert not Patient.objects.filter(pk=dora.pk).exists()


# Time


def closed(patient, by, years):
    """The episode, closed so many years ago."""
    episode = make_episode(patient, by)
    episodes.close_episode(episode=episode, by=by, outcome="goals_met", summary="")
    Episode.objects.filter(pk=episode.pk).update(
        closed_at=timezone.now() - dt.timedelta(365.25 * years)
    )
    return episode


def test_past_its_time_nothing_is_kept(as_ruth, ana, priya):
    closed(ana, priya, 11)
    assert "Ana Reyes" in as_ruth.get(PAGE).content.decode()
    assert "time ended on" in as_ruth.get(erase_url(ana)).content.decode()
    as_ruth.post(erase_url(ana), {"last_name": "Reyes"})
    assert not SealedRecord.objects.exists()
    assert not Patient.objects.filter(pk=ana.pk).exists()


def test_whose_time_is_over(clinic, ana, bert, priya, colm):
    closed(ana, priya, 9)
    closed(bert, colm, 11)
    assert [one.pk for one in retention.past_their_time(clinic)] == [bert.pk]
    make_episode(bert, colm)  # care again
    assert not retention.past_their_time(clinic).exists()
    clinic.record_years = 5
    clinic.save()
    assert [one.pk for one in retention.past_their_time(clinic)] == [ana.pk]


def test_the_clock_destroys_what_is_sealed(as_ruth, lived, monkeypatch):
    as_ruth.post(erase_url(lived), {"last_name": "Reyes"})
    until = SealedRecord.objects.get().kept_until
    monkeypatch.setattr(Clinic, "today", lambda self: until)
    destroy_sealed(0)
    assert SealedRecord.objects.exists()
    monkeypatch.setattr(Clinic, "today", lambda self: until + dt.timedelta(1))
    destroy_sealed(0)
    destroy_sealed(0)
    assert not SealedRecord.objects.exists()
    assert newest("sealed.destroyed").actor_role == "system"


def test_a_leap_day_later_is_the_first_of_march():
    assert retention.years_later(dt.date(2028, 2, 29), 10) == dt.date(2038, 3, 1)
    assert retention.years_later(dt.date(2028, 2, 29), 4) == dt.date(2032, 2, 29)


def test_sealed_with_another_secret_it_says_so(as_ruth, lived, settings):
    as_ruth.post(erase_url(lived), {"last_name": "Reyes"})
    sealed = SealedRecord.objects.get()
    SealedRecord.objects.update(content=b"gAAAAA broken")
    answer = as_ruth.post(f"{PAGE}{sealed.pk}/", {"reason": "claim"})
    assert "does not open" in answer.content.decode()
