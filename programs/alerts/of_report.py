"""Which alerts a report of signs raises."""

from patients.conditions import Condition
from patients.models import Episode
from programs.alerts.of_answers import Raised, of_signs
from programs.models import SignReport


def raised_for(report: SignReport) -> list[Raised]:
    """Each rule once, worst first; a hit head is worse on blood thinners."""
    episode = Episode.objects.filter(patient=report.patient_id).order_by("-opened_at").first()
    bruises = episode is not None and Condition.ANTICOAGULATED in episode.conditions
    return of_signs(report.signs, skin_changed=report.skin_changed, bruises=bruises)
