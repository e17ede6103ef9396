"""What a patient entered lately: to put it right, and to ask how the feet were the next morning."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from accounts.compiled import compiled
from patients.models import Patient
from programs.models import Session
from programs.models.session import Settled

ASKED_FOR = dt.timedelta(days=4)  # longer ago, nobody remembers that morning (ours)
MOST = 24  # six sessions a day


@dataclass(frozen=True)
class Entries:
    """Newest first."""

    today: list[Session]
    before: list[Session]

    @property
    def ask_about(self) -> Session | None:
        """The last session before today, while nobody knows how the feet settled (brief 3.1)."""
        last = self.before[0] if self.before else None
        return last if last is not None and last.settled in ("", Settled.NOT_YET) else None


@compiled
def _sessions(patient: UUID, after: dt.date, until: dt.date) -> QuerySet[Session]:
    of_days = Session.objects.current().filter(done_on__gt=after, done_on__lte=until)
    newest: QuerySet[Session] = of_days.filter(patient=patient).order_by("-done_at")[:MOST]
    return newest


def load(patient: Patient) -> Entries:
    """One query."""
    date = patient.clinic.today()
    found = list(_sessions(patient.pk, date - ASKED_FOR, date))
    return Entries(
        today=[session for session in found if session.done_on == date],
        before=[session for session in found if session.done_on < date],
    )
