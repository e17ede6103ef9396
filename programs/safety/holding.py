"""What open alerts hold back: what a patient was advised stays in force until somebody has looked.

The first page, the session, the plan and the paper all ask here (brief 5, the patient's column).
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import QuerySet
from django.db.models.functions import JSONObject
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Clinic
from programs.models import Alert
from programs.models.alert import Code, Severity
from programs.models.exercise import Kind

# Their advice is to stop and get help now or today (brief 5, A1 to A6 and A9).
STOPPING = [Severity.CRITICAL, Severity.URGENT]


class Held(StrEnum):
    """What is left out; the order is that in which it is said."""

    ALL = "all"
    TODAY = "today"
    STANDING = "standing"
    NERVE_TODAY = "nerve_today"
    NERVE = "nerve"
    TENSION = "tension"

    @property
    def words(self) -> str | Promise:
        """For the patient, above what is left to do."""
        return _WORDS[self]

    @property
    def label(self) -> str:
        """For the therapist: 'she leaves out …'."""
        return _LABELS[self]


_WORDS: dict[Held, str | Promise] = {
    Held.ALL: _("Please do no exercises for now."),
    Held.TODAY: _("Something was not right today. Rest until tomorrow."),
    Held.STANDING: _("Leave out the standing exercises until your therapist has looked at this."),
    Held.NERVE_TODAY: _("Leave out slides and stretches today. Gentle movement only."),
    Held.NERVE: _("Leave out slides and stretches until your therapist has looked at this."),
    Held.TENSION: _(
        "Leave out the stretches until your therapist has looked at this. Do the slides smaller, "
        "and fewer of them."
    ),
}
_LABELS = {
    Held.ALL: "all exercises",
    Held.TODAY: "the rest of today",
    Held.STANDING: "standing exercises",
    Held.NERVE_TODAY: "slides and stretches today",
    Held.NERVE: "slides and stretches",
    Held.TENSION: "stretches",
}
_BY_RULE: dict[str, Held] = {
    Code.A7: Held.STANDING,
    Code.A8: Held.TODAY,
    Code.A10: Held.NERVE,
    Code.A13: Held.NERVE,
    Code.STOP: Held.TODAY,
}


def words_of(code: Code, severity: Severity) -> str:
    """What a rule holds back, for the table of rules; empty where it holds back nothing."""
    if severity in STOPPING:
        return f"{_LABELS[Held.ALL]}, until looked at"
    if code == Code.A12:
        return f"{_LABELS[Held.NERVE_TODAY]}, then {_LABELS[Held.TENSION]} until looked at"
    found = _BY_RULE.get(code)
    if found is None:
        return ""
    return _LABELS[found] if found is Held.TODAY else f"{_LABELS[found]}, until looked at"


class Shown(Protocol):
    """What a patient sees of an exercise: in the library, or frozen in a plan."""

    @property
    def kind(self) -> str: ...

    @property
    def is_standing(self) -> bool: ...


@dataclass(frozen=True)
class OpenAlert:
    """What deciding needs of an alert that nobody has looked at."""

    rule: str
    severity: str
    raised_on: dt.date
    done_on: dt.date | None = None  # of its session
    stopped: bool = False  # the patient pressed Stop in it

    @classmethod
    def of(cls, row: dict[str, Any], clinic: Clinic) -> "OpenAlert":
        """From a row of `open_alerts`."""
        done_on = row["done_on"]
        return cls(
            rule=row["rule"],
            severity=row["severity"],
            raised_on=clinic.local_date(dt.datetime.fromisoformat(row["raised_at"])),
            done_on=dt.date.fromisoformat(done_on) if done_on else None,
            stopped=bool(row["stopped"]),
        )

    @property
    def day(self) -> dt.date:
        """The day it speaks of; that of the next morning for what was still up then."""
        if self.done_on is None or self.rule != Code.A12:
            return self.done_on or self.raised_on
        return max(self.raised_on, self.done_on + dt.timedelta(days=1))

    def holds(self, today: dt.date) -> set[Held]:
        """What it holds back on `today`."""
        if self.severity in STOPPING:
            return {Held.ALL}
        found = {_BY_RULE[self.rule]} if self.rule in _BY_RULE else set()
        if self.rule == Code.A12:  # skip nerve work, then go on from glides (brief 3.1 and 5)
            found = {Held.NERVE_TODAY if today <= self.day else Held.TENSION}
        if self.stopped:
            found.add(Held.TODAY)
        return found if today <= self.day else found - {Held.TODAY}


def open_alerts(alerts: "QuerySet[Any]") -> ArraySubquery:
    """The open ones among `alerts` as an annotation, for `of_rows`."""
    return ArraySubquery(
        alerts.filter(acknowledged_at=None).values(
            row=JSONObject(
                rule="rule",
                severity="severity",
                raised_at="raised_at",
                done_on="session__done_on",
                stopped="session__stopped",
            )
        )
    )


def of_rows(rows: Iterable[dict[str, Any]], clinic: Clinic) -> frozenset[Held]:
    """What is held back today by the alerts of an `open_alerts` annotation."""
    today = clinic.today()
    return frozenset(held for row in rows for held in OpenAlert.of(row, clinic).holds(today))


def of_alerts(alerts: Iterable[Alert], clinic: Clinic) -> frozenset[Held]:
    """The same of open alerts that come with their sessions."""
    today = clinic.today()
    return frozenset(
        held
        for alert in alerts
        for held in OpenAlert(
            rule=alert.rule,
            severity=alert.severity,
            raised_on=clinic.local_date(alert.raised_at),
            done_on=alert.session.done_on if alert.session else None,
            stopped=bool(alert.session and alert.session.stopped),
        ).holds(today)
    )


def holds_back(held: Iterable[Held], shown: Shown) -> bool:
    """Whether an exercise is left out. `Held.TODAY` asks before starting; it leaves none out."""
    is_nerve = shown.kind != Kind.BALANCE
    by = {
        Held.ALL: True,
        Held.TODAY: False,
        Held.STANDING: shown.is_standing,
        Held.NERVE_TODAY: is_nerve,
        Held.NERVE: is_nerve,
        Held.TENSION: shown.kind == Kind.TENSION,
    }
    return any(by[one] for one in held)


def in_order(held: Iterable[Held]) -> list[Held]:
    """As they are said: each once, and none that a stricter one says already."""
    found = set(held)
    if found & {Held.NERVE, Held.NERVE_TODAY}:
        found.discard(Held.TENSION)
    if Held.NERVE in found:
        found.discard(Held.NERVE_TODAY)
    return [one for one in Held if one in found]
