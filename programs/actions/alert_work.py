"""Working on an alert between raised and closed: seen, taken, handed over, put off, escalated."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts import audit, wall
from accounts.models import Clinic, User
from accounts.permissions import Permission
from accounts.queue import each
from patients import team
from patients.actions import patients
from patients.models import Cover
from patients.sentences import is_sentence
from programs.actions import telling
from programs.alerts.due import LONGEST_SNOOZE
from programs.models import Alert, AlertStep
from programs.models.alert import Severity
from programs.models.alert_step import StepKind

CLOSED = "A colleague has closed this alert."


def _held(alert: Alert) -> Alert:
    """Raises ValidationError where it is closed."""
    rows = Alert.objects.select_for_update(of=("self",)).select_related("patient__clinic", "owner")
    locked: Alert = rows.get(pk=alert.pk)
    if locked.acknowledged_at is not None:
        raise ValidationError(CLOSED)
    return locked


def step(
    alert: Alert,
    kind: StepKind,
    *,
    by: User | None,
    to: User | None = None,
    until: dt.datetime | None = None,
    words: str = "",
) -> AlertStep:
    """Appended to the alert's history, and on record."""
    made: AlertStep = AlertStep.objects.create(
        alert=alert, patient=alert.patient, kind=kind, by=by, to=to, until=until, words=words
    )
    audit.record(
        action=audit.Action.ALERT_WORKED, patient=alert.patient, by=by, subject=alert, step=kind
    )
    return made


@transaction.atomic
def see(*, alert: Alert, by: User) -> None:
    """The first look; later ones are in the trail of reads."""
    if alert.seen_at is not None or alert.acknowledged_at is not None:
        return
    seen = Alert.objects.filter(pk=alert.pk, seen_at=None, acknowledged_at=None)
    alert.seen_at = timezone.now()
    if seen.update(seen_at=alert.seen_at):
        step(alert, StepKind.SEEN, by=by)


@transaction.atomic
def take(*, alert: Alert, by: User) -> Alert:
    """`by` works on it now. Taking what one has already changes nothing."""
    locked = _held(alert)
    if locked.owner_id == by.pk and locked.snoozed_until is None:
        return locked
    locked.owner, locked.snoozed_until = by, None
    locked.seen_at = locked.seen_at or timezone.now()
    locked.save(update_fields=["owner", "snoozed_until", "seen_at"])
    step(locked, StepKind.TAKEN, by=by, to=by)
    return locked


@transaction.atomic
def hand_over(*, alert: Alert, to: User, by: User, words: str = "") -> Alert:
    """`to`, somebody of the care team who is there, has it from now on, and is told by mail.

    Raises ValidationError for others, and where it is closed.
    """
    locked = _held(alert)
    if to not in team.present(locked.patient):
        raise ValidationError({"to": "Choose somebody of the care team who is not away."})
    if locked.owner_id == to.pk:
        return locked
    give(locked, to=to, by=by, words=words.strip())
    if to != by:
        telling.tell([to])
    return locked


def give(alert: Alert, *, to: User, by: User, words: str) -> None:
    """`to` has it from now on, and nothing stays put off. The row is held; whoever calls says who
    may have it, and tells them.
    """
    alert.owner, alert.snoozed_until = to, None
    alert.save(update_fields=["owner", "snoozed_until"])
    step(alert, StepKind.HANDED, by=by, to=to, words=words)


def leave_to_team(alert: Alert, *, by: User, words: str) -> None:
    """Nobody has it now, so that it stands in everybody's list. The row is held."""
    alert.owner, alert.snoozed_until = None, None
    alert.save(update_fields=["owner", "snoozed_until"])
    step(alert, StepKind.NOTED, by=by, words=words)


@transaction.atomic
def snooze(*, alert: Alert, until: dt.datetime, words: str, by: User) -> Alert:
    """Put off until then, with a reason, by whoever has it from then on.

    Raises ValidationError without a sentence, and for longer than its severity allows from when it
    was raised: putting off again and again ends there, too.
    """
    if not is_sentence(words):
        raise ValidationError({"words": "Say why it can wait, in a sentence."})
    locked = _held(alert)
    longest = LONGEST_SNOOZE[Severity(locked.severity)]
    if not longest:
        raise ValidationError({"until": "A critical alert can't wait."})
    last = max(locked.raised_at, locked.due_at) + longest
    if not timezone.now() < until <= last:
        raise ValidationError({"until": "That is longer than this alert can wait."})
    locked.snoozed_until, locked.owner = until, by
    locked.seen_at = locked.seen_at or timezone.now()
    locked.save(update_fields=["snoozed_until", "owner", "seen_at"])
    step(locked, StepKind.SNOOZED, by=by, to=by, until=until, words=words)
    return locked


@transaction.atomic
def note(*, alert: Alert, words: str, by: User) -> AlertStep:
    """What was done so far, such as a call that nobody answered. Raises ValidationError."""
    if not is_sentence(words):
        raise ValidationError({"words": "Say what was done, in a sentence."})
    return step(_held(alert), StepKind.NOTED, by=by, words=words)


def escalate_overdue(clinic: Clinic) -> list[Alert]:
    """By the clock: what nobody has closed in its time goes to the second reader, once, and they
    and the care team are told. Each in a transaction of its own; safe to run twice.
    """
    with wall.in_clinic(clinic.pk):
        late = list(Alert.objects.filter(clinic=clinic, escalated_at=None).overdue())
        reader = _second_reader(clinic)
    escalated = []

    def escalate(alert: Alert) -> None:
        with wall.in_clinic(clinic.pk):
            if _escalated(alert, reader):
                escalated.append(alert)

    each(late, escalate)
    return escalated


def _second_reader(clinic: Clinic) -> User | None:
    """Or who stands in for them today."""
    away = Cover.objects.on(clinic.today()).filter(therapist=clinic.second_reader)
    cover = away.select_related("substitute").first()
    if cover and cover.substitute.is_active and cover.substitute.may(Permission.TREAT):
        return cover.substitute
    return clinic.second_reader


def _escalated(alert: Alert, reader: User | None) -> bool:
    rows = Alert.objects.overdue().filter(pk=alert.pk, escalated_at=None)
    locked = rows.select_for_update(of=("self",)).select_related("patient__clinic").first()
    if locked is None:
        return False
    locked.escalated_at = timezone.now()
    told = team.present(locked.patient)
    if reader is not None and reader.is_active and reader.may(Permission.TREAT):
        if not team.members(locked.patient).filter(therapist=reader).exists():
            patients.join_care_team(patient=locked.patient, therapist=reader, by=reader)
        if reader not in told:
            told.append(reader)
        locked.owner = reader
        step(locked, StepKind.ESCALATED, by=None, to=reader)
    locked.save(update_fields=["escalated_at", "owner"])
    telling.tell(told, is_late=True)
    return True
