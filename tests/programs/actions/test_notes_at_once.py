"""Notes that are saved at the same moment: real threads and transactions."""

import uuid

from django.core.exceptions import ValidationError

from accounts.permissions import Role
from programs.actions import notes
from programs.models import ClinicalNote
from programs.models.note import NoteKind
from programs.notes.known import days_of
from tests.conftest import make_clinic, make_episode, make_patient, make_plan, make_user
from tests.patients.test_messages_at_once import at_once


def saving():
    """What saves a progress note of six weeks under a key."""
    priya = make_user(make_clinic(), "Priya", Role.THERAPIST)
    episode = make_episode(make_patient(priya, "Ana"), priya)
    make_plan(episode, priya)
    first, last = days_of(episode, NoteKind.PROGRESS)
    assert first < last

    def save(key):
        return notes.save(
            note_id=key, episode=episode, kind=NoteKind.PROGRESS, language="en", text="Seen.",
            first=first, last=last, by=priya,
        ).pk  # fmt: skip

    return save


def test_a_double_click_is_stored_once(committed):
    save, key = saving(), uuid.uuid4()
    assert at_once(4, lambda _: save(key)) == [key] * 4
    assert ClinicalNote.objects.count() == 1


def test_of_two_notes_about_the_same_days_one_is_told(committed):
    save = saving()
    found = at_once(4, lambda _: save(uuid.uuid4()))
    assert sum(isinstance(one, ValidationError) for one in found) == 3
    assert ClinicalNote.objects.count() == 1
