"""Every write to restrictions: what alerts and therapists hold back, and what is allowed again."""

import datetime as dt
from collections.abc import Iterable, Sequence

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.models import User
from accounts.permissions import Permission
from patients.actions.episodes import hold_open
from patients.models import Episode
from patients.sentences import is_sentence
from programs.alerts.rules import Hold, holds
from programs.models import Alert, Restriction, Session
from programs.models.alert import Code, Severity
from programs.models.restriction import Cause, Kind

A_SENTENCE = "Say why it may be done again, in a sentence."


def of_alerts(
    alerts: Sequence[Alert], episode: Episode, *, by: User, session: Session | None = None
) -> None:
    """What new alerts hold back, by the table of rules. Within the transaction that raised them;
    `by` is who gave the answer.
    """
    made = [
        _of_alert(alert, hold, episode, session)
        for alert in alerts
        for hold in holds(Code(alert.rule), Severity(alert.severity))
        if hold.kind is not Kind.MISFIT
    ]
    if alerts and session is not None and session.stopped:
        made += _of_stop(alerts, made, episode, session)
    Restriction.objects.bulk_create(made)
    if made:
        audit.record(
            action=audit.Action.RESTRICTION_MADE,
            patient=episode.patient,
            by=by,
            kinds=sorted({str(one.kind) for one in made}),
            rules=sorted({str(one.alert.rule) for one in made if one.alert}),
        )


def _of_alert(alert: Alert, hold: Hold, episode: Episode, session: Session | None) -> Restriction:
    raised_on = alert.clinic.local_date(alert.raised_at)
    day = raised_on
    if session is not None:
        # The day it speaks of; that of the next morning for what was still up then.
        later = 1 if alert.rule == Code.A12 else 0
        day = max(raised_on, session.done_on + dt.timedelta(days=later))
    return Restriction(
        clinic_id=alert.clinic_id,
        patient_id=alert.patient_id,
        episode=episode,
        kind=hold.kind,
        cause=Cause.ALERT,
        alert=alert,
        first=raised_on,
        until=day if hold.for_a_day else None,
        made_at=alert.raised_at,
    )


def _of_stop(
    alerts: Sequence[Alert], made: Iterable[Restriction], episode: Episode, session: Session
) -> list[Restriction]:
    """Who pressed Stop rests for the day, whatever else was answered."""
    if any(one.kind == Kind.TODAY for one in made):
        return []
    return [_of_alert(alerts[0], Hold(Kind.TODAY, for_a_day=True), episode, session)]


def of_misfits(alert: Alert, episode: Episode, codes: Iterable[str]) -> None:
    """The exercises of a plan that the findings no longer allow; the newest list counts."""
    found = sorted(set(codes))
    known = Restriction.objects.filter(alert=alert, kind=Kind.MISFIT).first()
    if known is not None:
        known.codes = sorted({*known.codes, *found})
        known.save(update_fields=["codes"])
        return
    made = _of_alert(alert, Hold(Kind.MISFIT), episode, None)
    made.codes = found
    made.save()


@transaction.atomic
def impose(
    *, episode: Episode, kind: Kind | str, why: str, by: User, until: dt.date | None = None
) -> Restriction:
    """A therapist holds something back, from today on; without `until` until it is lifted.

    Raises ValidationError without a reason, for a day that is over and for a closed episode.
    """
    _require_treating(by)
    episode = hold_open(episode)
    if not is_sentence(why):
        raise ValidationError({"why": "Say why, in a sentence."})
    today = episode.clinic.today()
    if until is not None and until < today:
        raise ValidationError({"until": "Choose today or a later day."})
    made = Restriction(
        patient=episode.patient,
        clinic_id=episode.clinic_id,
        episode=episode,
        kind=Kind(kind),
        cause=Cause.THERAPIST,
        why=why,
        first=today,
        until=today if kind == Kind.TODAY else until,
        made_at=timezone.now(),
        made_by=by,
    )
    made.full_clean(exclude=["clinic", "patient"])
    made.save()
    audit.record(
        action=audit.Action.RESTRICTION_MADE,
        patient=episode.patient,
        by=by,
        subject=made,
        kind=made.kind,
        until=str(made.until),
    )
    return made


@transaction.atomic
def lift(*, restriction: Restriction, words: str, by: User) -> Restriction:
    """It may be done again; `words` say why. Its alert, if one made it, stays open.

    Raises ValidationError without a sentence, when a colleague was faster, and for what an alert
    holds that closes only with what it needs.
    """
    _require_treating(by)
    if not is_sentence(words):
        raise ValidationError({"words": A_SENTENCE})
    locked = _held(restriction)
    if locked.lifted_at is not None:
        raise ValidationError("A colleague has already lifted this.")
    alert = locked.alert
    if alert is not None and (locked.kind in (Kind.ALL, Kind.MISFIT)):
        raise ValidationError(f"This holds until its alert is closed: {alert.message}")
    _lift([locked], words=words, by=by)
    return locked


def lift_of_alert(*, alert: Alert, words: str, by: User) -> None:
    """With its alert, what it held back is over."""
    rows = Restriction.objects.select_for_update(of=("self",), no_key=True)
    _lift(rows.filter(alert=alert, lifted_at=None).select_related("patient"), words=words, by=by)


def close_open(*, episode: Episode, by: User) -> None:
    """With the episode, what its therapists held back ends; an open alert's stays until closed."""
    rows = Restriction.objects.filter(episode=episode, cause=Cause.THERAPIST, lifted_at=None)
    _lift(rows.select_related("patient"), words="The episode was closed.", by=by)


def _lift(rows: Iterable[Restriction], *, words: str, by: User) -> None:
    for row in rows:
        row.lifted_at, row.lifted_by, row.lifted_words = timezone.now(), by, words
        row.save(update_fields=["lifted_at", "lifted_by", "lifted_words"])
        audit.record(
            action=audit.Action.RESTRICTION_LIFTED,
            patient=row.patient,
            by=by,
            subject=row,
            kind=row.kind,
        )


def _held(restriction: Restriction) -> Restriction:
    rows = Restriction.objects.select_for_update(of=("self",), no_key=True)
    held: Restriction = rows.select_related("patient", "alert").get(pk=restriction.pk)
    return held


def _require_treating(by: User) -> None:
    if not by.may(Permission.TREAT):
        raise PermissionDenied(f"{by.get_role_display()} may not restrict exercises.")
