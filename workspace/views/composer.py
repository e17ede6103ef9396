"""The plan composer: a draft, changed by small posts, each saved at once and taken back by undo."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST

from accounts.doors import DoorRequest, text_in
from accounts.permissions import Permission
from programs.actions import drafts, prescriptions
from programs.actions import plans as actions
from programs.course import today
from programs.documents import editing
from programs.models import Exercise, Plan, PlanPhase, Prescription
from programs.motion import people
from programs.plans import composing
from programs.timing.week import DAY_NAMES
from workspace.access import (
    audit_if_shown,
    count_in,
    posted_object,
    typed_search,
    workspace_view,
)
from workspace.errors import RefusedError, into_messages, valid
from workspace.forms.plan import DaysForm, LineForm, PlanSettingsForm
from workspace.picking import picking

PlanView = Callable[..., HttpResponse]


def draft_view(view: PlanView) -> PlanView:
    """A view of a draft that the user may see and treat; a frozen plan shows its patient's page."""

    @workspace_view(Permission.TREAT)
    @wraps(view)
    def found(request: DoorRequest, plan_id: UUID, *args: Any, **kwargs: Any) -> HttpResponse:
        plan = get_object_or_404(composing.plans_visible_to(request.user), pk=plan_id)
        if not plan.is_draft:
            messages.info(request, _who_froze(plan))
            return _elsewhere(request, plan)
        response = view(request, plan, *args, **kwargs)
        audit_if_shown(request, plan.patient, response)
        return response

    return found


def _who_froze(plan: Plan) -> str:
    return f"{plan.activated_by} activated this version. Adapt it to make a new one."


def _elsewhere(request: DoorRequest, plan: Plan) -> HttpResponse:
    """To the patient's plan; htmx would otherwise put that page into the composer."""
    response = redirect("workspace:patient_plan", plan.patient_id)
    if request.htmx:
        return HttpResponse(headers={"HX-Redirect": response.url})
    return response


@draft_view
def compose(request: DoorRequest, plan: Plan) -> HttpResponse:
    if request.method == "POST":
        return _change(request, plan)
    return _page(request, plan)


def _change(request: DoorRequest, plan: Plan) -> HttpResponse:
    """One edit. What can't be understood is shown beside its field, with what was typed."""
    do = EDITS.get(request.POST.get("do", ""))
    if do is None:
        raise Http404
    refused: RefusedError | None = None
    try:
        do(_Edit(request, plan, count_in(request.POST, "stamp")))
    except RefusedError as error:
        refused = error
    except ValidationError as error:
        into_messages(request, error)
    fresh = composing.plans_visible_to(request.user).filter(pk=plan.pk).first()
    if fresh is None or not fresh.is_draft:
        return _elsewhere(request, plan)
    if not request.htmx and refused is None:
        return _back_to(request, plan)
    return _page(request, fresh, refused)


def _back_to(request: DoorRequest, plan: Plan) -> HttpResponse:
    """To the place of the edit: a browser unfolds the phase that it is in."""
    place = text_in(request.POST, "place", 60)
    address = reverse("workspace:composer", args=[plan.pk])
    return redirect(f"{address}#{quote(place)}" if place else address)


def _page(request: DoorRequest, plan: Plan, refused: RefusedError | None = None) -> HttpResponse:
    draft = composing.load(plan, request.user)
    place = refused.place if refused else ""
    found = picking(request)
    worked_at = {place, request.POST.get("place", ""), found["search_place"]}
    context = {
        "draft": draft,
        "plan": plan,
        "patient": plan.patient,
        "weekdays": DAY_NAMES,
        "refused": refused,
        "open_phases": [
            part.phase.number
            for part in draft.phases
            if part.phase.number == draft.here or any(map(part.has, worked_at))
        ],
        "settings_form": refused.form
        if refused and place == "settings"
        else PlanSettingsForm(instance=plan, user=request.user),
        **found,
    }
    is_part = bool(request.htmx)
    name = "partials/composer.html" if is_part else "composer.html"
    return render(request, f"workspace/{name}", context)


@dataclass(frozen=True)
class _Edit:
    """One posted change to a draft, with what it is about."""

    request: DoorRequest
    plan: Plan
    stamp: int

    @property
    def common(self) -> dict[str, Any]:
        return {"by": self.request.user, "stamp": self.stamp}

    @property
    def line(self) -> Prescription:
        """Raises ValidationError when the line is gone, as when a colleague removed it."""
        lines = self.plan.prescriptions.select_related("exercise", "phase").prefetch_related(
            "exercise__precaution_rules"
        )
        try:
            row = lines.filter(pk=UUID(self.request.POST.get("line", ""))).first()
        except ValueError as error:
            raise Http404 from error
        if row is None:
            raise ValidationError("That line is not in the draft any more.")
        return row

    @property
    def phase(self) -> PlanPhase:
        numbered = self.plan.phases.filter(number=count_in(self.request.POST, "phase"))
        phase: PlanPhase = get_object_or_404(numbered)
        return phase

    @property
    def exercise(self) -> Exercise:
        library = Exercise.objects.offered_to(self.request.user)
        found: Exercise = posted_object(self.request, "exercise", library, by="uuid")
        return found


