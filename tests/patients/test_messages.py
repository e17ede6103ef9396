import datetime as dt
import traceback
import uuid
from smtplib import SMTPRecipientsRefused
from unittest.mock import Mock

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.mail.backends.locmem import EmailBackend
from django.db import IntegrityError, InternalError, connection, transaction
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.mail import NotSentError
from accounts.models import AuditEvent
from patients import conversation, jobs, notices
from patients.actions import messages, once
from patients.actions import patients as patient_actions
from patients.models import CannedAnswer, Message, Patient, ThreadMark, with_unread
from patients.pictures import private_storage
from tests.conftest import give_login, make_patient
from tests.patients.test_pictures import photo

pytestmark = pytest.mark.django_db
SECRET_WORDS = "My left heel burns at night"


def send(patient, by, text=SECRET_WORDS, **fields):
    return messages.send(
        message_id=fields.pop("message_id", uuid.uuid4()),
        patient=patient,
        text=text,
        by=by,
        **fields,
    )


def queued():
    return [
        (job.task_name, job.args["reader_id"]) for job in ProcrastinateJob.objects.order_by("id")
    ]


def run_jobs():
    """What the worker would do, without one."""
    for job in ProcrastinateJob.objects.order_by("id"):
        jobs.tell_of_message(**job.args)


def unread(patient, reader):
    return with_unread(Patient.objects.filter(pk=patient.pk), reader).get().unread_messages


def test_messages_count_up_and_say_who_wrote(ana, priya):
    first, second = send(ana, ana.user), send(ana, priya, " Thank you. ")
    assert [first.number, second.number] == [1, 2]
    assert [first.from_patient, second.from_patient] == [True, False]
    assert second.text == "Thank you."
    assert second.clinic_id == ana.clinic_id


def test_a_message_is_audited_without_its_words(ana):
    message = send(ana, ana.user)
    event = AuditEvent.objects.get(action="message.sent")
    assert event.subject_id == str(message.pk)
    assert SECRET_WORDS not in str(event.detail)


def test_the_same_id_is_stored_once(ana, priya):
    key = uuid.uuid4()
    first = send(ana, ana.user, message_id=key)
    again = send(ana, ana.user, message_id=key, text="Sent a second time")
    assert again.text == first.text
    assert Message.objects.count() == 1
    assert len(queued()) == 1


def test_an_id_of_another_thread_or_author_is_not_yours(ana, bert, priya):
    message = send(bert, bert.user)
    with pytest.raises(once.NotYours):
        send(ana, ana.user, message_id=message.pk)
    own = send(ana, ana.user)
    with pytest.raises(once.NotYours):
        send(ana, priya, message_id=own.pk)


@pytest.mark.parametrize(("text", "words"), [("  ", "few words"), ("x" * 4001, "4000")])
def test_nothing_or_too_much_is_refused(ana, text, words):
    with pytest.raises(ValidationError, match=words):
        send(ana, ana.user, text)
    assert not Message.objects.exists()


def test_a_picture_alone_is_a_message_and_kept_privately(ana, settings):
    message = send(ana, ana.user, "", picture=photo())
    path = private_storage().path(message.picture.name)
    assert message.picture_width == 800
    assert not path.startswith(f"{settings.MEDIA_ROOT}/")
    assert "2041" not in path
    with private_storage().open(message.picture.name) as file:
        assert file.read(2) == b"\xff\xd8"


