"""The numbers of a clinic's years and quarters, for who runs it."""

import datetime as dt

from django.db.models import Min

from accounts.models import User
from patients.models import Episode
from programs.models import Alert
from programs.outcomes import answering, ended, figures, tables
from programs.outcomes.figures import Figures
from programs.outcomes.periods import Period, finished
from programs.outcomes.tables import Table


def periods(user: User) -> list[Period]:
    """Those that are over and not before the first thing to count, the newest year first."""
    since, clinic = _since(user), user.clinic
    return finished(since, clinic.today()) if since and clinic else []


def years(user: User) -> list[Period]:
    return [one for one in periods(user) if one.is_year]


def _since(user: User) -> dt.date | None:
    clinic = user.clinic
    if clinic is None:
        return None
    closed = Episode.objects.visible_to(user).filter(clinic=clinic).aggregate(at=Min("closed_at"))
    raised = Alert.objects.visible_to(user).filter(clinic=clinic).aggregate(at=Min("raised_at"))
    moments = [one["at"] for one in (closed, raised) if one["at"]]
    return min(map(clinic.local_date, moments), default=None)


def of_period(user: User, period: Period) -> Figures:
    """Of the patients whom `user` may see: for who runs a clinic, all of it."""
    return figures.of_period(period, ended.load(user, period), answering.load(user, period))


def compared(user: User, period: Period, against: Period | None) -> list[Table]:
    """Both are years, or both quarters."""
    before = of_period(user, against) if against else None
    return tables.of_figures(of_period(user, period), before)
