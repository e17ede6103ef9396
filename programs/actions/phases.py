"""Progress, hold, regress: a therapist's word, with its reason. Nothing moves alone."""

import datetime as dt
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from programs.actions import transitions
from programs.models import PhaseStart, PlanPhase
from programs.models.plan import PhaseMove
from programs.progress.evidence import Tick


@transaction.atomic
def start(
    *,
    phase: PlanPhase,
    by: User,
    at: dt.datetime | None = None,
    reason: str = "",
    ticks: Sequence[Tick] = (),
) -> PhaseStart:
    """Put the patient into a phase of the active plan; into the same one is a hold.

    `ticks` are the gate as the therapist saw it; they are kept beside the decision.
    Raises ValidationError while the version that would be moved only begins on a later day.
    """
    moment = at or timezone.now()
    plan = transitions.hold("move_phase", phase.plan, by=by)
    if plan.is_ahead(moment):
        raise ValidationError(
            f"Version {plan.version} begins on {plan.starts_on:%-d %b %Y}. Decide about its phase "
            "from then on, or adapt it."
        )
    newest = plan.phase_starts.order_by("-on", "-at").select_related("phase").first()
    before = newest.phase.number if newest else phase.number
    made = PhaseStart.objects.create(
        patient=plan.patient,
        plan=plan,
        phase=phase,
        on=max(plan.clinic.local_date(moment), newest.on if newest else plan.starts_on),
        at=moment,
        move=_move(before, phase.number),
        reason=reason[:250],
        evidence=[tick.as_json for tick in ticks],
        by=by,
    )
    transitions.record("move_phase", plan, by=by, phase=phase.number, move=made.move, before=before)
    return made


def _move(before: int, after: int) -> PhaseMove:
    if after == before:
        return PhaseMove.HOLD
    return PhaseMove.PROGRESS if after > before else PhaseMove.REGRESS
