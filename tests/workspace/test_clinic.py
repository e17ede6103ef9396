"""The clinic's settings: what can be set, by whom, and that each binds where it decides."""

import datetime as dt
import io
import json
import uuid

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone
from PIL import Image as Pillow
from pypdf import PdfReader

from accounts import phones
from accounts.audit import Action
from accounts.models import AuditEvent, Clinic, User
from accounts.office_hours import after_open_minutes
from accounts.private_files import private_storage
from patients.actions import patients
from patients.models import Patient
from programs.actions import library, notes, programs
from programs.alerts.due import due_at
from programs.documents import portable
from programs.handout import letter
from programs.models import ClinicalNote, Exercise, Plan, Program, ProgressForm
from programs.models.alert import Severity
from programs.models.note import NoteKind, Recipient
from programs.notes import known
from programs.plans import choosing
from tests.conftest import client_of, make_episode, make_plan, page_of, prove

pytestmark = pytest.mark.django_db
PAGE = "/workspace/clinic/"


@pytest.fixture
def as_ruth(ruth):
    return prove(client_of(ruth))


def test_it_asks_who_it_is_before_it_saves(ruth, clinic):
    client = client_of(ruth)
    page = page_of(client, PAGE)
    answer = client.post(PAGE, page | {"name": "Another"})
    assert answer.status_code == 302
    assert "reauthenticate" in answer["Location"]
    clinic.refresh_from_db()
    assert clinic.name != "Another"


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
        ("emergency_number", "abc", "no number that can be dialed"),
        ("emergency_number", "9", "no number that can be dialed"),
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
        country="US",
        keeps_holidays=True,
        office_hours="Mon-Fri 8:00-17:00",
        time_zone="America/New_York",
    )
    clinic.refresh_from_db()
    return dt.datetime(2026, 11, 25, 17, 30, tzinfo=clinic.zone)


def test_a_holiday_is_no_office_time(closed_tomorrow, clinic, monkeypatch):
    friday = dt.datetime(2026, 11, 27, tzinfo=clinic.zone)
    early = closed_tomorrow.replace(hour=16, minute=30)
    assert after_open_minutes(
        clinic.office_hours, early, 60, clinic.is_closed_on
    ) == friday.replace(hour=8, minute=30)
    monkeypatch.setattr(timezone, "now", lambda: closed_tomorrow)
    assert clinic.opens_again == friday.replace(hour=8)
    clinic.closed_days = [friday.date()]
    assert clinic.opens_again == dt.datetime(2026, 11, 30, 8, tzinfo=clinic.zone)
    clinic.open_days = [dt.date(2026, 11, 26)]
    assert clinic.opens_again == dt.datetime(2026, 11, 26, 8, tzinfo=clinic.zone)


@pytest.mark.parametrize("weeks", [0, 1, 12])
@pytest.mark.parametrize("hour", [0, 9, 18])
def test_what_is_worse_is_never_due_later(clinic, weeks, hour):
    clinic.office_hours = "Mon-Fri 8:00-17:00"
    start = dt.datetime(2026, 6, 5, hour, tzinfo=clinic.zone)  # a Friday
    clinic.closed_days = [start.date() + dt.timedelta(days=n) for n in range(7 * weeks)]
    high = due_at(Severity.HIGH, start, clinic)
    assert due_at(Severity.CRITICAL, start, clinic) <= high
    assert due_at(Severity.URGENT, start, clinic) <= high
    assert high < due_at(Severity.MODERATE, start, clinic) < due_at(Severity.LOW, start, clinic)


def test_a_country_alone_closes_nothing(as_ruth, clinic):
    save(as_ruth, country="US")
    clinic.refresh_from_db()
    assert not clinic.is_closed_on(dt.date(2026, 12, 25))
    assert "Christmas Day" in as_ruth.get(PAGE).content.decode()


def test_another_emergency_number_than_the_countrys_is_pointed_at(as_ruth):
    save(as_ruth, country="DE", phone="030 901820")
    assert "people usually call 112" in as_ruth.get(PAGE).content.decode()


