"""Exercises as still pictures, to choose by eye.

A picture says how somebody moves, and nothing of a patient: a browser keeps it, under a name that
changes with it.
"""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.cache import patch_cache_control

from accounts.doors import DoorRequest
from accounts.permissions import Permission
from programs.models import Exercise, Prescription
from programs.models.snapshot import ExerciseSnapshot
from workspace.access import workspace_view

FOR_A_YEAR = {"private": True, "max_age": 31_536_000, "immutable": True}
ASK_AGAIN = {"private": True, "no_cache": True}


@workspace_view(Permission.TREAT, is_kept=True)
def of_exercise(request: DoorRequest, exercise_id: UUID) -> HttpResponse:
    found = get_object_or_404(Exercise.objects.visible_to(request.user), uuid=exercise_id)
    return _picture(request, found)


@workspace_view(Permission.TREAT, is_kept=True)
def of_prescription(request: DoorRequest, prescription_id: UUID) -> HttpResponse:
    """As the patient gets it: on their side, within the limits of the plan and the line."""
    rows = Prescription.objects.visible_to(request.user).select_related("plan", "exercise")
    return _picture(request, get_object_or_404(rows, pk=prescription_id).shown)


def _picture(request: DoorRequest, shown: Exercise | ExerciseSnapshot) -> HttpResponse:
    """The drawing, or the exercise's own first picture where it is shown instead of one."""
    own = () if shown.shows_figure else shown.pictures
    photos = [item["file"] for item in own if item["kind"] == "image"]
    response: HttpResponse
    if photos:
        response = redirect(photos[0])
    else:
        response = HttpResponse(shown.drawing, content_type="image/svg+xml")
        response["ETag"] = f'"{shown.drawing_name}"'
    is_named = not photos and request.GET.get("v") == shown.drawing_name
    patch_cache_control(response, **(FOR_A_YEAR if is_named else ASK_AGAIN))
    return response
