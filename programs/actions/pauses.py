"""Pausing a plan for some days, and going on."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from patients.actions.episodes import hold_open
from programs import transitions
from programs.models import Pause, Plan


@transaction.atomic
def pause(
    *,
    plan: Plan,
    why: str,
    by: User,
    first: dt.date | None = None,
    last: dt.date | None = None,
    note: str = "",
) -> Pause:
    """Nothing is due from `first` (today) to `last`; without it until `resume`.

    Raises ValidationError for days that are paused already, or that are over.
    """
    episode = hold_open(plan.episode)
    transitions.require("pause", plan, by=by)
    today = episode.clinic.today()
    made = Pause(
        patient=episode.patient,
        clinic_id=episode.clinic_id,
        episode=episode,
        first=first or today,
        last=last,
        why=why,
        note=note,
        made_by=by,
    )
    if made.first < today:
        raise ValidationError({"first": "Choose today or a later day: what is logged stays."})
    made.full_clean()
    made.save()
    transitions.record("pause", plan, by=by, why=why, first=str(made.first), last=str(made.last))
    return made


@transaction.atomic
def resume(*, plan: Plan, by: User) -> None:
    """End what is paused today or later, from today on. A pause that never held is withdrawn.

    Raises ValidationError when nothing is paused.
    """
    episode = hold_open(plan.episode)
    transitions.require("resume", plan, by=by)
    today = episode.clinic.today()
    running = [one for one in episode.pauses.all() if one.last is None or one.last >= today]
    if not running:
        raise ValidationError("Nothing is paused.")
    for one in running:
        if one.first >= today:
            one.delete()
        else:
            one.last = today - dt.timedelta(days=1)
            one.save(update_fields=["last"])
    transitions.record("resume", plan, by=by)
