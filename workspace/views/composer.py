"""The plan composer: a draft, line by line, each saved by itself."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST

from accounts.doors import DoorRequest
from accounts.permissions import Permission
from programs import composing, today
from programs.actions import plans as actions
from programs.actions import prescriptions
from programs.models import Exercise, Plan, Prescription
from workspace.access import audit_if_shown, posted_object, workspace_view
from workspace.errors import into_form, into_messages
from workspace.forms.plan import AddExerciseForm, PlanSettingsForm, PrescriptionForm

PlanView = Callable[..., HttpResponse]


def draft_view(view: PlanView) -> PlanView:
    """A view of a draft that the user may see and treat; a frozen plan shows its patient's page."""

    @workspace_view(Permission.TREAT)
    @wraps(view)
    def found(request: DoorRequest, plan_id: UUID, *args: Any, **kwargs: Any) -> HttpResponse:
        plan = get_object_or_404(composing.plans_visible_to(request.user), pk=plan_id)
        if not plan.is_draft:
            messages.info(request, "This plan is frozen. Adapt it to make a new version.")
            return redirect("workspace:patient_plan", plan.patient_id)
        response = view(request, plan, *args, **kwargs)
        audit_if_shown(request, plan.patient, response)
        return response

    return found


def prescription_view(view: PlanView) -> PlanView:
    """A POST about one line of a draft."""

    @require_POST
    @workspace_view(Permission.TREAT)
    @wraps(view)
    def found(request: DoorRequest, prescription_id: UUID) -> HttpResponse:
        row = get_object_or_404(
            Prescription.objects.visible_to(request.user).only("plan_id"), pk=prescription_id
        )
        plan = get_object_or_404(composing.plans_visible_to(request.user), pk=row.plan_id)
        draft = composing.load(plan)
        response = view(request, draft, draft.line(prescription_id))
        audit_if_shown(request, plan.patient, response)
        return response

    return found


def _line_response(
    request: DoorRequest, draft: composing.Draft, line: composing.Line, form: PrescriptionForm
) -> HttpResponse:
    """The line again, with the totals and gates that may have changed with it."""
    if not request.htmx:  # type: ignore[attr-defined]
        return _page(request, draft, {line.prescription.pk: form})
    context = {"draft": draft, "line": line, "form": form, "swapped": True}
    return render(request, "workspace/partials/line_and_summary.html", context)


def _page(
    request: DoorRequest,
    draft: composing.Draft,
    forms: dict[UUID, PrescriptionForm] | None = None,
    settings_form: PlanSettingsForm | None = None,
) -> HttpResponse:
    bound = forms or {}
    plan = draft.plan
    rows = [
        (
            part,
            [
                (
                    line,
                    bound.get(line.prescription.pk) or PrescriptionForm(instance=line.prescription),
                )
                for line in part.lines
            ],
        )
        for part in draft.phases
    ]
    context = {
        "draft": draft,
        "plan": plan,
        "patient": plan.patient,
        "rows": rows,
        "settings_form": settings_form or PlanSettingsForm(instance=plan, user=request.user),
        "add_form": AddExerciseForm(plan=plan, user=request.user),
    }
    return render(request, "workspace/composer.html", context)


@draft_view
def compose(request: DoorRequest, plan: Plan) -> HttpResponse:
    return _page(request, composing.load(plan))


@require_POST
@draft_view
def settings(request: DoorRequest, plan: Plan) -> HttpResponse:
    form = PlanSettingsForm(request.POST, instance=plan, user=request.user)
    if form.is_valid():
        fresh = composing.plans_visible_to(request.user).get(pk=plan.pk)
        try:
            actions.change(plan=fresh, by=request.user, **form.changes)
            actions.choose_forms(plan=fresh, forms=form.cleaned_data["forms"], by=request.user)
        except ValidationError as error:
            into_messages(request, error)
        else:
            messages.success(request, "Saved.")
        return redirect("workspace:composer", plan.pk)
    return _page(request, composing.load(plan), settings_form=form)


