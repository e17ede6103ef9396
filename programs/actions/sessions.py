"""Storing what a patient did, once, and raising what a therapist must see."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.compiled import compiled
from accounts.models import User
from patients.actions import once
from patients.models import Episode
from programs.actions import proposing, raising
from programs.alerts.of_answers import Raised
from programs.alerts.of_session import ONCE_A_SPELL, after, raised_again, raised_for
from programs.course.course import Course
from programs.models import Alert, ExerciseLog, Plan, Session
from programs.models.session import Done, WhyNot
from programs.safety import holding


@dataclass(frozen=True)
class Log:
    """How much of one exercise was done; '' and None where it was left empty."""

    done: str = ""
    held: int | None = None  # sets held for the whole time
    why_not: str = ""

    @classmethod
    def of(cls, told: "str | Log") -> "Log":
        """As it is stored: a reason belongs to what was left out, whatever else was ticked."""
        log = cls(told) if isinstance(told, str) else told
        return log if log.done in {Done.SOME, Done.NONE} else replace(log, why_not="")


def record(
    *,
    session_id: UUID,
    plan: Plan,
    by: User,
    done: Mapping[UUID, str | Log],
    at: dt.datetime | None = None,
    replaces: Session | None = None,
    course: Course | None = None,
    **answers: Any,
) -> Session:
    """Store a session, or return it when the same id was stored before.

    `done` is {prescription id: Log, or only its `done`}; `answers` are the session's fields, None
    where left empty. The plan may have been replaced meanwhile: the answer belongs to what was on
    screen. Raises ValidationError for bad answers or a draft, NotYours for another patient's id.
    See programs.actions.corrections for `replaces`. `course`: of `plan`, where it is held already.
    """
    if (known := once.stored(Session, session_id, patient_id=plan.patient_id)) is not None:
        return known
    logs = {key: Log.of(one) for key, one in done.items()}
    try:
        with transaction.atomic():
            course = course or hold(plan)
            return _store(session_id, course, logs, by, at or timezone.now(), replaces, answers)
    except IntegrityError as error:
        return once.stored_meanwhile(error, Session, session_id, patient_id=plan.patient_id)


def hold(plan: Plan) -> Course:
    """The plan's course and its episode as they are, and stay until the transaction ends.

    Sessions of one patient are stored one after the other: the rules count over them. Raises
    ValidationError for a draft.
    """
    if plan.is_draft:
        raise ValidationError(_("This plan was not active."))
    clinic = plan.clinic
    [plan.episode] = _held_episode(plan.episode_id)
    plan.episode.clinic = clinic
    return Course.load([plan])[0]


@compiled
def _held_episode(episode: UUID) -> QuerySet[Episode]:
    return Episode.objects.select_for_update(no_key=True).filter(pk=episode)


def _store(
    session_id: UUID,
    course: Course,
    logs: Mapping[UUID, Log],
    by: User,
    at: dt.datetime,
    replaces: Session | None,
    answers: dict[str, Any],
) -> Session:
    plan = course.plan
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
        replaces=replaces,
        **answers,
    )
    unasked = ["clinic", "patient", "plan", "phase", "entered_by", "replaces"]
    session.clean_fields(exclude=unasked)
    prescriptions = {row.pk for row in course.prescriptions}
    if not logs.keys() <= prescriptions or not all(map(_is_known, logs.values())):
        raise ValidationError(_("An exercise in this answer is not part of the plan."))
    session.save(force_insert=True)
    _store_logs(session, logs)
    _raise_alerts(session, did_held=_did_held(course, session, logs))
    proposing.of_session(session, by=by)
    replaced: dict[str, Any] = {"replaces": replaces.pk} if replaces else {}
    audit.record(
        action=audit.Action.SESSION_CORRECTED if replaces else audit.Action.SESSION_RECORDED,
        patient=plan.patient,
        by=by,
        subject=session,
        source=session.source,
        **replaced,
    )
    return session


def _did_held(course: Course, session: Session, logs: Mapping[UUID, Log]) -> list[str]:
    """Codes of what was done though it was held back already when the session began."""
    held = [
        one
        for one in course.held_on(session.done_on)
        if one.made_at is not None and one.made_at < session.done_at
    ]
    done = {key for key, log in logs.items() if log.done in {Done.ALL, Done.SOME}}
    rows = [row for row in course.prescriptions if row.pk in done] if held else []
    return sorted({row.kept.code for row in rows if holding.holds_back(held, row.kept)})


def _is_known(log: Log) -> bool:
    return log.done in {*Done.values, ""} and log.why_not in {*WhyNot.values, ""}


def _store_logs(session: Session, logs: Mapping[UUID, Log]) -> None:
    ExerciseLog.objects.bulk_create(
        ExerciseLog(
            clinic_id=session.clinic_id,
            patient_id=session.patient_id,
            session=session,
            prescription_id=prescription_id,
            done=log.done,
            held=log.held,
            why_not=log.why_not,
        )
        for prescription_id, log in logs.items()
    )


def _raise_alerts(session: Session, *, did_held: list[str]) -> None:
    """A correction raises only what is new: an alert of the wrong entry stays until looked at."""
    moment = timezone.now() if session.replaces_id else session.done_at
    later = after(session)
    found = raised_for(session, did_held=did_held)
    if later:  # a spell that was told of already is not told of again
        spells = Alert.objects.filter(session__in=later, rule__in=ONCE_A_SPELL)
        known = set(spells.values_list("rule", flat=True))
        found = [one for one in found if one.rule not in known]
    new = _not_told(found, session.replaces)
    raising.store(new, of=session, at=moment, by=session.entered_by)
    for other in later:
        again = _not_told(raised_again(other), other)
        raising.store(again, of=other, at=timezone.now(), by=session.entered_by)


def _not_told(found: list[Raised], session: Session | None) -> list[Raised]:
    """Without what was raised about a session, and about those that it replaces."""
    told: set[tuple[str, str]] = set()
    older = session
    while older is not None:
        told |= set(older.alerts.values_list("rule", "severity"))
        older = older.replaces
    return [one for one in found if (one.rule, one.severity) not in told]
