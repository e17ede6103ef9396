"""Two records of one person: every row moves, and the database lets nobody else do it."""

import datetime as dt
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.utils import timezone

from accounts import wall
from accounts.models import AuditEvent, User
from patients import trail
from patients.actions import consents, episodes, erasing, messages
from patients.models import AnswerMark, Episode, MergedPatient, Message, Patient, ThreadMark
from programs.actions import check_ins, covering, merging, notes, sessions
from programs.models import Measure, MonitoringLock, Session
from programs.models.note import NoteKind, Recipient
from programs.notes.known import days_of
from tests.as_role import WEB, as_role
from tests.conftest import (
    client_of,
    give_login,
    make_caregiver,
    make_episode,
    make_patient,
    make_plan,
    prove,
)
from tests.trail import ask, newest, seal
from tests.workspace.test_erasure import rows_of

pytestmark = pytest.mark.django_db


def write(patient, by, text, days_ago):
    at = timezone.now() - dt.timedelta(days=days_ago)
    return messages.send(message_id=uuid.uuid4(), patient=patient, text=text, by=by, at=at)


@pytest.fixture
def twice(ana, plan, priya, ruth):
    """Ana, and a second record of her with a past of its own."""
    old = make_patient(
        priya, "Ana", email="old@patients.test", phone="555-0199", record_number="A-9"
    )
    give_login(old, priya)
    old.refresh_from_db()
    episode = make_episode(old, priya)
    past = make_plan(episode, priya)
    done = {row.pk: "all" for row in past.phases.get(number=1).prescriptions.all()}
    sessions.record(session_id=uuid.uuid4(), plan=past, done=done, by=old.user, pain_after=9)
    check_ins.record_measure(
        check_in_id=uuid.uuid4(), patient=old, measure=Measure.objects.get(code="M7"),
        answers={"seconds": 9}, answered_with="clinic", by=priya,
    )  # fmt: skip
    write(old, old.user, "Old question", 9)
    write(old, priya, "Old answer", 8)
    write(ana, ana.user, "New question", 5)
    write(ana, priya, "New answer", 4)
    consents.accept(patient=old, by=old.user)
    consents.accept(patient=ana, by=ana.user)
    episodes.close_episode(episode=Episode.objects.get(pk=episode.pk), outcome="improved", by=priya)
    return ana, old


def summed(*patients):
    total = {}
    for patient in patients:
        for name, count in rows_of(patient).items():
            total[name] = total.get(name, 0) + count
    return total


# Settings of a login and marks of reading, of which there is one: see the migration.
ONE_ONLY = {"ThreadMark", "AnswerMark", "ReminderChoice", "MergedPatient"}


def test_every_row_moves(twice, ruth, priya):
    kept, gone = twice
    before = summed(kept, gone)
    assert len(before) > 12
    with wall.acting(ruth):
        merged = merging.merge(kept=kept, gone=gone, by=ruth)
    seal()
    after = rows_of(kept)
    assert {name: count for name, count in after.items() if name not in ONE_ONLY} == {
        name: count for name, count in before.items() if name not in ONE_ONLY
    }
    assert not Patient.objects.filter(pk=gone.pk).exists()
    kept.refresh_from_db()
    assert (kept.phone, kept.record_number) == ("555-0199", "A-9")
    assert kept.user.is_active
    gone.user.refresh_from_db()
    assert not gone.user.is_active
    assert merged.details["record_number"] == "A-9"
    assert Session.objects.filter(patient=kept, pain_after=9).exists()
    assert newest("patients.merged").detail["merged"] == str(gone.pk)


def test_one_thread_by_time_and_nothing_unread_is_lost(twice, ruth, priya, colm):
    kept, gone = twice
    messages.mark_read(patient=kept, up_to=2, by=priya)
    with wall.acting(ruth):
        merging.merge(kept=kept, gone=gone, by=ruth)
    seal()
    thread = Message.objects.filter(patient=kept).order_by("number")
    assert [(one.number, one.text) for one in thread] == [
        (1, "Old question"), (2, "Old answer"), (3, "New question"), (4, "New answer")
    ]  # fmt: skip
    mark = ThreadMark.objects.get(patient=kept, reader=priya)
    assert mark.up_to <= 1  # the old question was not read
    assert not Message.objects.filter(patient=kept).to_be_answered().exists()
    assert AnswerMark.objects.filter(patient=kept).count() <= 1


