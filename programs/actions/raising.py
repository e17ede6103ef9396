"""Storing what answers raised: alerts, and what they hold back."""

import datetime as dt
from collections.abc import Iterable, Sequence

from django.utils import timezone

from accounts import audit
from accounts.models import User
from patients import team
from patients.models import Episode, Patient
from programs.actions import restrictions, telling
from programs.alerts.due import due_at
from programs.alerts.of_answers import Raised
from programs.models import Alert, CheckIn, Session, SignReport
from programs.models.alert import Severity


def store(
    found: Iterable[Raised], *, of: Session | CheckIn | SignReport, at: dt.datetime, by: User
) -> None:
    """Within the transaction of the answer `of` which they are. Without any episode, as when a
    measure is taken before the first one, nothing is due that could be held back.
    """
    if not (found := list(found)):
        return
    source = {Session: "session", CheckIn: "check_in", SignReport: "report"}[type(of)]
    patient = of.patient
    alerts = Alert.objects.bulk_create(
        Alert(
            clinic_id=of.clinic_id,
            patient=patient,
            rule=raised.rule,
            severity=raised.severity,
            message=raised.message,
            raised_at=at,
            due_at=due_at(raised.severity, timezone.now(), patient.clinic),
            owner=first_owner(patient),
            **{source: of},
        )
        for raised in found
    )
    record(alerts)
    tell(alerts, by=by)
    episode = _episode_of(of) if alerts else None
    if episode is not None:
        session = of if isinstance(of, Session) else None
        restrictions.of_alerts(alerts, episode, by=by, session=session)


def record(alerts: Sequence[Alert]) -> None:
    """A rule raised them, in nobody's name."""
    for alert in alerts:
        audit.record(
            action=audit.Action.ALERT_RAISED,
            by=None,
            patient=alert.patient_id,
            subject=alert,
            rule=alert.rule,
        )


def tell(alerts: Sequence[Alert], *, by: User | None = None) -> None:
    """Of what can't wait for the morning the owner is told by mail, or the care team: once, however
    many they are; but not `by`, who is looking at it.
    """
    pressing = [one for one in alerts if Severity(one.severity).rank <= Severity.HIGH.rank]
    if pressing:
        owner = pressing[0].owner
        told = [owner] if owner else team.present(pressing[0].patient)
        telling.tell(one for one in told if one != by)


def first_owner(patient: Patient) -> User | None:
    """Who has an alert without taking it: the therapist of a patient who has one alone."""
    there = team.present(patient)
    return there[0] if len(there) == 1 else None


def _episode_of(of: Session | CheckIn | SignReport) -> Episode | None:
    if isinstance(of, Session):
        return of.plan.episode
    return Episode.objects.filter(patient=of.patient_id).order_by("-opened_at").first()
