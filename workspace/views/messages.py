"""Writing with a patient."""

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts import limits
from accounts.doors import DoorRequest, count_in_address, posted
from accounts.permissions import Permission
from patients import pictures
from patients.actions import messages as actions
from patients.models import CannedAnswer, Message, Patient
from workspace.access import count_in, patient_view
from workspace.errors import stored
from workspace.forms.message import MessageForm

if TYPE_CHECKING:
    from patients.models.message import PatientWithUnread


@patient_view(Permission.TREAT)
def thread(request: DoorRequest, patient: "PatientWithUnread") -> HttpResponse:
    """`?answer=` puts a canned answer into the field where the page's script does not run."""
    canned = list(CannedAnswer.objects.filter(clinic=patient.clinic))
    chosen = [one.text for one in canned if str(one.pk) == request.GET.get("answer")]
    form = MessageForm(posted(request), request.FILES or None, initial={"text": "".join(chosen)})
    if form.is_valid() and _is_within_limits(request, form) and _sent(request, patient, form):
        messages.success(request, f"Sent. {patient.first_name} reads it in the portal.")
        return redirect("workspace:patient_messages", patient.pk)
    before = count_in_address(request, "before")
    context = {
        "patient": patient,
        "tab": "messages",
        "thread": actions.opened(patient=patient, by=request.user, before=before),
        "form": form,
        "canned": canned,
        "waits": Message.objects.filter(patient=patient).to_be_answered().first(),
    }
    return limits.answered(request, render(request, "workspace/patient_messages.html", context))


def _is_within_limits(request: DoorRequest, form: MessageForm) -> bool:
    counted = ["staff_message", *(["picture"] if form.cleaned_data["picture"] else [])]
    return limits.allows(request, form, *counted)


def _sent(request: DoorRequest, patient: Patient, form: MessageForm) -> bool:
    """Whether it is stored; if not, the form says why."""
    by = request.user
    sent = stored(form, lambda: actions.send(patient=patient, by=by, **form.cleaned_data))
    return sent is not None


@patient_view(Permission.TREAT)
def picture(request: DoorRequest, patient: Patient, message_id: UUID) -> HttpResponse:
    found = Message.objects.visible_to(request.user).filter(patient=patient)
    return pictures.served(get_object_or_404(found, pk=message_id).picture)


@require_POST
@patient_view(Permission.TREAT)
def settle(request: DoorRequest, patient: Patient) -> HttpResponse:
    """What the page showed needs no answer."""
    up_to = count_in(request.POST, "up_to")
    if not Message.objects.filter(patient=patient, number=up_to).exists():
        raise Http404
    actions.settle(patient=patient, up_to=up_to, by=request.user)
    messages.success(request, "It no longer waits for an answer.")
    return redirect("workspace:patient_messages", patient.pk)
