"""What a patient's plan was: on a day, in a version; and a copy of it for somebody else."""

import datetime as dt
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts.doors import DoorRequest, date_in
from accounts.permissions import Permission
from patients.models import Episode, Patient
from programs.actions import copying
from programs.course import on_day
from programs.models import Plan
from programs.motion import people
from programs.plans import diff as plan_diff
from programs.plans import note as plan_note
from workspace.access import audit_list, patient_view, posted_object, typed_search
from workspace.errors import into_messages

MOST_OTHERS = 50


@patient_view()
def day(request: DoorRequest, patient: Patient) -> HttpResponse:
    """'What did she see on 12 March?'"""
    today = patient.clinic.today()
    chosen = date_in(request.GET, "day") or today
    chosen = min(max(chosen, dt.date(2000, 1, 1)), today + dt.timedelta(days=366))
    context = {
        "patient": patient,
        "tab": "plan",
        "record": on_day.load(patient, chosen),
        "today": today,
        "before": chosen - dt.timedelta(days=1),
        "after": chosen + dt.timedelta(days=1),
    }
    with people.showing(patient.shown_person):
        return render(request, "workspace/plan_day.html", context)


@patient_view()
def version(request: DoorRequest, patient: Patient, plan_id: UUID) -> HttpResponse:
    """One frozen version, and what it changed against the one before."""
    plans = Plan.objects.frozen().filter(patient=patient).select_related("clinic", "activated_by")
    plan = get_object_or_404(plans.select_related("closed_by", "episode"), pk=plan_id)
    earlier = plans.filter(episode_id=plan.episode_id, version=plan.version - 1).first()
    rows = plan_diff.rows_of(plan)
    changes = plan_diff.compare(earlier, plan, plan_diff.rows_of(earlier), rows) if earlier else []
    context = {
        "patient": patient,
        "tab": "plan",
        "plan": plan,
        "earlier": earlier,
        "changes": changes,
        "rows": [row for row in rows if row.included],
        "starts": plan.phase_starts.select_related("phase", "by"),
        "note": plan_note.change_paragraph(plan, changes) if earlier else "",
    }
    return render(request, "workspace/plan_version.html", context)


@patient_view(Permission.TREAT)
def copy(request: DoorRequest, patient: Patient) -> HttpResponse:
    """Choose the other patient; the draft opens with that patient's gates."""
    plan = get_object_or_404(
        Plan.objects.active().select_related("program", "second_program"), patient=patient
    )
    search = typed_search(request)
    named = Patient.objects.visible_to(request.user).named(search)
    others = (
        Episode.objects.filter(closed_at=None, patient__in=named)
        .exclude(patient=patient)
        .select_related("patient", "clinic")
        .prefetch_related("screens")
        .order_by("patient__last_name", "patient__first_name")
    )
    if request.method == "POST":
        episode = posted_object(request, "episode", others)
        try:
            draft = copying.copy_to(plan=plan, episode=episode, by=request.user)
        except ValidationError as error:
            into_messages(request, error)
            return redirect("workspace:plan_copy", patient.pk)
        messages.success(request, f"Copied for {episode.patient}. Look at the safety gates.")
        return redirect("workspace:composer", draft.pk)
    shown = list(others[:MOST_OTHERS])
    audit_list(request, (episode.patient for episode in shown))
    context = {"patient": patient, "plan": plan, "others": shown, "search": search}
    return render(request, "workspace/plan_copy.html", context)
