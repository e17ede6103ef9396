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
from patients.models import Patient
from programs.actions import check_ins as actions
from programs.actions.sessions import NotYours
from programs.forms.measures import measure_form
from programs.measures.scoring import scores
from programs.models import Measure
from programs.progress import overview
from workspace.access import patient_view
from workspace.errors import into_form
from workspace.forms.measure import RecordForm


@patient_view()
def check_ins(request: DoorRequest, patient: Patient) -> HttpResponse:
    context = {
        "patient": patient,
        "tab": "check_ins",
        "history": overview.check_in_history(patient),
    }
    return render(request, "workspace/patient_check_ins.html", context)


@patient_view(Permission.TREAT)
def choose(request: DoorRequest, patient: Patient) -> HttpResponse:
    """Every measure, to take one now; by who may answer it."""
    newest = {row.code: row for row in Measure.objects.order_by("version")}
    measures = sorted(newest.values(), key=lambda row: (row.code[0], int(row.code[1:])))
    context = {
        "patient": patient,
        "tab": "check_ins",
        "measures": measures,
        "check_in_id": uuid.uuid4(),
    }
    return render(request, "workspace/measure_choose.html", context)


def _say_saved(request: DoorRequest, measure: Measure, answers: dict[str, Any]) -> None:
    if any(score.value is not None for score in scores(measure.parsed, answers)):
        messages.success(request, f"{measure.title} is saved.")
    else:
        messages.warning(
            request, f"{measure.title} is saved but has no score: some answers are missing."
        )


@patient_view(Permission.TREAT)
def record(request: DoorRequest, patient: Patient, code: str, check_in_id: UUID) -> HttpResponse:
    if not code.isalnum():
        raise Http404
    measure = get_object_or_404(Measure.objects.filter(code=code).order_by("-version")[:1])
    form = measure_form(measure.parsed, posted(request))
    about = RecordForm(posted(request), measure=measure.parsed)
    if request.method == "POST" and all([form.is_valid(), about.is_valid()]):
        if not form.is_answered:
            about.add_error(None, "Nothing was entered yet.")
        else:
            try:
                actions.record_measure(
                    check_in_id=check_in_id,
                    patient=patient,
                    measure=measure,
                    answers=form.answers,
                    by=request.user,
                    **about.cleaned_data,
                )
            except NotYours as error:
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
    }
    return render(request, "workspace/measure_record.html", context)