def test_an_old_number_with_a_note_hinders_nothing_else(as_priya, ana, priya):
    noted = "213-555-0134 (daughter, evenings)"
    Patient.objects.filter(pk=ana.pk).update(phone=noted)
    Clinic.objects.update(country="US")
    ana.refresh_from_db()
    patients.change(patient=ana, by=priya, first_name="Anna")
    ana.refresh_from_db()
    assert (ana.first_name, ana.phone) == ("Anna", noted)
    with pytest.raises(ValidationError):
        patients.change(patient=ana, by=priya, phone="7")
    patients.change(patient=ana, by=priya, phone="213 555 0199")
    assert ana.phone == "(213) 555-0199"
    page = as_priya.get(f"/workspace/patients/{ana.pk}/").content.decode()
    assert 'href="tel:+12135550199"' in page
    found = Patient.objects.named("+12135550199")  # as a telephone shows who calls
    assert list(found) == [ana]


def test_who_answers_at_night_stands_beside_the_emergency_number(as_ana, ana, plan):
    Clinic.objects.update(
        out_of_hours="Call Nurse Advice, 555-0100.", out_of_hours_es="Llame a Enfermería."
    )
    assert "Call Nurse Advice, 555-0100." in as_ana.get("/portal/messages/").content.decode()
    Patient.objects.filter(pk=ana.pk).update(language="es")
    assert "Llame a Enfermería." in as_ana.get("/portal/messages/").content.decode()
    Clinic.objects.update(out_of_hours_es="")
    assert "Call Nurse Advice" in as_ana.get("/portal/messages/").content.decode()


def test_and_on_the_plan_that_is_printed(as_priya, ana, plan):
    Clinic.objects.update(out_of_hours="Call Nurse Advice, 555-0100.")
    address = f"/workspace/patients/{ana.pk}/plan/{plan.pk}/print/"
    assert "Call Nurse Advice, 555-0100." in as_priya.get(address).content.decode()
    file = as_priya.get(address + "file/")
    text = PdfReader(io.BytesIO(file.content)).pages[0].extract_text()
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


# The starter library


def leave_out(clinic, *codes):
    Clinic.objects.filter(pk=clinic.pk).update(left_out=list(codes))


def offered(model, user):
    found = model.objects.offered_to(User.objects.get(pk=user.pk))
    return set(found.values_list("code", flat=True))


def test_what_is_left_out_is_ticked_on_the_page(as_ruth, clinic):
    page = save(as_ruth, left_out=["G05", "P6", "weekly"])
    assert "The settings are saved." in page.content.decode()
    clinic.refresh_from_db()
    assert set(clinic.left_out) == {"P6", "G05", "weekly"}
    assert "Select a valid choice" in save(as_ruth, left_out=["X99"]).content.decode()


def test_nobody_of_the_clinic_is_offered_what_it_leaves_out(as_priya, priya, olive, clinic, ana):
    leave_out(clinic, "G05", "P6", "weekly")
    for model, code in ((Exercise, "G05"), (Program, "P6"), (ProgressForm, "weekly")):
        assert code not in offered(model, priya)
        assert code in offered(model, olive)  # the other clinic's
    title = Exercise.objects.get(clinic=None, code="G05").title
    for address in ("/workspace/library/", "/workspace/library/?q=G05"):
        assert title not in as_priya.get(address).content.decode()
    assert "Falls-risk balance" not in as_priya.get("/workspace/programs/").content.decode()
    gone = as_priya.get("/workspace/programs/?archived").content.decode()
    assert "Falls-risk balance" in gone
    choice = choosing.load(User.objects.get(pk=priya.pk), make_episode(ana, priya))
    assert "P6" not in {one.program.code for one in choice.all}


