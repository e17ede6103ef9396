"""The portal's gate: a view gets its own patient and nobody else's."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.gzip import gzip_page

from accounts.doors import DoorRequest, View, gated
from accounts.permissions import Permission
from patients.models import Patient

PortalView = Callable[..., HttpResponse]


def portal_view(view: PortalView) -> View:
    """Calls the view with the logged-in patient."""

    @gzip_page  # phones on bad lines; Django pads what it compresses, and CSRF tokens are masked
    @gated(Permission.ENTER_PORTAL)
    @wraps(view)
    def found(request: DoorRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        # The login's clinic is the patient's: taken from there, it costs no query.
        patient = get_object_or_404(Patient.objects.visible_to(request.user))
        if request.user.clinic is not None:
            patient.clinic = request.user.clinic
        return view(request, patient, *args, **kwargs)

    return found
