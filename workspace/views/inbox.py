"""All that waits for a therapist, and the news of it that an open page asks for."""

import hashlib
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control

from accounts.doors import DoorRequest
from accounts.permissions import Permission
from programs.progress import inbox
from workspace.access import audit_list, workspace_view

ITEMS_A_PAGE = 100


@workspace_view(Permission.TREAT)
def page(request: DoorRequest) -> HttpResponse:
    everything = inbox.load(request.user)
    show = request.GET.get("show", "mine")
    shown = everything if show == "team" else everything.of(request.user)
    kinds = [kind for kind in inbox.Kind if any(one.kind is kind for one in everything.items)]
    wanted = next((kind for kind in kinds if kind.name == request.GET.get("kind")), None)
    items = [one for one in shown.items if wanted in (None, one.kind)]
    shown_now = Paginator(items, ITEMS_A_PAGE).get_page(request.GET.get("page"))
    assert request.user.clinic is not None
    rows = inbox.with_patients(list(shown_now), request.user.clinic)
    audit_list(request, (patient for _, patient in rows))
    context = {
        "rows": rows,
        "page": shown_now,
        "show": show,
        "here": f"?{urlencode({'show': show, **({'kind': wanted.name} if wanted else {})})}",
        "kinds": kinds,
        "wanted": wanted,
        "zone": request.user.clinic.zone,
        "mine": len(everything.of(request.user).items),
        "team": len(everything.items),
    }
    return render(request, "workspace/inbox.html", context)


@workspace_view(Permission.TREAT)
def news(request: DoorRequest) -> HttpResponse:
    """How much waits, in numbers: nobody is named. Unchanged, it is an answer without a body."""
    mine = inbox.load(request.user).of(request.user)
    keys = sorted(f"{item.kind} {item.key} {item.is_late}" for item in mine.items)
    tag = f'"{hashlib.sha256(" ".join(keys).encode()).hexdigest()[:20]}"'
    if request.headers.get("If-None-Match") == tag:
        response = HttpResponse(status=304)
    else:
        alerts = sum(item.kind is inbox.Kind.ALERT for item in mine.items)
        count = {"waiting": len(mine.items), "late": mine.late, "alerts": alerts}
        response = JsonResponse(count)
    response["ETag"] = tag
    patch_cache_control(response, private=True, no_store=True)
    return response