def _change_line(edit: _Edit) -> None:
    row = edit.line
    place = f"line-{row.pk}"
    form = LineForm(edit.request.POST, row=row)
    fields = valid(form, place)
    try:
        prescriptions.change(prescription=row, **edit.common, **fields)
    except drafts.StaleDraftError:
        raise
    except ValidationError as error:
        raise RefusedError(place, form.refused(error)) from error


def _change_days(edit: _Edit) -> None:
    row = edit.line
    days = valid(DaysForm(edit.request.POST), f"days-{row.pk}")["days"]
    prescriptions.change(prescription=row, weekdays=days, **edit.common)


def _swap(edit: _Edit) -> None:
    prescriptions.swap(prescription=edit.line, exercise=edit.exercise, **edit.common)


def _move(edit: _Edit) -> None:
    to = count_in(edit.request.POST, "to")
    prescriptions.move(prescription=edit.line, to=to, **edit.common)


def _remove(edit: _Edit) -> None:
    prescriptions.remove(prescription=edit.line, **edit.common)


def _take_from_library(edit: _Edit) -> None:
    prescriptions.take_from_library(prescription=edit.line, **edit.common)


def _add(edit: _Edit) -> None:
    added = prescriptions.add(phase=edit.phase, exercise=edit.exercise, **edit.common)
    if not added.included:
        messages.warning(edit.request, f"{added.exercise} is added but off: see its safety gate.")


def _change_settings(edit: _Edit) -> None:
    form = PlanSettingsForm(edit.request.POST, instance=edit.plan, user=edit.request.user)
    chosen = valid(form, "settings")
    fresh = composing.plans_visible_to(edit.request.user).get(pk=edit.plan.pk)
    actions.change(plan=fresh, forms=chosen["forms"], **edit.common, **form.changes)


def _undo(edit: _Edit) -> None:
    words = drafts.undo(plan=edit.plan, **edit.common)
    messages.info(edit.request, f"Taken back: {words}.")


EDITS: dict[str, Callable[[_Edit], None]] = {
    "line": _change_line,
    "days": _change_days,
    "swap": _swap,
    "move": _move,
    "remove": _remove,
    "from_library": _take_from_library,
    "add": _add,
    "settings": _change_settings,
    "undo": _undo,
}


@draft_view
def pick(request: DoorRequest, plan: Plan) -> HttpResponse:
    """Search as you type: the exercises for a word, each a button that adds it."""
    context = {
        "plan": plan,
        "phase": count_in(request.GET, "phase"),
        "search": typed_search(request),
        "picked": editing.picked(request.user, typed_search(request)),
    }
    return render(request, "workspace/partials/composer_pick.html", context)


@xframe_options_sameorigin
@draft_view
def preview(request: DoorRequest, plan: Plan) -> HttpResponse:
    """The patient's page as it will be, on the first day and phase by phase; read-only."""
    draft = composing.load(plan, request.user)
    chosen = request.GET.get("phase", str(draft.here))
    part = next((one for one in draft.phases if str(one.phase.number) == chosen), draft.phases[0])
    rows = tuple(line.prescription for line in part.included)
    context = {
        "plan": plan,
        "patient": plan.patient,
        "clinic": plan.clinic,
        "draft": draft,
        "part": part,
        "weekdays": DAY_NAMES,
        "safety": today.safety_items(rows, plan.episode),
        "framed": "frame" in request.GET,
    }
    with people.showing(plan.patient.shown_person):
        return render(request, "workspace/preview.html", context)


@require_POST
@draft_view
def activate(request: DoorRequest, plan: Plan) -> HttpResponse:
    """The page's stamp is checked, so that nobody activates what they have not seen."""
    reason = text_in(request.POST, "change_reason")
    stamp = count_in(request.POST, "stamp")
    try:
        active = actions.activate(
            plan=plan,
            by=request.user,
            stamp=stamp,
            reason=reason,
            gate_reason=text_in(request.POST, "gate_reason", 500),
        )
    except ValidationError as error:
        into_messages(request, error)
        return redirect("workspace:composer", plan.pk)
    when = "now" if not active.is_ahead() else f"from {active.starts_on:%-d %b %Y}"
    messages.success(request, f"The plan is active. {plan.patient} sees it {when}.")
    return redirect("workspace:patient_plan", plan.patient_id)


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