def test_the_trail_of_both_is_found_under_one(twice, ruth):
    kept, gone = twice
    seal()
    of_gone = set(AuditEvent.objects.filter(patient_id=gone.pk).values_list("pk", flat=True))
    assert of_gone
    with wall.acting(ruth):
        merging.merge(kept=kept, gone=gone, by=ruth)
        assert of_gone <= set(trail.about(kept).values_list("pk", flat=True))
        assert gone.pk in trail.named(ruth.clinic, "Reyes")


def test_two_open_episodes_are_a_clinical_decision(ana, episode, priya, ruth):
    other = make_patient(priya, "Ana")
    make_episode(other, priya)
    with pytest.raises(ValidationError, match="open episode"):
        merging.merge(kept=ana, gone=other, by=ruth)
    assert Patient.objects.filter(pk=other.pk).exists()


def test_a_message_that_waits_is_answered_first(ana, priya, ruth):
    other = make_patient(priya, "Ana")
    write(ana, ana.user, "How often?", 0)
    with pytest.raises(ValidationError, match="waits for an answer"):
        merging.merge(kept=ana, gone=other, by=ruth)


def test_a_duplicate_without_anything(ana, priya, ruth):
    other = make_patient(priya, "Ana")
    with wall.acting(ruth):
        merging.merge(kept=ana, gone=other, by=ruth)
    seal()
    assert ana.care_team.filter(ended_at=None).count() == 1
    with pytest.raises(ValidationError, match="gone"):
        merging.merge(kept=ana, gone=other, by=ruth)
    with pytest.raises(ValidationError, match="one record"):
        merging.merge(kept=ana, gone=ana, by=ruth)


def test_nobody_else_merges(ana, bert, priya, olive, root, ruth):
    for other in (priya, olive, root, ana.user):
        with pytest.raises(ValidationError):
            merging.merge(kept=ana, gone=bert, by=other)
        refused = pytest.raises(DatabaseError, match="only the administrator")
        with as_role(WEB), wall.acting(other), refused, transaction.atomic():
            ask("SELECT footing_merge_patients(%s, %s)", ana.pk, bert.pk)
    stranger = make_patient(olive, "Ana")
    with pytest.raises(ValidationError):
        merging.merge(kept=ana, gone=stranger, by=ruth)
    refused = pytest.raises(DatabaseError, match="only the administrator")
    with as_role(WEB), wall.acting(ruth), refused, transaction.atomic():
        ask("SELECT footing_merge_patients(%s, %s)", ana.pk, stranger.pk)


def test_what_is_for_good_stays_for_good(ana, plan):
    sessions.record(session_id=uuid.uuid4(), plan=plan, done={}, by=ana.user)
    ask("SELECT set_config('footing.merging', %s, true)", f"{ana.pk} {ana.pk}")
    with pytest.raises(DatabaseError, match="appended"), transaction.atomic():
        Session.objects.update(pain_after=3)


def test_the_page_compares_asks_and_says_what_hinders(ana, priya, ruth, episode):
    other = make_patient(priya, "Anna", phone="555-0000")
    admin = prove(client_of(ruth))
    address = f"/workspace/patients/{ana.pk}/merge/"
    assert "Anna Reyes" in admin.get(address).content.decode()
    assert "Anna Reyes" in admin.get(address + "?q=anna").content.decode()
    page = admin.get(f"{address}{other.pk}/").content.decode()
    assert "differs" in page
    assert "Taken over, as it is empty here: phone" in page
    assert admin.post(f"{address}{other.pk}/", {}).status_code == 200
    assert Patient.objects.filter(pk=other.pk).exists()
    done = admin.post(f"{address}{other.pk}/", {"is_same": "on"})
    assert done.url == f"/workspace/patients/{ana.pk}/record/"
    assert not Patient.objects.filter(pk=other.pk).exists()
    assert "became part of this one" in admin.get(done.url).content.decode()
    assert MergedPatient.objects.get().patient == ana
    second = make_patient(priya, "Anna")
    make_episode(second, priya)
    assert "Not yet." in admin.get(f"{address}{second.pk}/").content.decode()
    assert client_of(priya).get(address).status_code == 403


