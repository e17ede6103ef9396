"""Doing today's session, and what is said after it."""

from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts.doors import DoorRequest, posted
from patients.models import Patient
from portal.access import portal_view
from portal.forms.session import SessionForm
from programs import response, today
from programs.actions import sessions
from programs.advice import advice
from programs.course import Course
from programs.models import Plan, Session

# No exercise is shown then; an answer to what was on screen before is still taken.
CLOSED = (today.State.STOPPED, today.State.ENDED)


@portal_view
def do_session(
    request: DoorRequest, patient: Patient, plan_id: UUID, session_id: UUID
) -> HttpResponse:
    """One page that the patient walks through; its form is sent once at the end."""
    plans = Plan.objects.visible_to(request.user).frozen()
    plan = get_object_or_404(plans.select_related("episode"), pk=plan_id)
    plan.clinic, plan.patient = patient.clinic, patient
    course = Course.load([plan])[0]
    date = patient.clinic.today()
    phase = course.phase_on(date)
    rows = tuple(course.due_on(date) or course.in_phase(phase))
    form = SessionForm(posted(request), prescriptions=rows)
    if form.is_valid():
        try:
            session = sessions.record(
                session_id=session_id,
                plan=plan,
                done=form.done,
                held=form.held,
                by=request.user,
                **form.answers,
            )
        except sessions.NotYours as error:
            raise Http404 from error
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            return redirect("portal:session_done", session.pk)
    elif request.method == "GET":
        if Session.objects.filter(pk=session_id, patient=patient).exists():
            return redirect("portal:session_done", session_id)  # the back button after saving
        if today.load(patient).state in CLOSED:
            return redirect("portal:today")  # an old tab, after the plan was stopped
    context = {
        "patient": patient,
        "clinic": patient.clinic,
        "plan": plan,
        "form": form,
        "safety": today.safety_items(rows, plan.episode),
        "session_id": session_id,
    }
    return render(request, "portal/session.html", context)


@portal_view
def done(request: DoorRequest, patient: Patient, session_id: UUID) -> HttpResponse:
    """Thanks, and advice at once where an answer asks for it."""
    session = get_object_or_404(
        Session.objects.visible_to(request.user).select_related("plan"),
        pk=session_id,
    )
    context = {
        "patient": patient,
        "clinic": patient.clinic,
        "tab": "today",
        "session": session,
        "color": response.color(session),
        "is_stopped": today.load(patient).state is today.State.STOPPED,
        "advice": advice(session, patient.clinic),
    }
    return render(request, "portal/session_done.html", context)
