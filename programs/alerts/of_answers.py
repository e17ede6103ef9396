"""Which alerts a session raises, and what the patient is told at once (brief 5).

Thresholds are the brief's. Rules advise the therapist; the patient reads fixed stop text only.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise

from programs.alerts.rules import RULES, Advice
from programs.course import response
from programs.models.alert import Code, Severity
from programs.models.session import NewSign, Session, Settled

NEAR_FALLS_WINDOW = dt.timedelta(days=7)
NEAR_FALLS = 2
RISE_OVER_BASELINE = 2


@dataclass(frozen=True)
class Raised:
    """An alert to store, and the words for the patient."""

    rule: Code
    severity: Severity
    message: str
    advice: str | Promise

    @classmethod
    def by(cls, code: Code, message: str) -> "Raised":
        """As the table of rules has it; `message` says what was found."""
        return cls(code, RULES[code].severity, message, RULES[code].advice)


SIGNS = {
    NewSign.STROKE: Raised.by(Code.A1, "Stroke signs ticked"),
    NewSign.SADDLE: Raised.by(
        Code.A2, "Saddle numbness, bladder or bowel trouble, or both legs weak"
    ),
    NewSign.COLD_FOOT: Raised.by(Code.A3, "Cold, pale or blue, suddenly painful foot"),
    NewSign.WEAKNESS: Raised.by(Code.A4, "New weakness, foot drop or tripping"),
    NewSign.DIZZY: Raised.by(Code.A8, "Dizzy or faint"),
    NewSign.CHEST: Raised.by(Code.A9, "Chest pain or breathless at rest"),
    NewSign.NUMB_AREA: Raised.by(Code.A13, "Numb area grew, moved up, or hands now"),
    NewSign.TENSE_LEG: Raised.by(Code.TENSE_LEG, "Tense, severely painful lower leg"),
    NewSign.CLIMBING: Raised.by(
        Code.CLIMBING, "Climbing weakness or numbness, swallowing or breathing trouble"
    ),
}
SKIN = Raised.by(Code.A5, "Skin changed: sore, blister, redness, heat, swelling or color")
INJURY = Raised.by(Code.A6, "Fall with an injury")
FALL = Raised.by(Code.A7, "Fall without injury")
NEXT_MORNING = Raised.by(Code.A12, "Still up the next morning")
STOPPED = Raised.by(Code.STOP, "Stopped the session: something was wrong")


_LOUD = {Severity.CRITICAL, Severity.URGENT, Severity.HIGH}


def raised_by(
    session: Session, earlier: Sequence[Session], *, baseline: float | None = None
) -> list[Raised]:
    """Alerts of a session, worst first; `earlier` are those of the last days, oldest first."""
    found = [
        *(SIGNS[NewSign(sign)] for sign in session.new_signs or []),
        *_skin(session),
        *_falls(session, earlier),
        *_pain(session, earlier, baseline),
        *_effort(session, earlier),
    ]
    if session.stopped and not any(raised.severity in _LOUD for raised in found):
        found.append(STOPPED)
    if any(raised.rule in {Code.A1, Code.A9} for raised in found):
        found = [_worse(raised) if raised.rule == Code.A8 else raised for raised in found]
    return sorted(found, key=lambda raised: raised.severity.rank)


def _worse(raised: Raised) -> Raised:
    """A8 is critical with signs of A1 or chest pain."""
    return Raised(raised.rule, Severity.CRITICAL, raised.message, Advice.EMERGENCY)


def _skin(session: Session) -> Iterable[Raised]:
    if response.skin_changed(session):
        yield SKIN


def _falls(session: Session, earlier: Sequence[Session]) -> Iterable[Raised]:
    if session.fall_injury:  # also where the number of falls was left empty
        yield INJURY
    elif session.falls:
        yield FALL
    elif session.near_falls and _near_falls(session, earlier) >= NEAR_FALLS:
        yield Raised.by(Code.A7, "2 or more near-falls in 7 days")


def _near_falls(session: Session, earlier: Sequence[Session]) -> int:
    since = session.done_at - NEAR_FALLS_WINDOW
    recent = [other.near_falls or 0 for other in earlier if other.done_at > since]
    return (session.near_falls or 0) + sum(recent)


def _pain(session: Session, earlier: Sequence[Session], baseline: float | None) -> Iterable[Raised]:
    points = response.rise(session)
    if points is not None and points >= response.RISE_RED:
        yield Raised.by(Code.A10, f"Pain rose {points} points")
    if session.settled == Settled.NEXT_MORNING:
        yield NEXT_MORNING
    if baseline is not None and _above(session, earlier, baseline):
        yield Raised.by(Code.A11, "2 points above baseline in 2 of 3 sessions")


def _above(session: Session, earlier: Sequence[Session], base: float) -> bool:
    worst = response.worst_pain(session)
    last_three = [response.worst_pain(other) for other in [*earlier[-2:], session]]
    high = [
        value for value in last_three if value is not None and value >= base + RISE_OVER_BASELINE
    ]
    return worst is not None and worst >= base + RISE_OVER_BASELINE and len(high) >= 2


def _effort(session: Session, earlier: Sequence[Session]) -> Iterable[Raised]:
    if response.was_hard(session) and earlier and response.was_hard(earlier[-1]):
        yield Raised.by(Code.A17, "Effort 8 or more twice in a row")
