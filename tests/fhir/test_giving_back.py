"""What goes back to the hospital's record: each letter and each version of a plan once."""

import base64
import datetime as dt
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts import wall
from accounts.models import AuditEvent
from accounts.smart import record_client, record_systems
from accounts.smart.record_client import LaunchError
from patients.actions import patients as actions
from patients.actions import record_links
from patients.models import SentToRecord
from programs.actions import merging, notes, phases, plans
from programs.export import readable
from programs.models.note import NoteKind, Recipient
from programs.notes.known import days_of
from tests.conftest import client_of, make_episode, make_patient, make_plan, prove
from tests.fhir.hospital import connected, opened

pytestmark = pytest.mark.django_db


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


class Visiting:
    """The page of the patient who is open there, as a therapist works with it."""

    def __init__(self, hospital, record, client):
        self.client, self.place = client, opened(hospital, client, record)

    def page(self):
        return self.client.get(self.place).content.decode()

    def send(self, **what):
        answer = self.client.post(self.place, {kind: str(key) for kind, key in what.items()})
        assert answer.status_code == 302, answer.status_code
        return self.page()


@pytest.fixture
def visiting(hospital, record, link, as_priya):
    return Visiting(hospital, record, as_priya)


def test_a_letter_goes_as_a_document_with_its_pdf_and_once(hospital, visiting, letter):
    assert f'name="letter" value="{letter.pk}"' in visiting.page()
    visiting.send(letter=letter.pk)
    assert "Hospital has it already." in visiting.send(letter=letter.pk)  # a double click
    [document] = hospital.stored.values()
    assert document["resourceType"] == "DocumentReference"
    assert document["subject"] == {"reference": "Patient/p-1"}
    assert (document["status"], document["docStatus"]) == ("current", "final")
    pdf = base64.b64decode(document["content"][0]["attachment"]["data"])
    assert pdf.startswith(b"%PDF-")
    assert hospital.asked.count("/fhir/DocumentReference") == 1
    page = visiting.page()
    assert "Hospital has it since" in page
    assert f'value="{letter.pk}"' not in page
    event = AuditEvent.objects.get(action="record.sent")
    assert event.patient_id == letter.patient_id
    assert event.detail == {"name": "Hospital", "kind": "letter"}


def test_a_letter_whose_answer_was_lost_is_stored_once_and_on_record_twice(
    hospital, visiting, letter
):
    hospital.loses_answers = True
    assert "does not answer" in visiting.send(letter=letter.pk)
    assert not SentToRecord.objects.exists()
    event = AuditEvent.objects.get(action="record.sent")
    assert event.detail["not_answered"] is True
    hospital.loses_answers = False
    visiting.send(letter=letter.pk)
    assert len(hospital.stored) == 1
    sent = SentToRecord.objects.get()
    assert f"DocumentReference/{sent.their_id}" in hospital.stored


def test_what_is_written_to_a_patient_stays_theirs(hospital, visiting, letter, priya):
    own = written(letter.note, priya, to=Recipient.PATIENT)
    assert str(own.pk) not in visiting.page()
    assert visiting.client.post(visiting.place, {"letter": str(own.pk)}).status_code == 404
    assert hospital.stored == {}


def test_a_letter_of_a_note_that_has_changed_since_says_so(visiting, letter, priya):
    words = "Its note has a newer version."
    assert words not in visiting.page()
    notes.change(note_id=uuid.uuid4(), note=letter.note, text="One foot.", by=priya)
    assert words in visiting.page()


def test_the_plan_goes_whole_and_names_no_row_of_ours(hospital, visiting, plan, ana):
    assert "Not there yet." in visiting.page()
    visiting.send(plan=plan.pk)
    assert "nothing new" in visiting.send(plan=plan.pk)
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
    assert str(plan.pk) not in str(care_plan)


def ended(plan, by):
    plans.end(plan=plan, by=by, outcome="goals_met", summary="Walks without a stick.")


def test_a_plan_that_ended_is_brought_up_to_date_there(hospital, visiting, plan, priya):
    visiting.send(plan=plan.pk)
    assert "Bring it up to date" not in visiting.page()
    ended(plan, priya)
    page = visiting.page()
    assert "Bring it up to date" in page
    assert ", ended" in page
    visiting.send(plan=plan.pk)
    [care_plan] = hospital.stored.values()
    assert care_plan["status"] == "completed"
    assert SentToRecord.objects.get().status == "completed"
    assert "Bring it up to date" not in visiting.page()


def test_a_plan_in_its_next_phase_is_brought_up_to_date_there(hospital, visiting, plan, priya):
    visiting.send(plan=plan.pk)
    phases.start(phase=plan.phases.get(number=2), by=priya, reason="She stands well.")
    assert "Something about it has changed since." in visiting.page()
    visiting.send(plan=plan.pk)
    [care_plan] = hospital.stored.values()
    found = {one["detail"]["status"] for one in care_plan["activity"]}
    assert "completed" in found


