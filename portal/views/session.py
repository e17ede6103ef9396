"""Doing today's session, and what is said after it."""

from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from accounts.compiled import compiled
from accounts.doors import DoorRequest
from patients.actions import once
from patients.models import Patient, Share
from portal.access import PortalRequest, is_answer_of_another, shared_view
from portal.forms.session import SessionForm, seconds_taken
from portal.offline import wants_json
from portal.screen import ASKS, OPEN, Screen
from programs.actions import corrections, sessions
from programs.alerts.advice import outcome
from programs.course import today
from programs.models import Plan, Session


@shared_view(Share.SESSIONS)
def do_session(
    request: PortalRequest, patient: Patient, plan_id: UUID, session_id: UUID
) -> HttpResponse:
    """One page that the patient walks through; its form is sent once at the end."""
    if request.method == "POST":  # an answer to what was on screen before is taken in any state
        course = sessions.hold(_plan(patient, plan_id))
        return _send(request, Screen.of(course, patient), session_id)
    if _is_stored(session_id, patient):
        return redirect("portal:session_done", session_id)  # the back button after saving
    day = today.load(patient)
    if day.plan is None or day.plan.pk != plan_id:
        _plan(patient, plan_id)  # 404 for what was never theirs
        return redirect("portal:today")  # an old tab, after the plan was changed
    return _begin(request, day, patient)


def _is_stored(session_id: UUID, patient: Patient) -> bool:
    try:
        return once.stored(Session, session_id, patient_id=patient.pk) is not None
    except once.NotYours as error:
        raise Http404 from error


def _plan(patient: Patient, plan_id: UUID) -> Plan:
    for plan in _frozen(patient.pk, plan_id):
        plan.patient, plan.clinic = patient, patient.clinic
        return plan
    raise Http404


@compiled
def _frozen(patient: UUID, plan: UUID) -> QuerySet[Plan]:
    return Plan.objects.frozen().filter(patient=patient, pk=plan)


def _begin(request: DoorRequest, day: today.Today, patient: Patient) -> HttpResponse:
    asks = day.state is ASKS
    if not (asks or day.state in OPEN):
        return redirect("portal:today")  # an old tab, after the plan was stopped
    screen = Screen.to_do(day, patient)
    if not (rows := screen.rows()):
        return redirect("portal:today")
    if asks and request.GET.get("settled") != "yes":
        context = {"patient": patient, "clinic": patient.clinic, "tab": "today"}
        return render(request, "portal/session_again.html", context)
    return _page(request, screen, screen.form(None, rows))


def _page(
    request: DoorRequest, screen: Screen, form: SessionForm, status: int = 200
) -> HttpResponse:
    return render(request, "portal/session.html", screen.context(form), status=status)


def _send(request: PortalRequest, screen: Screen, session_id: UUID) -> HttpResponse:
    """From the page, or from what waited on the device: that is answered in JSON."""
    if is_answer_of_another(request):
        raise Http404
    form = screen.form(request.POST, screen.shown_in(request.POST))
    if form.is_valid() and _stored(request, screen, session_id, form):
        if wants_json(request):
            return JsonResponse({"next": reverse("portal:session_done", args=[session_id])})
        return redirect("portal:session_done", session_id)
    if wants_json(request):
        return JsonResponse({"errors": form.errors}, status=422)
    return _page(request, screen, form)


def _stored(request: DoorRequest, screen: Screen, session_id: UUID, form: SessionForm) -> bool:
    try:
        corrections.record(
            session_id=session_id,
            course=screen.course,
            done=form.done,
            by=request.user,
            at=screen.done_at(request.POST),
            took_seconds=seconds_taken(request.POST.get("took", "")),
            **form.answers,
        )
    except once.NotYours as error:
        raise Http404 from error
    except ValidationError as error:
        form.add_error(None, error.messages)
        return False
    return True


@shared_view(Share.SESSIONS)
def done(request: DoorRequest, patient: Patient, session_id: UUID) -> HttpResponse:
    """Thanks, and advice at once where an answer asks for it."""
    found = Session.objects.visible_to(request.user).select_related("plan__episode", "replaced_by")
    session = get_object_or_404(found, pk=session_id)
    if newer := getattr(session, "replaced_by", None):
        return redirect("portal:session_done", newer.pk)
    day = today.load(patient)
    context = {
        "patient": patient,
        "clinic": patient.clinic,
        "tab": "today",
        "session": session,
        "today": day,
        "is_stopped": day.state is today.State.STOPPED,
        "outcome": outcome(session, patient.clinic, feeling=session.plan.episode.sensation),
    }
    return render(request, "portal/session_done.html", context)
