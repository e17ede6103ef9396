"""Storing what a patient did, once, and raising what a therapist must see."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from patients.actions import audit
from programs.alert_rules import Raised, raised_by
from programs.course import Course
from programs.models import Alert, ExerciseLog, Plan, Session
from programs.models.session import Done
from programs.response import BASELINE_LOGS, baseline


class NotYours(Exception):  # noqa: N818 - said as 404, never as a fault
    """The id is taken by somebody else's session. To the asker it does not exist."""


def record(
    *,
    session_id: UUID,
    plan: Plan,
    done: dict[UUID, str],
    by: User,
    held: dict[UUID, int | None] | None = None,
    at: dt.datetime | None = None,
    **answers: Any,
) -> Session:
    """Store a session, or return it when the same id was stored before.

    `done` is {prescription id: Done or ''}, `held` {prescription id: sets held for the whole time};
    `answers` are the session's fields, None where left empty. The plan may have been replaced
    meanwhile: the answer belongs to what was on screen. Raises ValidationError for bad answers or
    a draft, NotYours for another patient's id.
    """
    if (known := _known(session_id, plan)) is not None:
        return known
    try:
        with transaction.atomic():
            return _store(session_id, plan, done, held or {}, by, at or timezone.now(), answers)
    except IntegrityError:
        # The same session arrived twice at the same moment; the other one is stored.
        if (known := _known(session_id, plan)) is not None:
            return known
        raise


def _known(session_id: UUID, plan: Plan) -> Session | None:
    known: Session | None = Session.objects.filter(pk=session_id).first()
    if known is not None and known.patient_id != plan.patient_id:
        raise NotYours
    return known


def _store(
    session_id: UUID,
    plan: Plan,
    done: dict[UUID, str],
    held: dict[UUID, int | None],
    by: User,
    at: dt.datetime,
    answers: dict[str, Any],
) -> Session:
    if plan.is_draft:
        raise ValidationError("This plan was not active.")
    course = Course.load([plan])[0]
    day = plan.clinic.local_date(at)
    session = Session(
        id=session_id,
        clinic_id=plan.clinic_id,
        patient=plan.patient,
        plan=plan,
        phase=course.phase_on(day),
        done_at=at,
        done_on=day,
        entered_by=by,
        **answers,
    )
    session.clean_fields(exclude=["clinic", "patient", "plan", "phase", "entered_by"])
    prescriptions = {row.pk for row in course.prescriptions}
    if not done.keys() <= prescriptions or not set(done.values()) <= {*Done.values, ""}:
        raise ValidationError("An exercise in this answer is not part of the plan.")
    session.save(force_insert=True)
    ExerciseLog.objects.bulk_create(
        ExerciseLog(
            clinic_id=plan.clinic_id,
            patient=plan.patient,
            session=session,
            prescription_id=prescription_id,
            done=answer,
            held=held.get(prescription_id),
        )
        for prescription_id, answer in done.items()
    )
    _raise_alerts(session)
    audit.record(
        action="session.recorded",
        patient=plan.patient,
        by=by,
        subject=session,
        source=session.source,
    )
    return session


def _raise_alerts(session: Session) -> None:
    Alert.objects.bulk_create(
        Alert(
            clinic_id=session.clinic_id,
            patient_id=session.patient_id,
            session=session,
            rule=raised.rule,
            severity=raised.severity,
            message=raised.message,
            raised_at=session.done_at,
        )
        for raised in raised_for(session)
    )


# Covers the 7 days that the rules look back on, at 6 sessions a day.
RECENT = 50


def raised_for(session: Session) -> list[Raised]:
    """The alerts of a session against what came before it in the same episode.

    Two bounded queries: the cost does not grow with the history.
    """
    earlier = Session.objects.filter(
        patient_id=session.patient_id,
        plan__episode_id=session.plan.episode_id,
        done_at__lt=session.done_at,
    )
    answered = earlier.exclude(pain_before=None, pain_after=None).order_by("done_at")
    recent = list(earlier.order_by("-done_at")[:RECENT])
    base = baseline(list(answered[:BASELINE_LOGS]))
    return raised_by(session, recent[::-1], baseline=base)
