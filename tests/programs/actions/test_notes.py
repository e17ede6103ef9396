"""Versions of notes, and letters that stay as they were made."""

import datetime as dt
import uuid
from collections import Counter
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone
from pypdf import PdfReader

from accounts.audit import Action
from accounts.models import AuditEvent
from patients.actions import episodes
from patients.actions.once import NotYours
from programs.actions import discharge, notes
from programs.handout import letter as paper
from programs.models import ClinicalNote, Letter
from programs.models.note import NoteKind, Recipient
from programs.notes import compose
from programs.notes.known import days_of
from programs.notes.wording import blocks
from tests.conftest import make_episode
from tests.programs.actions.test_sign_reports import tell
from tests.programs.handout.test_typeset import HARD, SCRIPTS
from tests.programs.notes.conftest import counted, do, quiet
from tests.programs.notes.conftest import story as six_weeks

pytestmark = pytest.mark.django_db
story = six_weeks


def save(episode, by, text="Seen today.", **more):
    values = {"note_id": uuid.uuid4(), "kind": NoteKind.PROGRESS, "language": "en"} | more
    first, last = days_of(episode, values["kind"])
    values = {"first": first, "last": last} | values
    return notes.save(episode=episode, text=text, by=by, **values)


def change(note, by, text, note_id=None):
    return notes.change(note_id=note_id or uuid.uuid4(), note=note, text=text, by=by)


def make(note, by, **more):
    values = {
        "letter_id": uuid.uuid4(), "to": Recipient.PHYSICIAN, "language": "en", "name": "Dr. Lee",
        "subject": "Your patient", "text": "Findings\nAll well.\n- One.\n- Two.",
    }  # fmt: skip
    return notes.make_letter(note=note, by=by, **values | more)


def words(letter):
    pages = PdfReader(BytesIO(paper.pdf(letter))).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_each_saving_is_a_version_and_the_one_before_stays(plan, priya):
    first = save(plan.episode, priya)
    second = change(first, priya, "Seen again.")
    assert (second.version, second.replaces, second.first) == (2, first, first.first)
    assert list(ClinicalNote.objects.current()) == [second]
    first.refresh_from_db()
    assert first.text == "Seen today."
    saved = AuditEvent.objects.filter(action=Action.NOTE_SAVED).order_by("at")
    assert [one.detail["version"] for one in saved] == [1, 2]
    assert "Seen" not in str([one.detail for one in saved])


def test_the_same_sent_twice_is_stored_once(plan, priya):
    key = uuid.uuid4()
    assert save(plan.episode, priya, note_id=key) == save(plan.episode, priya, note_id=key)
    note = ClinicalNote.objects.get()
    again = uuid.uuid4()
    assert change(note, priya, "B", again) == change(note, priya, "B", again)
    one = uuid.uuid4()
    assert make(note, priya, letter_id=one) == make(note, priya, letter_id=one)
    assert (ClinicalNote.objects.count(), Letter.objects.count()) == (2, 1)


def test_an_id_of_somebody_else_is_refused(plan, priya, bert, colm):
    theirs = save(make_episode(bert, colm), colm)
    letter = make(theirs, colm)
    mine = save(plan.episode, priya)
    with pytest.raises(NotYours):
        save(plan.episode, priya, note_id=theirs.pk)
    with pytest.raises(NotYours):
        change(mine, priya, "B", theirs.pk)
    with pytest.raises(NotYours):
        make(mine, priya, letter_id=letter.pk)


def test_of_two_who_edit_one_version_the_second_is_told(plan, priya):
    note = save(plan.episode, priya)
    change(note, priya, "Hers.")
    with pytest.raises(ValidationError, match="newer version"):
        change(note, priya, "His.")


def test_a_new_note_keeps_the_days_that_it_was_begun_with(story, priya, monkeypatch):
    first, last = days_of(story, NoteKind.PROGRESS)
    after = timezone.now() + dt.timedelta(days=1)
    monkeypatch.setattr(timezone, "now", lambda: after)
    note = save(story, priya, first=first, last=last)
    assert (note.first, note.last) == (first, last)
    assert days_of(story, NoteKind.PROGRESS) == (last + dt.timedelta(days=1),) * 2


