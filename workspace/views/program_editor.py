"""The program editor: one document, changed by small posts, published as a version."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts.doors import DoorRequest, text_in
from accounts.permissions import Permission
from programs.actions import programs as actions
from programs.documents import content as documents
from programs.documents import editing, stored
from programs.documents.content import ContentError, ProgramContent
from programs.models import Program
from programs.timing.week import DAY_NAMES
from workspace.access import count_in, typed_search, workspace_view
from workspace.errors import RefusedError, into_messages, valid
from workspace.forms.program import DueForm, HeadForm, PhaseForm, PickForm, RowForm
from workspace.picking import picking

View = Callable[..., HttpResponse]


def edited_program(view: View) -> View:
    """A view of a program that the user may change; others see it as it is."""

    @workspace_view(Permission.TREAT)
    @wraps(view)
    def found(request: DoorRequest, program_id: UUID, *args: Any, **kwargs: Any) -> HttpResponse:
        visible = Program.objects.visible_to(request.user).select_related("draft_by")
        program = get_object_or_404(visible, uuid=program_id)
        if not actions.may_edit(request.user, program):
            messages.info(request, "This program is not yours to change. Make a copy of it.")
            return redirect("workspace:program", program.uuid)
        return view(request, program, *args, **kwargs)

    return found


@edited_program
def edit(request: DoorRequest, program: Program) -> HttpResponse:
    if request.method == "POST":
        return _change(request, program)
    return _page(request, program, stored.content_of(program))


def _change(request: DoorRequest, program: Program) -> HttpResponse:
    """One edit. What can't be understood is shown beside its field, with what was typed."""
    content = stored.content_of(program)
    do = EDITS.get(request.POST.get("do", ""))
    if do is None:
        raise Http404
    refused: RefusedError | None = None
    try:
        changed = do(content, request.POST, request)
        program = actions.change_draft(
            program=program, content=changed, stamp=count_in(request.POST, "stamp"), by=request.user
        )
        content = changed
    except RefusedError as error:
        refused = error
    except ContentError as error:
        messages.error(request, str(error))
    except ValidationError as error:
        into_messages(request, error)
        program.refresh_from_db()
        content = stored.content_of(program)
    if not request.htmx and refused is None:
        return redirect("workspace:program_edit", program.uuid)
    return _page(request, program, content, refused)


def _page(
    request: DoorRequest,
    program: Program,
    content: ProgramContent,
    refused: RefusedError | None = None,
) -> HttpResponse:
    context = {
        "program": program,
        "content": content,
        "parts": editing.parts(content, request.user),
        "weekdays": DAY_NAMES,
        "unfinished": stored.unfinished(content),
        "refused": refused,
        "head_form": refused.form if refused and refused.place == "head" else HeadForm.of(content),
        "due_form": DueForm(user=request.user),
        **picking(request),
    }
    is_part = bool(request.htmx)
    name = "partials/program_editor.html" if is_part else "program_edit.html"
    return render(request, f"workspace/{name}", context)


def _phase(content: ProgramContent, data: QueryDict) -> int:
    return count_in(data, "phase", len(content.phases))


def _row(content: ProgramContent, data: QueryDict) -> tuple[int, int]:
    """By its exercise, so that a click on a page of before never hits another row."""
    phase = _phase(content, data)
    codes = [row.exercise for row in content.phases[phase].exercises]
    if data.get("exercise") not in codes:
        raise ContentError("That exercise is not in the phase any more.")
    return phase, codes.index(str(data["exercise"]))


def _change_head(content: ProgramContent, data: QueryDict, _: DoorRequest) -> ProgramContent:
    return documents.change(content, **valid(HeadForm(data), "head"))


def _add_phase(content: ProgramContent, data: QueryDict, _: DoorRequest) -> ProgramContent:
    return documents.add_phase(content)


def _change_phase(content: ProgramContent, data: QueryDict, _: DoorRequest) -> ProgramContent:
    phase = _phase(content, data)
    return documents.change_phase(content, phase, **valid(PhaseForm(data), f"phase-{phase}"))


def _copy_phase(content: ProgramContent, data: QueryDict, _: DoorRequest) -> ProgramContent:
    return documents.copy_phase(content, _phase(content, data))


