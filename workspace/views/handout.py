"""A version of a patient's plan on paper, to hand over."""

from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from accounts.doors import DoorRequest
from accounts.limits import limited
from accounts.permissions import Permission
from patients.models import Patient
from programs.handout import answer, loading
from programs.handout.content import Handout
from programs.library.reader import as_read_by
from programs.models import Plan
from workspace.access import patient_view

PORTAL_PATH = "/portal/"
JOIN_PATH = "/portal/join/"
NOT_INVITED = "{name} has no login yet. Invite {name} first, and the code is printed here."


def _plan(request: DoorRequest, patient: Patient, plan_id: UUID) -> Plan:
    """One of the patient's; a draft only for those who may work on it."""
    plans = Plan.objects.filter(patient=patient).select_related("episode", "activated_by")
    plan: Plan = get_object_or_404(plans, pk=plan_id)
    if plan.is_draft and not request.user.may(Permission.TREAT):
        raise PermissionDenied
    plan.patient, plan.clinic = patient, patient.clinic
    return plan


def _handout(plan: Plan) -> Handout:
    handout = loading.version(plan, address=settings.SITE_ADDRESS + PORTAL_PATH)
    return loading.with_code(handout, plan.patient, address=settings.SITE_ADDRESS + JOIN_PATH)


def _hint(handout: Handout, patient: Patient) -> str:
    if handout.mark or handout.join_code or patient.user_id is not None:
        return ""
    return NOT_INVITED.format(name=patient.first_name)


@patient_view()
def page(request: DoorRequest, patient: Patient, plan_id: UUID) -> HttpResponse:
    plan = _plan(request, patient, plan_id)
    back = (
        reverse("workspace:composer", args=[plan.pk])
        if plan.is_draft
        else reverse("workspace:patient_plan", args=[patient.pk])
    )
    file_url = reverse("workspace:plan_file", args=[patient.pk, plan.pk])
    with as_read_by(patient):  # it is the patient's paper
        handout = _handout(plan)
        hint = _hint(handout, patient)
        return answer.page(request, handout, file_url=file_url, back_url=back, hint=hint)


@patient_view()
@limited("staff_paper")
def file(request: DoorRequest, patient: Patient, plan_id: UUID) -> HttpResponse:
    plan = _plan(request, patient, plan_id)
    with as_read_by(patient):
        return answer.file(request, _handout(plan))
