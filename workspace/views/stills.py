"""Exercises as still pictures, to choose by eye."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.cache import patch_cache_control

from accounts.doors import DoorRequest
from accounts.permissions import Permission
from programs.media import answer
from programs.models import Exercise, Prescription
from programs.models.snapshot import ExerciseSnapshot
from workspace.access import workspace_view


@workspace_view(Permission.TREAT, is_kept=True)
def of_exercise(request: DoorRequest, exercise_id: UUID) -> HttpResponse:
    found = get_object_or_404(Exercise.objects.visible_to(request.user), uuid=exercise_id)
    return _picture(request, found)


@workspace_view(Permission.TREAT, is_kept=True)
def of_prescription(request: DoorRequest, prescription_id: UUID) -> HttpResponse:
    """The movement as the patient gets it: on their side, within the limits of plan and line. Who
    shows it is the library's choice here, for the picture is kept by what is drawn.
    """
    rows = Prescription.objects.visible_to(request.user).select_related("plan", "exercise")
    return _picture(request, get_object_or_404(rows, pk=prescription_id).shown)


def _picture(request: DoorRequest, shown: Exercise | ExerciseSnapshot) -> HttpResponse:
    """The drawing, or the exercise's own first picture where it is shown instead of one."""
    own = () if shown.shows_figure else shown.pictures
    photos = [item["file"] for item in own if item["kind"] == "image"]
    if not photos:
        return answer.still(request, shown)
    response = redirect(photos[0])
    patch_cache_control(response, private=True, **answer.ASK_AGAIN)
    return response
