"""The weekly check-in."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts.doors import DoorRequest, posted
from patients.models import Patient
from portal.access import portal_view
from portal.forms.check_in import MEASURE_FORMS, NoteForm
from programs.actions import check_ins
from programs.actions.sessions import NotYours
from programs.models import CheckIn, Plan


@portal_view
def answer(
    request: DoorRequest, patient: Patient, plan_id: UUID, check_in_id: UUID
) -> HttpResponse:
    plans = Plan.objects.visible_to(request.user).frozen()
    plan = get_object_or_404(plans, pk=plan_id)
    plan.clinic, plan.patient = patient.clinic, patient
    if request.method == "GET" and CheckIn.objects.filter(pk=check_in_id, patient=patient).exists():
        return redirect("portal:progress")  # the back button after saving
    last = CheckIn.objects.filter(patient=patient).first()
    previous = last.answers if last else {}
    data = posted(request)
    forms = [
        MEASURE_FORMS[code](data, previous=previous.get(code)) for code in plan.check_in_measures
    ]
    note = NoteForm(data)
    valid = data is not None and all([*[form.is_valid() for form in forms], note.is_valid()])
    if valid and not any(form.is_answered for form in forms):
        note.add_error(None, "Answer at least one question, or come back later.")
    elif valid:
        try:
            check_ins.record(
                check_in_id=check_in_id,
                plan=plan,
                answers={form.code: form.answers for form in forms},
                note=note.cleaned_data["note"],
                by=request.user,
            )
        except NotYours as error:
            raise Http404 from error
        except ValidationError as error:
            note.add_error(None, error.messages)
        else:
            messages.success(request, "Thank you. Your answers are with your therapist.")
            return redirect("portal:progress")
    context = {"patient": patient, "clinic": patient.clinic, "forms": forms, "note": note}
    return render(request, "portal/check_in.html", context)
