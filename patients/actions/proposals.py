"""Findings that a measure or a log proposes, and what a therapist decides about them."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.models import User
from patients.actions.episodes import hold_open
from patients.models import Episode, ProposedFinding
from patients.models.episode import FallRisk, Sensation
from patients.sentences import is_sentence
from patients.signals import findings_changed

Field = ProposedFinding.Field
# From the least strict to the strictest.
_ORDER: dict[str, list[str]] = {
    Field.SENSATION: list(Sensation.values),
    Field.FALL_RISK: list(FallRisk.values),
}


def is_stricter(field: str, value: Any, than: Any) -> bool:
    """Falls that are not known are less strict than any."""
    if field == Field.FALLS:
        return bool(value) and (than is None or int(value) > int(than))
    order = _ORDER[field]
    return order.index(value) > order.index(than)


@transaction.atomic
def propose(
    *, episode: Episode, field: str, value: Any, why: str, by: User
) -> ProposedFinding | None:
    """A stricter value holds at once; None where the episode is as strict already, or closed.

    `by` is who answered. A second proposal for the same field adds to the open one.
    """
    held = Episode.objects.select_for_update(of=("self",), no_key=True).get(pk=episode.pk)
    before = getattr(held, field)
    if held.closed_at is not None or not is_stricter(field, value, before):
        return None
    row = ProposedFinding.objects.filter(episode=held, field=field, decided_at=None).first()
    row = row or ProposedFinding(
        patient=held.patient,
        episode=held,
        field=field,
        was="" if before is None else str(before),
        proposed_at=timezone.now(),
    )
    row.value, row.why = str(value), why[:250]
    row.save()
    _set(held, field, value)
    audit.record(
        action=audit.Action.FINDING_PROPOSED,
        patient=held.patient,
        by=by,
        subject=row,
        changed={field: [str(before), str(value)]},
    )
    setattr(episode, field, value)
    findings_changed.send(sender=Episode, episode=held)
    return row


@transaction.atomic
def confirm(*, proposal: ProposedFinding, by: User) -> None:
    """It is so. Confirmed twice, the first one stays."""
    row = _open(proposal)
    row.decided_at, row.decided_by, row.accepted = timezone.now(), by, True
    row.save(update_fields=["decided_at", "decided_by", "accepted"])
    audit.record(action=audit.Action.FINDING_CONFIRMED, patient=row.patient, by=by, subject=row)


@transaction.atomic
def refuse(*, proposal: ProposedFinding, reason: str, by: User) -> None:
    """It is not so: what was there before holds again.

    Raises ValidationError without a sentence.
    """
    if not is_sentence(reason):
        raise ValidationError({"reason": "Say why it is not so, in a sentence."})
    row = _open(proposal)
    episode = hold_open(row.episode)
    if str(getattr(episode, row.field)) == row.value:
        _set(episode, row.field, _as_stored(row))
    row.decided_at, row.decided_by, row.accepted = timezone.now(), by, False
    row.reason = reason
    row.save(update_fields=["decided_at", "decided_by", "accepted", "reason"])
    audit.record(
        action=audit.Action.FINDING_REFUSED,
        patient=row.patient,
        by=by,
        subject=row,
        changed={row.field: [row.value, row.was]},
    )
    findings_changed.send(sender=Episode, episode=episode)


def _open(proposal: ProposedFinding) -> ProposedFinding:
    rows = ProposedFinding.objects.select_for_update(of=("self",), no_key=True)
    row: ProposedFinding = rows.select_related("episode", "patient").get(pk=proposal.pk)
    if row.decided_at is not None:
        raise ValidationError("A colleague has already decided this.")
    return row


def _set(episode: Episode, field: str, value: Any) -> None:
    setattr(episode, field, value)
    episode.save(update_fields=[field])


def _as_stored(row: ProposedFinding) -> Any:
    if row.field == Field.FALLS:
        return int(row.was) if row.was else None
    return row.was
