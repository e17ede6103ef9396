"""One patient's pages, and adding one."""

import uuid
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts import limits
from accounts.doors import DoorRequest, date_in, key_in, posted
from accounts.permissions import Permission
from patients import trail
from patients.actions import caregivers, invitations, record_links
from patients.actions import patients as actions
from patients.models import Patient, RecordLink
from programs.course.response import Color
from programs.handout.figures import qr_svg
from programs.handout.words import qr_alt
from programs.progress import overview as overviews
from workspace.access import audit_list, patient_view, workspace_view
from workspace.errors import into_form, into_messages
from workspace.forms.patient import CareTeamForm, PatientForm

EVENTS_SHOWN = 50
SESSIONS_A_PAGE = 50
# The portal is the other door: its addresses are known, its code is not.
JOIN_PATH = "/portal/join/"


@workspace_view(Permission.ADD_PATIENTS)
def add(request: DoorRequest) -> HttpResponse:
    assert request.user.clinic is not None, "Whoever adds patients has a clinic."
    form = PatientForm(posted(request), initial={"language": request.user.clinic.language})
    if form.is_valid():
        try:
            is_other = bool(request.POST.get("is_other"))
            patient = actions.add(by=request.user, is_other=is_other, **form.cleaned_data)
        except actions.SamePersonError as error:
            form.ask_if_same(error)
            audit_list(request, error.known)
        except ValidationError as error:
            into_form(form, error)
        else:
            messages.success(request, f"{patient} is added. Next: open an episode.")
            if request.user.may(Permission.TREAT):
                return redirect("workspace:episode", patient.pk)
            return redirect("workspace:patient", patient.pk)
    seen = set(Patient.objects.visible_to(request.user).values_list("pk", flat=True))
    known = [
        (one, [each.therapist for each in one.care_team.all()], one.pk in seen)
        for one in form.known
    ]
    return render(request, "workspace/patient_form.html", {"form": form, "known": known})


