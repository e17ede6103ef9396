"""Notes about a patient in versions, and letters made of them."""

import uuid
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts.doors import DoorRequest, posted
from accounts.limits import limited
from accounts.permissions import Permission
from patients.models import Episode, Patient
from patients.models.patient import Language
from programs.actions import notes as actions
from programs.handout import letter as paper
from programs.handout.render import Paper
from programs.models import ClinicalNote, Letter
from programs.models.note import NoteKind, Recipient
from programs.notes import compose, letters
from programs.notes.known import are_still_of, days_of
from programs.notes.wording import as_text, facts_of
from programs.progress import overview
from workspace.access import patient_view
from workspace.errors import stored
from workspace.forms.note import LetterForm, NewNoteForm, NoteForm
from workspace.noted import passages


def _language(request: DoorRequest, default: str = Language.ENGLISH) -> str:
    chosen = request.GET.get("language", default)
    return chosen if chosen in Language.values else default


def _episode(patient: Patient) -> Episode | None:
    episode = overview.current_episode(patient)
    if episode is not None:
        episode.patient, episode.clinic = patient, patient.clinic
    return episode


def _without_texts(rows: QuerySet[Letter]) -> QuerySet[Letter]:
    """For a list of them."""
    return rows.defer("text", "warning", "advice", "head")


def _note(patient: Patient, note_id: UUID) -> ClinicalNote:
    rows = ClinicalNote.objects.filter(patient=patient).select_related("episode", "written_by")
    note: ClinicalNote = get_object_or_404(rows, pk=note_id)
    note.patient = note.episode.patient = patient
    note.clinic = note.episode.clinic = patient.clinic
    return note


@patient_view()
def page(request: DoorRequest, patient: Patient) -> HttpResponse:
    """All of them, oldest first; each with its letters and the versions before."""
    rows = ClinicalNote.objects.filter(patient=patient).select_related("written_by", "episode")
    by_id = {note.pk: note for note in rows.defer("text", "facts").order_by("written_at")}
    letters_ = Letter.objects.filter(patient=patient).select_related("made_by")
    made = _without_texts(letters_).order_by("made_at")
    of_notes: dict[UUID, list[Letter]] = {}
    for one in made:
        of_notes.setdefault(one.note_id, []).append(one)
    replaced = {note.replaces_id for note in by_id.values()}
    found = []
    for note in by_id.values():
        if note.pk not in replaced:
            versions = _versions(note, by_id)
            of_note = [one for version in versions for one in of_notes.get(version.pk, [])]
            found.append({"note": note, "versions": versions[:-1], "letters": of_note})
    context = {
        "patient": patient,
        "tab": "notes",
        "notes": found,
        "kinds": list(NoteKind),
        "new_id": uuid.uuid4(),
        "episode": overview.current_episode(patient),
        "can_treat": request.user.may(Permission.TREAT),
    }
    return render(request, "workspace/patient_notes.html", context)


def _versions(note: ClinicalNote, by_id: dict[UUID, ClinicalNote]) -> list[ClinicalNote]:
    """The note and those that it replaces, oldest first."""
    found = [note]
    while found[0].replaces_id is not None:
        found.insert(0, by_id[found[0].replaces_id])
    return found


@patient_view(Permission.TREAT)
def write(request: DoorRequest, patient: Patient, kind: str, new_id: UUID) -> HttpResponse:
    """A new note, filled in from the data; saved as it stands or edited first."""
    if kind not in NoteKind.values:
        raise Http404
    episode = _episode(patient)
    if episode is None:
        messages.info(request, "Open an episode first: a note is about one.")
        return redirect("workspace:patient_notes", patient.pk)
    language, wanted = _language(request), NoteKind(kind)
    form = NewNoteForm(posted(request))
    note = stored(
        form,
        lambda: actions.save(
            note_id=new_id,
            episode=episode,
            kind=wanted,
            language=language,
            by=request.user,
            **form.cleaned_data,
        ),
    )
    if note is not None:
        messages.success(request, f"The {note.get_kind_display().lower()} is saved.")
        return redirect("workspace:note", patient.pk, note.pk)
    days = form.days
    if days is None or not are_still_of(episode, wanted, *days):
        days = days_of(episode, wanted)
    form.show(*days)
    first, last = days
    sections = compose.of_days(episode, wanted, first, last, language=language)
    form.initial["text"] = as_text(sections)
    context = {
        "patient": patient,
        "tab": "notes",
        "kind": wanted,
        "first": first,
        "last": last,
        "form": form,
        "passages": passages(as_text(sections), patient, facts_of(sections)),
        "language": language,
        "languages": Language,
    }
    return render(request, "workspace/note_write.html", context)


