"""A therapist has looked at an alert."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.models import User
from patients.models import Episode
from patients.sentences import is_sentence
from programs.actions import alert_work, restrictions
from programs.alerts import closing
from programs.models import Alert, Plan
from programs.models.alert import Ending
from programs.models.alert_step import StepKind

FARTHEST_REFERRAL = dt.timedelta(days=90)


@transaction.atomic
def settle(*, plan: Plan, rule: str, response: str, by: User) -> None:
    """Close what a rule said about a plan that nobody does any more."""
    for alert in plan.alerts.open().filter(rule=rule):
        acknowledge(alert=alert, response=response, by=by)


@transaction.atomic
def acknowledge(
    *,
    alert: Alert,
    response: str,
    by: User,
    ending: Ending | str = Ending.DONE,
    referred_to: str = "",
    referred_on: dt.date | None = None,
) -> Alert:
    """Close an alert with what was done about it; what it held back is due again.

    Raises ValidationError without a sentence, without what this rule needs (`alerts.closing`), and
    when a colleague was faster.
    """
    if not is_sentence(response):
        raise ValidationError({"response": "Say what was done, in a sentence."})
    locked: Alert = (
        Alert.objects.select_for_update(of=("self",))
        .select_related("patient__clinic")
        .get(pk=alert.pk)
    )
    if locked.acknowledged_at is not None:
        raise ValidationError("A colleague has already looked at this.")
    chosen = Ending(ending)
    episode = Episode.objects.filter(patient=locked.patient, closed_at=None).first()
    if lacks := closing.missing(locked, chosen, episode):
        raise ValidationError({"ending": lacks})
    if chosen is Ending.REFERRAL:
        _require_referral(locked, referred_to, referred_on)
        locked.referred_to, locked.referred_on = referred_to.strip(), referred_on
    locked.acknowledged_at, locked.acknowledged_by = timezone.now(), by
    locked.response, locked.ending = response, chosen
    locked.save(
        update_fields=[
            "acknowledged_at",
            "acknowledged_by",
            "response",
            "ending",
            "referred_to",
            "referred_on",
        ]
    )
    alert_work.step(locked, StepKind.CLOSED, by=by, words=response)
    restrictions.lift_of_alert(alert=locked, words=response, by=by)
    audit.record(
        action=audit.Action.ALERT_ACKNOWLEDGED,
        patient=locked.patient,
        by=by,
        subject=locked,
        rule=locked.rule,
        ending=chosen,
    )
    return locked


def _require_referral(alert: Alert, to: str, on: dt.date | None) -> None:
    if sum(map(str.isalpha, to)) < 2:
        raise ValidationError({"referred_to": "Say to whom."})
    today = alert.patient.clinic.today()
    raised_on = alert.patient.clinic.local_date(alert.raised_at)
    if on is None or not raised_on <= on <= today + FARTHEST_REFERRAL:
        raise ValidationError({"referred_on": "Choose the day, from the alert on."})
