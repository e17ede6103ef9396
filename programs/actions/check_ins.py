"""Storing a weekly check-in, once."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from patients.actions import audit
from programs.actions.sessions import NotYours
from programs.models import CheckIn, Measure, Plan


def record(
    *,
    check_in_id: UUID,
    plan: Plan,
    answers: dict[str, Any],
    by: User,
    note: str = "",
    at: dt.datetime | None = None,
) -> CheckIn:
    """Store a check-in, or return it when the same id was stored before.

    Raises ValidationError for a measure that is not on the plan, NotYours for another's id.
    """
    if (known := _known(check_in_id, plan)) is not None:
        return known
    try:
        with transaction.atomic():
            return _store(check_in_id, plan, answers, by, note, at or timezone.now())
    except IntegrityError:
        if (known := _known(check_in_id, plan)) is not None:
            return known
        raise


def _known(check_in_id: UUID, plan: Plan) -> CheckIn | None:
    known: CheckIn | None = CheckIn.objects.filter(pk=check_in_id).first()
    if known is not None and known.patient_id != plan.patient_id:
        raise NotYours
    return known


def _store(
    check_in_id: UUID,
    plan: Plan,
    answers: dict[str, Any],
    by: User,
    note: str,
    at: dt.datetime,
) -> CheckIn:
    if plan.is_draft or not answers.keys() <= set(plan.check_in_measures):
        raise ValidationError("This check-in is not part of the plan.")
    newest = Measure.objects.filter(code__in=answers).order_by("version")
    check_in = CheckIn(
        id=check_in_id,
        patient=plan.patient,
        plan=plan,
        answered_at=at,
        answered_on=plan.clinic.local_date(at),
        answers=answers,
        versions={measure.code: measure.version for measure in newest},
        note=note,
    )
    check_in.save(force_insert=True)
    audit.record(action="check_in.recorded", patient=plan.patient, by=by, subject=check_in)
    return check_in