def test_who_began_a_note_before_a_colleagues_was_saved_is_told(story, priya, colm):
    first, last = days_of(story, NoteKind.PROGRESS)
    key = uuid.uuid4()
    save(story, colm, note_id=key)
    with pytest.raises(ValidationError, match="newer version meanwhile"):
        save(story, priya, first=first, last=last)
    assert save(story, colm, note_id=key, first=first, last=last).pk == key  # sent twice


@pytest.mark.parametrize("last", [dt.date.min, dt.date(1950, 1, 1), dt.date.max])
def test_days_that_no_note_was_begun_with_are_refused(last, story, priya):
    with pytest.raises(ValidationError, match="newer version meanwhile"):
        save(story, priya, first=last, last=last)


def test_a_new_version_keeps_where_its_numbers_lead(story, priya, plan, ana):
    text = compose.text_of(story, NoteKind.PROGRESS)
    note = save(story, priya, text)
    do(plan, ana, 0, **quiet(2, 2))
    newer = change(note, priya, text + "\nAdded by hand.")
    assert newer.facts == note.facts
    assert len(newer.facts) > 3


@pytest.mark.parametrize("text", ["", "  \r\n ", "x" * 20_001])
def test_a_note_has_a_text_of_some_length(plan, priya, text):
    with pytest.raises(ValidationError):
        save(plan.episode, priya, text)
    with pytest.raises(ValidationError):
        make(save(plan.episode, priya), priya, text=text)
    assert not Letter.objects.exists()


@pytest.mark.parametrize("empty", ["name", "subject"])
def test_a_letter_is_whole(plan, priya, empty):
    with pytest.raises(ValidationError):
        make(save(plan.episode, priya), priya, **{empty: "  "})


