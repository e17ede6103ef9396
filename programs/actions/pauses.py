"""Pausing a plan for some days, and going on."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from patients.models import Episode
from programs.actions import transitions
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
    plan = transitions.hold("pause", plan, by=by)
    episode = plan.episode
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
    """Go on today: what is paused now ended yesterday. Pauses that are still to come stay.

    Raises ValidationError when nothing is paused.
    """
    plan = transitions.hold("resume", plan, by=by)
    today = plan.clinic.today()
    running = plan.episode.pauses.on(today).first()
    if running is None:
        raise ValidationError("Nothing is paused.")
    _end_before(running, today)
    transitions.record("resume", plan, by=by, paused_from=str(running.first))


@transaction.atomic
def withdraw(*, pause: Pause, plan: Plan, by: User) -> None:
    """Take back a pause that has not begun. Raises ValidationError when it has."""
    plan = transitions.hold("resume", plan, by=by)
    if pause.first <= plan.clinic.today():
        raise ValidationError("This pause has begun already. Go on from today instead.")
    pause.delete()
    transitions.record("resume", plan, by=by, withdrawn=str(pause.first))


def close_open(*, episode: Episode) -> None:
    """With the plan, its pauses end: a later plan would otherwise begin paused."""
    today = episode.clinic.today()
    for one in episode.pauses.exclude(last__lt=today):
        _end_before(one, today)


def _end_before(pause: Pause, day: dt.date) -> None:
    """The audit keeps a pause that was taken back on its first day; none of its days holds."""
    if pause.first >= day:
        pause.delete()
    else:
        pause.last = day - dt.timedelta(days=1)
        pause.save(update_fields=["last"])
