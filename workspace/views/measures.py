"""What was measured: progress forms, measures taken in the clinic, and what the numbers say."""

import uuid
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts.doors import DoorRequest, posted
from accounts.permissions import Permission
from patients.actions import once
from patients.models import Patient
from programs.actions import check_ins as actions
from programs.forms.measures import measure_form
from programs.measures.definition import Definition, Method
from programs.measures.scale import scale_of
from programs.measures.scoring import scores
from programs.models import CheckIn, Measure
from programs.progress import overview, scheduled
from programs.safety import measuring
from workspace.access import patient_view
from workspace.errors import into_form
from workspace.forms.measure import RecordForm


@patient_view()
def check_ins(request: DoorRequest, patient: Patient) -> HttpResponse:
    history = overview.check_in_history(patient)
    context = {
        "patient": patient,
        "tab": "check_ins",
        "history": history,
        "correction_id": uuid.uuid4(),
        "can_treat": request.user.may(Permission.TREAT),
    }
    return render(request, "workspace/patient_check_ins.html", context)


@patient_view(Permission.TREAT)
def choose(request: DoorRequest, patient: Patient) -> HttpResponse:
    """Every measure, to take one now; by who may answer it."""
    measures = Measure.objects.newest()
    episode, held = overview.current_episode(patient), overview.in_force(patient)
    screen = episode.latest_screen if episode else None
    planned = scheduled.of_episode(episode, patient, held)
    due = {code: one for one in planned if one.is_due for code in one.codes}
    context = {
        "patient": patient,
        "tab": "check_ins",
        "measures": [
            (
                row,
                due.get(row.code),
                measuring.waits(row.parsed, episode, screen, held),
                uuid.uuid4(),
            )
            for row in sorted(measures, key=lambda row: row.code not in due)
        ],
    }
    return render(request, "workspace/measure_choose.html", context)


def _say_saved(request: DoorRequest, measure: Measure, answers: dict[str, Any]) -> None:
    found, title = scores(measure.parsed, answers), measure.title
    whole = next((score for score in found if score.key == measure.code), None)
    if all(score.value is None for score in found):
        messages.warning(request, f"{title} is saved but has no score: some answers are missing.")
    elif whole is None:
        messages.success(request, f"{title} is saved.")
    elif whole.value is None:
        messages.warning(request, f"{title} is saved without a total: some answers are missing.")
    else:
        of_most = "" if whole.maximum is None else f" of {whole.maximum:g}"
        messages.success(request, f"{title} is saved: {whole.value:g}{of_most}.")


@patient_view(Permission.TREAT)
def record(request: DoorRequest, patient: Patient, code: str, check_in_id: UUID) -> HttpResponse:
    if not code.isalnum():
        raise Http404
    measure = get_object_or_404(Measure.objects.filter(code=code).order_by("-version")[:1])
    return _taken(request, patient, measure, check_in_id)


@patient_view(Permission.TREAT)
def correct(
    request: DoorRequest, patient: Patient, wrong_id: UUID, check_in_id: UUID
) -> HttpResponse:
    """A new record for a measure that was entered wrong, on the version it was answered on."""
    taken = CheckIn.objects.filter(patient=patient, form=None).exclude(versions={})
    wrong = get_object_or_404(taken, pk=wrong_id)
    [(code, version)] = wrong.versions.items()
    measure = Measure.objects.get(code=code, version=version)
    return _taken(request, patient, measure, check_in_id, wrong=wrong)


def _taken(
    request: DoorRequest,
    patient: Patient,
    measure: Measure,
    check_in_id: UUID,
    *,
    wrong: CheckIn | None = None,
) -> HttpResponse:
    data = posted(request)
    filled_in = wrong.measures[measure.code] if wrong else None
    form = measure_form(measure.parsed, data, filled_in=filled_in, in_clinic=True)
    is_valid = data is not None and form.is_valid()
    about = RecordForm(
        data,
        measure=measure.parsed,
        takers=actions.who_may_have_taken(patient, by=request.user, wrong=wrong),
        today=patient.clinic.today(),
        unusual=form.unusual if is_valid else (),
        initial=_as_it_was(wrong) if wrong else None,
    )
    if about.is_valid() and is_valid:
        try:
            actions.record_measure(
                check_in_id=check_in_id,
                patient=patient,
                measure=measure,
                answers=form.answers,
                by=request.user,
                replaces=wrong,
                **about.taken,
            )
        except once.NotYours as error:
            raise Http404 from error
        except ValidationError as error:
            into_form(about, error)
        else:
            _say_saved(request, measure, form.answers)
            return redirect("workspace:patient_check_ins", patient.pk)
    context = {
        "patient": patient,
        "tab": "check_ins",
        "measure": measure,
        "form": form,
        "about": about,
        "wrong": wrong,
        **_in_sight(patient, measure.parsed, wrong),
    }
    return render(request, "workspace/measure_record.html", context)


def _in_sight(patient: Patient, definition: Definition, wrong: CheckIn | None) -> dict[str, Any]:
    """Why it waits, or the timer of what is taken now; and the norms that it is held to, of what is
    put right those of its day.
    """
    episode = overview.current_episode(patient)
    screen = episode.latest_screen if episode else None
    waits = measuring.waits(definition, episode, screen, overview.in_force(patient))
    timed = [item for item in definition.items if item.timer] if not wrong and not waits else []
    empty = scores(definition, {})
    age = patient.age_on(wrong.answered_on) if wrong else patient.age
    scale = scale_of(definition, empty, age=age, sex=patient.sex)
    return {
        "waits": waits,
        "timed": timed,
        "saves_itself": len(timed) == len(definition.items) == 1,
        "stops_at_first": definition.scoring.method is Method.STAGES,
        "scale": scale,
    }


def _as_it_was(wrong: CheckIn) -> dict[str, Any]:
    return {
        "done_on": wrong.answered_on,
        "answered_with": wrong.answered_with,
        **({"taken_by": wrong.taken_by_id} if wrong.taken_by_id else {}),
        "note": wrong.note,
    }
