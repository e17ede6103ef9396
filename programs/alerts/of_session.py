"""The alerts of one session, against what came before it. Begin here."""

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from django.db.models import QuerySet

from accounts.compiled import compiled
from patients.conditions import Condition
from programs.alerts.of_answers import Before, Raised, raised_by
from programs.course.response import BASELINE_LOGS, baseline
from programs.models import Session
from programs.models.alert import Code

# Covers the 14 days that the rules look back on, at 3 sessions a day.
RECENT = 50
# How far an answer reaches on: near-falls count for 7 days, 'twice' over the next 2 sessions.
REACHES = dt.timedelta(days=14)
# What earlier sessions take part in; all else is of one session alone.
OVER_TIME = frozenset({Code.A7, Code.A11, Code.A17})
ONCE_A_SPELL = frozenset({Code.A11, Code.A17})


def raised_for(session: Session, *, did_held: Sequence[str] = ()) -> list[Raised]:
    """The alerts of a session against what came before it in the same episode.

    `did_held`: codes of exercises that were done while they were held back. Two bounded queries:
    the cost does not grow with the history.
    """
    return raised_by(session, before(session, did_held))


def after(session: Session) -> list[Session]:
    """Sessions that were stored before this one and done after it: it arrived late."""
    return list(_later(*_where(session), session.done_at + REACHES))


@compiled
def _later(
    patient: UUID, episode: UUID, after: dt.datetime, until: dt.datetime
) -> QuerySet[Session]:
    later = _of_episode(patient, episode).filter(done_at__gt=after, done_at__lte=until)
    return later.select_related("plan__episode").order_by("done_at")


def raised_again(session: Session) -> list[Raised]:
    """What an earlier answer that arrived late adds: the rules that look back on it."""
    return [one for one in raised_for(session) if one.rule in OVER_TIME]


def _where(session: Session) -> tuple[UUID, UUID, dt.datetime]:
    return session.patient_id, session.plan.episode_id, session.done_at


def _of_episode(patient: UUID, episode: UUID) -> QuerySet[Session]:
    found: QuerySet[Session] = Session.objects.current().filter(
        patient=patient, plan__episode=episode
    )
    return found


@compiled
def _recent(patient: UUID, episode: UUID, before: dt.datetime) -> QuerySet[Session]:
    """The newest first."""
    return _of_episode(patient, episode).filter(done_at__lt=before).order_by("-done_at")[:RECENT]


@compiled
def _first_answered(patient: UUID, episode: UUID, before: dt.datetime) -> QuerySet[Session]:
    """Those that a baseline is made of."""
    earlier = _of_episode(patient, episode).filter(done_at__lt=before)
    answered = earlier.exclude(pain_before=None, pain_after=None)
    return answered.order_by("done_at")[:BASELINE_LOGS]


def before(session: Session, did_held: Sequence[str] = ()) -> Before:
    """What came before it in the same episode. Two bounded queries."""
    where = _where(session)
    return Before(
        sessions=list(_recent(*where))[::-1],
        baseline=baseline(list(_first_answered(*where))),
        bruises=Condition.ANTICOAGULATED in session.plan.episode.conditions,
        did_held=did_held,
    )
