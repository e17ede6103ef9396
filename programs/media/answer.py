"""A drawing as the answer to a request: a picture says nothing of a patient, and a browser keeps it
for good under the name of what is drawn (`?v=`).
"""

from typing import Any, Protocol

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control

from programs.media import drawings

FOR_A_YEAR: dict[str, Any] = {"max_age": 31_536_000, "immutable": True}
ASK_AGAIN: dict[str, Any] = {"no_cache": True}


class Drawn(Protocol):
    @property
    def drawing(self) -> str: ...
    @property
    def drawing_name(self) -> str: ...


def still(request: HttpRequest, shown: Drawn, *, is_public: bool = False) -> HttpResponse:
    """Start and end side by side."""
    response = HttpResponse(shown.drawing, content_type="image/svg+xml")
    # Opened by itself it is a document, whose palette the site's policy would leave out. That is
    # what django-csp's `csp_update` sets, which is typed for views alone.
    response._csp_update = {"style-src": [drawings.source_of_palette()]}  # type: ignore[attr-defined]
    response["ETag"] = f'"{shown.drawing_name}"'
    is_named = request.GET.get("v") == shown.drawing_name
    whose = {"public": True} if is_public else {"private": True}
    patch_cache_control(response, **whose, **(FOR_A_YEAR if is_named else ASK_AGAIN))
    return response
