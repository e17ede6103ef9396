"""Ending a plan or a whole course of care, with its summary."""

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from patients.models import Episode
from programs.actions import plans
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
        plans.discharge(episode=episode, outcome=outcome, summary=summary, by=by)
        return
    active = episode.plans.active().first()
    if active is None:
        raise ValidationError("There is no active plan to end. Close the episode instead.")
    plans.end(plan=active, outcome=outcome, summary=summary, by=by)
