"""Public pages of exercises: only of those marked public, and never with a dosage."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from programs.media import answer
from programs.models import Exercise
from programs.models.described import Kind

HERE = {"here": "exercises"}  # the entry of the site's menu (programs.library.public)


@require_safe
def exercises(request: HttpRequest) -> HttpResponse:
    """All, or those of a `kind`."""
    public = list(Exercise.objects.public())
    chosen = request.GET.get("kind", "")
    kinds = [kind for kind in Kind if any(one.kind == kind for one in public)]
    found = [one for one in public if one.kind == chosen] if chosen in kinds else public
    context = {"exercises": found, "kinds": kinds, "chosen": chosen}
    return render(request, "programs/public/exercises.html", HERE | context)


@require_safe
def exercise(request: HttpRequest, exercise_id: UUID) -> HttpResponse:
    public = Exercise.objects.public().prefetch_related("citations")
    found = get_object_or_404(public, uuid=exercise_id)
    return render(request, "programs/public/exercise.html", HERE | {"exercise": found})


@require_safe
def picture(request: HttpRequest, exercise_id: UUID) -> HttpResponse:
    found = get_object_or_404(Exercise.objects.public(), uuid=exercise_id)
    return answer.still(request, found, is_public=True)