def test_adding_somebody_who_is_known_asks_first(as_priya, colm, ana):
    make_patient(colm, "Zoe", last_name="Lindqvist", birth_date=dt.date(1950, 2, 3))
    new = {
        "first_name": "Zoë", "last_name": "Lindquist", "birth_date": "1950-02-03",
        "email": "z@x.test", "language": "en",
    }  # fmt: skip
    page = as_priya.post("/workspace/patients/add/", new).content.decode()
    assert "Zoe Lindqvist" in page
    assert "Ask them to add you" in page
    assert Patient.objects.filter(first_name="Zoë").count() == 0
    listed = newest("patients.listed")
    assert len(listed.named) == 1
    answer = as_priya.post("/workspace/patients/add/", new | {"is_other": "on"})
    assert answer.status_code == 302
    assert Patient.objects.filter(first_name="Zoë").count() == 1


# What a merged record brings along


def sign_month(patient, by):
    MonitoringLock.objects.create(
        patient=patient, month=patient.clinic.today().replace(day=1), number=1, is_locked=True,
        words="Signed.", sheet={}, by=by,
    )  # fmt: skip


def merged(kept, gone, by):
    with wall.acting(by):
        merging.merge(kept=kept, gone=gone, by=by)
    seal()
    kept.refresh_from_db()


def test_the_wish_to_be_erased_and_the_login_come_along(twice, ruth, priya):
    kept, gone = twice
    erasing.ask(patient=gone, by=gone.user)
    address, ended = gone.user.email, gone.user
    assert any(
        "erased" in words for words in merging.consequences(kept, Patient.objects.get(pk=gone.pk))
    )
    merged(kept, gone, ruth)
    assert kept.erasure_asked_at
    ended.refresh_from_db()
    assert ended.email != address  # free again
    assert not ended.has_usable_password()
    with wall.acting(ruth):
        erasing.erase(patient=kept, by=ruth, archive=lambda patient: b"")
    assert not User.objects.filter(pk=ended.pk).exists()


def test_the_login_that_goes_on_keeps_its_language_and_letters(ana, priya, ruth):
    kept = make_patient(priya, "Ana", email="second@patients.test")
    wishes = {"language": "es", "text_size": "large", "shown_person": "woman_80"}
    Patient.objects.filter(pk=ana.pk).update(**wishes)
    merged(kept, ana, ruth)
    assert kept.user == ana.user
    assert {name: getattr(kept, name) for name in wishes} == wishes


def test_who_treats_one_for_good_stays_with_both(ana, priya, colm, ruth):
    today = ana.clinic.today()
    covering.arrange(therapist=priya, substitute=colm, first=today, last=today, by=priya)
    other = make_patient(colm, "Ana")
    assert ana.care_team.get(therapist=colm).cover
    merged(ana, other, ruth)
    assert ana.care_team.get(therapist=colm, ended_at=None).cover is None


def test_notes_months_helpers_and_reminders_come_along(twice, ruth, priya):
    kept, gone = twice
    helper = make_caregiver(gone, "Leo Reyes", reads_messages=True)
    episode = Episode.objects.get(patient=gone)
    first, last = days_of(episode, NoteKind.PROGRESS)
    note = notes.save(
        note_id=uuid.uuid4(), episode=episode, kind=NoteKind.PROGRESS, first=first, last=last,
        language="en", text="Walks better.", by=priya,
    )  # fmt: skip
    letter = notes.make_letter(
        letter_id=uuid.uuid4(), note=note, to=Recipient.PHYSICIAN, language="en",
        name="Dr. Low", subject="Progress", text="Walks better.", by=priya,
    )  # fmt: skip
    sign_month(gone, priya)
    merged(kept, gone, ruth)
    for one in (helper, note, letter):
        one.refresh_from_db()
        assert one.patient == kept
    assert MonitoringLock.objects.get().patient == kept


def test_one_month_signed_in_both_hinders(ana, priya, ruth):
    other = make_patient(priya, "Ana")
    sign_month(ana, priya)
    sign_month(other, priya)
    with pytest.raises(ValidationError, match="nobody signs for two"):
        merging.merge(kept=ana, gone=other, by=ruth)
