"""What pages about one patient read of an episode's sessions: as much after ten years as after one.

The newest are read as short lines, which is what a chart and a count need; of all before them only
what a page compares with: the first pains, and the first map of numbness.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Self
from uuid import UUID

from django.db.models import Q, QuerySet

from accounts.compiled import compiled
from programs.course import response
from programs.models import Session

# Twelve weeks of seven sessions a day: what the weeks of a patient's progress count at most.
MOST = 600


class Line(NamedTuple):
    """Of one session what is counted and drawn. None is 'not answered'."""

    done_on: dt.date
    pain_before: int | None
    pain_after: int | None
    falls: int | None
    numb_regions: list[str] | None
    something_done: bool


_READ = Line._fields


@dataclass(frozen=True)
class Begun:
    """How an episode began, where its first sessions are not among the lines: the first that say a
    pain, the first that says one before it, the first with a map of numbness.
    """

    pains: list[Line]
    before: list[Line]
    maps: list[Line]


@dataclass(frozen=True)
class Logged:
    """`lines` are the newest, oldest first; `begun` is None where they are all."""

    lines: list[Line]
    begun: Begun | None = None

    @classmethod
    def load(cls, plans: Sequence[UUID]) -> Self:
        """One query for the sessions of these plans, and three more where there are very many."""
        keys = list(plans)
        lines = _lines(_newest(keys))[::-1]
        if len(lines) < MOST:
            return cls(lines)
        begun = [_lines(query(keys)) for query in (_first_pains, _first_before, _first_maps)]
        return cls(lines, Begun(*begun))

    @property
    def baseline(self) -> float | None:
        return response.baseline(self.begun.pains if self.begun else self.lines)

    @property
    def then_and_now(self) -> tuple[int, int] | None:
        """The first and the last answer before a session; None with fewer than two."""
        last = [one.pain_before for one in self.lines if one.pain_before is not None]
        first = [one.pain_before for one in self.begun.before] if self.begun else last
        if not last or not first or first[0] is None or (len(last) == 1 and not self.begun):
            return None
        return first[0], last[-1]

    @property
    def maps(self) -> list[tuple[dt.date, list[str]]]:
        """Of numbness, oldest first; of those before the lines the first."""
        told = _maps(self.lines)
        begun = _maps(self.begun.maps) if self.begun else []
        return told if not begun or begun[0] in told else begun + told

    @property
    def last_on(self) -> dt.date | None:
        return self.lines[-1].done_on if self.lines else None


def _maps(lines: Iterable[Line]) -> list[tuple[dt.date, list[str]]]:
    return [(one.done_on, one.numb_regions) for one in lines if one.numb_regions is not None]


def _lines(rows: Iterable[Any]) -> list[Line]:
    return [Line(*row) for row in rows]


def _of(plans: list[UUID]) -> QuerySet[Session]:
    found: QuerySet[Session] = Session.objects.current().filter(plan__any_of=plans).with_done()
    return found


@compiled
def _newest(plans: list[UUID]) -> QuerySet[Session, Any]:
    return _of(plans).order_by("-done_at").values_list(*_READ)[:MOST]


@compiled
def _first_pains(plans: list[UUID]) -> QuerySet[Session, Any]:
    said = ~Q(pain_before=None) | ~Q(pain_after=None)
    found = _of(plans).filter(said).order_by("done_at")
    return found.values_list(*_READ)[: response.BASELINE_LOGS]


@compiled
def _first_before(plans: list[UUID]) -> QuerySet[Session, Any]:
    return _of(plans).exclude(pain_before=None).order_by("done_at").values_list(*_READ)[:1]


@compiled
def _first_maps(plans: list[UUID]) -> QuerySet[Session, Any]:
    return _of(plans).exclude(numb_regions=None).order_by("done_at").values_list(*_READ)[:1]
