"""Patients brought in from a file: a spreadsheet, or another record's FHIR. Looked at first. And a
record that a patient brought along.

Stands above the doors, as `fhir` reads what the workspace shows.
"""

from collections.abc import Container, Iterable
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render

from accounts import limits
from accounts.doors import DoorRequest, posted
from accounts.models import User
from accounts.permissions import Permission
from fhir import earlier
from fhir import incoming as fhir
from patients import incoming
from patients.actions import earlier_records
from patients.actions import patients as actions
from patients.earlier import day
from patients.incoming import Person, Row
from patients.models import Patient
from workspace.access import audit_list, patient_view, workspace_view
from workspace.forms.patient import EarlierForm, FileForm


@workspace_view(Permission.ADD_PATIENTS)
def patients(request: DoorRequest) -> HttpResponse:
    """The first step shows who is in it, the second adds whom somebody ticked."""
    form = FileForm(posted(request), request.FILES or None)
    people: list[Person] = []
    seen: set[UUID] = set()
    unknown: list[str] = []
    if form.is_bound and form.is_valid() and limits.allows(request, form, "people_file"):
        try:
            rows, unknown = _rows(form, request.user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            people = incoming.look(rows, request.user)
            seen = set(Patient.objects.visible_to(request.user).values_list("pk", flat=True))
            if "save" in request.POST:
                chosen = _chosen(people, request.POST.getlist("add"))
                if chosen and (answer := _added(request, form, chosen)) is not None:
                    return answer
                if not chosen:
                    form.add_error(None, _why_none(request))
            audit_list(request, _named(people, seen))
    context = {
        "form": form,
        "people": people,
        "unknown": unknown,
        "new": sum(one.is_new for one in people),
        "columns": actions.DETAILS.values(),
        "seen": seen,
    }
    return limits.answered(request, render(request, "workspace/patients_import.html", context))


def _rows(form: FileForm, user: User) -> tuple[list[Row], list[str]]:
    assert user.clinic is not None, "Whoever adds patients has a clinic."
    text = form.cleaned_data["text"]
    if fhir.looks_like_it(text):
        keeps = form.cleaned_data["keeps_numbers"]
        return fhir.read(text, user.clinic, keeps_numbers=keeps), []
    return incoming.read_csv(text, user.clinic)


def _chosen(people: Iterable[Person], ticked: list[str]) -> list[Person]:
    """Those that were ticked as they are now: nobody else is known who may be them. None, where
    that has changed for one of them.
    """
    by_key = {one.key: one for one in people if one.can_be_added}
    return [by_key[key] for key in ticked] if set(ticked) <= by_key.keys() else []


def _why_none(request: DoorRequest) -> str:
    if not request.POST.getlist("add"):
        return "Tick whom you want to add."
    return "Somebody like one of them was added meanwhile. Look again, and tick whom you mean."


def _added(request: DoorRequest, form: FileForm, chosen: list[Person]) -> HttpResponse | None:
    """All of them, or none: None, with what stands in the way beside the form."""
    try:
        with transaction.atomic():
            for one in chosen:
                actions.add(by=request.user, is_other=True, **one.said)
    except ValidationError as error:
        form.add_error(None, [f"Nobody is added. {one}: {words}" for words in error.messages])
        return None
    count = len(chosen)
    words = f"{count} patients are added." if count > 1 else f"{chosen[0]} is added."
    messages.success(request, f"{words} Next: open an episode for each.")
    return redirect("workspace:caseload")


def _named(people: Iterable[Person], seen: Container[UUID]) -> list[Patient]:
    """Patients of the clinic whom the page names. Who has a number is told to those who treat them
    alone: numbers can be guessed.
    """
    people = list(people)
    same = [one.same for one in people if one.same is not None and one.same.pk in seen]
    return same + [known for one in people for known in one.alike]


@patient_view(Permission.TREAT)
def record(request: DoorRequest, patient: Patient) -> HttpResponse:
    """Another clinic's, as a file: to be read here, once somebody is sure whose it is."""
    form = EarlierForm(posted(request), request.FILES or None)
    if form.is_valid() and limits.allows(request, form, "record_file"):
        try:
            brought = earlier.read(form.cleaned_data["file"].read(), patient.clinic)
            who = _differing(patient, brought.row)
            if who and not form.is_sure_of(brought.digest):
                form.ask_if_same(who, brought.digest)
            else:
                made = earlier_records.bring(
                    patient=patient,
                    clinic_name=brought.clinic_name,
                    made_at=brought.made_at,
                    digest=brought.digest,
                    content=brought.content,
                    by=request.user,
                )
                messages.success(request, f"{made} is here to be read.")
                return redirect("workspace:earlier", patient.pk, made.pk)
        except ValidationError as error:
            form.add_error(None, error.messages)
    context = {"patient": patient, "tab": "record", "form": form}
    answer = render(request, "workspace/earlier_add.html", context)
    return limits.answered(request, answer)


def _differing(patient: Patient, row: Row) -> str:
    """Who it is about, where that is not plainly this patient; else empty."""
    said = [str(row.said.get(name, "")) for name in incoming.NEEDED]
    ours = [str(getattr(patient, name)) for name in incoming.NEEDED]
    if [one.casefold() for one in said] == [one.casefold() for one in ours]:
        return ""
    name = " ".join(filter(None, said[:2])) or "somebody without a name"
    return f"{name}, born {day(said[2])}" if said[2] else name
