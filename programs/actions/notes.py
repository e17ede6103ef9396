"""Saving notes, each time as a new version, and making letters of them, which then stay."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts import audit
from accounts.models import User
from patients.actions import once
from patients.models import Episode
from programs.models import ClinicalNote, Letter
from programs.models.note import LONGEST_LETTER, LONGEST_NOTE, NoteKind, Recipient
from programs.notes import compose, letters
from programs.notes.known import are_still_of
from programs.notes.wording import facts_of

CHANGED_MEANWHILE = "Somebody saved a newer version meanwhile. Look at it first; yours is below."


@transaction.atomic
def save(
    *,
    note_id: UUID,
    episode: Episode,
    kind: NoteKind,
    language: str,
    first: dt.date,
    last: dt.date,
    text: str,
    by: User,
) -> ClinicalNote:
    """A new note of the days that it was begun with, `known.days_of`; or the one that was stored
    under this id before.

    Raises ValidationError without a text and where another note was saved since it was begun,
    NotYours for another's id.
    """
    Episode.objects.select_for_update(of=("self",), no_key=True).get(pk=episode.pk)
    # Read while it is held: of two clicks the second finds what the first one stored.
    if (known := once.stored(ClinicalNote, note_id, patient_id=episode.patient_id)) is not None:
        return known
    if not are_still_of(episode, kind, first, last):
        raise ValidationError(CHANGED_MEANWHILE)
    sections = compose.of_days(episode, kind, first, last, language=language)
    note = ClinicalNote(
        id=note_id,
        patient=episode.patient,
        episode=episode,
        kind=kind,
        language=language,
        first=first,
        last=last,
        text=_whole(text),
        facts=facts_of(sections),
        written_by=by,
    )
    return _stored(note, by)


@transaction.atomic
def change(*, note_id: UUID, note: ClinicalNote, text: str, by: User) -> ClinicalNote:
    """A new version of a note; the one before is kept. Numbers of sentences that still stand lead
    where they led.

    Raises ValidationError without a text and where somebody else made a newer version, NotYours
    for another's id.
    """
    if (known := once.stored(ClinicalNote, note_id, patient_id=note.patient_id)) is not None:
        return known
    ClinicalNote.objects.select_for_update(of=("self",)).get(pk=note.pk)
    if ClinicalNote.objects.filter(replaces=note).exists():
        raise ValidationError(CHANGED_MEANWHILE)
    newer = ClinicalNote(
        id=note_id,
        patient=note.patient,
        episode=note.episode,
        kind=note.kind,
        language=note.language,
        version=note.version + 1,
        first=note.first,
        last=note.last,
        text=_whole(text),
        facts=note.facts,
        written_by=by,
        replaces=note,
    )
    return _stored(newer, by)


def _whole(text: str, longest: int = LONGEST_NOTE) -> str:
    words = text.replace("\r\n", "\n").strip()
    if not words:
        raise ValidationError({"text": "Write a text first."})
    if len(words) > longest:
        raise ValidationError({"text": f"This is longer than {longest:,} letters."})
    return words


def _stored(note: ClinicalNote, by: User) -> ClinicalNote:
    """Once, however often it is sent."""
    known = once.stored(ClinicalNote, note.pk, patient_id=note.patient_id)
    if known is not None:
        return known
    try:
        with transaction.atomic():
            note.full_clean(exclude=["patient", "clinic", "facts"], validate_unique=False)
            note.save(force_insert=True)
            audit.record(
                action=audit.Action.NOTE_SAVED,
                patient=note.patient,
                by=by,
                subject=note,
                kind=note.kind,
                version=note.version,
            )
    except IntegrityError as error:
        return once.stored_meanwhile(error, ClinicalNote, note.pk, patient_id=note.patient_id)
    return note


@transaction.atomic
def make_letter(
    *,
    letter_id: UUID,
    note: ClinicalNote,
    to: Recipient,
    language: str,
    name: str,
    subject: str,
    text: str,
    by: User,
    address: str = "",
) -> Letter:
    """Freeze a letter, or return the one that was made under this id before.

    What has to stand on it whatever was typed is added here: open red flags and urgent alerts, and
    for a patient when to get help. Raises ValidationError for what is left empty, NotYours for
    another's id.
    """
    if (known := once.stored(Letter, letter_id, patient_id=note.patient_id)) is not None:
        return known
    patient, episode = note.patient, note.episode
    on = patient.clinic.today()
    made: dict[str, Any] = {
        "name": name.strip(),
        "subject": subject.strip(),
        "address": address.strip(),
        "text": _whole(text, LONGEST_LETTER),
    }
    letter = Letter(
        id=letter_id,
        patient=patient,
        note=note,
        to=to,
        language=language,
        warning=letters.warning(episode, to, language),
        advice=letters.advice(episode, to, language),
        head=letters.head(patient, name=made["name"], by=by, on=on, language=language),
        made_on=on,
        made_by=by,
        **made,
    )
    try:
        with transaction.atomic():
            letter.full_clean(exclude=["patient", "clinic", "head"], validate_unique=False)
            letter.save(force_insert=True)
            audit.record(
                action=audit.Action.LETTER_MADE, patient=patient, by=by, subject=letter, to=to
            )
    except IntegrityError as error:
        return once.stored_meanwhile(error, Letter, letter.pk, patient_id=note.patient_id)
    return letter


def downloaded(*, letter: Letter, by: User) -> None:
    """The PDF was opened: on record."""
    audit.record(
        action=audit.Action.LETTER_DOWNLOADED, patient=letter.patient, by=by, subject=letter
    )
