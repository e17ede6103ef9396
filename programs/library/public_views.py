"""Public pages of exercises: only of those marked public, and never with a dosage."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from programs.models import Exercise


@require_safe
def exercises(request: HttpRequest) -> HttpResponse:
    found = Exercise.objects.public()
    return render(request, "programs/public/exercises.html", {"exercises": found})


@require_safe
def exercise(request: HttpRequest, exercise_id: UUID) -> HttpResponse:
    public = Exercise.objects.public().prefetch_related("citations")
    found = get_object_or_404(public, uuid=exercise_id)
    return render(request, "programs/public/exercise.html", {"exercise": found})