@require_POST
@draft_view
def add_exercise(request: DoorRequest, plan: Plan) -> HttpResponse:
    form = AddExerciseForm(request.POST, plan=plan, user=request.user)
    if not form.is_valid():
        messages.error(request, "Choose an exercise of the library.")
        return redirect("workspace:composer", plan.pk)
    phase = form.cleaned_data["phase"]
    phase.plan = plan
    try:
        added = prescriptions.add(
            phase=phase, exercise=form.cleaned_data["exercise"], by=request.user
        )
    except ValidationError as error:
        into_messages(request, error)
        return redirect("workspace:composer", plan.pk)
    if not added.included:
        messages.warning(request, f"{added.exercise} is added but off: see its safety gate.")
    return redirect(f"{request.path.removesuffix('add/')}#line-{added.pk}")


@prescription_view
def change(request: DoorRequest, draft: composing.Draft, line: composing.Line) -> HttpResponse:
    form = PrescriptionForm(request.POST, instance=line.prescription)
    if form.is_valid():
        try:
            # The line's own object carries the form's values; the action checks and saves it.
            prescriptions.change(
                prescription=line.prescription, by=request.user, **form.cleaned_data
            )
        except ValidationError as error:
            into_form(form, error)
    if form.is_valid() and not request.htmx:  # type: ignore[attr-defined]
        return redirect("workspace:composer", draft.plan.pk)
    fresh = composing.load(draft.plan)
    return _line_response(request, fresh, fresh.line(line.prescription.pk), form)


@prescription_view
def swap(request: DoorRequest, draft: composing.Draft, line: composing.Line) -> HttpResponse:
    library = Exercise.objects.visible_to(request.user).active()
    exercise = posted_object(request, "exercise", library, by="code")
    try:
        prescriptions.swap(prescription=line.prescription, exercise=exercise, by=request.user)
    except ValidationError as error:
        into_messages(request, error)
    return redirect("workspace:composer", draft.plan.pk)


@prescription_view
def remove(request: DoorRequest, draft: composing.Draft, line: composing.Line) -> HttpResponse:
    try:
        prescriptions.remove(prescription=line.prescription, by=request.user)
    except ValidationError as error:
        into_messages(request, error)
    return redirect("workspace:composer", draft.plan.pk)


@prescription_view
def take_from_library(
    request: DoorRequest, draft: composing.Draft, line: composing.Line
) -> HttpResponse:
    try:
        prescriptions.take_from_library(prescription=line.prescription, by=request.user)
    except ValidationError as error:
        into_messages(request, error)
    return redirect("workspace:composer", draft.plan.pk)


@xframe_options_sameorigin
@draft_view
def preview(request: DoorRequest, plan: Plan) -> HttpResponse:
    """The patient's page as it will be, phase by phase; read-only."""
    draft = composing.load(plan)
    context = {
        "plan": plan,
        "patient": plan.patient,
        "clinic": plan.clinic,
        "draft": draft,
        "safety": today.safety_items(
            tuple(line.prescription for line in draft.included), plan.episode
        ),
        "framed": "frame" in request.GET,
    }
    return render(request, "workspace/preview.html", context)


@require_POST
@draft_view
def activate(request: DoorRequest, plan: Plan) -> HttpResponse:
    try:
        actions.activate(plan=plan, by=request.user)
    except ValidationError as error:
        into_messages(request, error)
        return redirect("workspace:composer", plan.pk)
    messages.success(request, f"The plan is active. {plan.patient} sees it now.")
    return redirect("workspace:patient", plan.patient_id)


@require_POST
@draft_view
def discard(request: DoorRequest, plan: Plan) -> HttpResponse:
    patient_id = plan.patient_id
    try:
        actions.discard(plan=plan, by=request.user)
    except ValidationError as error:
        into_messages(request, error)
    else:
        messages.success(request, "The draft is gone.")
    return redirect("workspace:patient_plan", patient_id)