@patient_view()
def read(request: DoorRequest, patient: Patient, note_id: UUID) -> HttpResponse:
    note = _note(patient, note_id)
    newer = ClinicalNote.objects.filter(replaces=note).first()
    context = {
        "patient": patient,
        "tab": "notes",
        "note": note,
        "newer": newer,
        "passages": passages(note.text, patient, note.facts),
        "copied": f"{letters.heading(note)}\n\n{note.text}",
        "letters": _without_texts(note.letters.select_related("made_by")),
        "recipients": list(Recipient),
        "new_id": uuid.uuid4(),
        "can_treat": request.user.may(Permission.TREAT),
    }
    return render(request, "workspace/note.html", context)


@patient_view(Permission.TREAT)
def edit(request: DoorRequest, patient: Patient, note_id: UUID, new_id: UUID) -> HttpResponse:
    """Another version of a note; the one before stays."""
    note = _note(patient, note_id)
    form = NoteForm(posted(request), initial={"text": note.text})
    newer = stored(
        form,
        lambda: actions.change(note_id=new_id, note=note, by=request.user, **form.cleaned_data),
    )
    if newer is not None:
        messages.success(request, f"Saved as version {newer.version}.")
        return redirect("workspace:note", patient.pk, newer.pk)
    context = {
        "patient": patient,
        "tab": "notes",
        "kind": NoteKind(note.kind),
        "note": note,
        "newer": ClinicalNote.objects.filter(replaces=note).first(),
        "first": note.first,
        "last": note.last,
        "form": form,
        "passages": passages(note.text, patient, note.facts),
        "language": note.language,
    }
    return render(request, "workspace/note_write.html", context)


@patient_view(Permission.TREAT)
def write_letter(
    request: DoorRequest, patient: Patient, note_id: UUID, new_id: UUID
) -> HttpResponse:
    """A letter from this version: to whom and in which language stands in the address."""
    note = _note(patient, note_id)
    wanted = request.GET.get("to", "")
    to = Recipient(wanted) if wanted in Recipient.values else Recipient.PHYSICIAN
    language = _language(request, note.language if to.is_clinician else patient.language)
    form = LetterForm(posted(request), initial=_begun(note, to, language))
    letter = stored(
        form,
        lambda: actions.make_letter(
            letter_id=new_id,
            note=note,
            to=to,
            language=language,
            by=request.user,
            **form.cleaned_data,
        ),
    )
    if letter is not None:
        messages.success(request, "The letter is made. It stays as it is.")
        return redirect("workspace:letter", patient.pk, letter.pk)
    context = {
        "patient": patient,
        "tab": "notes",
        "note": note,
        "to": to,
        "recipients": list(Recipient),
        "language": language,
        "languages": Language,
        "form": form,
        "warning": letters.warning(note.episode, to, language).splitlines(),
        "advice": letters.advice(note.episode, to, language).splitlines(),
        "is_of_note": letters.is_of_note(note, to, language),
    }
    return render(request, "workspace/letter_write.html", context)


def _begun(note: ClinicalNote, to: Recipient, language: str) -> dict[str, Any]:
    """Filled in; the recipient as in the last letter to one of this kind."""
    last = Letter.objects.filter(patient=note.patient, to=to).order_by("made_at").last()
    return {
        "name": last.name if last else "" if to.is_clinician else str(note.patient),
        "address": last.address if last else "",
        "subject": letters.subject(note, to, language),
        "text": letters.text(note, to, language),
    }


def _letter(patient: Patient, letter_id: UUID) -> Letter:
    rows = Letter.objects.filter(patient=patient).select_related("note", "made_by")
    letter: Letter = get_object_or_404(rows, pk=letter_id)
    letter.patient, letter.clinic = patient, patient.clinic
    return letter


@patient_view()
def letter(request: DoorRequest, patient: Patient, letter_id: UUID) -> HttpResponse:
    found = _letter(patient, letter_id)
    context = {
        "patient": patient,
        "tab": "notes",
        "letter": found,
        "passages": passages(found.text, patient),
        "warning": found.warning.splitlines(),
        "advice": found.advice.splitlines(),
        "papers": list(Paper),
    }
    return render(request, "workspace/letter.html", context)


@patient_view()
@limited("staff_paper")
def letter_file(request: DoorRequest, patient: Patient, letter_id: UUID) -> HttpResponse:
    """The PDF. Its name tells nobody who it is about."""
    found = _letter(patient, letter_id)
    chosen = request.GET.get("paper", "")
    made = paper.pdf(found, paper=Paper(chosen) if chosen in Paper.values else Paper.A4)
    actions.downloaded(letter=found, by=request.user)
    name = f"letter-{found.made_on.isoformat()}.pdf"
    return HttpResponse(
        made,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"'},
    )
