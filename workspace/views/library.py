"""What a therapist prescribes from."""

from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from accounts.doors import DoorRequest
from accounts.permissions import Permission
from cms.models import Source
from programs.library import shelf as shelves
from programs.library import usage
from programs.library.keeping import may_change
from programs.library.ladder import ladder
from programs.models import Exercise
from programs.motion import joint_loads
from programs.motion.load import RULE_SOURCES
from workspace.access import typed_search, workspace_view

LOOKS = ("gallery", "list")
IN_ADDRESS = ("q", *shelves.FACETS, "look")


@workspace_view(Permission.TREAT)
def exercises(request: DoorRequest) -> HttpResponse:
    """To look through. Search, filters and look stand in the address; the look is remembered."""
    search, look = typed_search(request), _look(request)
    shelf = shelves.load(request.user, search=search, wanted=request.GET.dict())
    asked = {**({"q": search} if search else {}), **shelf.chosen, "look": look}
    context = {
        "shelf": shelf,
        "search": search,
        "look": look,
        "asked": asked,
        "facets": [(facet, _addresses(facet, asked)) for facet in shelf.facets],
        "looks": [(one, _address(asked | {"look": one})) for one in LOOKS],
        "without": _address({"look": look}),
    }
    return render(request, "workspace/exercises.html", context)


def _look(request: DoorRequest) -> str:
    """The one asked for, else the one of last time."""
    asked = request.GET.get("look")
    if asked in LOOKS and asked != request.session.get("library_look", LOOKS[0]):
        request.session["library_look"] = asked
    return asked if asked in LOOKS else request.session.get("library_look", LOOKS[0])


def _addresses(facet: shelves.Facet, asked: dict[str, str]) -> list[tuple[shelves.Option, str]]:
    """Where each filter leads: set beside the others, or taken away where it is set."""
    others = {name: value for name, value in asked.items() if name != facet.name}
    return [
        (one, _address(others if one.is_chosen else others | {facet.name: one.value}))
        for one in facet.options
    ]


def _address(asked: dict[str, str]) -> str:
    return f"?{urlencode({name: asked[name] for name in IN_ADDRESS if name in asked})}"


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
