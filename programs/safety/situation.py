"""What the gates know of one patient when they judge: findings, screen, restrictions, alerts."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from accounts.compiled import compiled
from patients.models import Episode, RedFlagScreen
from programs.models import Alert, Plan, Restriction
from programs.models.alert import Code, Severity
from programs.models.restriction import Cause
from programs.safety import holding

# Alerts that somebody has to have thought of before a plan changes (brief 5: within a day).
_WORTH_A_WORD = (Severity.CRITICAL, Severity.URGENT, Severity.HIGH)


@compiled
def _in_force(patient: UUID, day: dt.date) -> QuerySet[Restriction]:
    rows: QuerySet[Restriction] = Restriction.objects.filter(patient=patient).in_force(day)
    return rows.select_related("clinic", "alert", "made_by").order_by("made_at")


@compiled
def _worth_a_word(patient: UUID) -> QuerySet[Alert]:
    """A misfit is about the plan that a new version replaces."""
    open_ones = Alert.objects.filter(patient=patient).open().exclude(rule=Code.A18)
    found: QuerySet[Alert] = open_ones.filter(severity__in=_WORTH_A_WORD).order_by("raised_at")
    return found


@dataclass(frozen=True)
class Situation:
    """One patient on one day, and what the plan itself limits. Made once a page or a write."""

    episode: Episode
    today: dt.date
    screen: RedFlagScreen | None = None
    screen_days: int = 30
    caps: Mapping[str, Any] = field(default_factory=dict)
    no_tension: bool = False
    is_calming: bool = False  # the program was made for high irritability
    restrictions: tuple[Restriction, ...] = ()
    alerts: tuple[Alert, ...] = ()

    @classmethod
    def of(cls, plan: Plan, *, on: dt.date | None = None) -> "Situation":
        """Of a plan that comes with its episode, clinic and programs."""
        return replace(
            cls.before_any_plan(plan.episode, on=on),
            caps=plan.caps,
            no_tension=plan.no_tension,
            is_calming=plan.is_calming,
        )

    @classmethod
    def before_any_plan(cls, episode: Episode, *, on: dt.date | None = None) -> "Situation":
        """Two queries, and the screens."""
        today = on or episode.clinic.today()
        return cls(
            episode=episode,
            today=today,
            screen=episode.latest_screen,
            screen_days=episode.clinic.screen_days,
            restrictions=tuple(_in_force(episode.patient_id, today)),
            alerts=tuple(_worth_a_word(episode.patient_id)),
        )

    @cached_property
    def conditions(self) -> set[str]:
        """Of the episode, with those that follow from its findings and its screen."""
        return self.episode.conditions_with(self.screen)

    @property
    def held(self) -> holding.Holds:
        return holding.of_restrictions(self.restrictions)

    @property
    def screen_age(self) -> int | None:
        """Days since the red-flag questions were asked."""
        if self.screen is None:
            return None
        return (self.today - self.episode.clinic.local_date(self.screen.screened_at)).days

    @property
    def is_screen_old(self) -> bool:
        return self.screen_age is not None and self.screen_age > self.screen_days

    @property
    def by_therapists(self) -> list[Restriction]:
        return [one for one in self.restrictions if one.cause == Cause.THERAPIST]
