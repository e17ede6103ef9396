"""The alerts of one session, against what came before it. Begin here."""

from programs.alerts.of_answers import Raised, raised_by
from programs.course.response import BASELINE_LOGS, baseline
from programs.models import Session

# Covers the 7 days that the rules look back on, at 6 sessions a day.
RECENT = 50


def raised_for(session: Session) -> list[Raised]:
    """The alerts of a session against what came before it in the same episode.

    Two bounded queries: the cost does not grow with the history.
    """
    earlier = Session.objects.current().filter(
        patient_id=session.patient_id,
        plan__episode_id=session.plan.episode_id,
        done_at__lt=session.done_at,
    )
    answered = earlier.exclude(pain_before=None, pain_after=None).order_by("done_at")
    recent = list(earlier.order_by("-done_at")[:RECENT])
    base = baseline(list(answered[:BASELINE_LOGS]))
    return raised_by(session, recent[::-1], baseline=base)
