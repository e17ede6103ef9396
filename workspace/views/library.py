"""What a therapist prescribes from."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from accounts.doors import DoorRequest
from accounts.permissions import Permission
from patients.models.episode import Nerve
from programs.models import Exercise
from programs.models.exercise import Kind
from programs.motion import joint_loads
from workspace.access import typed_search, workspace_view


@workspace_view(Permission.TREAT)
def exercises(request: DoorRequest) -> HttpResponse:
    search = typed_search(request)
    kind, nerve = request.GET.get("kind", ""), request.GET.get("nerve", "")
    found = Exercise.objects.visible_to(request.user).active()
    if kind in Kind.values:
        found = found.filter(kind=kind)
    if nerve in Nerve.values:
        found = found.filter(nerve=nerve)
    for word in search.split():
        found = found.matching(word)
    context = {
        "exercises": found,
        "search": search,
        "kind": kind,
        "nerve": nerve,
        "kinds": Kind.choices,
        "nerves": [choice for choice in Nerve.choices if choice[0] != Nerve.MANY],
    }
    return render(request, "workspace/exercises.html", context)


@workspace_view(Permission.TREAT)
def exercise(request: DoorRequest, exercise_id: UUID) -> HttpResponse:
    found = get_object_or_404(
        Exercise.objects.visible_to(request.user).prefetch_related(
            "citations", "easier_exercises", "harder_exercises"
        ),
        uuid=exercise_id,
    )
    loads = joint_loads(found.nerve, found.motion) if found.nerve else []
    return render(request, "workspace/exercise.html", {"exercise": found, "loads": loads})
