"""The portal's gate: a view gets its own patient and nobody else's."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import translation
from django.views.decorators.gzip import gzip_page

from accounts.doors import DoorRequest, View, gated
from accounts.permissions import Permission
from patients.models import Patient, with_unread

PortalView = Callable[..., HttpResponse]


def portal_view(view: PortalView) -> View:
    """Calls the view with the logged-in patient, in their language."""

    @gzip_page  # phones on bad lines; Django pads what it compresses, and CSRF tokens are masked
    @gated(Permission.ENTER_PORTAL)
    @wraps(view)
    def found(request: DoorRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        # The login's clinic is the patient's: taken from there, it costs no query.
        visible = Patient.objects.visible_to(request.user)
        patient = get_object_or_404(with_unread(visible, request.user))
        if request.user.clinic is not None:
            patient.clinic = request.user.clinic
        keep_wishes(request, patient)
        with translation.override(patient.language):
            return view(request, patient, *args, **kwargs)

    return found


def keep_wishes(request: HttpRequest, patient: Patient) -> None:
    """Language and text size, for the account's pages, which know no patient."""
    wishes = {"language": patient.language, "text_size": patient.text_size}
    if any(request.session.get(name) != wish for name, wish in wishes.items()):
        request.session.update(wishes)
