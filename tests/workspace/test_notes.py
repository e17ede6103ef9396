"""Notes and letters on a patient's pages."""

import datetime as dt
import re
import uuid
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from accounts.audit import Action
from accounts.models import AuditEvent, Clinic
from patients.actions import episodes
from programs.models import ClinicalNote, Letter
from tests.conftest import client_of, page_of
from tests.programs.notes.conftest import counted
from tests.programs.notes.conftest import story as six_weeks

pytestmark = pytest.mark.django_db
story = six_weeks


def url(patient, page):
    return f"/workspace/patients/{patient.pk}/{page}"


def read(client, address, **data):
    answer = client.get(address, data)
    assert answer.status_code == 200
    return answer.content.decode()


def write(client, patient, kind="progress", text="Seen today.", **query):
    address = url(patient, f"notes/write/{kind}/{uuid.uuid4()}/")
    language = f"?language={query['language']}" if query else ""
    address += language
    return client.post(address, page_of(client, address) | {"text": text}, follow=True)


def test_a_progress_note_is_one_page_from_the_patients(as_priya, story, ana):
    page = read(as_priya, url(ana, ""))
    [address] = re.findall(r'href="(\S+/notes/write/progress/\S+)"', page)
    page = as_priya.get(address)
    text = page.context["form"].initial["text"]
    assert "7 sessions were sent" in text
    saved = as_priya.post(address, page_of(as_priya, address), follow=True)
    assert "The progress note is saved." in saved.content.decode()
    note = ClinicalNote.objects.get()
    assert (note.version, note.kind, note.written_by.first_name) == (1, "progress", "Priya")
    assert "7 sessions were sent" in note.text


def test_every_number_of_the_draft_leads_to_a_page_with_its_rows(as_priya, story, ana):
    page = read(as_priya, url(ana, f"notes/write/discharge/{uuid.uuid4()}/"))
    inside = page[page.index("What it stands on") :]
    links = set(re.findall(rf'href="(/workspace/patients/{ana.pk}/[^"]+)"', inside))
    assert len(links) > 10
    for link in links:
        address, _, place = link.replace("&amp;", "&").partition("#")
        answer = as_priya.get(address)
        assert answer.status_code == 200, link
        if place:
            assert f'id="{place}"' in answer.content.decode(), link


def test_the_sessions_behind_a_number_and_no_others(as_priya, story, ana):
    page = read(as_priya, url(ana, "sessions/"), color="red")
    assert page.count('<article class="card" id="session-') == 1
    assert "<strong>1</strong>" in page
    day = ana.clinic.today().isoformat()
    page = read(as_priya, url(ana, "sessions/"), first=day, last=day)
    assert "No session is like that." in page
    assert "All sessions" in page


@pytest.mark.parametrize("color", ["blue", "", "red&"])
def test_an_odd_filter_shows_all(as_priya, story, ana, color):
    page = read(as_priya, url(ana, "sessions/"), color=color, first="soon")
    assert page.count('id="session-') == 7


def test_editing_makes_a_version_and_the_page_shows_both(as_priya, story, ana):
    write(as_priya, ana)
    note = ClinicalNote.objects.get()
    saved = as_priya.post(
        url(ana, f"notes/{note.pk}/edit/{uuid.uuid4()}/"), {"text": "Better said."}, follow=True
    ).content.decode()
    assert "Saved as version 2." in saved
    page = read(as_priya, url(ana, "notes/"))
    assert "Earlier versions: 1" in page
    old = read(as_priya, url(ana, f"notes/{note.pk}/"))
    assert "This version was replaced." in old
    assert "Seen today." in old
    refused = as_priya.post(
        url(ana, f"notes/{note.pk}/edit/{uuid.uuid4()}/"), {"text": "Mine, typed long."}
    ).content.decode()
    assert "newer version meanwhile" in refused
    assert "Mine, typed long." in refused


def test_what_was_typed_stays_when_it_is_refused(as_priya, plan, ana):
    address = url(ana, f"notes/write/progress/{uuid.uuid4()}/")
    page = as_priya.post(address, page_of(as_priya, address) | {"text": " "})
    assert b"required" in page.content
    assert not ClinicalNote.objects.exists()


def test_a_colleagues_note_meanwhile_is_looked_at_first(as_priya, story, ana, colm, monkeypatch):
    address = url(ana, f"notes/write/progress/{uuid.uuid4()}/")
    data = page_of(as_priya, address) | {"text": "Mine, typed long."}
    assert data["first"] < data["last"]
    write(as_priya, ana)
    page = as_priya.post(address, data)
    assert "newer version meanwhile" in page.content.decode()
    assert "Mine, typed long." in page.content.decode()
    shown = page.context["form"]["first"].value()
    assert shown == ana.clinic.today().isoformat()
    as_priya.post(address, data | {"first": shown})  # having looked
    assert ClinicalNote.objects.order_by("written_at").last().text == "Mine, typed long."


def test_a_note_opened_before_midnight_keeps_its_days(as_priya, story, ana, monkeypatch):
    address = url(ana, f"notes/write/progress/{uuid.uuid4()}/")
    data = page_of(as_priya, address)
    monkeypatch.setattr(Clinic, "today", lambda self: data["last"] + dt.timedelta(days=1))
    page = as_priya.post(address, data | {"text": " "})
    assert page.context["last"] == data["last"]
    as_priya.post(address, data)
    assert ClinicalNote.objects.get().last == data["last"]


