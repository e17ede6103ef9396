"""A progress form that is due."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.doors import DoorRequest, posted
from patients.actions import once
from patients.models import Patient
from portal.access import portal_view
from portal.forms.note import NoteForm
from programs.actions import check_ins
from programs.forms.answering import AnswerForms
from programs.models import CheckIn, CheckInDraft, Plan, PlanForm
from programs.safety import measuring


@portal_view
def answer(
    request: DoorRequest, patient: Patient, form_id: UUID, check_in_id: UUID
) -> HttpResponse:
    due = get_object_or_404(_forms_on_screen(request), pk=form_id)
    due.plan.clinic, due.plan.patient = patient.clinic, patient
    if request.method == "GET" and CheckIn.objects.filter(pk=check_in_id, patient=patient).exists():
        return redirect("portal:progress")  # the back button after saving
    begun = check_ins.begun(patient=patient, form=due.version)
    typed = posted(request) or (_as_typed(begun) if begun else None)
    definitions = due.version.definitions()
    forms = AnswerForms(
        due.version,
        definitions,
        typed,
        previous=_previous(patient, due),
        waiting=measuring.waiting(definitions.values(), patient),
    )
    note = NoteForm(typed)
    if request.method == "POST" and all([forms.is_valid(), note.is_valid()]):
        if not forms.is_answered:
            note.add_error(None, _("Answer at least one question, or come back later."))
        elif _saved(request, due, check_in_id, forms, note):
            messages.success(request, _("Thank you. Your answers are with your therapist."))
            return redirect("portal:progress")
    context = {
        "patient": patient,
        "clinic": patient.clinic,
        "forms": forms,
        "note": note,
        "due": due,
        "check_in_id": check_in_id,
        "begun": begun if request.method == "GET" else None,
    }
    return render(request, "portal/check_in.html", context)


def _as_typed(begun: CheckInDraft) -> QueryDict:
    """What was typed on an earlier visit, as if it were typed now."""
    data = QueryDict(mutable=True)
    for name, values in begun.fields.items():
        data.setlist(name, values)
    return data


@require_POST
@portal_view
def keep(request: DoorRequest, patient: Patient, form_id: UUID, check_in_id: UUID) -> HttpResponse:
    """Saved as typed, by the page's script; an empty answer says that it was."""
    due = get_object_or_404(_forms_on_screen(request), pk=form_id)
    typed = {
        name: values
        for name, values in request.POST.lists()
        if name != "csrfmiddlewaretoken" and any(values)
    }
    try:
        check_ins.keep(patient=patient, form=due.version, check_in_id=check_in_id, fields=typed)
    except ValidationError:
        return HttpResponse(status=413)
    return HttpResponse(status=204)


def _forms_on_screen(request: DoorRequest) -> QuerySet[PlanForm]:
    frozen = Plan.objects.visible_to(request.user).frozen()
    found: QuerySet[PlanForm] = PlanForm.objects.filter(plan__in=frozen)
    return found.select_related("plan", "version__form")


def _previous(patient: Patient, due: PlanForm) -> dict:
    """The last answers to the same form: its activities' names come back."""
    last = CheckIn.objects.filter(patient=patient, form__form_id=due.version.form_id).first()
    return last.answers if last else {}


def _saved(
    request: DoorRequest, due: PlanForm, check_in_id: UUID, forms: AnswerForms, note: NoteForm
) -> bool:
    try:
        check_ins.record(
            check_in_id=check_in_id,
            plan=due.plan,
            form=due.version,
            answers=forms.answers,
            note=note.cleaned_data["note"],
            by=request.user,
        )
    except once.NotYours as error:
        raise Http404 from error
    except ValidationError as error:
        note.add_error(None, error.messages)
        return False
    return True
