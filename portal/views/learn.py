"""What to read: the articles and exercises that belong to the plan, and what was saved."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts.doors import DoorRequest
from cms.models import ArticlePage, Source
from cms.site_menu import address
from patients.models import Patient
from portal.access import portal_view
from programs.actions import saving
from programs.course import today
from programs.models import Exercise, Prescription, SavedPage
from programs.progress import learning


@portal_view
def learn(request: DoorRequest, patient: Patient) -> HttpResponse:
    day = today.load(patient)
    context = {
        "patient": patient,
        "clinic": patient.clinic,
        "tab": "learn",
        "learn": learning.load(patient, day, address=lambda page: address(page.url_path, request)),
    }
    return render(request, "portal/learn.html", context)


def prescription_of(request: DoorRequest, prescription_id: UUID) -> Prescription:
    """An exercise that is or was on the reader's own plan; 404 for any other."""
    rows = Prescription.objects.visible_to(request.user).exclude(snapshot=None)
    found: Prescription = get_object_or_404(
        rows.select_related("exercise", "plan"), pk=prescription_id, included=True
    )
    return found


@portal_view
def exercise(request: DoorRequest, patient: Patient, prescription_id: UUID) -> HttpResponse:
    """One exercise of the plan at length: how, with what care, and what it rests on."""
    row = prescription_of(request, prescription_id)
    saved = SavedPage.objects.filter(patient=patient, exercise=row.exercise)
    context = {
        "patient": patient,
        "clinic": patient.clinic,
        "tab": "learn",
        "row": row,
        "shown": row.shown,
        "sources": Source.objects.filter(key__in=row.shown.citations),
        "is_saved": saved.exists(),
    }
    return render(request, "portal/learn_exercise.html", context)


@require_POST
@portal_view
def save(request: DoorRequest, patient: Patient) -> HttpResponse:
    """On the reading list, or off it; back to where the button stood."""
    saving.set_saved(
        patient=patient,
        page=_page(request),
        saved="save" in request.POST,
        by=request.user,
    )
    if "exercise" in request.POST and "back" in request.POST:
        return redirect("portal:learn_exercise", prescription_of(request, _key(request, "back")).pk)
    return redirect("portal:learn")


def _page(request: DoorRequest) -> ArticlePage | Exercise:
    if "article" in request.POST:
        articles = ArticlePage.objects.listed_here()
        found: ArticlePage = get_object_or_404(articles, translation_key=_key(request, "article"))
        return found
    return prescription_of(request, _key(request, "exercise")).exercise


def _key(request: DoorRequest, name: str) -> UUID:
    try:
        return UUID(request.POST.get(name, ""))
    except ValueError as error:
        raise Http404 from error
