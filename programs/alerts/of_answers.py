"""Which alerts a session raises, and what the patient is told at once (brief 5).

Thresholds are the brief's. Rules advise the therapist; the patient reads fixed stop text only.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from programs.course import response
from programs.models.alert import Severity
from programs.models.session import NewSign, Session, Settled

NEAR_FALLS_WINDOW = dt.timedelta(days=7)
NEAR_FALLS = 2
RISE_OVER_BASELINE = 2


@dataclass(frozen=True)
class Raised:
    """An alert to store, and the words for the patient."""

    rule: str
    severity: Severity
    message: str
    advice: str | Promise


class Advice:
    """What a patient reads, in plain words. `{emergency}` and `{phone}` are the clinic's."""

    EMERGENCY = _("Stop. Call {emergency} now.")
    EMERGENCY_DEPARTMENT = _("Stop. Go to the emergency department now, or call {emergency}.")
    CALL_TODAY = _("Stop the exercises. Call your clinic today: {phone}.")
    SKIN = _("Keep weight off the foot. Call your foot team or clinic today: {phone}.")
    INJURY = _("Get help today. If you hit your head, call {emergency} now. Clinic: {phone}.")
    NO_STANDING = _("Leave out standing exercises for now. You may do the seated ones.")
    SIT = _("Sit down and stop for today. If it does not pass, call {emergency}.")
    NO_NERVE = _("Leave out slides and stretches until your therapist has looked at this.")
    GENTLE = _("Leave out slides and stretches today. Gentle movement only.")
    LESS = _("Do a little less next time: smaller movements or fewer repeats.")
    REST = _("Stop for today and rest. If it does not settle, call your clinic: {phone}.")
    CALL_NUMB = _("Leave out slides and stretches. Call your clinic: {phone}.")


SIGNS = {
    NewSign.STROKE: Raised("A1", Severity.CRITICAL, "Stroke signs ticked", Advice.EMERGENCY),
    NewSign.SADDLE: Raised(
        "A2",
        Severity.CRITICAL,
        "Saddle numbness, bladder or bowel trouble, or both legs weak",
        Advice.EMERGENCY_DEPARTMENT,
    ),
    NewSign.COLD_FOOT: Raised(
        "A3", Severity.CRITICAL, "Cold, pale or blue, suddenly painful foot", Advice.EMERGENCY
    ),
    NewSign.WEAKNESS: Raised(
        "A4", Severity.URGENT, "New weakness, foot drop or tripping", Advice.CALL_TODAY
    ),
    NewSign.DIZZY: Raised("A8", Severity.HIGH, "Dizzy or faint", Advice.SIT),
    NewSign.CHEST: Raised(
        "A9", Severity.CRITICAL, "Chest pain or breathless at rest", Advice.EMERGENCY
    ),
    NewSign.NUMB_AREA: Raised(
        "A13", Severity.HIGH, "Numb area grew, moved up, or hands now", Advice.CALL_NUMB
    ),
    # Emergencies of brief 1.9 (rows 4 and 5 of its table) that have no rule of their own.
    NewSign.TENSE_LEG: Raised(
        "1.9.4", Severity.CRITICAL, "Tense, severely painful lower leg", Advice.EMERGENCY_DEPARTMENT
    ),
    NewSign.CLIMBING: Raised(
        "1.9.5",
        Severity.CRITICAL,
        "Climbing weakness or numbness, swallowing or breathing trouble",
        Advice.EMERGENCY,
    ),
}
SKIN = Raised(
    "A5",
    Severity.URGENT,
    "Skin changed: sore, blister, redness, heat, swelling or color",
    Advice.SKIN,
)
INJURY = Raised("A6", Severity.URGENT, "Fall with an injury", Advice.INJURY)
FALL = Raised("A7", Severity.HIGH, "Fall without injury", Advice.NO_STANDING)
NEXT_MORNING = Raised("A12", Severity.HIGH, "Still up the next morning", Advice.GENTLE)
# The patient pressed Stop and ticked no sign: somebody has to ask what it was (no rule of the
# brief; an operational choice).
STOPPED = Raised("STOP", Severity.HIGH, "Stopped the session: something was wrong", Advice.REST)


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
    if any(raised.rule in {"A1", "A9"} for raised in found):
        found = [_worse(raised) if raised.rule == "A8" else raised for raised in found]
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
        yield Raised("A7", Severity.HIGH, "2 or more near-falls in 7 days", Advice.NO_STANDING)


def _near_falls(session: Session, earlier: Sequence[Session]) -> int:
    since = session.done_at - NEAR_FALLS_WINDOW
    recent = [other.near_falls or 0 for other in earlier if other.done_at > since]
    return (session.near_falls or 0) + sum(recent)


def _pain(session: Session, earlier: Sequence[Session], baseline: float | None) -> Iterable[Raised]:
    points = response.rise(session)
    if points is not None and points >= response.RISE_RED:
        yield Raised("A10", Severity.HIGH, f"Pain rose {points} points", Advice.NO_NERVE)
    if session.settled == Settled.NEXT_MORNING:
        yield NEXT_MORNING
    if baseline is not None and _above(session, earlier, baseline):
        yield Raised(
            "A11", Severity.MODERATE, "2 points above baseline in 2 of 3 sessions", Advice.LESS
        )


def _above(session: Session, earlier: Sequence[Session], base: float) -> bool:
    worst = response.worst_pain(session)
    last_three = [response.worst_pain(other) for other in [*earlier[-2:], session]]
    high = [
        value for value in last_three if value is not None and value >= base + RISE_OVER_BASELINE
    ]
    return worst is not None and worst >= base + RISE_OVER_BASELINE and len(high) >= 2


def _effort(session: Session, earlier: Sequence[Session]) -> Iterable[Raised]:
    if response.was_hard(session) and earlier and response.was_hard(earlier[-1]):
        yield Raised("A17", Severity.MODERATE, "Effort 8 or more twice in a row", Advice.LESS)
