"""Asking the care team about an article or an exercise, and reading their answers."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts import limits
from accounts.doors import DoorRequest, posted
from cms.models import ArticlePage
from patients.models import Patient
from portal.access import portal_view
from portal.forms.ask import AskForm
from portal.views.learn import prescription_of
from programs.actions import questions as actions
from programs.models import Prescription, Question


@portal_view
def questions(request: DoorRequest, patient: Patient) -> HttpResponse:
    """Their own questions; the link below an article comes here with its key."""
    key = request.GET.get("article", "")
    if key:
        article = _article(key)
        return redirect("portal:ask_about", article.translation_key)
    asked = Question.objects.visible_to(request.user).select_related("answered_by", "article")
    context = {"patient": patient, "clinic": patient.clinic, "questions": asked}
    return render(request, "portal/questions.html", context)


def _article(key: str | UUID) -> ArticlePage:
    """A public article by its key; 404 for everything else."""
    try:
        wanted = key if isinstance(key, UUID) else UUID(key)
    except ValueError:
        wanted = UUID(int=0)
    article: ArticlePage = get_object_or_404(
        ArticlePage.objects.listed_here(), translation_key=wanted
    )
    return article


@portal_view
def ask_about(request: DoorRequest, patient: Patient, article_key: UUID) -> HttpResponse:
    article = _article(article_key)
    return _ask(request, patient, article, article.title)


@portal_view
def ask_about_exercise(
    request: DoorRequest, patient: Patient, prescription_id: UUID
) -> HttpResponse:
    row = prescription_of(request, prescription_id)
    return _ask(request, patient, row, row.shown.plain_title)


def _ask(
    request: DoorRequest, patient: Patient, about: ArticlePage | Prescription, title: str
) -> HttpResponse:
    form = AskForm(posted(request))
    if form.is_valid() and limits.allows(request, form, "question"):
        actions.ask(patient=patient, about=about, by=request.user, **form.cleaned_data)
        messages.success(request, _("Sent. Your therapist sees it in their list."))
        return redirect("portal:questions")
    context = {"patient": patient, "clinic": patient.clinic, "title": title, "form": form}
    return limits.answered(request, render(request, "portal/ask.html", context))
