"""What a therapist prescribes from."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from accounts.doors import DoorRequest
from accounts.permissions import Permission
from cms.models import Source
from patients.models.episode import Nerve
from programs.library import usage
from programs.library.keeping import may_change
from programs.library.ladder import ladder
from programs.models import Exercise
from programs.models.described import Kind, Pose
from programs.motion import joint_loads
from programs.motion.load import RULE_SOURCES
from workspace.access import typed_search, workspace_view


@workspace_view(Permission.TREAT)
def exercises(request: DoorRequest) -> HttpResponse:
    search = typed_search(request)
    kind, nerve, pose = (request.GET.get(name, "") for name in ("kind", "nerve", "pose"))
    found = Exercise.objects.visible_to(request.user).active()
    if kind in Kind.values:
        found = found.filter(kind=kind)
    if nerve in Nerve.values:
        found = found.filter(nerve=nerve)
    if pose in Pose.values:
        found = found.filter(pose=pose)
    for word in search.split():
        found = found.matching(word)
    context = {
        "exercises": found,
        "search": search,
        "kind": kind,
        "nerve": nerve,
        "pose": pose,
        "poses": Pose.choices,
        "kinds": Kind.choices,
        "nerves": [choice for choice in Nerve.choices if choice[0] != Nerve.MANY],
    }
    return render(request, "workspace/exercises.html", context)


@workspace_view(Permission.TREAT)
def exercise(request: DoorRequest, exercise_id: UUID) -> HttpResponse:
    found = get_object_or_404(
        Exercise.objects.visible_to(request.user).prefetch_related("citations", "precaution_rules"),
        uuid=exercise_id,
    )
    context = {
        "exercise": found,
        "loads": joint_loads(found.nerve, found.motion) if found.nerve else [],
        "rule_sources": Source.objects.filter(key__in=RULE_SOURCES),
        "ladder": ladder(found, request.user),
        "usage": usage.of_exercise(found, request.user.clinic),
        "may_change": may_change(request.user, found),
    }
    return render(request, "workspace/exercise.html", context)
