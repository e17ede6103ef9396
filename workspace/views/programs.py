"""Programs: the list, one of them, its versions, and sharing them as files."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import slugify
from django.views.decorators.http import require_POST

from accounts.doors import DoorRequest, count_in_address, posted
from accounts.permissions import Permission
from programs.actions import imports
from programs.actions import programs as actions
from programs.documents import diff as program_diff
from programs.documents import editing, portable, stored
from programs.documents.content import ProgramContent
from programs.models import Program
from programs.models.program import Visibility
from programs.notation import angle_limits
from programs.timing.week import DAY_NAMES
from workspace.access import workspace_view
from workspace.errors import into_messages
from workspace.files import download
from workspace.forms.program import ImportForm, NewProgramForm, ShareForm


def visible(request: DoorRequest) -> Any:
    """Published ones, and drafts of those who may edit them."""
    user = request.user
    mine = Q(version__gte=1) | Q(owner=user) | Q(clinic_id=user.clinic_id, clinic__isnull=False)
    return Program.objects.visible_to(user).filter(mine)


@workspace_view(Permission.TREAT)
def programs(request: DoorRequest) -> HttpResponse:
    shows_archived = "archived" in request.GET
    found = visible(request).put_away_for(request.user, is_away=shows_archived)
    context = {
        "programs": found.prefetch_related("phases").select_related("owner"),
        "shows_archived": shows_archived,
        "form": NewProgramForm(),
    }
    return render(request, "workspace/programs.html", context)


@workspace_view(Permission.TREAT)
def program(request: DoorRequest, program_id: UUID) -> HttpResponse:
    found = get_object_or_404(visible(request).prefetch_related("versions__by"), uuid=program_id)
    newest = found.versions.all()[0] if found.version else None
    content = ProgramContent.from_json(newest.content) if newest else stored.content_of(found)
    may_edit = actions.may_edit(request.user, found)
    context = {
        "program": found,
        "content": content,
        "parts": editing.parts(content, request.user),
        "weekdays": DAY_NAMES,
        "limits": angle_limits.say(content.caps),
        "may_edit": may_edit,
        "share_form": ShareForm(program=found, user=request.user) if may_edit else None,
    }
    return render(request, "workspace/program.html", context)


@require_POST
@workspace_view(Permission.TREAT)
def add(request: DoorRequest) -> HttpResponse:
    form = NewProgramForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Give the program a title.")
        return redirect("workspace:programs")
    content = ProgramContent(title=form.cleaned_data["title"])
    made = actions.create(content=content, by=request.user)
    return redirect("workspace:program_edit", made.uuid)


@require_POST
@workspace_view(Permission.TREAT)
def copy(request: DoorRequest, program_id: UUID) -> HttpResponse:
    found = get_object_or_404(visible(request), uuid=program_id)
    made = actions.copy(program=found, by=request.user)
    messages.success(request, f"{made} is a draft of yours. Change it, then publish it.")
    return redirect("workspace:program_edit", made.uuid)


@require_POST
@workspace_view(Permission.TREAT)
def share(request: DoorRequest, program_id: UUID) -> HttpResponse:
    found = get_object_or_404(visible(request), uuid=program_id)
    form = ShareForm(request.POST, program=found, user=request.user)
    if form.is_valid():
        visibility = Visibility(form.cleaned_data["visibility"])
        try:
            actions.share(program=found, visibility=visibility, by=request.user)
        except ValidationError as error:
            into_messages(request, error)
        else:
            messages.success(request, f"Who can use it: {visibility.label.lower()}.")
    return redirect("workspace:program", found.uuid)


@require_POST
@workspace_view(Permission.TREAT)
def archive(request: DoorRequest, program_id: UUID) -> HttpResponse:
    found = get_object_or_404(visible(request), uuid=program_id)
    try:
        actions.archive(program=found, by=request.user, archived=found.archived_at is None)
    except ValidationError as error:
        into_messages(request, error)
    else:
        done = "archived" if found.archived_at else "back on the list"
        messages.success(request, f"{found} is {done}.")
    return redirect("workspace:programs")


@workspace_view(Permission.TREAT)
def versions(request: DoorRequest, program_id: UUID) -> HttpResponse:
    """Two versions side by side, as sentences: what changed from one to the other."""
    found = get_object_or_404(visible(request), uuid=program_id)
    kept = {row.number: row for row in found.versions.select_related("by")}
    if not kept:
        raise Http404
    newest = max(kept)
    before = _number(request, "before", kept, max(newest - 1, 1))
    after = _number(request, "after", kept, newest)
    changes = program_diff.compare(
        ProgramContent.from_json(kept[before].content),
        ProgramContent.from_json(kept[after].content),
    )
    context = {
        "program": found,
        "versions": kept.values(),
        "before": before,
        "after": after,
        "changes": changes,
    }
    return render(request, "workspace/program_versions.html", context)


def _number(request: DoorRequest, name: str, kept: dict, usual: int) -> int:
    number = count_in_address(request, name)
    return number if number is not None and number in kept else usual


@workspace_view(Permission.TREAT)
def export(request: DoorRequest, program_id: UUID) -> HttpResponse:
    found = get_object_or_404(visible(request), uuid=program_id)
    name = slugify(str(found)) or "program"
    written = portable.write(found, request.user)
    return download(written, "application/json; charset=utf-8", f"{name}.json")


@workspace_view(Permission.TREAT)
def import_file(request: DoorRequest) -> HttpResponse:
    """Looks first: what is new, known or faulty. The second step saves."""
    form = ImportForm(posted(request), request.FILES or None)
    incoming = None
    if form.is_bound and form.is_valid():
        text = form.cleaned_data["text"]
        if "save" in request.POST:
            try:
                made = imports.import_program(text=text, by=request.user)
            except ValidationError as error:
                into_messages(request, error)
            else:
                messages.success(request, f"{made} is a draft of yours. Look at it, then publish.")
                return redirect("workspace:program_edit", made.uuid)
        incoming = portable.read(text, request.user)
    context = {"form": form, "incoming": incoming}
    return render(request, "workspace/program_import.html", context)
