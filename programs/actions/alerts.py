"""A therapist has looked at an alert."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from patients.actions import audit
from programs.models import Alert, Plan


@transaction.atomic
def settle(*, plan: Plan, rule: str, response: str, by: User) -> None:
    """Close what a rule said about a plan that nobody does any more."""
    for alert in plan.alerts.open().filter(rule=rule):
        acknowledge(alert=alert, response=response, by=by)


@transaction.atomic
def acknowledge(*, alert: Alert, response: str, by: User) -> Alert:
    """Close an alert with what was done about it. Raises ValidationError without words."""
    if not response.strip():
        raise ValidationError({"response": "Say what was done."})
    locked: Alert = (
        Alert.objects.select_for_update(of=("self",)).select_related("patient").get(pk=alert.pk)
    )
    if locked.acknowledged_at is not None:
        raise ValidationError("A colleague has already looked at this.")
    locked.acknowledged_at, locked.acknowledged_by = timezone.now(), by
    locked.response = response
    locked.save(update_fields=["acknowledged_at", "acknowledged_by", "response"])
    audit.record(
        action=audit.Action.ALERT_ACKNOWLEDGED,
        patient=locked.patient,
        by=by,
        subject=locked,
        rule=locked.rule,
    )
    return locked