def test_in_spanish_and_in_a_language_that_nobody_has(as_priya, story, ana):
    page = as_priya.get(url(ana, f"notes/write/progress/{uuid.uuid4()}/"), {"language": "es"})
    assert "Se enviaron 7 sesiones" in page.context["form"].initial["text"]
    page = as_priya.get(url(ana, f"notes/write/progress/{uuid.uuid4()}/"), {"language": "tlh"})
    assert "7 sessions were sent" in page.context["form"].initial["text"]
    write(as_priya, ana, text="Vista hoy.", language="es")
    assert ClinicalNote.objects.get().language == "es"


@pytest.mark.parametrize("kind", ["other", "Progress", "1"])
def test_a_kind_that_is_none_is_404(as_priya, plan, ana, kind):
    assert as_priya.get(url(ana, f"notes/write/{kind}/{uuid.uuid4()}/")).status_code == 404


def test_without_an_episode_it_says_so(as_priya, ana):
    assert "no episode that one could be about" in read(as_priya, url(ana, "notes/"))
    assert "Open an episode first" in as_priya.get(
        url(ana, f"notes/write/initial/{uuid.uuid4()}/"), follow=True
    ).content.decode()  # fmt: skip


def letter_page(client, patient, **query):
    note = ClinicalNote.objects.get()
    address = url(patient, f"notes/{note.pk}/letter/{uuid.uuid4()}/")
    return address, client.get(address, query)


def test_a_letter_to_a_physician_begins_with_the_note_as_edited(as_priya, story, ana):
    Clinic.objects.update(address="12 Elm Street\nRivertown")
    write(as_priya, ana, text="Findings\nAs I edited it.")
    address, page = letter_page(as_priya, ana)
    initial = page.context["form"].initial
    assert initial["text"] == "Findings\nAs I edited it."
    made = as_priya.post(
        address, initial | {"name": "Dr. Lee", "address": "1 Main St"}, follow=True
    ).content.decode()
    assert "The letter is made. It stays as it is." in made
    assert "Dear Dr. Lee," in made
    letter = Letter.objects.get()
    file = as_priya.get(url(ana, f"letters/{letter.pk}/file/"), {"paper": "us-letter"})
    assert file["Content-Type"] == "application/pdf"
    assert "Reyes" not in file["Content-Disposition"]
    text = PdfReader(BytesIO(file.content)).pages[0].extract_text()
    assert "As I edited it." in text
    assert "12 Elm Street" in text
    assert AuditEvent.objects.filter(action=Action.LETTER_DOWNLOADED).count() == 1
    # The next one to a physician knows where it goes.
    _, page = letter_page(as_priya, ana, to="physician")
    assert page.context["form"].initial["name"] == "Dr. Lee"


def test_in_another_language_and_for_the_patient_it_is_made_anew(as_priya, story, ana):
    write(as_priya, ana, text="As I edited it.")
    _, page = letter_page(as_priya, ana, to="referrer", language="es")
    assert "Se enviaron 7 sesiones" in page.context["form"].initial["text"]
    assert b"changed by hand in the note is not in it" in page.content
    _, page = letter_page(as_priya, ana, to="patient")
    assert f"You sent us {counted(story)} of " in page.context["form"].initial["text"]
    assert page.context["form"].initial["name"] == "Ana Reyes"
    assert b"when to stop and get help" in page.content
    _, page = letter_page(as_priya, ana, to="nobody")
    assert page.context["to"] == "physician"


def test_an_open_red_flag_is_shown_before_and_on_the_letter(as_priya, story, ana, priya):
    episodes.record_screen(episode=story, present=["new_weakness"], by=priya)
    write(as_priya, ana)
    address, page = letter_page(as_priya, ana)
    assert b"stands on top of the letter" in page.content
    sent = {"name": "Dr. Lee", "subject": "S", "text": "All well.", "warning": ""}
    shown = as_priya.post(address, sent, follow=True).content.decode()
    assert "Open red flag since " in shown


def test_the_administrator_reads_and_writes_nothing(as_priya, ruth, story, ana):
    write(as_priya, ana)
    client, note = client_of(ruth), ClinicalNote.objects.get()
    assert "Edit" not in read(client, url(ana, f"notes/{note.pk}/"))
    assert "Discharge note</a>" not in read(client, url(ana, "notes/"))


@pytest.mark.parametrize("page", ["notes/{}/", "notes/{}/edit/{}/", "letters/{}/"])
def test_of_another_patient_is_404(as_priya, ana, story, bert, colm, page):
    write(as_priya, ana)
    bert.care_team.create(clinic=bert.clinic, therapist=story.opened_by, added_by=colm)
    key = ClinicalNote.objects.get().pk
    assert as_priya.get(url(bert, page.format(key, uuid.uuid4()))).status_code == 404


def test_one_note_and_several_take_the_same_queries(as_priya, story, ana):
    write(as_priya, ana)
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as asked:
            read(as_priya, url(ana, "notes/"))
        counts.append(len(asked))
        for kind in ("initial", "progress", "discharge"):
            write(as_priya, ana, kind)
    assert counts[0] == counts[1]


def test_the_list_leaves_the_texts_in_the_database(as_priya, story, ana):
    write(as_priya, ana)
    with CaptureQueriesContext(connection) as asked:
        assert "Version 1" in read(as_priya, url(ana, "notes/"))
    lists = [
        one["sql"] for one in asked if "_clinicalnote" in one["sql"] or "_letter" in one["sql"]
    ]
    assert len(lists) == 2
    assert not any('."text"' in sql or '."facts"' in sql or '."head"' in sql for sql in lists)
