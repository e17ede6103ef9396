"""Progress, hold, regress: a therapist's word, with its reason. Nothing moves alone."""

import datetime as dt
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from patients.sentences import is_sentence
from programs.actions import transitions
from programs.models import PhaseStart, Plan, PlanPhase
from programs.models.plan import PhaseMove
from programs.plans import moving
from programs.progress import standing
from programs.progress.standing import Standing
from programs.safety.situation import Situation


@transaction.atomic
def start(
    *,
    phase: PlanPhase,
    by: User,
    at: dt.datetime | None = None,
    reason: str = "",
    shown: UUID | None = None,
) -> PhaseStart:
    """Put the patient into a phase of the active plan; into the same one is a hold.

    `shown` is the phase that the page showed as the present one; raises ValidationError where it is
    no longer.

    The gate as it stands is kept beside the decision. Raises ValidationError while the version that
    would be moved only begins on a later day, for an old red-flag screen before another kind of
    exercise, and without a sentence where something speaks against moving on.
    """
    moment = at or timezone.now()
    plan = transitions.hold("move_phase", phase.plan, by=by)
    if plan.is_ahead(moment):
        raise ValidationError(
            f"Version {plan.version} begins on {plan.starts_on:%-d %b %Y}. Decide about its phase "
            "from then on, or adapt it."
        )
    newest = plan.phase_starts.order_by("-on", "-at").select_related("phase").first()
    before = newest.phase if newest else phase
    if shown is not None and before.pk != shown:
        raise ValidationError(
            f"Meanwhile {plan.patient} is in phase {before.number}. Nothing was changed: look at "
            "the plan as it is now, and decide again."
        )
    now = standing.load(plan.patient, list(_plans_of(plan)))
    _require_reason(plan, before, phase, now, reason, plan.clinic.local_date(moment))
    made = PhaseStart.objects.create(
        patient=plan.patient,
        plan=plan,
        phase=phase,
        on=max(plan.clinic.local_date(moment), newest.on if newest else plan.starts_on),
        at=moment,
        move=_move(before.number, phase.number),
        reason=reason[:250],
        evidence=[tick.as_json for tick in now.ticks] if now else [],
        by=by,
    )
    transitions.record(
        "move_phase", plan, by=by, phase=phase.number, move=made.move, before=before.number
    )
    return made


def _plans_of(plan: Plan) -> QuerySet[Plan]:
    return plan.episode.plans.select_related("clinic", "program", "second_program", "episode")


def _require_reason(
    plan: Plan,
    before: PlanPhase,
    after: PlanPhase,
    now: Standing | None,
    reason: str,
    day: dt.date,
) -> None:
    """Back and staying are always safe; moving on answers what speaks against it."""
    if after.number <= before.number:
        return
    situation = Situation.of(plan, on=day)
    if stops := moving.stops(situation, before, after):
        raise ValidationError(stops)
    asks = moving.asks(situation, now)
    if asks and not is_sentence(reason):
        raise ValidationError([*asks, "Say why it moves on all the same, in a sentence."])


def _move(before: int, after: int) -> PhaseMove:
    if after == before:
        return PhaseMove.HOLD
    return PhaseMove.PROGRESS if after > before else PhaseMove.REGRESS
