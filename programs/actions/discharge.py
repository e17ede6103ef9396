"""Ending a plan or a whole course of care, with its summary."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from patients.actions.episodes import close_episode, hold_open
from patients.models import Episode
from patients.models.episode import Outcome
from programs.actions import plans, restrictions
from programs.models import ClinicalNote
from programs.models.note import NoteKind
from programs.notes import compose

LONGEST_SUMMARY = 8000
_CUT = "Shortened here: the discharge note has it all."


def summary_of(episode: Episode) -> str:
    """The discharge note as it was last saved, else as the record gives it, to be edited."""
    written = ClinicalNote.objects.current().filter(episode=episode, kind=NoteKind.DISCHARGE)
    saved = written.order_by("written_at").last()
    text = saved.text if saved else compose.text_of(episode, NoteKind.DISCHARGE)
    if len(text) <= LONGEST_SUMMARY:
        return str(text)
    kept = text[: LONGEST_SUMMARY - len(_CUT) - 1].rpartition("\n")[0]
    return f"{kept}\n{_CUT}"


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
