"""Ending a plan or a whole course of care, with its summary."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from patients.actions.episodes import close_episode, hold_open
from patients.models import Episode
from patients.models.episode import Outcome
from programs.actions import plans, restrictions
from programs.course.course import Course
from programs.plans import note as plan_note
from programs.progress import answered, standing


def summary_of(episode: Episode) -> str:
    """The record of an episode as text, for the therapist to edit."""
    check_ins = answered.of_episode(episode)
    known = answered.versions_of(check_ins)
    frozen = episode.plans.frozen().select_related("clinic", "program", "second_program")
    return plan_note.discharge_summary(
        episode,
        Course.load(frozen),
        standing.sessions_of(episode),
        answered.scored(check_ins, known),
        known,
        episode.clinic.today(),
    )


@transaction.atomic
def finish(*, episode: Episode, outcome: str, summary: str, close: bool, by: User) -> None:
    """End the active plan and, with `close`, the episode. Raises ValidationError with neither."""
    if close:
        end_care(episode=episode, outcome=outcome, summary=summary, by=by)
        return
    active = episode.plans.active().first()
    if active is None:
        raise ValidationError("There is no active plan to end. Close the episode instead.")
    plans.end(plan=active, outcome=outcome, summary=summary, by=by)


@transaction.atomic
def end_care(
    *,
    episode: Episode,
    outcome: Outcome | str,
    by: User,
    summary: str = "",
    at: dt.datetime | None = None,
) -> Episode:
    """End the active plan, throw away a draft, and close the episode, which keeps the summary."""
    hold_open(episode)
    for draft in episode.plans.drafts().select_related("patient"):
        plans.discard(plan=draft, by=by)
    for active in episode.plans.active():
        plans.end(plan=active, by=by, outcome=outcome, at=at)
    restrictions.close_open(episode=episode, by=by)
    return close_episode(episode=episode, outcome=outcome, by=by, summary=summary)
