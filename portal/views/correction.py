"""Putting a session's entry right, and the question of the next morning."""

import uuid
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts.doors import DoorRequest, posted
from patients.actions import once
from patients.models import Patient, Share
from portal.access import shared_view
from portal.forms.session import MorningForm, SessionForm, answers_of
from portal.screen import Screen
from programs.actions import corrections
from programs.course.course import Course
from programs.models import Session


def _entry(request: DoorRequest, session_id: UUID) -> Session:
    found = Session.objects.visible_to(request.user).select_related("plan__episode", "replaced_by")
    session: Session = get_object_or_404(
        found.prefetch_related("exercise_logs__prescription"), pk=session_id
    )
    return session


@shared_view(Share.SESSIONS)
def begin(request: DoorRequest, patient: Patient, session_id: UUID) -> HttpResponse:
    """To the form, under an id of its own: reloading or sending it twice keeps that."""
    _entry(request, session_id)
    return redirect("portal:session_correct", session_id, uuid.uuid4())


@shared_view(Share.SESSIONS)
def correct(request: DoorRequest, patient: Patient, session_id: UUID, new_id: UUID) -> HttpResponse:
    session = _entry(request, session_id)
    if newer := getattr(session, "replaced_by", None):
        return redirect("portal:session_done", newer.pk)
    screen = Screen.of(Course.load([session.plan])[0], patient)
    rows = [log.prescription for log in session.exercise_logs.all()]
    form = screen.form(posted(request), rows, initial=answers_of(session))
    if form.is_valid() and _corrected(request, session, new_id, form):
        messages.success(request, _("Put right. Your therapist sees the new answers."))
        return redirect("portal:session_done", new_id)
    context = screen.context(form) | {"session": session}
    return render(request, "portal/session_correct.html", context)


def _corrected(request: DoorRequest, session: Session, new_id: UUID, form: SessionForm) -> bool:
    try:
        corrections.correct(
            session=session, session_id=new_id, done=form.done, by=request.user, **form.answers
        )
    except once.NotYours as error:
        raise Http404 from error
    except ValidationError as error:
        form.add_error(None, error.messages)
        return False
    return True


@shared_view(Share.SESSIONS)
def next_morning(request: DoorRequest, patient: Patient, session_id: UUID) -> HttpResponse:
    """The card on today sends here; a session that was replaced meanwhile is answered as done."""
    session = _entry(request, session_id)
    form = MorningForm(posted(request))
    if getattr(session, "replaced_by", None) is not None:
        return redirect("portal:session_done", session.pk)
    if form.is_valid():
        newer = corrections.add_morning(
            session=session, settled=form.cleaned_data["settled"], by=request.user
        )
        return redirect("portal:session_done", newer.pk)
    context = {"patient": patient, "clinic": patient.clinic, "form": form, "session": session}
    return render(request, "portal/next_morning.html", context)
