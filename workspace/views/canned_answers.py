"""The clinic's canned answers: a list, changing one, taking one away."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts.doors import DoorRequest, posted
from accounts.permissions import Permission
from patients.actions import canned_answers as actions
from patients.models import CannedAnswer
from workspace.access import workspace_view
from workspace.errors import into_form
from workspace.forms.message import CannedAnswerForm


def _own(request: DoorRequest, answer_id: UUID) -> CannedAnswer:
    """Of one's clinic; 404 for another's."""
    return get_object_or_404(CannedAnswer, clinic=request.user.clinic, pk=answer_id)


@workspace_view(Permission.TREAT)
def answers(request: DoorRequest) -> HttpResponse:
    found = CannedAnswer.objects.filter(clinic=request.user.clinic)
    return render(request, "workspace/canned_answers.html", {"answers": found})


@workspace_view(Permission.TREAT)
def edit(request: DoorRequest, answer_id: UUID | None = None) -> HttpResponse:
    """A new one without an id."""
    answer = _own(request, answer_id) if answer_id else None
    form = CannedAnswerForm(posted(request), instance=answer)
    if form.is_valid():
        fresh = _own(request, answer_id) if answer_id else None
        try:
            actions.save(answer=fresh, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            into_form(form, error)
        else:
            messages.success(request, "Saved for everyone in the clinic.")
            return redirect("workspace:canned_answers")
    return render(request, "workspace/canned_answer.html", {"form": form, "answer": answer})


@require_POST
@workspace_view(Permission.TREAT)
def remove(request: DoorRequest, answer_id: UUID) -> HttpResponse:
    answer = _own(request, answer_id)
    actions.remove(answer=answer, by=request.user)
    messages.success(request, f"“{answer.title}” is gone from the list.")
    return redirect("workspace:canned_answers")
