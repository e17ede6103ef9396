"""Progress, hold, regress: a therapist's word, with its reason. Nothing moves alone."""

import datetime as dt

from django.db import transaction

from accounts.models import User
from programs import transitions
from programs.models import PhaseStart, PlanPhase
from programs.models.plan import PhaseMove


@transaction.atomic
def start(*, phase: PlanPhase, by: User, on: dt.date | None = None, reason: str = "") -> PhaseStart:
    """Put the patient into a phase of the active plan; into the same one is a hold."""
    plan = phase.plan
    transitions.require("move_phase", plan, by=by)
    newest = plan.phase_starts.order_by("-on", "-at").select_related("phase").first()
    before = newest.phase.number if newest else phase.number
    made = PhaseStart.objects.create(
        patient=plan.patient,
        plan=plan,
        phase=phase,
        on=on or plan.clinic.today(),
        move=_move(before, phase.number),
        reason=reason[:250],
        by=by,
    )
    transitions.record("move_phase", plan, by=by, phase=phase.number, move=made.move, before=before)
    return made


def _move(before: int, after: int) -> PhaseMove:
    if after == before:
        return PhaseMove.HOLD
    return PhaseMove.PROGRESS if after > before else PhaseMove.REGRESS