def test_of_two_versions_one_is_in_force_there(hospital, visiting, plan, priya):
    visiting.send(plan=plan.pk)
    [first] = hospital.stored
    draft = plans.adapt(plan=plan, by=priya, reason="She walks better now.")
    newer = plans.activate(plan=draft, by=priya, at=timezone.now() - dt.timedelta(days=1))
    visiting.send(plan=newer.pk)
    assert len(hospital.stored) == 2
    assert hospital.stored.pop(first)["status"] == "revoked"
    [second] = hospital.stored.values()
    assert second["status"] == "active"
    assert second["replaces"] == [{"reference": first}]


def test_a_version_before_that_nobody_chose_stays_here(hospital, visiting, plan, priya):
    """The present one was never sent; the one that begins next week is."""
    draft = plans.adapt(plan=plan, by=priya, reason="She walks better now.")
    begin = plan.clinic.today() + dt.timedelta(days=7)
    plans.change(plan=draft, by=priya, starts_on=begin)
    ahead = plans.activate(plan=draft, by=priya)
    assert visiting.page().count('name="plan"') == 2
    visiting.send(plan=ahead.pk)
    [care_plan] = hospital.stored.values()
    assert care_plan["status"] == "draft"
    assert "replaces" not in care_plan


def test_a_plan_whose_answer_was_lost_is_brought_up_to_date_at_once(
    hospital, visiting, plan, priya
):
    hospital.loses_answers = True
    visiting.send(plan=plan.pk)
    hospital.loses_answers = False
    phases.start(phase=plan.phases.get(number=2), by=priya, reason="She stands well.")
    visiting.send(plan=plan.pk)
    [care_plan] = hospital.stored.values()
    assert "completed" in {one["detail"]["status"] for one in care_plan["activity"]}
    assert "has changed since" not in visiting.page()


def test_a_version_that_cant_be_changed_there_lets_no_other_be_in_force_beside_it(
    hospital, record, link, as_priya, plan, priya
):
    hospital.scope = hospital.scope.replace("CarePlan.cu", "CarePlan.c")
    visiting = Visiting(hospital, record, as_priya)
    visiting.send(plan=plan.pk)
    draft = plans.adapt(plan=plan, by=priya, reason="She walks better now.")
    newer = plans.activate(plan=draft, by=priya, at=timezone.now() - dt.timedelta(days=1))
    assert "Correct it there first." in visiting.send(plan=newer.pk)
    assert len(hospital.stored) == 1


def test_what_went_before_something_failed_is_on_record(
    hospital, visiting, plan, priya, monkeypatch
):
    """The old version is brought up to date, and the new one refused."""
    visiting.send(plan=plan.pk)
    draft = plans.adapt(plan=plan, by=priya, reason="She walks better now.")
    newer = plans.activate(plan=draft, by=priya, at=timezone.now() - dt.timedelta(days=1))
    real = record_client.store

    def refuses_new(record, token, resource, their_id=""):
        if not their_id:
            raise LaunchError("Hospital said no (422).")
        return real(record, token, resource, their_id=their_id)

    with monkeypatch.context() as broken:
        broken.setattr(record_client, "store", refuses_new)
        assert "said no" in visiting.send(plan=newer.pk)
    [old] = hospital.stored.values()
    assert old["status"] == "revoked"
    assert SentToRecord.objects.get().status == "revoked"
    assert AuditEvent.objects.filter(action="record.sent").count() == 2


def test_what_may_stand_there_as_it_was_is_not_called_new(hospital, record, link, as_priya, plan):
    """Without the scope to change it."""
    hospital.scope = hospital.scope.replace("CarePlan.cu", "CarePlan.c")
    visiting = Visiting(hospital, record, as_priya)
    hospital.loses_answers = True
    visiting.send(plan=plan.pk)
    hospital.loses_answers = False
    page = visiting.send(plan=plan.pk)
    assert "has changed since" in page
    assert "does not allow Footing to write it" in page


def test_a_record_that_does_not_say_what_it_calls_the_plan_is_corrected_by_hand(
    hospital, visiting, plan, priya
):
    hospital.says_where = False
    visiting.send(plan=plan.pk)
    ended(plan, priya)
    assert "Correct it there by hand." in visiting.page()


def test_a_mistaken_link_keeps_nothing_from_the_right_record(
    hospital, record, visiting, link, as_priya, letter, plan, ana, priya
):
    """What went to the wrong one is known there by another identifier, and stays as it is."""
    visiting.send(letter=letter.pk)
    visiting.send(plan=plan.pk)
    wrong = dict(hospital.stored)
    record_links.unlink(link=link, by=priya)
    record_links.link(patient=ana, record=record, their_id="p-2", told=[], by=priya)
    hospital.given |= {"patient": "p-2"}
    hospital.patient = hospital.patient | {"id": "p-2"}
    right = Visiting(hospital, record, as_priya)
    assert "has it since" not in right.page()
    right.send(letter=letter.pk)
    right.send(plan=plan.pk)
    ended(plan, priya)
    right.send(plan=plan.pk)
    assert len(hospital.stored) == 4
    assert {name: one for name, one in hospital.stored.items() if name in wrong} == wrong
    theirs = [one["subject"] for name, one in hospital.stored.items() if name not in wrong]
    assert theirs == [{"reference": "Patient/p-2"}] * 2


