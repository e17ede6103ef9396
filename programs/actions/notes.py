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
from patients.models.patient import Language
from programs.models import ClinicalNote, Letter
from programs.models.note import LONGEST_LETTER, LONGEST_NOTE, NoteKind, Recipient
from programs.notes import compose, letters
from programs.notes.known import Known, days_of
from programs.notes.wording import Section, as_text, facts_of

CHANGED_MEANWHILE = "Somebody saved a newer version meanwhile. Look at it first; yours is below."


def begun(
    episode: Episode, kind: NoteKind, *, language: str
) -> tuple[dt.date, dt.date, list[Section]]:
    """What a new note would say now: from when, until when, and its sections."""
    first, last = days_of(episode, kind)
    return first, last, _said(episode, kind, first, last, language)


def _said(
    episode: Episode, kind: NoteKind, first: dt.date, last: dt.date, language: str
) -> list[Section]:
    return compose.sections(kind, Known.load(episode, first=first, last=last), language=language)


def text_of(episode: Episode, kind: NoteKind, *, language: str = Language.ENGLISH) -> str:
    """The same as text, to be edited."""
    return as_text(begun(episode, kind, language=language)[2])


@transaction.atomic
def save(
    *, note_id: UUID, episode: Episode, kind: NoteKind, language: str, text: str, by: User
) -> ClinicalNote:
    """A new note from the last one, or the start, until today; or the one that was stored under
    this id before.

    Raises ValidationError without a text, NotYours for another's id.
    """
    first, last, sections = begun(episode, kind, language=language)
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
    """A new version of a note; the one before is kept.

    Raises ValidationError without a text and where somebody else made a newer version, NotYours
    for another's id.
    """
    if (known := once.stored(ClinicalNote, note_id, patient_id=note.patient_id)) is not None:
        return known
    ClinicalNote.objects.select_for_update(of=("self",)).get(pk=note.pk)
    if ClinicalNote.objects.filter(replaces=note).exists():
        raise ValidationError(CHANGED_MEANWHILE)
    kind = NoteKind(note.kind)
    sections = _said(note.episode, kind, note.first, note.last, note.language)
    newer = ClinicalNote(
        id=note_id,
        patient=note.patient,
        episode=note.episode,
        kind=kind,
        language=note.language,
        version=note.version + 1,
        first=note.first,
        last=note.last,
        text=_whole(text),
        facts=facts_of(sections),
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
