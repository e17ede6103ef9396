"""What goes back to the hospital's record: each letter and each version of a plan once."""

import base64
import uuid

import pytest

from accounts.models import AuditEvent
from accounts.smart.launching import Visit
from patients.actions import patients as actions
from patients.actions import record_links
from patients.models import SentToRecord
from programs.actions import notes, plans
from programs.models.note import NoteKind, Recipient
from programs.notes.known import days_of
from tests.conftest import make_episode, make_plan
from tests.fhir.hospital import V2, connected, open_hospital
from tests.fhir.test_launching import OPEN, opened, pressed

pytestmark = pytest.mark.django_db


@pytest.fixture
def hospital(settings):
    with open_hospital() as server:
        settings.APP_ORIGINS = [server.origin]
        yield server


@pytest.fixture
def record(hospital, ruth):
    return connected(ruth, hospital.base)


@pytest.fixture
def link(record, ana, priya):
    return record_links.link(patient=ana, record=record, their_id="p-1", told=[], by=priya)


@pytest.fixture
def letter(episode, priya):
    first, last = days_of(episode, NoteKind.INITIAL)
    note = notes.save(
        note_id=uuid.uuid4(), episode=episode, kind=NoteKind.INITIAL, language="en",
        first=first, last=last, text="Both feet are numb.", by=priya,
    )  # fmt: skip
    return written(note, priya)


def written(note, by, to=Recipient.PHYSICIAN):
    return notes.make_letter(
        letter_id=uuid.uuid4(), note=note, to=to, language="en", name="Dr. Roe",
        address="", subject="Physical therapy", text="Both feet are numb.", by=by,
    )  # fmt: skip


@pytest.fixture
def visiting(hospital, record, link, as_priya):
    opened(hospital, as_priya, record)
    return as_priya


def test_a_letter_goes_as_a_document_with_its_pdf_and_once(hospital, visiting, letter):
    page = visiting.get(OPEN).content.decode()
    assert f'name="letter" value="{letter.pk}"' in page
    for _ in range(2):  # a double click
        pressed(visiting, letter=str(letter.pk))
    [document] = hospital.stored.values()
    assert document["resourceType"] == "DocumentReference"
    assert document["subject"] == {"reference": "Patient/p-1"}
    assert (document["status"], document["docStatus"]) == ("current", "final")
    pdf = base64.b64decode(document["content"][0]["attachment"]["data"])
    assert pdf.startswith(b"%PDF-")
    assert hospital.asked.count("/fhir/DocumentReference") == 1
    page = visiting.get(OPEN).content.decode()
    assert "Hospital has it since" in page
    assert f'value="{letter.pk}"' not in page
    event = AuditEvent.objects.get(action="record.sent")
    assert event.patient_id == letter.patient_id
    assert event.detail == {"name": "Hospital", "kind": "letter"}


def test_a_letter_whose_answer_was_lost_is_stored_once(hospital, visiting, letter):
    hospital.loses_answers = True
    pressed(visiting, letter=str(letter.pk))
    assert "does not answer" in visiting.get(OPEN).content.decode()
    assert not SentToRecord.objects.exists()
    hospital.loses_answers = False
    pressed(visiting, letter=str(letter.pk))
    assert len(hospital.stored) == 1
    sent = SentToRecord.objects.get()
    assert f"DocumentReference/{sent.their_id}" in hospital.stored


def test_what_is_written_to_a_patient_stays_theirs(hospital, visiting, letter, priya):
    own = written(letter.note, priya, to=Recipient.PATIENT)
    assert str(own.pk) not in visiting.get(OPEN).content.decode()
    assert pressed(visiting, letter=str(own.pk)).status_code == 404
    assert hospital.stored == {}


def test_the_plan_goes_whole_and_names_no_row_of_ours(hospital, visiting, plan, ana):
    assert "Not there yet." in visiting.get(OPEN).content.decode()
    for _ in range(2):
        pressed(visiting, plan=str(plan.pk))
    [(where, care_plan)] = hospital.stored.items()
    assert where.startswith("CarePlan/")
    assert care_plan["subject"] == {"reference": "Patient/p-1"}
    assert care_plan["status"] == "active"
    goals = {f"#{one['id']}" for one in care_plan["contained"]}
    assert {one["reference"] for one in care_plan["goal"]} == goals
    details = [one["detail"] for one in care_plan["activity"]]
    assert len(details) == plan.prescriptions.filter(included=True).count()
    assert {one["status"] for one in details} == {"in-progress", "not-started"}
    for one in details:
        assert one["goal"][0]["reference"] in goals
        assert one["description"]
    assert str(ana.pk) not in str(care_plan)


def test_a_plan_that_ended_is_brought_up_to_date_there(hospital, visiting, plan, priya):
    pressed(visiting, plan=str(plan.pk))
    assert "Bring it up to date" not in visiting.get(OPEN).content.decode()
    plans.end(plan=plan, by=priya, outcome="goals_met", summary="Walks without a stick.")
    assert "Bring it up to date" in visiting.get(OPEN).content.decode()
    pressed(visiting, plan=str(plan.pk))
    [care_plan] = hospital.stored.values()
    assert care_plan["status"] == "completed"
    assert SentToRecord.objects.get().status == "completed"


def test_what_the_record_does_not_allow_is_not_offered_and_not_tried(
    hospital, record, link, as_priya, letter, plan
):
    hospital.scope = "launch patient/Patient.rs"
    opened(hospital, as_priya, record)
    page = as_priya.get(OPEN).content.decode()
    assert "does not allow Footing to write documents" in page
    assert "Send it to" not in page
    pressed(as_priya, letter=str(letter.pk))
    pressed(as_priya, plan=str(plan.pk))
    assert hospital.stored == {}


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
    visit = Visit(
        record="", user=1, patient="p", encounter="", token="t", scope=scope, until=0, key=""
    )  # fmt: skip
    assert visit.may(act, kind) is may


@pytest.mark.parametrize("status", [401, 403, 412, 422, 500])
def test_what_the_record_refuses_is_said_and_not_kept_as_sent(status, hospital, visiting, letter):
    hospital.says = {"DocumentReference": status}
    pressed(visiting, letter=str(letter.pk))
    assert "Hospital" in visiting.get(OPEN).content.decode()
    assert not SentToRecord.objects.exists()


def test_another_patients_papers_do_not_go_there(hospital, visiting, olivia, bert, colm):
    other = make_plan(make_episode(bert, colm), colm)
    assert pressed(visiting, plan=str(other.pk)).status_code == 404
    assert pressed(visiting, plan="x").status_code == 404
    assert hospital.stored == {}


def test_who_left_the_care_team_sends_nothing(
    hospital, record, link, as_priya, plan, ana, ruth, colm
):
    opened(hospital, as_priya, record)
    actions.join_care_team(patient=ana, therapist=colm, by=ruth)
    mine = ana.care_team.get(therapist=plan.activated_by, ended_at=None)
    actions.leave_care_team(member=mine, by=ruth)
    assert "is known here" in as_priya.get(OPEN).content.decode()
    pressed(as_priya, plan=str(plan.pk))
    assert hospital.stored == {}