def test_a_picture_whose_message_fails_is_not_left_behind(ana, monkeypatch):
    names = []
    store = Message._meta.get_field("picture").storage
    save = store.save
    monkeypatch.setattr(
        store, "save", lambda *args, **kw: names.append(save(*args, **kw)) or names[-1]
    )
    monkeypatch.setattr(notices, "readers_to_tell", lambda message: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        send(ana, ana.user, picture=photo())
    assert names
    assert not private_storage().exists(names[0])
    assert not Message.objects.exists()
    assert not AuditEvent.objects.filter(action="message.sent").exists()


@pytest.mark.parametrize(
    "change", ["UPDATE patients_message SET text = 'x'", "DELETE FROM patients_message"]
)
def test_the_database_refuses_to_change_a_message(ana, change):
    send(ana, ana.user)
    with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
        connection.cursor().execute(change)


def test_a_message_without_words_and_picture_is_refused_by_the_database(ana):
    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.create(
            patient=ana, number=1, author=ana.user, from_patient=True, written_at=timezone.now()
        )


# Reading


def test_unread_is_counted_for_each_reader_of_the_other_side(ana, priya, colm, ruth):
    patient_actions.join_care_team(patient=ana, therapist=colm, by=priya)
    for text in ("One", "Two"):
        send(ana, ana.user, text)
    send(ana, priya, "Answer")
    messages.mark_read(patient=ana, up_to=2, by=priya)
    assert unread(ana, priya) == 0
    assert unread(ana, colm) == 2
    assert unread(ana, ana.user) == 1
    assert unread(ana, ruth) == 0  # an administrator reads no messages


def test_a_mark_never_goes_back(ana, priya):
    messages.mark_read(patient=ana, up_to=5, by=priya)
    messages.mark_read(patient=ana, up_to=3, by=priya)
    assert ThreadMark.objects.get().up_to == 5


def test_both_sides_see_who_has_read(ana, priya):
    send(ana, ana.user, "Hello")
    line = conversation.load(ana, ana.user).lines[0]
    assert (line.is_ours, line.is_new, line.seen_by) == (True, False, [])
    assert conversation.load(ana, priya).lines[0].is_new
    messages.mark_read(patient=ana, up_to=1, by=priya)
    assert conversation.load(ana, ana.user).lines[0].seen_by == [str(priya)]
    assert not conversation.load(ana, priya).lines[0].is_new


def test_a_long_thread_has_pages(ana, django_assert_num_queries, monkeypatch):
    monkeypatch.setattr(conversation, "MESSAGES_A_PAGE", 2)
    for number in range(5):
        send(ana, ana.user, f"Message {number + 1}")
    with django_assert_num_queries(2):
        page = conversation.load(ana, ana.user)
    assert [line.message.number for line in page.lines] == [5, 4]
    page = conversation.load(ana, ana.user, before=page.earlier)
    assert [line.message.number for line in page.lines] == [3, 2]
    page = conversation.load(ana, ana.user, before=page.earlier)
    assert [line.message.number for line in page.lines] == [1]
    assert page.earlier is None


# Notices


def test_the_whole_care_team_is_told_and_nobody_else(ana, priya, colm, ruth):
    send(ana, ana.user)
    assert queued() == [("patients.jobs.tell_of_message", str(priya.uuid))]
    patient_actions.join_care_team(patient=ana, therapist=colm, by=priya)
    other = make_patient(priya, "Cleo")
    give_login(other, priya)
    other.refresh_from_db()
    send(other, priya, "Hello")
    assert queued()[1:] == [("patients.jobs.tell_of_message", str(other.user.uuid))]


def test_who_has_not_read_yet_is_told_once_a_day(ana, priya, monkeypatch):
    send(ana, ana.user)
    send(ana, ana.user, "And another thing")
    assert len(queued()) == 1
    messages.mark_read(patient=ana, up_to=2, by=priya)
    send(ana, ana.user, "Thanks")
    assert len(queued()) == 2
    monkeypatch.setattr(timezone, "now", lambda now=timezone.now: now() + dt.timedelta(days=1))
    send(ana, ana.user, "Still there?")
    assert len(queued()) == 3


def test_a_patient_without_a_login_is_not_written_to(priya):
    send(make_patient(priya, "Cleo"), priya, "Hello")
    assert queued() == []


@pytest.mark.parametrize("writer", ["patient", "therapist"])
def test_a_notice_holds_no_health_content_and_no_name_of_the_other(ana, priya, clinic, writer):
    message = send(ana, ana.user if writer == "patient" else priya, picture=photo())
    run_jobs()
    [sent] = mail.outbox
    text = f"{sent.subject} {sent.body} {sent.extra_headers}"
    reader = priya if writer == "patient" else ana.user
    assert sent.to == [reader.email]
    assert f"Hello {reader.first_name}" in text
    assert "911" in text
    assert not sent.attachments
    hidden = [message.text, "heel", "foot", "pain", "exercise", "nerve", "Reyes", clinic.name]
    hidden += ["therapist", str(message.pk), str(ana.pk)]
    hidden += ["Ana"] if writer == "patient" else ["Priya"]
    for word in hidden:
        assert word.lower() not in text.lower(), word


def test_a_notice_is_not_sent_after_reading_or_leaving_the_team(ana, priya, colm):
    patient_actions.join_care_team(patient=ana, therapist=colm, by=priya)
    message = send(ana, ana.user)
    messages.mark_read(patient=ana, up_to=1, by=priya)
    patient_actions.leave_care_team(member=ana.care_team.get(therapist=colm), by=priya)
    run_jobs()
    assert mail.outbox == []
    assert notices.letter(message, colm) is None


def refuse(monkeypatch, reader, code):
    refused = SMTPRecipientsRefused({reader.email: (code, b"No such person")})
    monkeypatch.setattr(EmailBackend, "send_messages", Mock(side_effect=refused))


def test_a_notice_that_is_refused_is_given_up_and_the_log_names_nobody(
    ana, priya, monkeypatch, caplog
):
    refuse(monkeypatch, priya, 550)
    send(ana, ana.user)
    run_jobs()
    assert "SMTPRecipientsRefused" in caplog.text
    assert priya.email not in caplog.text


def test_a_notice_that_may_come_later_is_tried_again_and_names_nobody(ana, priya, monkeypatch):
    refuse(monkeypatch, priya, 450)
    message = send(ana, ana.user)
    with pytest.raises(NotSentError) as raised:
        jobs.tell_of_message(str(message.pk), str(priya.uuid), str(ana.clinic_id))
    assert priya.email not in "".join(traceback.format_exception(raised.value))


def test_a_message_rolled_back_tells_nobody(ana):
    point = transaction.savepoint()
    send(ana, ana.user)
    assert queued()
    transaction.savepoint_rollback(point)
    assert queued() == []


def test_canned_answers_have_one_title_a_clinic(priya, olive):
    from patients.actions import canned_answers

    made = canned_answers.save(answer=None, title="Appointment", text="Call us.", by=priya)
    canned_answers.save(answer=None, title="Appointment", text="Call us.", by=olive)
    with pytest.raises(ValidationError, match="this title already"):
        canned_answers.save(answer=None, title="appointment", text="Again.", by=priya)
    canned_answers.remove(answer=made, by=priya)
    assert CannedAnswer.objects.count() == 1
