"""Storing what answers raised: alerts, and what they hold back."""

import datetime as dt
from collections.abc import Iterable

from accounts import audit
from accounts.models import User
from patients.models import Episode
from programs.actions import restrictions
from programs.alerts.of_answers import Raised
from programs.models import Alert, CheckIn, Session, SignReport


def store(
    found: Iterable[Raised], *, of: Session | CheckIn | SignReport, at: dt.datetime, by: User
) -> None:
    """Within the transaction of the answer `of` which they are. Without any episode, as when a
    measure is taken before the first one, nothing is due that could be held back.
    """
    source = {Session: "session", CheckIn: "check_in", SignReport: "report"}[type(of)]
    alerts = Alert.objects.bulk_create(
        Alert(
            clinic_id=of.clinic_id,
            patient_id=of.patient_id,
            rule=raised.rule,
            severity=raised.severity,
            message=raised.message,
            raised_at=at,
            **{source: of},
        )
        for raised in found
    )
    for alert in alerts:
        record(alert)
    episode = _episode_of(of) if alerts else None
    if episode is not None:
        session = of if isinstance(of, Session) else None
        restrictions.of_alerts(alerts, episode, by=by, session=session)


def record(alert: Alert) -> None:
    """A rule raised it, in nobody's name."""
    audit.record(
        action=audit.Action.ALERT_RAISED,
        by=None,
        patient=alert.patient_id,
        subject=alert,
        rule=alert.rule,
    )


def _episode_of(of: Session | CheckIn | SignReport) -> Episode | None:
    if isinstance(of, Session):
        return of.plan.episode
    return Episode.objects.filter(patient=of.patient_id).order_by("-opened_at").first()
