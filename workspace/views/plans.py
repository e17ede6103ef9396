"""A patient's plan: choosing a program, and the life of the active plan."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts.doors import DoorRequest
from accounts.permissions import Permission
from patients.models import Patient
from programs import gates
from programs.actions import plans as actions
from programs.course import Course
from programs.models import Plan, PlanPhase, Program
from workspace.access import patient_view, posted_object
from workspace.errors import into_messages
from workspace.views.episodes import open_episode_of


@patient_view()
def plan_page(request: DoorRequest, patient: Patient) -> HttpResponse:
    plans = list(
        Plan.objects.filter(patient=patient).select_related("clinic", "program", "activated_by")
    )
    active = next((plan for plan in plans if plan.is_active), None)
    course = Course.load([active])[0] if active else None
    context = {
        "patient": patient,
        "tab": "plan",
        "plans": plans,
        "draft": next((plan for plan in plans if plan.is_draft), None),
        "course": course,
        "current": course.phase_on(patient.clinic.today()) if course else None,
        "phases": [(phase, course.in_phase(phase)) for phase in course.phases] if course else [],
    }
    return render(request, "workspace/patient_plan.html", context)


@patient_view(Permission.TREAT)
def assign(request: DoorRequest, patient: Patient) -> HttpResponse:
    """Choose a program; the draft opens in the composer."""
    episode = open_episode_of(patient)
    if episode is None:
        messages.error(request, "Open an episode first: the safety gates need it.")
        return redirect("workspace:episode", patient.pk)
    programs = Program.objects.visible_to(request.user).active()
    if request.method == "POST":
        program = posted_object(request, "program", programs, by="uuid")
        try:
            draft = actions.assign(program=program, episode=episode, by=request.user)
        except ValidationError as error:
            into_messages(request, error)
            return redirect("workspace:patient_plan", patient.pk)
        return redirect("workspace:composer", draft.pk)
    context = {
        "patient": patient,
        "episode": episode,
        "programs": programs.annotate(phase_count=Count("phases")).order_by("code"),
        "draft": episode.plans.drafts().first(),
        "findings": gates.plan_findings_of_screen(episode.latest_screen),
    }
    return render(request, "workspace/assign.html", context)


@require_POST
@patient_view(Permission.TREAT)
def adapt(request: DoorRequest, patient: Patient) -> HttpResponse:
    plan = get_object_or_404(
        Plan.objects.active().select_related("episode", "program"), patient=patient
    )
    try:
        draft = actions.adapt(plan=plan, by=request.user)
    except ValidationError as error:
        into_messages(request, error)
        return redirect("workspace:patient_plan", patient.pk)
    return redirect("workspace:composer", draft.pk)


@require_POST
@patient_view(Permission.TREAT)
def start_phase(request: DoorRequest, patient: Patient) -> HttpResponse:
    phases = PlanPhase.objects.filter(plan__patient=patient).select_related("plan__clinic")
    phase = posted_object(request, "phase", phases)
    try:
        actions.start_phase(phase=phase, by=request.user)
    except ValidationError as error:
        into_messages(request, error)
    else:
        messages.success(request, f"{patient} is in phase {phase} from today.")
    return redirect("workspace:patient_plan", patient.pk)


@require_POST
@patient_view(Permission.TREAT)
def end(request: DoorRequest, patient: Patient) -> HttpResponse:
    plan = get_object_or_404(Plan.objects.active(), patient=patient)
    try:
        actions.end(plan=plan, by=request.user)
    except ValidationError as error:
        into_messages(request, error)
    else:
        messages.success(request, "The plan has ended. Its sessions stay on record.")
    return redirect("workspace:patient_plan", patient.pk)
