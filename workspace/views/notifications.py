"""Notifications of the browser that one looks at: on, off, and where else they are on."""

import json

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.views.decorators.cache import never_cache

from accounts import actions, lifetime, push
from accounts.doors import DoorRequest, text_in
from accounts.models.push import LONGEST_ENDPOINT
from accounts.permissions import Permission
from accounts.views import device_words
from workspace.access import posted_object, workspace_view
from workspace.errors import into_messages

THIS = "this"  # the browser that asks


@workspace_view(Permission.TREAT)
def page(request: DoorRequest) -> HttpResponse:
    if request.method == "POST":
        if "remove" in request.POST:
            _remove(request)
        else:
            _add(request)
        return redirect("workspace:notifications")
    context = {
        "devices": request.user.push_devices.all(),
        "is_offered": push.is_offered(),
        "is_shared": bool(request.session.get(lifetime.SHARED)),
        "key": push.public_key(),
    }
    return render(request, "workspace/notifications.html", context)


def _add(request: DoorRequest) -> None:
    words = device_words(request.headers.get("User-Agent", ""))
    try:
        if request.session.get(lifetime.SHARED):
            raise ValidationError("Others use this device too: it gets no notifications of yours.")
        actions.add_push_device(user=request.user, endpoint=_endpoint(request), words=words)
    except ValidationError as error:
        into_messages(request, error)
    else:
        messages.success(request, "Notifications are on, on this device.")


def _remove(request: DoorRequest) -> None:
    """One of the list, or the browser that says its own address; gone already is as good."""
    mine = request.user.push_devices.all()
    if request.POST["remove"] == THIS:
        device = mine.filter(endpoint=_endpoint(request)).first()
    else:
        device = posted_object(request, "remove", mine)
    if device is not None:
        actions.remove_push_device(device=device, by=request.user)
    messages.success(request, "Notifications are off there.")


def _endpoint(request: DoorRequest) -> str:
    return text_in(request.POST, "endpoint", LONGEST_ENDPOINT + 1)


@never_cache
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker: it holds nobody's data, and is asked for without a login, too."""
    facts = json.dumps({"icon": static("icons/app-any-192.png")})
    main = json.dumps(static("js/workspace/worker.js"))
    script = f"self.footing = {facts};\nimportScripts({main});\n"
    return HttpResponse(script, content_type="text/javascript")
