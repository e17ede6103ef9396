"""The one way into a draft: held, checked against what the editor saw, and kept for undo."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F

from accounts.models import User
from programs.actions import transitions
from programs.models import DraftStep, Plan
from programs.plans import content as plan_content

KEPT = 50  # changes that can be taken back


class StaleDraftError(ValidationError):
    """Somebody changed the draft since this editor last saw it."""


@contextmanager
def editing(
    plan: Plan, *, by: User, words: str, stamp: int | None = None, do: str = "change"
) -> Iterator[None]:
    """A change to a draft, whole or not at all; `words` say what can be taken back.

    `stamp` is what the editor's page showed; None means whatever it is now. Raises
    StaleDraftError when it is older, ValidationError for a plan that is no draft any more.
    """
    with transaction.atomic():
        held = _hold(plan, by=by, stamp=stamp, do=do)
        before = plan_content.read(held)
        yield
        DraftStep.objects.create(
            patient_id=plan.patient_id,
            clinic_id=plan.clinic_id,
            plan=plan,
            number=plan.stamp,
            words=words[:120],
            content=before,
            by=by,
        )
        plan.steps.filter(number__lte=plan.stamp - KEPT).delete()
        _count_up(plan, by)


def _hold(plan: Plan, *, by: User, stamp: int | None, do: str) -> Plan:
    """The plan's row as it is now, held: nobody changes or activates it meanwhile."""
    locked = Plan.objects.select_for_update(of=("self",), no_key=True).select_related("changed_by")
    held = locked.filter(pk=plan.pk).first()
    if held is None:
        raise ValidationError("This draft was discarded.")
    transitions.require(do, held, by=by)
    plan.stamp = held.stamp
    require_stamp(held, by=by, stamp=stamp)
    return held


def require_stamp(held: Plan, *, by: User, stamp: int | None) -> None:
    """Raises StaleDraftError when the editor saw an older state than `held`."""
    if stamp is not None and stamp != held.stamp:
        who = held.changed_by if held.changed_by_id != by.pk else "You, in another window,"
        raise StaleDraftError(
            f"{who} changed this draft meanwhile. Your last change was not saved: "
            "look at it as it is now, and do it again if it still fits."
        )


def _count_up(plan: Plan, by: User) -> None:
    Plan.objects.filter(pk=plan.pk).update(stamp=F("stamp") + 1, changed_by=by)
    plan.stamp += 1
    plan.changed_by = by


def undo(*, plan: Plan, by: User, stamp: int | None = None) -> str:
    """Take the last change back; returns its words. Raises ValidationError with none left."""
    with transaction.atomic():
        _hold(plan, by=by, stamp=stamp, do="undo")
        step = plan.steps.first()
        if step is None:
            raise ValidationError("There is nothing to take back.")
        if plan_content.is_gone(step.content):
            raise ValidationError("The library no longer has an exercise or form of that state.")
        plan_content.write(plan, step.content)
        head = step.content["head"]
        for name in plan_content.HEAD:
            setattr(plan, name, head[name])
        plan.starts_on = dt.date.fromisoformat(head["starts_on"])
        plan.save(update_fields=[*plan_content.HEAD, "starts_on"])
        words: str = step.words
        step.delete()
        _count_up(plan, by)
        transitions.record("undo", plan, by=by)
    return words
