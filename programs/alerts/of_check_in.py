"""Which alerts an answered form raises: its count of falls. What time raises is in `of_time`."""

import datetime as dt

from patients.conditions import Condition
from patients.models import Episode
from programs.alerts.of_answers import Raised, of_falls
from programs.models import CheckIn
from programs.models.measure import Versions
from programs.progress.answered import scored

RECENT = dt.timedelta(days=7)  # as near-falls are counted (brief 5, A7); older ones are history


def raised_for(check_in: CheckIn, known: Versions) -> list[Raised]:
    """By falls, near-falls and injuries told in M13, of the last week."""
    recent = check_in.patient.clinic.today() - RECENT
    if "M13" not in check_in.versions or check_in.answered_on < recent:
        return []
    [(_, scores)] = scored([check_in], known)
    values = {score.key: score.value for score in scores}
    episode = Episode.objects.filter(patient=check_in.patient_id, closed_at=None).first()
    return of_falls(
        values.get("M13.falls"),
        values.get("M13.near_falls"),
        injury=bool(values.get("M13.injury")),
        bruises=episode is not None and Condition.ANTICOAGULATED in episode.conditions,
    )
