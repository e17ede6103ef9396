"""How long a record is kept: the clinic's number of years after the last care."""

import datetime as dt

from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from accounts.models import Clinic
from patients.models import Episode, Patient


def kept_until(patient: Patient) -> dt.date:
    """The last day on which the clinic has to keep the record. While there is an open episode, the
    years have not begun: they are counted from today.
    """
    clinic = patient.clinic
    episodes = Episode.objects.filter(patient=patient)
    last = episodes.aggregate(last=Max("closed_at"))["last"]
    if episodes.filter(closed_at=None).exists():
        since = clinic.today()
    else:
        since = clinic.local_date(last or patient.created_at)
    return years_later(since, clinic.record_years)


def years_later(day: dt.date, years: int) -> dt.date:
    """The same day, or the first of March where that year has no 29th of February."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return dt.date(day.year + years, 3, 1)


def past_their_time(clinic: Clinic) -> QuerySet[Patient]:
    """Patients without care for longer than the clinic has to keep a record, the oldest first."""
    today = clinic.today()
    begin = years_later(today, -clinic.record_years)
    before = dt.datetime.combine(begin, dt.time.min, clinic.zone)
    open_episode = Episode.objects.filter(patient=OuterRef("pk"), closed_at=None)
    return (
        Patient.objects.filter(~Q(Exists(open_episode)), clinic=clinic)
        .annotate(last_care=Coalesce(Max("episodes__closed_at"), F("created_at")))
        .filter(last_care__lt=before)
        .order_by("last_care")
    )


def answer_due(asked_at: dt.datetime) -> dt.date:
    """By when a wish to be erased is answered: within one month (GDPR, article 12(3))."""
    asked = asked_at.date()
    year, month = divmod(asked.month, 12)
    first = dt.date(asked.year + year, month + 1, 1)
    return min(first + dt.timedelta(asked.day - 1), _last_of(first))


def _last_of(first: dt.date) -> dt.date:
    year, month = divmod(first.month, 12)
    return dt.date(first.year + year, month + 1, 1) - dt.timedelta(1)
