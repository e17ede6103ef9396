"""The alerts of one session, against what came before it. Begin here."""

from collections.abc import Sequence
from datetime import timedelta

from patients.conditions import Condition
from programs.alerts.of_answers import Before, Raised, raised_by
from programs.course.response import BASELINE_LOGS, baseline
from programs.models import Session
from programs.models.alert import Code
from programs.models.session import SessionQuerySet

# Covers the 14 days that the rules look back on, at 3 sessions a day.
RECENT = 50
# How far an answer reaches on: near-falls count for 7 days, 'twice' over the next 2 sessions.
REACHES = timedelta(days=14)
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
    later = _of_episode(session).filter(
        done_at__gt=session.done_at, done_at__lte=session.done_at + REACHES
    )
    return list(later.select_related("plan__episode").order_by("done_at"))


def raised_again(session: Session) -> list[Raised]:
    """What an earlier answer that arrived late adds: the rules that look back on it."""
    return [one for one in raised_for(session) if one.rule in OVER_TIME]


def _of_episode(session: Session) -> SessionQuerySet:
    return Session.objects.current().filter(
        patient_id=session.patient_id, plan__episode_id=session.plan.episode_id
    )


def before(session: Session, did_held: Sequence[str] = ()) -> Before:
    """What came before it in the same episode. Two bounded queries."""
    earlier = _of_episode(session).filter(done_at__lt=session.done_at)
    answered = earlier.exclude(pain_before=None, pain_after=None).order_by("done_at")
    recent = list(earlier.order_by("-done_at")[:RECENT])
    return Before(
        sessions=recent[::-1],
        baseline=baseline(list(answered[:BASELINE_LOGS])),
        bruises=Condition.ANTICOAGULATED in session.plan.episode.conditions,
        did_held=did_held,
    )