def _move_phase(content: ProgramContent, data: QueryDict, _: DoorRequest) -> ProgramContent:
    return documents.move_phase(content, _phase(content, data), count_in(data, "to"))


def _remove_phase(content: ProgramContent, data: QueryDict, _: DoorRequest) -> ProgramContent:
    return documents.remove_phase(content, _phase(content, data))


def _add_row(content: ProgramContent, data: QueryDict, request: DoorRequest) -> ProgramContent:
    phase = _phase(content, data)
    exercise = valid(PickForm(data, user=request.user), f"pick-{phase}")["exercise"]
    return documents.add_row(content, phase, editing.row_of(exercise))


def _change_row(content: ProgramContent, data: QueryDict, _: DoorRequest) -> ProgramContent:
    phase, row = _row(content, data)
    base = content.phases[phase].exercises[row].dosage
    place = f"row-{phase}-{data['exercise']}"
    return documents.change_row(content, phase, row, **valid(RowForm(data, base=base), place))


def _move_row(content: ProgramContent, data: QueryDict, _: DoorRequest) -> ProgramContent:
    return documents.move_row(content, *_row(content, data), count_in(data, "to"))


def _pair_row(content: ProgramContent, data: QueryDict, _: DoorRequest) -> ProgramContent:
    return documents.pair_with_above(content, *_row(content, data))


def _remove_row(content: ProgramContent, data: QueryDict, _: DoorRequest) -> ProgramContent:
    return documents.remove_row(content, *_row(content, data))


def _add_form(content: ProgramContent, data: QueryDict, request: DoorRequest) -> ProgramContent:
    phase = _phase(content, data)
    form = DueForm(data, user=request.user)
    valid(form, f"due-{phase}")
    kept = [due for due in content.phases[phase].forms if due.form != form.due.form]
    return documents.change_phase(content, phase, forms=(*kept, form.due))


def _remove_form(content: ProgramContent, data: QueryDict, _: DoorRequest) -> ProgramContent:
    phase = _phase(content, data)
    kept = [due for due in content.phases[phase].forms if due.form != data.get("form")]
    return documents.change_phase(content, phase, forms=tuple(kept))


EDITS: dict[str, Callable[[ProgramContent, QueryDict, DoorRequest], ProgramContent]] = {
    "head": _change_head,
    "add_phase": _add_phase,
    "phase": _change_phase,
    "copy_phase": _copy_phase,
    "move_phase": _move_phase,
    "remove_phase": _remove_phase,
    "add_row": _add_row,
    "row": _change_row,
    "move_row": _move_row,
    "pair_row": _pair_row,
    "remove_row": _remove_row,
    "add_form": _add_form,
    "remove_form": _remove_form,
}


@edited_program
def pick(request: DoorRequest, program: Program) -> HttpResponse:
    """Search as you type: the exercises for a word, each a button that adds it."""
    phase = count_in(request.GET, "phase")
    context = {
        "program": program,
        "phase": phase,
        "search": typed_search(request),
        "picked": editing.picked(request.user, typed_search(request)),
    }
    return render(request, "workspace/partials/program_pick.html", context)


@edited_program
def preview(request: DoorRequest, program: Program) -> HttpResponse:
    """What a patient would read in each phase, before anything is published."""
    content = stored.content_of(program)
    context = {
        "program": program,
        "content": content,
        "parts": editing.parts(content, request.user),
        "clinic": request.user.clinic,
    }
    return render(request, "workspace/program_preview.html", context)


@require_POST
@edited_program
def publish(request: DoorRequest, program: Program) -> HttpResponse:
    try:
        published = actions.publish(
            program=program, by=request.user, note=text_in(request.POST, "note", 200)
        )
    except ValidationError as error:
        into_messages(request, error)
        return redirect("workspace:program_edit", program.uuid)
    messages.success(request, f"Version {published.version} is published. Plans stay as they are.")
    return redirect("workspace:program", program.uuid)


@require_POST
@edited_program
def discard(request: DoorRequest, program: Program) -> HttpResponse:
    left = actions.discard_draft(program=program, by=request.user)
    if left is None:
        messages.success(request, "The draft is gone.")
        return redirect("workspace:programs")
    messages.success(request, "Your changes are gone; the published version stays.")
    return redirect("workspace:program", program.uuid)