def test_the_database_refuses_what_is_not_whole_and_any_edit(plan, priya):
    note = save(plan.episode, priya)
    letter = make(note, priya)
    for row, field in ((note, "text"), (letter, "text"), (letter, "name")):
        with pytest.raises(DatabaseError), transaction.atomic():
            type(row).objects.filter(pk=row.pk).update(**{field: "Other"})
        with pytest.raises(DatabaseError), transaction.atomic():
            type(row).objects.filter(pk=row.pk)._raw_delete("default")
    copy = {"patient": note.patient, "episode": note.episode, "kind": "progress",
            "written_by": priya, "last": note.last}  # fmt: skip
    for wrong in (
        {"first": note.last, "text": ""},
        {"first": note.last.replace(year=note.last.year + 1), "text": "A"},
        {"first": note.last, "text": "A", "version": 2},
        {"first": note.last, "text": "A", "version": 1, "replaces": note},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            ClinicalNote(**copy, **wrong).save()
    with pytest.raises(IntegrityError), transaction.atomic():
        Letter(patient=note.patient, note=note, to="patient", name="", subject="A", text="A",
               made_on=note.last, made_by=priya).save()  # fmt: skip


def test_numbers_of_a_saved_note_lead_to_rows_where_the_sentence_stands(story, priya):
    text = compose.text_of(story, NoteKind.PROGRESS)
    note = save(story, priya, text + "\nAdded by hand.")
    lines = blocks(note.text, note.facts)
    numbers = [part.text for line in lines for part in line.parts if part.source]
    assert not Counter(["7", str(counted(story))]) - Counter(numbers)  # sent, and when due
    assert not any(part.source for part in lines[-1].parts)


def test_a_letter_says_the_same_whenever_it_is_typeset(plan, priya):
    letter = make(save(plan.episode, priya), priya, address="1 Main St\nSpringfield")
    before = words(letter)
    for part in ("Riverside", "555-0134", "Dr. Lee", "Springfield", "Dear Dr. Lee,", "All well.",
                 "Kind regards", "Priya Therapist, PT, DPT", "Page 1 of 1"):  # fmt: skip
        assert part in before
    type(plan.clinic).objects.update(name="Elsewhere", phone="555-9999")
    plan.patient.first_name = "Anna"
    plan.patient.save()
    assert words(Letter.objects.get()) == before


def test_the_pdf_is_tagged_with_headings_and_lists(plan, priya):
    made = PdfReader(BytesIO(paper.pdf(make(save(plan.episode, priya), priya))))
    assert made.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert made.trailer["/Root"]["/Lang"] == "en"
    assert made.metadata.title == "Your patient"


@pytest.mark.parametrize("typed", [*SCRIPTS, *(one for one in HARD if "\ud800" not in one)])
def test_a_letter_is_made_whatever_is_typed(typed, plan, priya):
    safe = typed.replace("\x00", "") or "a"
    note = save(plan.episode, priya)
    letter = Letter(note=note, language="en", name=safe, address=safe, subject=safe,
                    text=f"{safe}\n{safe}\n- {safe}", warning=safe, advice=safe)  # fmt: skip
    letter.head = make(note, priya).head | {"clinic": safe, "signed": safe, "patient": safe}
    assert paper.pdf(letter).startswith(b"%PDF")


def test_a_long_letter_has_its_pages_numbered(plan, priya):
    text = "\n\n".join(f"Paragraph {n}\n" + "Word. " * 120 for n in range(20))
    assert "Page 2 of " in words(make(save(plan.episode, priya), priya, text=text))


def test_an_open_red_flag_stands_on_top_with_its_action_and_date(plan, priya):
    episodes.record_screen(episode=plan.episode, present=["new_weakness", "foot_lesion"], by=priya)
    note = save(plan.episode, priya)
    letter = make(note, priya)
    [lesion, weakness] = letter.warning.splitlines()
    assert lesion.startswith("Open red flag since ")
    assert "(same day): foot wound" in lesion
    assert "No weight-bearing exercise." in lesion
    assert weakness.endswith("To a physician.")
    shown = words(letter)
    assert shown.index("Open red flag since") < shown.index("All well.")
    told = make(note, priya, to=Recipient.PATIENT).warning
    assert "Stop the exercises. Call your clinic today: 555-0134." in told
    spanish = make(note, priya, language="es").warning
    assert spanish.startswith("Señal de alarma abierta desde el ")


def test_an_open_urgent_alert_stands_on_top_with_what_was_told(plan, ana, priya):
    tell(ana, "weakness")
    letter = make(save(plan.episode, priya), priya)
    assert "Open alert since " in letter.warning
    assert "(urgent): new weakness." in letter.warning
    assert "“Stop the exercises. Call your clinic today: 555-0134.”" in letter.warning


def test_a_patients_letter_says_when_to_get_help_and_a_clinicians_does_not(plan, priya):
    note = save(plan.episode, priya)
    assert make(note, priya).advice == ""
    theirs = make(note, priya, to=Recipient.PATIENT, name="Ana", language="es")
    assert "911" in theirs.advice
    assert "555-0134" in theirs.advice
    assert "Estimable Ana:" in words(theirs)
    type(plan.episode).objects.update(sensation="lost")
    note.episode.refresh_from_db()
    assert "look at the skin" in make(note, priya, to=Recipient.PATIENT).advice


def test_who_ends_care_finds_the_discharge_note(plan, priya):
    assert discharge.summary_of(plan.episode).startswith("Reason for care\n")
    save(plan.episode, priya, "As I wrote it.", kind=NoteKind.DISCHARGE)
    assert discharge.summary_of(plan.episode) == "As I wrote it."


def test_a_summary_that_is_too_long_says_that_it_was_shortened(plan, priya):
    save(plan.episode, priya, "A line of the note.\n" * 900, kind=NoteKind.DISCHARGE)
    text = discharge.summary_of(plan.episode)
    assert len(text) <= discharge.LONGEST_SUMMARY
    assert text.endswith("the discharge note has it all.")


def test_a_download_is_on_record(plan, priya):
    letter = make(save(plan.episode, priya), priya)
    notes.downloaded(letter=letter, by=priya)
    kinds = AuditEvent.objects.values_list("action", flat=True)
    assert {Action.LETTER_MADE, Action.LETTER_DOWNLOADED} <= set(kinds)
