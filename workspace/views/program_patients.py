"""Who is on a program now, and one change for several of them at once."""

from uuid import UUID

from django.contrib import messages
from django.core import signing
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render

from accounts.doors import DoorRequest, posted, text_in
from accounts.permissions import Permission
from programs.actions import bulk
from programs.models import Plan, Program
from workspace.access import audit_list, workspace_view
from workspace.forms.bulk import BulkForm

PREVIEW_HOLDS = 3600  # seconds
PATIENTS_A_PAGE = 50  # what can be looked through before it is changed for all of them


@workspace_view(Permission.TREAT)
def patients(request: DoorRequest, program_id: UUID) -> HttpResponse:
    """Choose, look at what it does to each, then make it. Nothing is stored before that."""
    program = get_object_or_404(Program.objects.visible_to(request.user), uuid=program_id)
    on_it = (
        Plan.objects.visible_to(request.user)
        .active()
        .filter(Q(program=program) | Q(second_program=program))
        .select_related("patient__clinic", "episode", "clinic", "program", "second_program")
        .order_by("patient__last_name", "patient__first_name", "pk")
    )
    page = Paginator(on_it, PATIENTS_A_PAGE).get_page(request.GET.get("page"))
    plans = list(page.object_list)
    if "apply" in request.POST:
        return _apply(request, program, plans)
    form = BulkForm(posted(request), plans=plans, program=program, user=request.user)
    results = bulk.preview(form.chosen, form.change, by=request.user) if form.is_valid() else []
    audit_list(request, (plan.patient for plan in plans))
    context = {
        "program": program,
        "plans": plans,
        "page": page,
        "form": form,
        "results": results,
        "possible": [result for result in results if result.is_possible],
        "preview": _kept(request, results),
    }
    return render(request, "workspace/program_patients.html", context)


def _kept(request: DoorRequest, results: list[bulk.Result]) -> str:
    """What the page shows, signed: just this is made, whatever is typed into the form after it."""
    seen = {str(result.plan.pk): result.words for result in results if result.is_possible}
    typed = {name: request.POST.getlist(name) for name in BulkForm.base_fields}
    return signing.dumps([typed | {"plans": list(seen)}, seen], salt=_salt(request), compress=True)


def _salt(request: DoorRequest) -> str:
    return f"bulk-{request.user.pk}"


def _apply(request: DoorRequest, program: Program, plans: list[Plan]) -> HttpResponse:
    back = redirect("workspace:program_patients", program.uuid)
    try:
        kept = request.POST["apply"]
        typed, seen = signing.loads(kept, salt=_salt(request), max_age=PREVIEW_HOLDS)
    except signing.BadSignature:
        messages.error(request, "That preview is too old. Nothing was changed: look at it again.")
        return back
    data = QueryDict(mutable=True)
    for name, values in typed.items():
        data.setlist(name, values)
    form = BulkForm(data, plans=plans, program=program, user=request.user)
    if not form.is_valid():
        messages.error(request, "Something changed meanwhile. Nothing was done: look at it again.")
        return back
    reasons = {key: text_in(request.POST, f"reason-{key}", 500) for key in seen}
    done = bulk.apply(form.chosen, form.change, by=request.user, previewed=seen, reasons=reasons)
    _say(request, done)
    return back


def _say(request: DoorRequest, done: list[bulk.Result]) -> None:
    for result in done:
        if result.is_possible:
            messages.success(request, f"{result.plan.patient}: changed, and active now.")
        else:
            messages.warning(
                request, f"{result.plan.patient}: not changed. {' '.join(result.problems)}"
            )
