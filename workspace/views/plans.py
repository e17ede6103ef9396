"""A patient's plan: choosing programs, and the life of the active plan."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.compiled import compiled
from accounts.doors import DoorRequest, posted, text_in
from accounts.permissions import Permission
from patients.models import Episode, Patient
from programs.actions import discharge, pauses, phases
from programs.actions import plans as actions
from programs.actions import programs as program_actions
from programs.models import Pause, Plan, PlanPhase, Program
from programs.plans import choosing, moving
from programs.plans import note as plan_note
from programs.progress import standing
from programs.progress.overview import in_force
from programs.safety import gates
from programs.safety.situation import Situation
from workspace.access import patient_view, posted_object
from workspace.errors import into_form, into_messages
from workspace.forms.assign import AssignForm, EndForm, PauseForm
from workspace.views.episodes import open_episode_of


@patient_view()
def plan_page(request: DoorRequest, patient: Patient) -> HttpResponse:
    return _plan_page(request, patient)


def _plans_of(patient: Patient) -> list[Plan]:
    return list(_plans(patient.pk))


@compiled
def _plans(patient: UUID) -> QuerySet[Plan]:
    of_patient: QuerySet[Plan] = Plan.objects.filter(patient=patient)
    return of_patient.select_related(
        "clinic", "program", "second_program", "activated_by", "episode__clinic"
    )


def _plan_page(
    request: DoorRequest, patient: Patient, pause_form: PauseForm | None = None
) -> HttpResponse:
    plans = _plans_of(patient)
    now = standing.load(patient, plans)
    situation = Situation.of(now.plan) if now else None
    context = {
        "patient": patient,
        "tab": "plan",
        "plans": plans,
        "draft": next((plan for plan in plans if plan.is_draft), None),
        "now": now,
        "asks": moving.asks(situation, now) if situation else [],
        "held": situation.restrictions if situation else in_force(patient),
        "note": plan_note.plan_paragraph(now.course, now.phase) if now else "",
        "pause_form": pause_form or PauseForm(initial={"first": patient.clinic.today()}),
        "can_treat": request.user.may(Permission.TREAT),
    }
    return render(request, "workspace/patient_plan.html", context)


@patient_view(Permission.TREAT)
def assign(request: DoorRequest, patient: Patient) -> HttpResponse:
    """Choose a program, or two; the draft opens in the composer."""
    episode = open_episode_of(patient)
    if episode is None:
        messages.error(request, "Open an episode first: the safety gates need it.")
        return redirect("workspace:episode", patient.pk)
    if request.method == "POST":
        return _assign(request, patient, episode)
    situation = Situation.before_any_plan(episode)
    context = {
        "patient": patient,
        "episode": episode,
        "choice": choosing.load(request.user, episode),
        "draft": episode.plans.drafts().first(),
        "findings": [*gates.screen_findings(situation), *gates.change_findings(situation)],
    }
    return render(request, "workspace/assign.html", context)


def _assign(request: DoorRequest, patient: Patient, episode: Episode) -> HttpResponse:
    form = AssignForm(request.POST, user=request.user)
    if not form.is_valid():
        messages.error(request, "Choose a program of the list.")
        return redirect("workspace:assign", patient.pk)
    try:
        draft = actions.assign(
            program=form.cleaned_data["program"],
            second_program=form.second_program,
            episode=episode,
            by=request.user,
        )
    except ValidationError as error:
        into_messages(request, error)
        return redirect("workspace:patient_plan", patient.pk)
    return redirect("workspace:composer", draft.pk)


@require_POST
@patient_view(Permission.TREAT)
def favorite(request: DoorRequest, patient: Patient) -> HttpResponse:
    """Put a program on one's own short list, or take it off."""
    programs = Program.objects.offered_to(request.user)
    program = posted_object(request, "program", programs, by="uuid")
    program_actions.toggle_favorite(program=program, by=request.user)
    return redirect("workspace:assign", patient.pk)


def active_plan_view(view: Callable[[DoorRequest, Patient, Plan], Any]) -> Any:
    """A POST about the active plan; 404 without one. It ends on the plan's page."""

    @require_POST
    @patient_view(Permission.TREAT)
    def found(request: DoorRequest, patient: Patient) -> HttpResponse:
        plans = Plan.objects.active().select_related("episode", "program", "second_program")
        plan = get_object_or_404(plans.select_related("clinic", "patient"), patient=patient)
        try:
            response: HttpResponse | None = view(request, patient, plan)
        except ValidationError as error:
            into_messages(request, error)
            response = None
        return response or redirect("workspace:patient_plan", patient.pk)

    return found


@active_plan_view
def adapt(request: DoorRequest, patient: Patient, plan: Plan) -> HttpResponse:
    """The draft opens at the patient's phase."""
    draft = actions.adapt(plan=plan, by=request.user)
    return redirect(f"{reverse('workspace:composer', args=[draft.pk])}#here")


@active_plan_view
def decide_phase(request: DoorRequest, patient: Patient, plan: Plan) -> None:
    """Progress, hold or regress."""
    among = PlanPhase.objects.filter(plan__patient=patient).select_related("plan__clinic")
    phase = posted_object(request, "phase", among)
    reason = text_in(request.POST, "reason")
    shown = posted_object(request, "shown", among).pk if "shown" in request.POST else None
    start = phases.start(phase=phase, reason=reason, by=request.user, shown=shown)
    messages.success(
        request, f"{start.get_move_display()}: {patient} is in phase {start.phase} from today."
    )


@active_plan_view
def pause(request: DoorRequest, patient: Patient, plan: Plan) -> HttpResponse | None:
    form = PauseForm(request.POST)
    if form.is_valid():
        try:
            pauses.pause(plan=plan, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            into_form(form, error)
    if not form.is_valid():
        return _plan_page(request, patient, pause_form=form)
    messages.success(request, f"Paused. {patient} sees that nothing is due.")
    return None


@active_plan_view
def resume(request: DoorRequest, patient: Patient, plan: Plan) -> None:
    pauses.resume(plan=plan, by=request.user)
    messages.success(request, f"The plan goes on. {patient} sees it again from today.")


@active_plan_view
def withdraw_pause(request: DoorRequest, patient: Patient, plan: Plan) -> None:
    pause = posted_object(request, "pause", Pause.objects.filter(episode=plan.episode))
    pauses.withdraw(pause=pause, plan=plan, by=request.user)
    messages.success(request, "That pause is taken back.")


@patient_view(Permission.TREAT)
def end(request: DoorRequest, patient: Patient) -> HttpResponse:
    """How it went: the outcome, the discharge summary, and whether the episode closes, too."""
    episode = open_episode_of(patient)
    if episode is None:
        messages.info(request, "No episode is open.")
        return redirect("workspace:patient_record", patient.pk)
    initial = {"summary": discharge.summary_of(episode)}
    form = EndForm(posted(request), initial=initial)
    if form.is_valid():
        try:
            discharge.finish(episode=episode, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            into_form(form, error)
        else:
            messages.success(request, "The plan has ended. Its sessions stay on record.")
            return redirect("workspace:patient_plan", patient.pk)
    plan = episode.plans.active().first()
    context = {"patient": patient, "episode": episode, "plan": plan, "form": form}
    return render(request, "workspace/plan_end.html", context)
