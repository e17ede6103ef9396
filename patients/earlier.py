"""What another clinic's record says of a patient, as it was brought along: to be read by people.

Nothing here decides about anything: no gate, score or count goes by it. Moments and days are texts
as that record wrote them (ISO 8601), and so are all other words.
"""

import datetime as dt
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Self

Line = tuple[str, str]  # what was asked, what was found


def day(text: str) -> str:
    """'3 Nov 2026' of a moment or a day; what is none stays as it is."""
    try:
        return f"{dt.date.fromisoformat(text[:10]):%-d %b %Y}"
    except ValueError:
        return text


# Statuses of FHIR, of plans, orders, goals and sessions, in a therapist's words.
_WORDS = {
    "draft": "not begun",
    "planned": "not begun",
    "requested": "open",
    "received": "open, seen",
    "in-progress": "being done",
    "active": "in force",
    "on-hold": "paused",
    "completed": "done",
    "final": "",
    "stopped": "stopped",
    "not-done": "not done",
    "revoked": "replaced or broken off",
    "cancelled": "dropped",
    "unknown": "not said",
    "entered-in-error": "entered in error",
}


def in_words(status: str) -> str:
    return _WORDS.get(status, status)


class _Lasting:
    begin: str
    end: str

    @property
    def when(self) -> str:
        begun = f"from {day(self.begin)}" if self.begin else ""
        return " ".join(filter(None, [begun, f"to {day(self.end)}" if self.end else ""]))


@dataclass(frozen=True)
class Entry:
    """Something with a moment: a session, an answered form, signs that were told, an alert.

    `status` is FHIR's; `is_wrong`: that record says itself that it counts no more.
    """

    at: str
    title: str
    status: str = ""
    is_wrong: bool = False
    lines: list[Line] = field(default_factory=list)
    note: str = ""

    @property
    def day(self) -> str:
        return day(self.at)

    @property
    def how(self) -> str:
        return in_words(self.status)


@dataclass(frozen=True)
class Course(_Lasting):
    """A course of care, with what was found."""

    words: str
    begin: str = ""
    end: str = ""
    findings: list[Line] = field(default_factory=list)


@dataclass(frozen=True)
class Order:
    title: str
    amount: str
    status: str
    note: str = ""

    @property
    def how(self) -> str:
        return in_words(self.status)


@dataclass(frozen=True)
class PlanVersion(_Lasting):
    title: str
    status: str
    begin: str = ""
    end: str = ""
    goals: list[Line] = field(default_factory=list)  # in words, and how far one has come
    orders: list[Order] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def how(self) -> str:
        return in_words(self.status)

    @property
    def stages(self) -> list[Line]:
        """Its goals, each with how far it is."""
        return [(words, in_words(status)) for words, status in self.goals]


@dataclass(frozen=True)
class Caution(_Lasting):
    """A red flag, or something that was left out for safety."""

    words: str
    is_active: bool
    begin: str = ""
    end: str = ""


_PARTS = {
    "courses": Course,
    "plans": PlanVersion,
    "cautions": Caution,
    "sessions": Entry,
    "forms": Entry,
    "told": Entry,
    "alerts": Entry,
}


@dataclass(frozen=True)
class Earlier:
    """All of it, each list in the order of time, as far as texts of it tell."""

    courses: list[Course] = field(default_factory=list)
    plans: list[PlanVersion] = field(default_factory=list)
    cautions: list[Caution] = field(default_factory=list)
    sessions: list[Entry] = field(default_factory=list)
    forms: list[Entry] = field(default_factory=list)
    told: list[Entry] = field(default_factory=list)
    alerts: list[Entry] = field(default_factory=list)

    @property
    def active_cautions(self) -> list[Caution]:
        return [one for one in self.cautions if one.is_active]

    @property
    def is_empty(self) -> bool:
        return not any(getattr(self, one.name) for one in fields(self))

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(
            **{name: [_made(kind, one) for one in data[name]] for name, kind in _PARTS.items()}
        )


def _made(kind: type[Any], data: dict[str, Any]) -> Any:
    given = dict(data)
    for name in ("lines", "findings", "goals"):
        if name in given:
            given[name] = [(title, words) for title, words in given[name]]
    if "orders" in given:
        given["orders"] = [Order(**one) for one in given["orders"]]
    return kind(**given)
