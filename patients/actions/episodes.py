"""Opening, changing and closing an episode, and its red-flag screens."""

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.models import User
from accounts.stale import require_read
from patients.days import require_of_life
from patients.models import Episode, Patient, RedFlagScreen
from patients.models.episode import Outcome
from patients.sentences import is_sentence
from patients.signals import findings_changed


@transaction.atomic
def open_episode(*, patient: Patient, by: User, **fields: Any) -> Episode:
    """Raises ValidationError while another episode of the patient is open."""
    episode = Episode(patient=patient, clinic_id=patient.clinic_id, opened_by=by, **fields)
    require_of_life(patient, nerve_surgery_on=episode.nerve_surgery_on)
    episode.full_clean()
    episode.save()
    audit.record(action=audit.Action.EPISODE_OPENED, patient=patient, by=by, subject=episode)
    return episode


def hold_open(episode: Episode) -> Episode:
    """The episode as it is now; who else holds it waits until this transaction ends.

    Raises ValidationError for a closed one.
    """
    held: Episode = (
        # Not by its key: rows that point at it may be written meanwhile.
        Episode.objects.select_for_update(of=("self",), no_key=True)
        .select_related("patient__clinic", "clinic")
        .get(pk=episode.pk)
    )
    if held.closed_at is not None:
        raise ValidationError("This episode is closed. Open a new one first.")
    return held


@transaction.atomic
def change_episode(
    *, episode: Episode, by: User, read: str | None = None, **fields: Any
) -> Episode:
    """New findings. The audit keeps coded values before and after, as they decide safety gates.

    `read` is the stamp of the page they were entered on. Raises ValidationError for a closed
    episode, StaleError when somebody changed it since that page was made.
    """
    episode = hold_open(episode)
    require_read(episode, fields, read)
    _require_decided(episode, fields)
    changed = {
        name: [str(getattr(episode, name)), str(value)]
        for name, value in fields.items()
        if getattr(episode, name) != value
    }
    for name, value in fields.items():
        setattr(episode, name, value)
    if "nerve_surgery_on" in changed:
        require_of_life(episode.patient, nerve_surgery_on=episode.nerve_surgery_on)
    episode.full_clean()
    episode.save(update_fields=list(fields))
    changed.pop("precautions", None)
    audit.record(
        action=audit.Action.EPISODE_CHANGED,
        patient=episode.patient,
        by=by,
        subject=episode,
        changed=changed,
    )
    findings_changed.send(sender=Episode, episode=episode)
    return episode


def _require_decided(episode: Episode, fields: dict[str, Any]) -> None:
    """What a test or a log proposes is confirmed or refused, not typed over."""
    for proposal in episode.proposals.filter(decided_at=None, field__in=fields):
        if str(fields[proposal.field]) != proposal.value:
            raise ValidationError(
                {
                    proposal.field: f"{proposal.why}: confirm or refuse “{proposal.value_words}” "
                    "on the overview first."
                }
            )


@transaction.atomic
def close_episode(
    *, episode: Episode, outcome: Outcome | str, by: User, summary: str = ""
) -> Episode:
    """The course of care is over. Plans of it are ended by `programs` first."""
    episode = hold_open(episode)
    episode.closed_at, episode.closed_by, episode.outcome = timezone.now(), by, outcome
    episode.summary = summary
    episode.full_clean()
    episode.save(update_fields=["closed_at", "closed_by", "outcome", "summary"])
    audit.record(
        action=audit.Action.EPISODE_CLOSED,
        patient=episode.patient,
        by=by,
        subject=episode,
        outcome=outcome,
    )
    return episode


@transaction.atomic
def record_screen(
    *,
    episode: Episode,
    present: list[str],
    by: User,
    note: str = "",
    summed_up: bool = False,
    at: dt.datetime | None = None,
) -> RedFlagScreen:
    """The red-flag questions were asked; `present` are the codes answered yes. `summed_up`: not
    each of the others was answered no; the therapist says that all were asked.

    Raises ValidationError when it would drop an open sign: that takes `clear_screen` and words;
    and for a summed-up screen while a sign is open.
    """
    episode = hold_open(episode)
    before = episode.latest_screen
    if before is not None and before.is_open:
        if not set(before.present) <= set(present):
            raise ValidationError("A red flag is open. Clear it with a note first.")
        if summed_up:
            raise ValidationError("A red flag is open: answer each question yes or no.")
    screen = RedFlagScreen(
        patient=episode.patient,
        clinic_id=episode.clinic_id,
        episode=episode,
        present=present,
        summed_up=summed_up,
        note=note,
        screened_at=at or timezone.now(),
        screened_by=by,
    )
    screen.full_clean()
    screen.save()
    audit.record(
        action=audit.Action.RED_FLAGS_SCREENED,
        patient=episode.patient,
        by=by,
        subject=screen,
        present=present,
    )
    findings_changed.send(sender=Episode, episode=episode)
    return screen


@transaction.atomic
def clear_screen(*, screen: RedFlagScreen, note: str, by: User) -> RedFlagScreen:
    """Signs were followed up and exercise is safe again; the note says on whose word."""
    if not is_sentence(note):
        raise ValidationError(
            {"note": "Say why it is safe to go on, and on whose word, in a sentence."}
        )
    # Held, and as it is now: whoever cleared it first stays the one who did.
    screen = RedFlagScreen.objects.select_for_update(no_key=True).get(pk=screen.pk)
    if not screen.is_open:
        raise ValidationError("This screen has no open sign: a colleague may have cleared it.")
    screen.cleared_at, screen.cleared_by, screen.clearance_note = timezone.now(), by, note
    screen.full_clean()
    screen.save(update_fields=["cleared_at", "cleared_by", "clearance_note"])
    audit.record(
        action=audit.Action.RED_FLAGS_CLEARED, patient=screen.patient, by=by, subject=screen
    )
    findings_changed.send(sender=Episode, episode=screen.episode)
    return screen
