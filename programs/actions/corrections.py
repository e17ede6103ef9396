"""New records for old sessions: a wrong entry put right, an open answer completed.

The old record is kept; lists, counts and pictures read the newer one (`Session.objects.current()`).
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid5

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from patients.actions import once
from programs.actions import sessions
from programs.actions.sessions import Log
from programs.course.course import Course
from programs.models import Session
from programs.models.session import MORNING_CHOICES, Source

# When, where and by whom it was stored; every other field is what the patient said, and a
# correction carries it over.
_STORED = frozenset(
    {
        "id",
        "clinic",
        "patient",
        "plan",
        "phase",
        "done_at",
        "done_on",
        "received_at",
        "source",
        "entered_by",
        "replaces",
        "took_seconds",
    }
)
ANSWERS = tuple(field.name for field in Session._meta.concrete_fields if field.name not in _STORED)


def record(
    *,
    session_id: UUID,
    course: Course,
    done: Mapping[UUID, str | Log],
    by: User,
    at: dt.datetime,
    took_seconds: int | None = None,
    **answers: Any,
) -> Session:
    """As a page sends it, once however often. Other answers under an id that is stored, as a second
    tab has them, correct the entry: what was ticked there is never dropped.

    `course` is held (programs.actions.sessions.hold). Raises as programs.actions.sessions.record.
    """
    patient = course.plan.patient_id
    known = once.stored(Session, session_id, patient_id=patient)
    if known is None:
        return sessions.record(
            session_id=session_id,
            plan=course.plan,
            course=course,
            done=done,
            by=by,
            at=at,
            took_seconds=took_seconds,
            **answers,
        )
    if _says(known, done, answers):
        return known
    told = [sorted(one.items(), key=str) for one in (done, answers)]
    other_id = uuid5(session_id, repr(told))
    if stored := once.stored(Session, other_id, patient_id=patient):
        return stored
    return correct(session=known.newest(), session_id=other_id, done=done, by=by, **answers)


def _says(session: Session, done: Mapping[UUID, str | Log], answers: Mapping[str, Any]) -> bool:
    logs = {key: Log.of(one) for key, one in done.items()}
    is_same = all(getattr(session, name) == value for name, value in answers.items())
    return is_same and _logs_of(session) == logs


def _logs_of(session: Session) -> dict[UUID, Log]:
    return {
        log.prescription_id: Log(log.done, log.held, log.why_not)
        for log in session.exercise_logs.all()
    }


@transaction.atomic
def correct(
    *,
    session: Session,
    session_id: UUID,
    done: Mapping[UUID, str | Log],
    by: User,
    **answers: Any,
) -> Session:
    """Store what was meant, under an id from the page; sent twice it is stored once.

    Raises ValidationError when another record has replaced the entry meanwhile.
    """
    return _replace(session, session_id, Source.CORRECTION, by, done, answers)


@transaction.atomic
def add_morning(*, session: Session, settled: str, by: User) -> Session:
    """How the feet were the next morning; answered twice, the first answer stays."""
    if settled not in MORNING_CHOICES:
        raise ValidationError({"settled": _("Choose one of the answers.")})
    answers = {name: getattr(session, name) for name in ANSWERS} | {"settled": settled}
    return _replace(
        session, uuid5(session.pk, "morning"), Source.MORNING, by, _logs_of(session), answers
    )


def _replace(
    session: Session,
    session_id: UUID,
    source: Source,
    by: User,
    done: Mapping[UUID, str | Log],
    answers: dict[str, Any],
) -> Session:
    course = sessions.hold(session.plan)  # first, as whoever stores does: two never wait in a ring
    old = Session.objects.select_for_update(of=("self",)).get(pk=session.pk)
    newer: Session | None = Session.objects.filter(replaces=old).first()
    if newer is not None and newer.pk != session_id:
        raise ValidationError(_("This entry was put right already. Look at the newer one."))
    return sessions.record(
        session_id=session_id,
        plan=course.plan,
        course=course,
        done=done,
        by=by,
        at=old.done_at,
        replaces=old,
        source=source,
        took_seconds=old.took_seconds,
        **answers,
    )
