"""Patients' questions about articles: a list, and answering one."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts.doors import DoorRequest, posted
from accounts.permissions import Permission
from programs.actions import questions as actions
from programs.models import Question
from workspace.access import audit_if_shown, audit_list, workspace_view
from workspace.errors import into_form
from workspace.forms.question import AnswerForm

MOST_ANSWERED = 50


@workspace_view(Permission.TREAT)
def questions(request: DoorRequest) -> HttpResponse:
    """Of the patients on whose care teams one is; titles only, the words are on their own page."""
    mine = Question.objects.visible_to(request.user).select_related("patient__clinic")
    context = {
        "open": list(mine.open().order_by("asked_at")),
        "answered": list(mine.answered().select_related("answered_by")[:MOST_ANSWERED]),
    }
    audit_list(request, (one.patient for one in context["open"] + context["answered"]))
    return render(request, "workspace/questions.html", context)


@workspace_view(Permission.TREAT)
def answer(request: DoorRequest, question_id: UUID) -> HttpResponse:
    found = Question.objects.visible_to(request.user).select_related(
        "patient__clinic", "answered_by", "article", "exercise"
    )
    question = get_object_or_404(found, pk=question_id)
    form = AnswerForm(posted(request))
    if form.is_valid():
        try:
            actions.answer(question=question, by=request.user, text=form.cleaned_data["answer"])
        except ValidationError as error:
            into_form(form, error)
        else:
            messages.success(request, "Sent. The patient reads it in the portal.")
            return redirect("workspace:questions")
    context = {"question": question, "patient": question.patient, "form": form}
    response = render(request, "workspace/question.html", context)
    audit_if_shown(request, question.patient, response)
    return response
