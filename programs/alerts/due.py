"""By when an alert is looked at, and for how long it can be put off.

The severities say it themselves (brief 5: same day, 24 hours, 2 days). An hour for critical ones,
a week for low ones and the bounds of putting off are choices of operation of ours, in the clinic's
settings as far as they can be changed; certainty low.
"""

import datetime as dt

from accounts.models import Clinic
from accounts.office_hours import after_open_minutes, closes_next
from programs.models.alert import Severity

# At the most; what is critical can't be put off.
LONGEST_SNOOZE = {
    Severity.CRITICAL: dt.timedelta(0),
    Severity.URGENT: dt.timedelta(hours=2),
    Severity.HIGH: dt.timedelta(hours=24),
    Severity.MODERATE: dt.timedelta(days=3),
    Severity.LOW: dt.timedelta(days=14),
}


def due_at(severity: str, raised_at: dt.datetime, clinic: Clinic) -> dt.datetime:
    """In the clinic's zone. What is worse than high is never due later than what is high, whatever
    days the clinic is closed: then the second reader is asked.
    """
    start = raised_at.astimezone(clinic.zone)
    high = start + dt.timedelta(hours=clinic.high_hours)
    hours, closed = clinic.office_hours, clinic.is_closed_on
    match Severity(severity):
        case Severity.CRITICAL:
            soon = after_open_minutes(hours, start, clinic.critical_minutes, closed)
            return min(soon, high)
        case Severity.URGENT:
            return min(closes_next(hours, start, closed), high)
        case Severity.HIGH:
            return high
        case Severity.MODERATE:
            return start + dt.timedelta(days=clinic.moderate_days)
        case Severity.LOW:
            return start + dt.timedelta(days=clinic.low_days)
