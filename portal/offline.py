"""What lets the portal work without a connection: copies that are asked for only when changed."""

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse

COPY_HEADER = "X-Copy"


def wants_json(request: HttpRequest) -> bool:
    return "application/json" in request.headers.get("Accept", "")


def copied(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Names the page by its content; a device that says `?have=` of it gets 204 and no page."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if response.status_code != 200:
            return response
        name = hashlib.sha256(response.content).hexdigest()[:24]
        if request.GET.get("have") == name:
            return HttpResponse(status=204)
        response[COPY_HEADER] = name
        return response

    return answered
