"""Alerts that were raised, read for counting: how long until somebody had looked, and had closed.

An alert counts in the period in which it was raised, whatever was done about it later.
"""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Min, Q
from django.db.models.functions import Least

from accounts.models import User
from programs.models import Alert
from programs.models.alert import Code
from programs.outcomes.periods import Period, quarter_of


@dataclass(frozen=True)
class Raised:
    """Hours from when it was raised; None while it runs. `patient` tells people apart."""

    patient: int
    quarter: Period
    rule: Code
    until_looked_at: float | None
    until_closed: float | None


LOOKED_AT = (
    "Looked at: the first time that somebody opened the alert, took it on, handed it over, noted "
    "something, put it off or closed it. All hours of the day and the week count. What nobody has "
    "looked at, or has not closed, counts as longer than any other, and is not left out."
)


def load(user: User, period: Period) -> list[Raised]:
    """Of the patients whom `user` may see. One query."""
    clinic = user.clinic
    if clinic is None:
        return []
    begin, end = period.moments(clinic.zone)
    seen = Alert.objects.visible_to(user).filter(clinic=clinic)
    rows = seen.filter(raised_at__gte=begin, raised_at__lt=end).order_by()
    # What the clock did to it, such as asking the second reader, is nobody's looking.
    touched = Min("steps__at", filter=Q(steps__by__isnull=False))
    looked_at = rows.annotate(looked_at=Least("seen_at", "acknowledged_at", touched))
    columns = ("patient_id", "raised_at", "rule", "looked_at", "acknowledged_at")
    found = list(looked_at.values_list(*columns))
    people = {pk: number for number, pk in enumerate({row[0] for row in found})}
    return [
        Raised(
            people[patient],
            quarter_of(clinic.local_date(raised)),
            Code(rule),
            _hours(raised, looked),
            _hours(raised, closed),
        )
        for patient, raised, rule, looked, closed in found
    ]


def _hours(raised: dt.datetime, until: dt.datetime | None) -> float | None:
    return None if until is None else max(0.0, (until - raised).total_seconds() / 3600)