def test_who_looks_for_it_reads_why_it_is_not_there(as_priya, priya, clinic, ana):
    leave_out(clinic, "G05", "P6")
    words = "The clinic leaves 2 entries of the starter library out"
    draft = make_plan(make_episode(ana, priya), priya, "P1", active=False)
    for address in (
        "/workspace/library/", "/workspace/library/?q=G05",
        f"/workspace/plans/{draft.pk}/pick/?phase=1&q=G05",
        f"/workspace/patients/{ana.pk}/plan/assign/",
    ):  # fmt: skip
        assert words in " ".join(as_priya.get(address).content.decode().split()), address
    leave_out(clinic)
    assert "starter library out" not in as_priya.get("/workspace/library/").content.decode()


def test_what_is_wrong_is_named_with_a_way_there(as_ruth):
    page = save(as_ruth, silent_days="99").content.decode()
    assert '<a href="#id_silent_days">' in page


@pytest.mark.parametrize("text", ["911", "112", "0800 111", "+1 911", "9-1-1"])
def test_numbers_that_can_be_dialed(text):
    phones.validate_short(text)


@pytest.mark.parametrize("text", ["", "abc", "9", "call 911", "911 or 112", "9" + "-" * 3])
def test_words_that_can_not(text):
    with pytest.raises(ValidationError):
        phones.validate_short(text)


def test_a_telephone_has_digits_also_where_no_country_is_known():
    assert phones.written(" 555-0134 ", "") == "555-0134"
    with pytest.raises(ValidationError):
        phones.written("abc", "")


@pytest.mark.parametrize("is_left_out", [True, False])
def test_it_can_be_neither_assigned_nor_put_into_a_plan(as_priya, priya, clinic, ana, is_left_out):
    """And what is not left out can be, by the same posts."""
    leave_out(clinic, *(("G05", "P6") if is_left_out else ()))
    program, exercise = Program.objects.get(code="P6"), Exercise.objects.get(code="G05")
    episode = make_episode(ana, priya)
    as_priya.post(f"/workspace/patients/{ana.pk}/plan/assign/", {"program": program.uuid})
    assert Plan.objects.filter(patient=ana).exists() is not is_left_out
    Plan.objects.filter(patient=ana).delete()
    draft = make_plan(episode, priya, "P1", active=False)
    picked = as_priya.get(f"/workspace/plans/{draft.pk}/pick/", {"phase": 1, "q": "G05"})
    assert (str(exercise.uuid) in picked.content.decode()) is not is_left_out
    wanted = {"do": "add", "phase": 1, "exercise": exercise.uuid, "stamp": draft.stamp}
    as_priya.post(f"/workspace/plans/{draft.pk}/", wanted)
    assert draft.prescriptions.filter(exercise=exercise).exists() is not is_left_out


def test_a_draft_says_what_its_program_has_that_is_left_out(as_priya, priya, clinic, ana):
    draft = make_plan(make_episode(ana, priya), priya, "P1", active=False)
    words = "The clinic leaves this exercise out"
    assert words not in as_priya.get(f"/workspace/plans/{draft.pk}/").content.decode()
    leave_out(clinic, draft.prescriptions.first().exercise.code)
    assert as_priya.get(f"/workspace/plans/{draft.pk}/").content.decode().count(words) == 1


def test_a_plan_that_has_it_keeps_it(as_ana, ana, plan, clinic):
    """What a patient was given is frozen, and what a clinic offers later is another matter."""
    code = plan.prescriptions.filter(phase__number=1).first().exercise.code
    leave_out(clinic, code, plan.program.code)
    assert plan.prescriptions.filter(exercise__code=code).exists()
    title = plan.prescriptions.filter(exercise__code=code).first().snapshot["patient_title"]
    assert title in as_ana.get("/portal/plan/").content.decode()


def test_a_clinics_own_of_the_same_code_is_offered(priya, clinic):
    own = library.copy_exercise(exercise=Exercise.objects.get(code="G05"), by=priya)
    Exercise.objects.filter(pk=own.pk).update(code="G05", live=True)
    leave_out(clinic, "G05")
    found = Exercise.objects.offered_to(User.objects.get(pk=priya.pk)).filter(code="G05")
    assert list(found) == [own]


