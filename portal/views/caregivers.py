"""Who helps: the patient's list, and the caregiver's choice of whom to help now."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth import logout
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts import limits
from accounts.doors import DoorRequest, gated, posted, text_in
from accounts.middleware import CARED_FOR
from accounts.permissions import Permission
from accounts.proof import proven
from patients.actions import caregivers as actions
from patients.caregivers import cared_for
from patients.models import Caregiver, Patient
from portal.access import portal_view
from portal.forms.caregivers import InviteForm, SharesForm


@portal_view
@proven
def people(request: DoorRequest, patient: Patient) -> HttpResponse:
    """Who helps now, who is invited, and inviting somebody."""
    form = InviteForm(posted(request))
    if form.is_valid() and limits.allows(request, form, "caregiver"):
        try:
            actions.invite(patient=patient, by=request.user, **form.cleaned_data)
            return redirect("portal:caregivers")
        except ValidationError as error:
            form.add_error(None, error)
    everybody = Caregiver.objects.visible_to(request.user).order_by("-invited_at")
    now = [one for one in everybody if one.ended_at is None]
    context = {
        "patient": patient,
        "clinic": patient.clinic,
        "form": form,
        "helping": [(one, SharesForm(caregiver=one)) for one in now if one.accepted_at is not None],
        "invited": [one for one in now if one.accepted_at is None],
        "ended": [one for one in everybody if one.ended_at is not None and one.accepted_at],
    }
    return limits.answered(request, render(request, "portal/caregivers.html", context))


@portal_view
def change(request: DoorRequest, patient: Patient, caregiver_id: UUID) -> HttpResponse:
    """How much somebody sees, or the end of it: by which button was pressed."""
    own = Caregiver.objects.visible_to(request.user).select_related("patient")
    return _change(request, get_object_or_404(own, pk=caregiver_id))


@proven
def _change(request: DoorRequest, caregiver: Caregiver) -> HttpResponse:
    if request.method != "POST":
        return redirect("portal:caregivers")
    if "end" in request.POST:
        actions.end(caregiver=caregiver, by=request.user)
        messages.success(request, _("{name} sees nothing any more.").format(name=caregiver.name))
        return redirect("portal:caregivers")
    form = SharesForm(request.POST, caregiver=caregiver)
    if not form.is_valid():
        raise Http404  # two boxes can't be wrong
    try:
        actions.change(caregiver=caregiver, by=request.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("portal:caregivers")


@gated(Permission.ENTER_PORTAL)
def choose(request: DoorRequest) -> HttpResponse:
    """A caregiver's page: whom they help now, and stopping to."""
    if not request.user.is_caregiver:
        raise Http404
    people = cared_for(request.user)
    if request.method == "POST":
        wanted = text_in(request.POST, "patient", 36)
        chosen = next((one for one in people if str(one.patient_id) == wanted), None)
        if chosen is None:
            raise Http404
        request.session[CARED_FOR] = str(chosen.patient_id)
        return redirect("portal:today")
    now = request.session.get(CARED_FOR)
    mine = Caregiver.objects.active().filter(user=request.user)
    context = {
        "clinic": request.user.clinic,
        "people": people,
        "now": now or (str(people[0].patient_id) if people else ""),
        "caregiver": mine.order_by("accepted_at").first(),
    }
    return render(request, "portal/whom_to_help.html", context)


@gated(Permission.ENTER_PORTAL)
def stop(request: DoorRequest, caregiver_id: UUID) -> HttpResponse:
    """A caregiver stops helping somebody; says what it means, and asks once."""
    mine = Caregiver.objects.active().filter(user=request.user).select_related("patient")
    caregiver = get_object_or_404(mine, pk=caregiver_id)
    if request.method != "POST":
        context = {"caregiver": caregiver, "clinic": request.user.clinic}
        return render(request, "portal/stop_helping.html", context)
    actions.end(caregiver=caregiver, by=request.user)
    request.session.pop(CARED_FOR, None)
    if cared_for(request.user):
        return redirect("portal:whom_to_help")
    logout(request)
    return redirect("account_login")