@patient_view(Permission.ADD_PATIENTS)
def edit(request: DoorRequest, patient: Patient) -> HttpResponse:
    form = PatientForm(posted(request), instance=patient)
    if form.is_valid():
        fresh = Patient.objects.select_related("clinic").get(pk=patient.pk)
        try:
            actions.change(patient=fresh, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            into_form(form, error)
        else:
            messages.success(request, "Saved.")
            return redirect("workspace:patient_record", patient.pk)
    return render(request, "workspace/patient_form.html", {"form": form, "patient": patient})


@patient_view()
def overview(request: DoorRequest, patient: Patient) -> HttpResponse:
    overview = overviews.load(patient)
    context = {
        "patient": patient,
        "tab": "overview",
        "overview": overview,
        "ids": {code: uuid.uuid4() for one in overview.measures for code in one.codes},
        "can_treat": request.user.may(Permission.TREAT),
        "note_id": uuid.uuid4(),
    }
    return render(request, "workspace/patient_overview.html", context)


@patient_view()
def sessions(request: DoorRequest, patient: Patient) -> HttpResponse:
    """All of them, or those of some days and of one color, or one, as a note's numbers lead there;
    so many on a page.
    """
    first, last = date_in(request.GET, "first"), date_in(request.GET, "last")
    color, one = request.GET.get("color", ""), key_in(request.GET, "session")
    found = overviews.sessions_of(patient, first=first, last=last, key=one)
    if color in Color.values:  # answers have a color, rows have none
        colored = [row for row in overviews.session_rows(found) if row.color == color]
        page: Page[Any] = Paginator(colored, SESSIONS_A_PAGE).get_page(request.GET.get("page"))
        rows = list(page)
    else:
        page = Paginator(found, SESSIONS_A_PAGE).get_page(request.GET.get("page"))
        rows = overviews.session_rows(page)
    context = {
        "patient": patient,
        "tab": "sessions",
        "sessions": rows,
        "paging": page,
        "first": first,
        "last": last,
        "one": one,
        "color": Color(color) if color in Color.values else None,
    }
    return render(request, "workspace/patient_sessions.html", context)


@patient_view()
def record(request: DoorRequest, patient: Patient) -> HttpResponse:
    context = {
        "patient": patient,
        "tab": "record",
        "team": patient.care_team.filter(ended_at=None).select_related(
            "therapist", "cover__therapist"
        ),
        "team_form": CareTeamForm(patient=patient),
        "episodes": patient.episodes.select_related("opened_by").prefetch_related(
            "screens__screened_by"
        ),
        "invitation": patient.invitations.first(),
        "privacy": patient.privacyacceptances.filter(accepted_by=patient.user_id).first(),
        "caregivers": patient.caregivers.filter(ended_at=None),
        "earlier": patient.earlierrecords.defer("content").select_related("brought_by"),
        "links": RecordLink.objects.open().filter(patient=patient),
        "alerts": patient.alerts.select_related("acknowledged_by", "owner"),
        "merged": patient.mergedpatients.select_related("merged_by"),
        "events": trail.about(patient)[:EVENTS_SHOWN],
    }
    return render(request, "workspace/patient_record.html", context)


@require_POST
@patient_view(Permission.ADD_PATIENTS)
def invite(request: DoorRequest, patient: Patient) -> HttpResponse:
    refused = limits.refusal(request, "invitation", key=str(patient.pk))
    if refused is not None:
        return refused
    try:
        invitation = invitations.invite(patient=patient, by=request.user)
    except ValidationError as error:
        into_messages(request, error)
        return redirect("workspace:patient_record", patient.pk)
    if invitation.sent_to:
        messages.success(request, f"The invitation is on its way to {invitation.sent_to}.")
    return redirect("workspace:invitation", patient.pk)


@patient_view(Permission.ADD_PATIENTS)
def invitation(request: DoorRequest, patient: Patient) -> HttpResponse:
    """The open invitation, to hand over on paper."""
    invitation = patient.invitations.usable().first()
    if invitation is None:
        messages.error(request, "There is no open invitation. Make a new one.")
        return redirect("workspace:patient_record", patient.pk)
    address = settings.SITE_ADDRESS + JOIN_PATH
    context = {
        "patient": patient,
        "invitation": invitation,
        "address": address,
        "qr": qr_svg(address),
        "qr_alt": qr_alt(address),
    }
    return render(request, "workspace/invitation.html", context)


@require_POST
@patient_view(Permission.MANAGE_CARE_TEAMS)
def join_team(request: DoorRequest, patient: Patient) -> HttpResponse:
    form = CareTeamForm(request.POST, patient=patient)
    if form.is_valid():
        therapist = form.cleaned_data["therapist"]
        actions.join_care_team(patient=patient, therapist=therapist, by=request.user)
        messages.success(request, f"{therapist} can see {patient} now.")
    else:
        messages.error(request, "Choose a therapist of this clinic who is not on the team yet.")
    return redirect("workspace:patient_record", patient.pk)


@require_POST
@patient_view(Permission.MANAGE_CARE_TEAMS)
def leave_team(request: DoorRequest, patient: Patient, member_id: UUID) -> HttpResponse:
    member = get_object_or_404(patient.care_team.select_related("therapist"), pk=member_id)
    try:
        actions.leave_care_team(member=member, by=request.user)
    except ValidationError as error:
        into_messages(request, error)
        return redirect("workspace:patient_record", patient.pk)
    messages.success(request, f"{member.therapist} no longer sees {patient}.")
    if member.therapist == request.user and not request.user.may(
        Permission.SEE_ALL_PATIENTS_OF_CLINIC
    ):
        return redirect("workspace:caseload")
    return redirect("workspace:patient_record", patient.pk)


@require_POST
@patient_view(Permission.MANAGE_CARE_TEAMS)
def end_caregiver(request: DoorRequest, patient: Patient, caregiver_id: UUID) -> HttpResponse:
    """For a patient who asks for it by telephone."""
    caregiver = get_object_or_404(patient.caregivers.select_related("patient"), pk=caregiver_id)
    caregivers.end(caregiver=caregiver, by=request.user)
    messages.success(request, f"{caregiver.name} sees nothing of {patient} any more.")
    return redirect("workspace:patient_record", patient.pk)


@require_POST
@patient_view(Permission.TREAT)
def end_record_link(request: DoorRequest, patient: Patient, link_id: UUID) -> HttpResponse:
    """It was somebody else in the other record."""
    links = RecordLink.objects.open().filter(patient=patient)
    link = get_object_or_404(links, pk=link_id)
    record_links.unlink(link=link, by=request.user)
    messages.success(request, f"{patient} is linked to {link.record} no more.")
    return redirect("workspace:patient_record", patient.pk)
