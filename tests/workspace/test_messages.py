import uuid

import pytest

from accounts.models import AuditEvent
from patients.actions import canned_answers, messages
from patients.models import CannedAnswer, Message
from tests.conftest import OF_THE_WALL, client_of, make_patient, page_of
from tests.patients.test_pictures import photo

pytestmark = pytest.mark.django_db


def page(patient):
    return f"/workspace/patients/{patient.pk}/messages/"


def from_ana(ana, text="Is this normal?", **fields):
    return messages.send(message_id=uuid.uuid4(), patient=ana, text=text, by=ana.user, **fields)


@pytest.fixture
def canned(priya):
    return canned_answers.save(answer=None, title="Appointment", text="Please call us.", by=priya)


def test_a_therapist_reads_and_answers(as_priya, ana, priya):
    from_ana(ana)
    content = as_priya.get(page(ana)).content.decode()
    assert "Is this normal?" in content
    data = {"message_id": uuid.uuid4(), "text": "Yes, and it passes."}
    for _ in range(2):  # a double click
        assert as_priya.post(page(ana), data).status_code == 302
    assert Message.objects.filter(from_patient=False).count() == 1
    assert "Yes, and it passes." in client_of(ana.user).get("/portal/messages/").content.decode()


def test_reading_is_on_record_and_seen_by_the_patient(as_priya, ana, priya):
    from_ana(ana)
    as_priya.get(page(ana))
    event = AuditEvent.objects.get(action="patient.read")
    assert event.detail == {"page": "patient_messages"}
    assert f"Read by {priya}" in client_of(ana.user).get("/portal/messages/").content.decode()


def test_opening_a_picture_is_on_record(as_priya, ana):
    message = from_ana(ana, "", picture=photo())
    answer = as_priya.get(f"{page(ana)}{message.pk}/picture/")
    assert answer.content.startswith(b"\xff\xd8")
    assert "no-store" in answer["Cache-Control"]
    assert AuditEvent.objects.get(action="patient.read").detail == {"page": "message_picture"}


def test_a_picture_of_another_patient_is_404(as_priya, ana, bert, priya):
    other = make_patient(priya, "Cleo")
    message = from_ana(ana, "", picture=photo())
    assert as_priya.get(f"{page(other)}{message.pk}/picture/").status_code == 404


def test_an_id_of_another_thread_is_404(as_priya, ana, bert):
    theirs = messages.send(message_id=uuid.uuid4(), patient=bert, text="Hi", by=bert.user)
    data = {"message_id": theirs.pk, "text": "Hello"}
    assert as_priya.post(page(ana), data).status_code == 404


def test_nothing_written_is_said(as_priya, ana):
    answer = as_priya.post(page(ana), {"message_id": uuid.uuid4(), "text": ""})
    assert "Write a few words, or add a picture." in answer.content.decode()


def test_unread_stands_in_list_and_tab_until_read(as_priya, ana):
    from_ana(ana)
    from_ana(ana)
    assert "2 unread" in as_priya.get("/workspace/").content.decode()
    overview = f"/workspace/patients/{ana.pk}/"
    assert "2 new" in as_priya.get(overview).content.decode()
    as_priya.get(page(ana))
    assert "unread" not in as_priya.get("/workspace/").content.decode()
    assert "2 new" not in as_priya.get(overview).content.decode()


def test_an_administrator_sees_no_count(ana, ruth):
    from_ana(ana)
    assert "unread" not in client_of(ruth).get("/workspace/").content.decode()


def test_unread_costs_the_list_no_query(as_priya, priya, ana, django_assert_num_queries):
    as_priya.get("/workspace/")
    for count in (1, 3):
        for number in range(count):
            from_ana(ana)
            make_patient(priya, f"Cleo{count}{number}")
        with django_assert_num_queries(15 + OF_THE_WALL):
            as_priya.get("/workspace/")


def test_a_canned_answer_is_put_into_the_field(as_priya, ana, canned):
    content = as_priya.get(f"{page(ana)}?answer={canned.pk}").content.decode()
    assert "Please call us.</textarea>" in content
    assert 'data-text="Please call us."' in content


def test_therapists_keep_their_clinics_answers(as_priya, colm):
    data = {"title": "Appointment", "text": "Please call us."}
    assert as_priya.post("/workspace/answers/add/", data).status_code == 302
    answer = CannedAnswer.objects.get()
    address = f"/workspace/answers/{answer.pk}/"
    colleague = client_of(colm)
    assert b"Please call us." in colleague.get("/workspace/answers/").content
    page = page_of(colleague, address)
    assert colleague.post(address, page | {"text": "Call 555-0134."}).status_code == 302
    answer.refresh_from_db()
    assert (answer.text, answer.changed_by) == ("Call 555-0134.", colm)
    assert colleague.get(f"{address}remove/").status_code == 405
    assert colleague.post(f"{address}remove/").status_code == 302
    assert not CannedAnswer.objects.exists()


def test_a_taken_title_is_said(as_priya, canned):
    answer = as_priya.post("/workspace/answers/add/", {"title": "appointment", "text": "x"})
    assert "There is an answer with this title already." in answer.content.decode()


def test_answers_belong_to_one_clinic_and_to_those_who_treat(canned, olive, ruth, ed, ana):
    address = f"/workspace/answers/{canned.pk}/"
    for user, status in ((olive, 404), (ruth, 403), (ed, 404), (ana.user, 404), (None, 302)):
        assert client_of(user).get(address).status_code == status
        assert client_of(user).post(f"{address}remove/").status_code == status
    assert b"Appointment" not in client_of(olive).get("/workspace/answers/").content
    assert CannedAnswer.objects.exists()
