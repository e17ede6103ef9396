"""The portal as an app on the phone: manifest, service worker, copies, and the way back online."""

import hashlib
import json
from functools import lru_cache
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.templatetags.static import static
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache

from accounts.doors import DoorRequest
from patients.models import Patient, Share
from portal.access import PortalRequest, shared_view
from portal.offline import copied
from portal.screen import OPEN, Screen
from programs.course import today
from programs.models import Plan

# What today, plan and session need; a test fails when a page asks for more.
SHELL = (
    "css/tokens.css",
    "css/base.css",
    "css/components.css",
    "css/forms.css",
    "css/figure.css",
    "css/portal.css",
    "css/session.css",
    "icons/sprite.svg",
    "icons/footing.svg",
    "js/figure.js",
    "js/progress-form.js",
    "js/portal/keep.js",
    "js/portal/leave.js",
    "js/portal/queue.js",
    "js/portal/sending.js",
    "js/portal/signs.js",
    "js/portal/today.js",
    "js/session/advice.js",
    "js/session/clock.js",
    "js/session/draft.js",
    "js/session/exercise.js",
    "js/session/finish.js",
    "js/session/hands-free.js",
    "js/session/length.js",
    "js/session/main.js",
    "js/session/options.js",
    "js/session/pacer.js",
    "js/session/set-up.js",
    "js/session/signals.js",
    "js/session/steps.js",
    "js/session/stop.js",
    "js/session/timeline.js",
    "js/session/words.js",
)


@cache_control(public=True, max_age=86_400)
def manifest(request: HttpRequest) -> HttpResponse:
    """Public, and the same for all: a browser asks for it without a login."""
    icons = [("192", "any"), ("512", "any"), ("512", "maskable")]
    return JsonResponse(
        {
            "name": "Footing",
            "short_name": "Footing",
            "description": _("Your exercises, step by step."),
            "id": "/portal/",
            "start_url": "/portal/",
            "scope": "/portal/",
            "display": "standalone",
            "background_color": "#f8f5ef",
            "theme_color": "#0b5750",
            "icons": [
                {
                    "src": static(f"icons/app-{purpose}-{size}.png"),
                    "sizes": f"{size}x{size}",
                    "type": "image/png",
                    "purpose": purpose,
                }
                for size, purpose in icons
            ],
        },
        content_type="application/manifest+json",
    )


@never_cache
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker: it holds nobody's data, and is asked for without a login, too."""
    facts = {
        "version": shell_version() if settings.PRODUCTION else _version(),
        "files": [static(name) for name in SHELL],
        # While developing, a file is taken from the cache only without a connection.
        "fresh": not settings.PRODUCTION,
    }
    main = json.dumps(static("js/portal/worker.js"))
    script = f"self.footing = {json.dumps(facts)};\nimportScripts({main});\n"
    return HttpResponse(script, content_type="text/javascript")


def _version() -> str:
    digest = hashlib.sha256()
    for name in (*SHELL, "js/portal/worker.js"):
        found = finders.find(name)
        digest.update(Path(found).read_bytes() if isinstance(found, str) else static(name).encode())
    return digest.hexdigest()[:16]


shell_version = lru_cache(maxsize=1)(_version)


@shared_view(Share.PLAN)
def connection(request: PortalRequest, patient: Patient) -> HttpResponse:
    """Who is logged in, and a token to send with: asked before what waits is sent."""
    return JsonResponse({"owner": request.owner, "token": get_token(request)})


@shared_view(Share.SESSIONS)
@copied
def session_copy(request: DoorRequest, patient: Patient, plan_id: UUID) -> HttpResponse:
    """The session of any day of this phase, to be kept on the device; it has no id yet."""
    day = today.load(patient)
    if day.plan is None or day.plan.pk != plan_id:
        get_object_or_404(Plan.objects.visible_to(request.user).frozen(), pk=plan_id)
        return redirect("portal:today")
    if day.state not in OPEN:
        return redirect("portal:today")
    screen = Screen.to_do(day, patient)
    if not (rows := screen.phase_rows()):
        return redirect("portal:today")
    context = screen.context(screen.form(None, rows)) | {"is_copy": True}
    return render(request, "portal/session.html", context)
