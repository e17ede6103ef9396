"""What a patient leaves out today, by the restrictions on record.

The first page, the session, the plan, the calendar, reminders, adherence and the paper all ask
here; the rules that make restrictions are in `programs.alerts.rules`.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject

from accounts.models import Clinic
from programs.models import Restriction
from programs.models.described import Kind as ExerciseKind
from programs.models.restriction import Kind


class Shown(Protocol):
    """What a patient sees of an exercise: in the library, or frozen in a plan."""

    @property
    def code(self) -> str: ...

    @property
    def kind(self) -> str: ...

    @property
    def is_standing(self) -> bool: ...

    @property
    def is_tension(self) -> bool: ...


@dataclass(frozen=True)
class Held:
    """One restriction in the time it holds. `lifted` is the day on which it was lifted."""

    kind: Kind
    first: dt.date
    until: dt.date | None = None
    codes: frozenset[str] = frozenset()
    lifted: dt.date | None = None
    made_at: dt.datetime | None = None

    def covers(self, day: dt.date) -> bool:
        """The day on which it was lifted is free again."""
        return (
            self.first <= day
            and (self.until is None or day <= self.until)
            and (self.lifted is None or day < self.lifted)
        )

    def is_for(self, day: dt.date) -> bool:
        """It ends with this day."""
        return self.until == day

    def words(self, day: dt.date) -> str:
        """For the patient."""
        return self.kind.words_for_a_day if self.is_for(day) else self.kind.words

    def leaves_out(self, shown: Shown) -> bool:
        """`Kind.TODAY` asks before starting; it leaves none out."""
        is_nerve = ExerciseKind(shown.kind).is_nerve
        return {
            Kind.ALL: True,
            Kind.TODAY: False,
            Kind.STANDING: shown.is_standing,
            Kind.NERVE: is_nerve or shown.is_tension,
            Kind.TENSION: shown.is_tension,
            Kind.MISFIT: shown.code in self.codes,
        }[self.kind]


Holds = frozenset[Held]


def as_rows(patient: str) -> ArraySubquery:
    """All restrictions of the patient that an outer query names, as an annotation for `of_rows`."""
    mine = Restriction.objects.filter(patient=OuterRef(patient)).values(
        row=JSONObject(
            kind="kind",
            first="first",
            until="until",
            codes="codes",
            lifted_at="lifted_at",
            made_at="made_at",
        )
    )
    return ArraySubquery(mine)


def of_rows(rows: Iterable[dict[str, Any]], clinic: Clinic) -> Holds:
    """Those of an `as_rows` annotation, over all time."""
    return frozenset(
        Held(
            kind=Kind(row["kind"]),
            first=dt.date.fromisoformat(row["first"]),
            until=dt.date.fromisoformat(row["until"]) if row["until"] else None,
            codes=frozenset(row["codes"]),
            lifted=clinic.local_date(dt.datetime.fromisoformat(row["lifted_at"]))
            if row["lifted_at"]
            else None,
            made_at=dt.datetime.fromisoformat(row["made_at"]),
        )
        for row in rows
    )


def of_restrictions(restrictions: Iterable[Restriction]) -> Holds:
    """The same of rows that were loaded."""
    return frozenset(
        Held(
            kind=Kind(one.kind),
            first=one.first,
            until=one.until,
            codes=frozenset(one.codes),
            lifted=one.clinic.local_date(one.lifted_at) if one.lifted_at else None,
            made_at=one.made_at,
        )
        for one in restrictions
    )


def on(held: Iterable[Held], day: dt.date) -> Holds:
    """Those that hold on a day."""
    return frozenset(one for one in held if one.covers(day))


def kinds(held: Iterable[Held]) -> set[Kind]:
    return {one.kind for one in held}


def holds_back(held: Iterable[Held], shown: Shown) -> bool:
    """Whether an exercise is left out."""
    return any(one.leaves_out(shown) for one in held)


def kinds_of(shown: Shown) -> str:
    """Which kinds leave it out, for the script of a session's page: 'nerve tension'."""
    one_day = dt.date(2000, 1, 1)
    single = (Kind.STANDING, Kind.NERVE, Kind.TENSION)
    return " ".join(kind for kind in single if Held(kind, one_day).leaves_out(shown))


def by_kind() -> list[tuple[str, str]]:
    """The patient's words of each kind, for a device that holds something back by itself; that
    everything stops is said there in another place.
    """
    told = (Kind.TODAY, Kind.STANDING, Kind.NERVE, Kind.TENSION)
    return [(kind.value, kind.words) for kind in told]


def said(held: Iterable[Held], day: dt.date) -> list[str]:
    """The patient's words, each once, and none that a stricter one says already."""
    found = {one.kind: one for one in sorted(held, key=lambda one: one.until or dt.date.max)}
    if Kind.NERVE in found:
        found.pop(Kind.TENSION, None)
    return [found[kind].words(day) for kind in Kind if kind in found]