def test_what_was_sent_is_known_by_the_next_link_and_after_connecting_anew(
    hospital, record, visiting, as_priya, plan, ana, priya, ruth
):
    visiting.send(plan=plan.pk)
    record_systems.end(record=record, by=ruth)
    anew = connected(ruth, hospital.base)
    record_links.link(patient=ana, record=anew, their_id="p-1", told=[], by=priya)
    ended(plan, priya)
    again = Visiting(hospital, anew, as_priya)
    assert "Bring it up to date" in again.page()
    again.send(plan=plan.pk)
    [care_plan] = hospital.stored.values()
    assert care_plan["status"] == "completed"


def test_a_link_that_a_colleague_ends_meanwhile_sends_nothing(
    hospital, visiting, link, plan, priya, monkeypatch
):
    """The page has found the link, and waits for its row."""
    held = record_links.held

    def ended_first(found):
        record_links.unlink(link=link, by=priya)
        return held(found)

    monkeypatch.setattr(record_links, "held", ended_first)
    visiting.client.post(visiting.place, {"plan": str(plan.pk)})
    assert hospital.stored == {}


def test_two_records_of_a_patient_with_a_link_each_are_not_merged(
    hospital, record, link, ana, priya, ruth
):
    other = make_patient(priya, "Anna")
    record_links.link(patient=other, record=record, their_id="p-9", told=[], by=priya)
    assert any("Both are linked" in one for one in merging.hindrances(ana, other))
    with wall.acting(ruth), pytest.raises(ValidationError, match="Both are linked"):
        merging.merge(kept=ana, gone=other, by=ruth)
    record_links.unlink(link=link, by=priya)
    with wall.acting(ruth):
        merging.merge(kept=ana, gone=other, by=ruth)
    assert {one.their_id for one in ana.recordlinks.all()} == {"p-1", "p-9"}


def test_the_patients_own_record_says_where_what_was_sent(visiting, letter, ana, link):
    visiting.send(letter=letter.pk)
    with wall.acting(ana.user):
        sections = {one["title"]: one["entries"] for one in readable._sections(ana)}
    [[whose, *_]] = sections["What was sent to other records"]
    assert whose == ("Whose record", "Hospital")
    [[whose, *_]] = sections["Other records that name you"]
    assert whose == ("Whose record", "Hospital")
    paper = prove(client_of(ana.user)).get("/portal/me/record.pdf")
    assert paper.status_code == 200


def test_what_the_record_does_not_allow_is_not_offered_and_not_tried(
    hospital, record, link, as_priya, letter, plan
):
    hospital.scope = "launch patient/Patient.rs"
    visiting = Visiting(hospital, record, as_priya)
    page = visiting.page()
    assert "does not allow Footing to write documents" in page
    assert "Send it to" not in page
    visiting.send(letter=letter.pk)
    visiting.send(plan=plan.pk)
    assert hospital.stored == {}


@pytest.mark.parametrize(
    ("status", "words"),
    [(401, "The time in Hospital is over."), (403, "does not allow Footing to do this"),
     (412, "Hospital said no (412)."), (422, "Hospital said no (422)."),
     (504, "Hospital said no (504).")],
)  # fmt: skip
def test_what_the_record_refuses_is_said_and_not_kept_as_sent(
    status, words, hospital, visiting, letter
):
    hospital.says = {"DocumentReference": status}
    assert words in visiting.send(letter=letter.pk)
    assert not SentToRecord.objects.exists()
    # Behind a gateway it may have been stored: that is on record.
    assert AuditEvent.objects.filter(action="record.sent").exists() is (status == 504)


def test_another_patients_papers_do_not_go_there(hospital, visiting, bert, colm):
    other = make_plan(make_episode(bert, colm), colm)
    for key in (other.pk, "x"):
        assert visiting.client.post(visiting.place, {"plan": str(key)}).status_code == 404
    assert hospital.stored == {}


def test_who_left_the_care_team_sends_nothing(hospital, visiting, plan, ana, ruth, colm):
    actions.join_care_team(patient=ana, therapist=colm, by=ruth)
    mine = ana.care_team.get(therapist=plan.activated_by, ended_at=None)
    actions.leave_care_team(member=mine, by=ruth)
    assert "is known here" in visiting.page()
    visiting.client.post(visiting.place, {"plan": str(plan.pk)})
    assert hospital.stored == {}
