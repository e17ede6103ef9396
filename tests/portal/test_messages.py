import datetime as dt
import uuid

import pytest
from django.utils import timezone

from accounts.models import AuditEvent
from patients.actions import messages
from patients.models import Message
from patients.pictures import private_storage
from tests.conftest import OF_THE_WALL, client_of
from tests.patients.test_pictures import photo

pytestmark = pytest.mark.django_db
PAGE = "/portal/messages/"


def write(client, text="Is a warm foot normal?", key=None, **data):
    return client.post(PAGE, {"message_id": key or uuid.uuid4(), "text": text, **data})


def picture_of(patient, by):
    message = messages.send(
        message_id=uuid.uuid4(), patient=patient, text="", by=by, picture=photo()
    )
    return f"{PAGE}{message.pk}/picture/"


@pytest.mark.parametrize("page", ["thread", "picture"])
def test_only_the_patient_enters(page, ana, bert, priya, colm, olive, ruth, ed):
    address = PAGE if page == "thread" else picture_of(ana, ana.user)
    assert client_of(None).get(address).status_code == 302
    for staff in (priya, colm, olive, ruth, ed):
        assert client_of(staff).get(address).status_code == 404
    assert client_of(ana.user).get(address).status_code == 200
    expected = 200 if page == "thread" else 404
    assert client_of(bert.user).get(address).status_code == expected


def test_another_patients_thread_does_not_leak(ana, bert):
    write(client_of(ana.user), "My left heel")
    assert b"My left heel" not in client_of(bert.user).get(PAGE).content


@pytest.mark.parametrize("wrong", ["x", "1", uuid.UUID(int=0)])
def test_a_wrong_picture_is_404(as_ana, wrong):
    assert as_ana.get(f"{PAGE}{wrong}/picture/").status_code == 404


def test_a_message_without_a_picture_has_none_to_show(as_ana, ana):
    write(as_ana)
    assert as_ana.get(f"{PAGE}{Message.objects.get().pk}/picture/").status_code == 404


def test_what_is_written_is_stored_and_shown(as_ana, priya):
    answer = write(as_ana)
    assert answer.status_code == 302
    content = as_ana.get(PAGE).content.decode()
    assert "Is a warm foot normal?" in content
    assert "Not read yet" in content
    assert "Messages are not watched all day" in content
    assert "911" in content
    assert "555-0134" in content
    messages.mark_read(patient=Message.objects.get().patient, up_to=1, by=priya)
    assert f"Read by {priya}" in as_ana.get(PAGE).content.decode()


def test_a_double_click_sends_once(as_ana):
    key = uuid.uuid4()
    assert [write(as_ana, key=key).status_code for _ in range(2)] == [302, 302]
    assert Message.objects.count() == 1


def test_an_id_of_another_thread_is_404(as_ana, bert):
    other = messages.send(message_id=uuid.uuid4(), patient=bert, text="Hello", by=bert.user)
    assert write(as_ana, key=other.pk).status_code == 404


@pytest.mark.parametrize("key", ["", "no-id"])
def test_a_missing_id_is_said_and_nothing_is_stored(as_ana, key):
    answer = as_ana.post(PAGE, {"message_id": key, "text": "Hello"})
    assert answer.status_code == 200
    assert "Not saved yet" in answer.content.decode()
    assert not Message.objects.exists()


def test_nothing_written_is_said_and_the_id_stays(as_ana):
    key = uuid.uuid4()
    content = write(as_ana, " ", key=key).content.decode()
    assert "Write a few words, or add a picture." in content
    assert str(key) in content


def test_a_picture_comes_back_as_a_jpeg_that_nobody_keeps(as_ana):
    write(as_ana, "", picture=photo(kind="PNG"))
    answer = as_ana.get(f"{PAGE}{Message.objects.get().pk}/picture/")
    assert answer["Content-Type"] == "image/jpeg"
    assert answer.content.startswith(b"\xff\xd8")
    assert "no-store" in answer["Cache-Control"]
    assert "private" in answer["Cache-Control"]
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_a_picture_whose_file_is_lost_is_404(as_ana, ana):
    address = picture_of(ana, ana.user)
    private_storage().delete(Message.objects.get().picture.name)
    assert as_ana.get(address).status_code == 404


def test_pictures_have_no_public_address(as_ana, ana):
    picture_of(ana, ana.user)
    assert as_ana.get(f"/media/{Message.objects.get().picture.name}").status_code == 404
    with pytest.raises(ValueError, match="no address"):
        Message.objects.get().picture.url  # noqa: B018


def test_what_is_no_picture_is_said(as_ana):
    file = photo()
    file.file.seek(0)
    file.file.truncate(40)
    file.size = 40
    content = write(as_ana, "See this", picture=file).content.decode()
    assert "read as a picture" in content
    assert "See this" in content
    assert not Message.objects.exists()


def test_unread_is_counted_in_the_bar_and_gone_after_reading(as_ana, ana, priya):
    messages.send(message_id=uuid.uuid4(), patient=ana, text="Well done", by=priya)
    assert "1 new" in as_ana.get("/portal/").content.decode()
    content = as_ana.get(PAGE).content.decode()
    assert "Well done" in content
    assert "1 new" not in content
    assert "1 new" not in as_ana.get("/portal/").content.decode()


def test_the_clinics_hours_are_said_while_it_is_closed(as_ana, ana, clinic, monkeypatch):
    clinic.office_hours = "Mon-Fri 8:00-17:00"
    clinic.save()
    sunday = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
    monkeypatch.setattr(timezone, "now", lambda: sunday)
    content = as_ana.get(PAGE).content.decode()
    assert "It opens again tomorrow 08:00." in content
    monkeypatch.setattr(timezone, "now", lambda: sunday + dt.timedelta(days=1, hours=6))
    assert "opens again" not in as_ana.get(PAGE).content.decode()


def test_earlier_messages_are_a_page_away(as_ana, ana):
    for number in range(31):
        messages.send(message_id=uuid.uuid4(), patient=ana, text=f"Word {number}", by=ana.user)
    content = as_ana.get(PAGE).content.decode()
    assert "Word 30" in content
    assert "Word 0<" not in content
    assert "?before=2" in content
    assert "Word 0<" in as_ana.get(f"{PAGE}?before=2").content.decode()
    assert as_ana.get(f"{PAGE}?before=x").status_code == 200


def test_words_of_a_red_flag_are_only_words(as_ana):
    """A message is no emergency line: nothing is read out of it, and no alert pretends it is."""
    from programs.models import Alert

    write(as_ana, "My face droops and I have chest pain")
    assert not Alert.objects.exists()


def test_reading_one_own_thread_leaves_no_trail(as_ana):
    as_ana.get(PAGE)
    assert not AuditEvent.objects.filter(action="patient.read").exists()


def test_the_page_costs_the_same_however_long_the_thread(as_ana, ana, django_assert_num_queries):
    for count in (1, 2):
        for _ in range(count):
            messages.send(message_id=uuid.uuid4(), patient=ana, text="Hello", by=ana.user)
        as_ana.get(PAGE)
        with django_assert_num_queries(6 + OF_THE_WALL):
            as_ana.get(PAGE)
