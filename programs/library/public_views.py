"""Public pages of exercises: only of those marked public, and never with a dosage."""

from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_safe

from cms.models.base import Translation
from programs.media import answer
from programs.models import Exercise
from programs.models.described import Kind

HERE = {"here": "exercises"}  # the entry of the site's menu (programs.library.public)


@require_safe
def exercises(request: HttpRequest) -> HttpResponse:
    """All, or those of a `kind`."""
    public = list(Exercise.objects.public().prefetch_related("texts"))
    chosen = request.GET.get("kind", "")
    kinds = [kind for kind in Kind if any(one.kind == kind for one in public)]
    found = [one for one in public if one.kind == chosen] if chosen in kinds else public
    context = {
        "exercises": found,
        "kinds": kinds,
        "chosen": chosen,
        "languages": _languages("programs:public_exercises"),
    }
    return render(request, "programs/public/exercises.html", HERE | context)


@require_safe
def exercise(request: HttpRequest, exercise_id: UUID) -> HttpResponse:
    public = Exercise.objects.public().prefetch_related("citations")
    found = get_object_or_404(public, uuid=exercise_id)
    languages = _languages("programs:public_exercise", exercise_id)
    context = {"exercise": found, "said": found.spoken, "languages": languages}
    return render(request, "programs/public/exercise.html", HERE | context)


def _languages(name: str, *args: UUID) -> list[Translation]:
    """The same page in each of the site's languages."""
    found = []
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found.append(Translation(language, reverse(name, args=args), is_same_page=True))
    return found


@require_safe
def picture(request: HttpRequest, exercise_id: UUID) -> HttpResponse:
    found = get_object_or_404(Exercise.objects.public(), uuid=exercise_id)
    return answer.still(request, found, is_public=True)