def test_a_file_does_not_bring_it_back(priya, clinic):
    """What the clinic leaves out is none of its library for what comes from elsewhere."""
    draft = programs.copy(program=Program.objects.get(clinic=None, code="P1"), by=priya)
    written = portable.write(draft, priya)
    code = json.loads(written)["program"]["phases"][0]["exercises"][0]["exercise"]
    leave_out(clinic, code)
    fresh = User.objects.get(pk=priya.pk)
    incoming = portable.read(written, fresh)
    assert code in incoming.codes  # as an exercise of the file's, not the library's
    assert incoming.codes[code] != code


def test_the_database_holds_the_bounds_of_what_time_raises(clinic):
    for changed in (
        {"silent_days": 2}, {"silent_days_first_phase": 8}, {"low_adherence": 90},
        {"silent_days": 3, "silent_days_first_phase": 4},
    ):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            Clinic.objects.filter(pk=clinic.pk).update(**changed)


# The logo


LOGO = "/workspace/clinic/logo/"


def upload(client, file):
    return client.post(LOGO, {"picture": file}, follow=True).content.decode()


def drawing(kind="PNG", size=(900, 300), mode="RGBA"):
    content = io.BytesIO()
    Pillow.new(mode, size, (10, 120, 90, 255)[: len(mode)]).save(content, kind)
    return SimpleUploadedFile(f"logo.{kind.lower()}", content.getvalue())


def test_a_logo_is_drawn_anew_kept_privately_and_on_record(as_ruth, ruth, clinic):
    assert as_ruth.get(LOGO).status_code == 404
    assert "Letters have this logo from now on." in upload(as_ruth, drawing())
    clinic.refresh_from_db()
    assert clinic.logo.name.startswith(f"logos/{clinic.pk}/")
    shown = as_ruth.get(LOGO)
    assert shown["Content-Type"] == "image/png"
    with Pillow.open(io.BytesIO(shown.content)) as picture:
        assert picture.size == (800, 267)
    event = AuditEvent.objects.filter(action=Action.CLINIC_CHANGED).latest("at")
    assert event.detail["changed"]["logo"] == ["", clinic.logo.name]
    taken = as_ruth.post(LOGO, follow=True).content.decode()
    assert "Letters have no logo from now on." in taken
    clinic.refresh_from_db()
    assert not clinic.logo


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (SimpleUploadedFile("logo.svg", b"<svg/>"), "can’t be read as a picture"),
        (SimpleUploadedFile("logo.png", b"x" * 2_100_000), "at most 2 MB"),
    ],
)
def test_what_is_no_logo_is_said(as_ruth, clinic, file, words):
    assert words in upload(as_ruth, file).replace("&#x27;", "’").replace("'", "’")
    clinic.refresh_from_db()
    assert not clinic.logo


def make_note(patient, by):
    episode = patient.episodes.get()
    first, last = known.days_of(episode, NoteKind.INITIAL)
    return notes.save(
        note_id=uuid.uuid4(), episode=episode, kind=NoteKind.INITIAL, language="en",
        first=first, last=last, text="Seen today.", by=by,
    )  # fmt: skip


def make_letter(note, by):
    return notes.make_letter(
        letter_id=uuid.uuid4(), note=note, to=Recipient.PHYSICIAN, language="en", name="Dr. Low",
        subject="About a patient", text="Seen today.", by=by,
    )  # fmt: skip


def test_a_letter_keeps_the_logo_of_its_day(as_ruth, priya, ana, plan, clinic):
    note = make_note(ana, priya)
    before = make_letter(note, priya)
    upload(as_ruth, drawing())
    with_it = make_letter(ClinicalNote.objects.get(pk=note.pk), priya)
    upload(as_ruth, drawing("JPEG", (100, 100), "RGB"))

    def widths(one):
        page = PdfReader(io.BytesIO(letter.pdf(one))).pages[0]
        return [picture.image.width for picture in page.images]

    assert (widths(before), widths(with_it)) == ([], [800])
    # A file that is gone hinders no letter.
    private_storage().delete(with_it.head["logo"])
    assert widths(with_it) == []
