"""The life of a plan: every transition, from where to where, by whom, and what the audit calls it.

The one table that actions ask before they write; a transition that is not in it is refused here.
"""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError

from accounts import audit
from accounts.audit import Action
from accounts.models import User
from accounts.permissions import Permission
from patients.actions.episodes import hold_open
from programs.models import Plan
from programs.models.plan import PlanStatus


@dataclass(frozen=True)
class Transition:
    """`None` as `source` is a plan that is not there yet, as `target` one that is gone."""

    source: PlanStatus | None
    target: PlanStatus | None
    event: Action
    refused: str
    needs: Permission = Permission.TREAT


_FROZEN = "This plan is frozen. Adapt it to make a new version."
_NOT_ACTIVE = "This plan is not active."

DRAFT, ACTIVE = PlanStatus.DRAFT, PlanStatus.ACTIVE
TABLE = {
    "draft": Transition(None, DRAFT, Action.PLAN_DRAFTED, "This plan exists already."),
    "change": Transition(DRAFT, DRAFT, Action.PLAN_CHANGED, _FROZEN),
    "undo": Transition(DRAFT, DRAFT, Action.PLAN_UNDONE, _FROZEN),
    "discard": Transition(DRAFT, None, Action.PLAN_DISCARDED, _FROZEN),
    "activate": Transition(DRAFT, ACTIVE, Action.PLAN_ACTIVATED, _FROZEN),
    "adapt": Transition(
        ACTIVE, ACTIVE, Action.PLAN_ADAPTING, "Only the active plan can be adapted."
    ),
    "move_phase": Transition(
        ACTIVE, ACTIVE, Action.PLAN_PHASE_STARTED, "Only the active plan has a current phase."
    ),
    "pause": Transition(ACTIVE, ACTIVE, Action.PLAN_PAUSED, _NOT_ACTIVE),
    "resume": Transition(ACTIVE, ACTIVE, Action.PLAN_RESUMED, _NOT_ACTIVE),
    "replace": Transition(ACTIVE, PlanStatus.REPLACED, Action.PLAN_REPLACED, _NOT_ACTIVE),
    "end": Transition(ACTIVE, PlanStatus.ENDED, Action.PLAN_ENDED, _NOT_ACTIVE),
}


def require(name: str, plan: Plan | None, *, by: User) -> Transition:
    """The transition, if it is allowed for this plan as it is now, and to this person.

    Raises ValidationError for a plan in another status, PermissionDenied for another role.
    """
    transition = TABLE[name]
    if not by.may(transition.needs):
        raise PermissionDenied(f"{by.get_role_display()} may not {name} a plan.")
    status = plan.status if plan is not None else None
    if status != transition.source:
        raise ValidationError(_refusal(transition, plan))
    return transition


def hold(name: str, plan: Plan, *, by: User) -> Plan:
    """The plan as it is now, held together with its episode, if the transition is allowed.

    The episode is held first, by everybody, so that nobody waits for each other. Raises as
    `require` does, and ValidationError for a closed episode or a draft that was discarded.
    """
    episode = hold_open(plan.episode)
    locked = Plan.objects.select_for_update(of=("self",), no_key=True)
    held: Plan | None = (
        locked.select_related("program", "second_program", "activated_by")
        .filter(pk=plan.pk)
        .first()
    )
    if held is None:
        raise ValidationError("This draft was discarded.")
    held.episode, held.patient, held.clinic = episode, episode.patient, episode.clinic
    require(name, held, by=by)
    return held


def _refusal(transition: Transition, plan: Plan | None) -> str:
    """Who was too late with a draft is told who was faster."""
    if transition.source == DRAFT and plan is not None and plan.is_active:
        return f"{plan.activated_by} activated this version meanwhile. {transition.refused}"
    return transition.refused


def record(name: str, plan: Plan, *, by: User, **detail: Any) -> None:
    """The audit event of a transition."""
    event = TABLE[name].event
    audit.record(
        action=event, patient=plan.patient, by=by, subject=plan, version=plan.version, **detail
    )
