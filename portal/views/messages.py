"""Writing with the care team."""

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts import limits
from accounts.doors import DoorRequest, count_in_address, posted
from patients import pictures
from patients.actions import messages as actions
from patients.actions import once
from patients.models import Message, Patient, Share
from portal.access import PortalRequest, shared_view
from portal.forms.message import MessageForm

if TYPE_CHECKING:
    from patients.models.message import PatientWithUnread


@shared_view(Share.MESSAGES)
def thread(request: PortalRequest, patient: "PatientWithUnread") -> HttpResponse:
    if request.method == "POST" and request.caregiver is not None:
        raise Http404  # who helps reads only
    form = MessageForm(posted(request), request.FILES or None)
    if form.is_valid() and _is_within_limits(request, form) and _sent(request, patient, form):
        messages.success(request, _("Sent. Your care team sees it when they next look."))
        return redirect("portal:messages")
    before = count_in_address(request, "before")
    context = {
        "patient": patient,
        "clinic": patient.clinic,
        "tab": "messages",
        "thread": actions.opened(patient=patient, by=request.user, before=before),
        "form": form,
    }
    return limits.answered(request, render(request, "portal/messages.html", context))


def _is_within_limits(request: DoorRequest, form: MessageForm) -> bool:
    counted = ["patient_message", *(["picture"] if form.cleaned_data["picture"] else [])]
    return limits.allows(request, form, *counted)


def _sent(request: DoorRequest, patient: Patient, form: MessageForm) -> bool:
    """Whether it is stored; if not, the form says why."""
    try:
        actions.send(patient=patient, by=request.user, **form.cleaned_data)
    except once.NotYours as error:
        raise Http404 from error
    except ValidationError as error:
        form.add_error(None, error)
        return False
    return True


@shared_view(Share.MESSAGES)
def picture(request: DoorRequest, patient: Patient, message_id: UUID) -> HttpResponse:
    own = Message.objects.visible_to(request.user)
    return pictures.served(get_object_or_404(own, pk=message_id).picture)
