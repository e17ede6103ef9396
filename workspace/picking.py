"""Searching for an exercise to add, on the pages of both editors."""

from typing import Any

from accounts.doors import DoorRequest
from programs.documents import editing
from workspace.access import typed_search


def picking(request: DoorRequest) -> dict[str, Any]:
    """What was typed, in which phase, and the exercises found; none before something is typed."""
    search = typed_search(request)
    return {
        "search": search,
        "search_place": f"phase-{request.GET.get('phase', '')}",
        "picked": editing.picked(request.user, search) if search else [],
    }
