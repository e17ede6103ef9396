"""Who is on a program now, and one change for several of them at once."""

from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts.doors import DoorRequest, posted
from accounts.permissions import Permission
from patients.actions import audit
from programs.actions import bulk
from programs.models import Plan, Program
from workspace.access import workspace_view
from workspace.forms.bulk import BulkForm


@workspace_view(Permission.TREAT)
def patients(request: DoorRequest, program_id: UUID) -> HttpResponse:
    """Choose, look at what it does to each, then make it. Nothing is stored before that."""
    program = get_object_or_404(Program.objects.visible_to(request.user), uuid=program_id)
    plans = list(
        Plan.objects.visible_to(request.user)
        .active()
        .filter(Q(program=program) | Q(second_program=program))
        .select_related("patient__clinic", "episode", "clinic", "program", "second_program")
        .order_by("patient__last_name", "patient__first_name")
    )
    form = BulkForm(posted(request), plans=plans, program=program, user=request.user)
    results: list[bulk.Result] = []
    if form.is_valid():
        if "apply" in request.POST:
            done = bulk.apply(form.chosen, form.change, by=request.user)
            _say(request, done)
            return redirect("workspace:program_patients", program.uuid)
        results = bulk.preview(form.chosen, form.change, by=request.user)
    for plan in plans:
        audit.record(
            action="patient.read", patient=plan.patient, by=request.user, page="program_patients"
        )
    context = {"program": program, "plans": plans, "form": form, "results": results}
    return render(request, "workspace/program_patients.html", context)


def _say(request: DoorRequest, done: list[bulk.Result]) -> None:
    for result in done:
        if result.is_possible:
            messages.success(request, f"{result.plan.patient}: changed, and active now.")
        else:
            messages.warning(
                request, f"{result.plan.patient}: not changed. {' '.join(result.problems)}"
            )
