"""The newest red-flag screen of a plan's episode, read with the plan."""

import datetime as dt
from typing import TYPE_CHECKING, TypedDict

from django.db.models import Max, OuterRef, QuerySet, Subquery

from patients.models import RedFlagScreen
from programs.models import Plan

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


class Flags(TypedDict):
    """Of the newest screen."""

    flags_present: list[str] | None
    flags_cleared: dt.datetime | None


class FlagsOverTime(Flags):
    """With when any of the episode's screens was last cleared."""

    flags_freed: dt.datetime | None


if TYPE_CHECKING:
    PlanWithFlags = WithAnnotations[Plan, Flags]
    PlanWithFlagsOverTime = WithAnnotations[Plan, FlagsOverTime]


def with_flags(plans: QuerySet[Plan]) -> "QuerySet[PlanWithFlags]":
    newest = RedFlagScreen.objects.filter(episode=OuterRef("episode")).order_by("-screened_at")
    return plans.annotate(
        flags_present=Subquery(newest.values("present")[:1]),
        flags_cleared=Subquery(newest.values("cleared_at")[:1]),
    )


def with_flags_over_time(plans: QuerySet[Plan]) -> "QuerySet[PlanWithFlagsOverTime]":
    screens = RedFlagScreen.objects.filter(episode=OuterRef("episode"))
    freed = screens.order_by().values("episode").annotate(last=Max("cleared_at"))
    return with_flags(plans).annotate(flags_freed=Subquery(freed.values("last")))


def stop(plan: "PlanWithFlags") -> bool:
    """Red flags stop a plan; only the newest screen counts."""
    return RedFlagScreen(
        present=plan.flags_present or [], cleared_at=plan.flags_cleared
    ).stops_exercise
